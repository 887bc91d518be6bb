"""What the columns of an item mean: from cells to attributes and back. One table of them, so that reading and writing agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _

from congress.core.languages import LANGUAGES, locale_of
from congress.core.text import fold
from congress.core.web_addresses import web_address
from congress.networks.vocabulary import FIELD_LABELS, Field
from congress.programme import equipment
from congress.programme.exchange import cells
from congress.programme.exchange.cells import Unreadable
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS, TICKETING_LABELS, Audience, Kind, Ticketing

LONGEST = {"title": 300, "description": 20_000}
LONGEST_NAME = 500
_ALSO: dict[type[StrEnum], dict[str, StrEnum]] = {
    Kind: {"subnetwork": Kind.SUBGROUP},
    Audience: {"public": Audience.EVERYONE, "closed": Audience.DELEGATES},
}


@dataclass(frozen=True)
class Attribute:
    """How one attribute of an item is written into a cell and read from one; ``empty`` is what an empty cell means."""

    write: Callable[[Any, ZoneInfo], str]
    read: Callable[[str, ZoneInfo], Any]
    empty: Any = None


def _word(kind: type[StrEnum], labels: Mapping[Any, Any], empty: StrEnum | None = None) -> Attribute:
    def read(text: str, _zone: ZoneInfo) -> StrEnum:
        known = words(kind, labels)
        if fold(text) not in known:
            raise Unreadable(
                _("“%(word)s” is none of: %(known)s.", word=text[:60], known=", ".join(each.value for each in kind))
            )  # fmt: skip
        return known[fold(text)]

    return Attribute(lambda value, _zone: value.value if value else "", read, empty)


def words(kind: type[StrEnum], labels: Mapping[Any, Any]) -> dict[str, StrEnum]:
    """The words of a fixed list: our codes, and what pages say in each language."""
    found: dict[str, StrEnum] = {}
    for locale in map(locale_of, LANGUAGES):
        with force_locale(locale):
            found |= {fold(str(label)): word for word, label in labels.items()}
    found |= {word.value.replace("_", " "): word for word in kind} | {word.value: word for word in kind}
    return found | _ALSO.get(kind, {})


def _number(least: int, most: int = 1_000_000, empty: int | None = None) -> Attribute:
    def read(text: str, _zone: ZoneInfo) -> int:
        return cells.read_number(text, least=least, most=most)

    return Attribute(lambda value, _zone: "" if value is None else str(value), read, empty)


def _flag(empty: bool) -> Attribute:
    return Attribute(lambda value, _zone: cells.yes_no(value), lambda text, _zone: cells.read_yes_no(text), empty)


def _link(most: int) -> Attribute:
    def read(text: str, _zone: ZoneInfo) -> str:
        address = web_address(text)
        if address is None or len(address) > most:
            raise Unreadable(_("“%(text)s” is no web address; write it as https://live.example/stream.", text=text[:60]))
        return address

    return Attribute(lambda value, _zone: value or "", read, "")


def _languages() -> Attribute:
    def read(text: str, _zone: ZoneInfo) -> list[str]:
        found = [part for word in cells.read_list(text) for part in word.replace(",", " ").split()]
        if any(not (1 < len(each) < 6 and each.isascii() and each.replace("-", "").isalpha()) for each in found):
            raise Unreadable(_("Write the short names of languages: en; pl; fr."))
        return list(dict.fromkeys(each.lower() for each in found))

    return Attribute(lambda value, _zone: cells.written_list(value), read, [])


def _needs() -> Attribute:
    def read(text: str, _zone: ZoneInfo) -> list[str]:
        found = cells.read_list(text)
        if any(len(each) > 80 for each in found):
            raise Unreadable(_("Longer than %(most)d characters.", most=80))
        return list(dict.fromkeys(map(equipment.meant, found)))

    return Attribute(lambda value, _zone: cells.written_list(value), read, [])


def _line(most: int) -> Attribute:
    def read(text: str, _zone: ZoneInfo) -> str:
        if len(text) > most:
            raise Unreadable(_("Longer than %(most)d characters.", most=most))
        return text

    return Attribute(lambda value, _zone: value or "", read, None)


def _moment() -> Attribute:
    def read(text: str, zone: ZoneInfo) -> Any:
        found = cells.read_moment(text, None, zone)
        if not hasattr(found, "hour"):
            raise Unreadable(_("The time of day is missing; write it as 2018-06-12 09:30."))
        return found

    return Attribute(lambda value, zone: cells.written_instant(value, zone) if value else "", read, None)


ATTRIBUTES: dict[str, Attribute] = {
    "kind": _word(Kind, KIND_LABELS),
    "field": _word(Field, FIELD_LABELS),
    "audience": _word(Audience, AUDIENCE_LABELS),
    "languages": _languages(),
    "interpretation": _languages(),
    "places": _number(1),
    "expected": _number(1),
    "needs": _needs(),
    "needs_step_free": _flag(False),
    "setup_minutes": _number(0, 1440, 0),
    "clearing_minutes": _number(0, 1440, 0),
    "is_listed": _flag(True),
    "is_plausible": _flag(False),
    "offer_hours": _number(1),
    "takes_guests": _flag(False),
    "takes_sign_ups": _flag(False),
    "public_places": _number(1),
    "sign_ups_close_at": _moment(),
    "most_per_sign_up": _number(1, empty=4),
    "stream_url": _link(500),
    "join_url": _link(500),
    "organiser": _line(200),
    "website": _link(300),
    "ticketing": _word(Ticketing, TICKETING_LABELS),
}
_NEVER_EMPTY = frozenset({"kind", "audience"})


def read(name: str, text: str, zone: ZoneInfo) -> Any:
    """The attribute that a cell means. Raises Unreadable."""
    attribute = ATTRIBUTES[name]
    if not text:
        if name in _NEVER_EMPTY:
            raise Unreadable(_("Empty."))
        return list(attribute.empty) if isinstance(attribute.empty, list) else attribute.empty
    return attribute.read(text, zone)


def written(name: str, value: Any, zone: ZoneInfo) -> str:
    return ATTRIBUTES[name].write(value, zone)
