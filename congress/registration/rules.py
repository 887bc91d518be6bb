"""What belongs to a person's own programme. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from congress.programme.entries import Entry

# Kinds that everybody who takes part has in the programme without choosing.
_PRESET = frozenset(
    {"plenary", "ceremony", "mayors", "networking", "city_presentation", "registration", "break", "social", "transfer"}
)
_FOR_COMPANIONS = frozenset({"social"})
_FOR_PRESS = frozenset({"ceremony", "press"})
# Who may come to the integration session beside the cities that are new, in whose programme it stands.
_WELCOME_THE_NEW = frozenset({"coordinator", "secretariat"})


@dataclass(frozen=True)
class Attendee:
    """What decides about a person's programme: the category, the city's field, whether the city is new, the items chosen."""

    category: str
    field: str = ""
    is_of_new_city: bool = False
    chosen: frozenset[str] = frozenset()


def is_preset(entry: Entry, attendee: Attendee) -> bool:
    """Whether the entry is in the person's programme without being chosen."""
    if entry.type != "session" or not entry.is_listed:
        return False
    if attendee.category == "companion":
        return entry.kind in _FOR_COMPANIONS
    if attendee.category == "press":
        return is_open_to_press(entry)
    if entry.kind == "subgroup":
        return bool(entry.field) and entry.field == attendee.field
    if entry.kind == "integration":
        return attendee.is_of_new_city
    if entry.kind == "transfer" and entry.places is not None:
        return False  # a seat in a coach is chosen
    return entry.kind in _PRESET


def is_open_to_press(entry: Entry) -> bool:
    """Whether journalists with an accreditation may come."""
    return entry.kind in _FOR_PRESS


def may_choose(entry: Entry, attendee: Attendee) -> bool:
    """Whether the person may add the entry: public events for all, workshops and the like for those with sessions."""
    if entry.is_cancelled or not entry.is_listed or is_preset(entry, attendee):
        return False
    if entry.is_public:
        return True
    if entry.kind == "integration" and attendee.category not in _WELCOME_THE_NEW:
        return False
    return attendee.category not in {"companion", "press"} and entry.audience == "delegates"


def may_keep(entry: Entry, attendee: Attendee) -> bool:
    """Whether somebody who has chosen the entry, or asked for it, may still have: what is cancelled or hidden is nobody's question."""
    return entry.is_cancelled or not entry.is_listed or may_choose(entry, attendee) or may_ask(entry, attendee)


def is_over(entry: Entry, zone: ZoneInfo, now: datetime) -> bool:
    """Whether nobody can come any more: after its end, or after its last day where no end is known."""
    if entry.ends_at is not None:
        return entry.ends_at <= now
    days = entry.days(zone)
    return bool(days) and days[-1] < now.astimezone(zone).date()


def may_ask(entry: Entry, attendee: Attendee) -> bool:
    """Whether the person, of another field, may ask to be a guest at this meeting of a field that takes guests."""
    if entry.is_cancelled or not entry.is_listed or attendee.category in {"companion", "press"}:
        return False
    return entry.kind == "subgroup" and bool(entry.field) and entry.field != attendee.field


def own_programme(entries: Iterable[Entry], attendee: Attendee) -> list[Entry]:
    """The person's programme, in the order given; cancelled entries stay, so that calendars are told."""
    return [entry for entry in entries if is_own(entry, attendee)]


def is_own(entry: Entry, attendee: Attendee) -> bool:
    """Whether the entry is in the person's programme, given or chosen."""
    return is_preset(entry, attendee) or entry.item in attendee.chosen


def delegation_programme(entries: Iterable[Entry], people: Sequence[tuple[str, Attendee]]) -> list[tuple[Entry, tuple[str, ...]]]:
    """Where the people of a delegation are: entries in the order given, each with the names of those who have it, as given.

    Entries that nobody has are left out; cancelled ones stay, as in the own programme.
    """
    found = ((entry, tuple(name for name, attendee in people if is_own(entry, attendee))) for entry in entries)
    return [(entry, names) for entry, names in found if names]


def may_see_delegation(attendee: Attendee) -> bool:
    """Whether the person, one of a city, may know where the others of the delegation are: those who stand for the city may."""
    return attendee.category in {"delegate", "mayor", "coordinator"}


def may_see_field(attendee: Attendee) -> bool:
    """Whether the person coordinates the field: then also its sessions that are not listed are shown."""
    return attendee.category == "coordinator" and bool(attendee.field)


def field_programme(entries: Iterable[Entry], field: str) -> list[Entry]:
    """All entries of a field, for its coordinator: also those that are not listed and those by invitation."""
    return [entry for entry in entries if field and entry.field == field]
