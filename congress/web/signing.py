"""Signing in over HTTP: who sits at this browser, half-way states, and the mails that bring links and codes."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta

from flask import Flask, current_app, g, request, session
from flask_babel import ngettext
from flask_login import LoginManager
from flask_security import hash_password
from flask_security.utils import login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from congress.accounts import audit
from congress.accounts.models import Account
from congress.accounts.signing import guesses, rules, sessions, tickets
from congress.accounts.signing.models import Guesses, SignIn, Ticket, TicketKind, Way
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.errors import CongressError
from congress.core.languages import LANGUAGES
from congress.outbox.services import Letter, enqueue
from congress.web.language import chosen_language

SECRET = "sign_in"  # noqa: S105  (names of what the browser's cookie holds)
_HALF, _HALF_FOR = "sign_in_half", timedelta(minutes=15)
_CODE = "sign_in_code"
_TEMPLATES = {
    TicketKind.INVITATION: "account_invited",
    TicketKind.PASSWORD: "account_password",
    TicketKind.ADDRESS: "account_address",
    TicketKind.CODE: "account_code",
}


class TooManyGuesses(CongressError):
    """Somebody guesses at this address; nothing is looked at for a while."""


def init_app(app: Flask) -> None:
    """Who is signed in is asked of our rows; no other way of Flask-Security leads in."""
    manager: LoginManager = app.login_manager  # type: ignore[attr-defined]
    manager.user_loader(_load)
    manager.request_loader(_nobody)


def _nobody(_request: object) -> None:
    """No tokens in heads and addresses."""


def _load(uniquifier: str) -> Account | None:
    found = sessions.find(str(session.get(SECRET, "")), lasts(), now=now())
    if found is None or found.account.fs_uniquifier != uniquifier:
        return None
    g.signed_in = found
    if now() > found.seen_at + rules.SEEN_EVERY and request.method in {"GET", "HEAD"}:
        with suppress(SQLAlchemyError):  # while others write; it is noted with the next page
            sessions.note_seen(found.id, now())
    return found.account


def lasts() -> sessions.Lasts:
    """How long browsers stay signed in here."""
    return sessions.Lasts(
        timedelta(hours=current_app.config["SIGN_IN_HOURS"]), timedelta(minutes=current_app.config["SIGN_IN_IDLE_MINUTES"])
    )


def key() -> str:
    """What links and codes are derived from."""
    return str(current_app.config["SECRET_KEY"])


def sign_in(account: Account, way: Way) -> None:
    """This browser is the account's from now on. What it held before goes, the token of its forms too."""
    moment = now()
    seen = sessions.Seen(rules.browser_of(request.user_agent.string), audit.network_of(request.remote_addr))
    session.clear()
    session[SECRET] = sessions.begin(account, way, seen, now=moment)
    login_user(account, authn_via=[way.value])


def sign_out() -> None:
    """This browser is nobody's any more."""
    sessions.end(str(session.get(SECRET, "")))
    logout_user()
    session.clear()


def here() -> SignIn:
    """The row of this browser. Only for pages of somebody who is signed in."""
    found: SignIn = g.signed_in
    return found


def is_confirmed() -> bool:
    """Whether a secret was given lately enough to change what signing in needs."""
    return now() < here().confirmed_at + rules.CONFIRMED_FOR


def is_password(account: Account | None, typed: str) -> bool:
    """Whether this is the account's password; for an address that nobody has, the same work is done in vain."""
    if account is None or account.password is None or not account.active:
        hash_password(typed)
        return False
    return bool(account.verify_and_update_password(typed))


def begin_half(account: Account, way: Way) -> None:
    """The first of two factors was right."""
    session[_HALF] = {"account": account.id, "password": fingerprint(account), "way": way.value, "at": now().timestamp()}


def half() -> tuple[int, Way, str] | None:
    """Whose first factor this browser has given, a few minutes ago at the most; how; and a fingerprint of the account then."""
    kept = session.get(_HALF)
    if not kept or not kept["at"] <= now().timestamp() < kept["at"] + _HALF_FOR.total_seconds():
        return None
    return int(kept["account"]), Way(kept["way"]), str(kept["password"])


def fingerprint(account: Account) -> str:
    """Changes whenever the account's password does, so that what was begun with the old one ends."""
    return account.fs_uniquifier[:12]


def wait_for_code(ticket: Ticket) -> None:
    """This browser, and no other, may type the code."""
    session[_CODE] = ticket.uid


def awaited_code() -> str:
    """The ticket of the code that this browser waits for."""
    return str(session.get(_CODE, ""))


def held_guesses(what: str, whom: str) -> Guesses:
    """The count of wrong guesses for this address, locked. Raises TooManyGuesses while it has to wait."""
    row = guesses.hold(what, whom, key=key(), now=now())
    if left := guesses.wait(row, now()):
        minutes = -(-int(left.total_seconds() + 0.999) // 60)
        raise TooManyGuesses(
            ngettext(
                "There were too many wrong tries for this address. Wait a minute, then try again, or sign in with a passkey or a code by e-mail.",
                "There were too many wrong tries for this address. Wait %(num)d minutes, then try again, or sign in with a passkey or a code by e-mail.",
                minutes,
            )
        )
    return row


def new_identity(account: Account, *, keeps_this_browser: bool) -> None:
    """After a change of what signing in needs: all other browsers are signed out, and links on their way end."""
    account.fs_uniquifier = secrets.token_hex(16)
    sessions.end_all(account.id, but=here().id if keeps_this_browser else None)
    tickets.end_all(account.id, now=now())
    if keeps_this_browser:
        session["_user_id"] = account.fs_uniquifier


def mail_ticket(
    ticket: Ticket, *, to: str, language: str = "", congress: Congress | None = None, facts: dict[str, str] | None = None
) -> None:
    """Queue the mail that brings a link or a code. Where there is no account it goes to nobody; the work is the same."""
    enqueue(
        Letter(
            key=f"account-{ticket.uid}",
            to=to if ticket.account_id else "",
            template=_TEMPLATES[ticket.kind],
            language=language if language in LANGUAGES else chosen_language(),
            congress=congress.id if congress else None,
            facts={"ticket": ticket.id, **(facts or {})},
            about=f"account:{ticket.account_id}" if ticket.account_id else "",
        ),
        now=now(),
    )


def tell(account: Account, what: str, *, to: str = "") -> None:
    """Queue a mail that says what was changed about signing in, to the address that the account had until then."""
    enqueue(
        Letter(
            key=f"account-told-{secrets.token_hex(12)}", to=to or account.email, template="account_changed",
            language=account.language if account.language in LANGUAGES else "en",
            facts={"account": account.id, "what": what}, about=f"account:{account.id}",
        ),
        now=now(),
    )  # fmt: skip
