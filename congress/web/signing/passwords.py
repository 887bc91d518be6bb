"""Which passwords are good enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext
from flask_security.password_util import PasswordUtil

from congress.accounts.signing import rules
from congress.congresses import queries as congresses


def wrong(password: str, *, email: str, name: str) -> str | None:
    """What is wrong with a password that somebody chooses; None where nothing is."""
    if len(password) < rules.SHORTEST_PASSWORD:
        return str(gettext("This is too short. Write at least %(least)d characters.", least=rules.SHORTEST_PASSWORD))
    if len(password) > rules.LONGEST_PASSWORD:
        return str(gettext("This is too long. Write at most %(most)d characters.", most=rules.LONGEST_PASSWORD))
    if rules.is_easy(password):
        return str(gettext("This is easily guessed. Four words that have nothing to do with each other are better."))
    if rules.is_made_of(password, [email, name, *_names_here()]):
        return str(
            gettext(
                "This is mostly your name, your address or the name of the congress: these are tried first. Choose other words."
            )
        )
    return None


def _names_here() -> Iterator[str]:
    """What everybody knows who guesses at this installation."""
    yield from ("congress", "kongres")
    for congress in congresses.congresses():
        yield congress.slug
        for named in (congress.names, *(host.city.names for host in congress.host_places)):
            yield from named.values()


class Passwords(PasswordUtil):
    """Our rule, where Flask-Security asks for one."""

    def validate(self, password: str, is_register: bool, **more: Any) -> tuple[list[str] | None, str]:
        said = wrong(password, email=more["user"].email, name=more["user"].name)
        return ([said] if said else None), password
