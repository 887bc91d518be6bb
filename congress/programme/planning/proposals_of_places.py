"""Free rooms and times for a placement: only those where nothing new would be wrong, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from congress.congresses.models import Congress
from congress.programme.conflicts import Conflict, ConflictKind, Slot
from congress.programme.models import Placement
from congress.programme.planning import services
from congress.programme.planning.checks import Desk
from congress.programme.planning.places import Where, where
from congress.programme.planning.surroundings import KnownRoom, KnownVenue
from congress.programme.rules import local_instant

_MOST = 12  # proposals
_A_DAY = 4  # of these on one day, so that there is a choice
_ROOMS = 25  # that are tried
_TRIES = 3000
_FIRST, _LAST = time(9), time(20)
_STEP = timedelta(minutes=30)
_USUAL_LENGTH = timedelta(hours=1)


@dataclass(frozen=True)
class Proposal:
    """A place and a time; ``solves`` of the item's conflicts would be gone, ``remaining`` would stay."""

    room: KnownRoom | None
    venue: KnownVenue | None
    starts_at: datetime
    ends_at: datetime
    solves: int
    remaining: int


def proposals(desk: Desk, slot: Slot) -> list[Proposal]:
    """Rooms and times where this raises no new conflict: what solves most first, then the own city, then what lies nearest in time.

    Where something is wrong now that a move can solve, only moves that solve something are proposed. None lies outside the opening
    hours that are known, or in a break of those whom it is for.
    """
    known = {_name(each) for each in desk.index.conflicts_of(slot)}
    breaks = _breaks(desk, slot)
    found: list[Proposal] = []
    on_day: dict[date, int] = {}
    for room, starts_at, ends_at in islice(_candidates(desk, slot), _TRIES):
        day = starts_at.astimezone(desk.zone).date()
        if on_day.get(day, 0) == _A_DAY or starts_at <= desk.now:
            continue
        there = tried_slot(slot, room, starts_at, ends_at)
        if any(each.city in (None, there.city) and _meet(each, there) for each in breaks):
            continue
        tried = desk.index.conflicts_of(there)
        if {_name(each) for each in tried} <= known and all(each.kind is not ConflictKind.OUTSIDE_HOURS for each in tried):
            venue = desk.venues.get(there.venue) if there.venue is not None else None
            found.append(Proposal(room, venue, starts_at, ends_at, len(known) - len({_name(each) for each in tried}), len(tried)))
            on_day[day] = on_day.get(day, 0) + 1
        if len(found) == _MOST:
            break
    if any(each.solves for each in found):
        found = [each for each in found if each.solves]
    # Stable: among equals, the nearest in time stays first.
    return sorted(found, key=lambda each: (each.remaining, each.venue is not None and each.venue.city_id != slot.city))


def _breaks(desk: Desk, slot: Slot) -> list[Slot]:
    """Breaks of those whom an entry is for; breaks and coaches themselves go when it suits."""
    if slot.kind in ("break", "transfer", "registration"):
        return []
    return [
        each
        for each in desk.slots.values()
        if each.kind == "break" and each.span and not each.is_cancelled and each.uid != slot.uid and _is_theirs(each, slot)
    ]


def _is_theirs(pause: Slot, slot: Slot) -> bool:
    """Whether a break is one of those who come to this: a field's own is nobody else's, nor is that of invited people."""
    if pause.audience == "invitation":
        return slot.audience == "invitation"
    return pause.audience != "field" or pause.field == slot.field


def _meet(one: Slot, other: Slot) -> bool:
    return one.span is not None and other.span is not None and one.span[0] < other.span[1] and other.span[0] < one.span[1]


def tried_slot(slot: Slot, room: KnownRoom | None, starts_at: datetime | None, ends_at: datetime | None, **more: Any) -> Slot:
    """The entry as it would stand there; without a room its venue and city stay."""
    places: dict[str, Any] = {"room": None}
    if room is not None:
        places = {"room": room.id, "venue": room.venue_id, "city": room.venue.city_id}
    timing = "timed" if starts_at is not None else "to_be_confirmed"
    times = {"timing": timing, "starts_at": starts_at, "ends_at": ends_at, "starts_on": None, "ends_on": None}
    return replace(slot, **{**times, **places, **more})


def new_conflicts(desk: Desk, slot: Slot, tried: Slot) -> list[Conflict]:
    """What would be wrong with an entry as ``tried`` says that is not wrong with it now."""
    known = {_name(each) for each in desk.index.conflicts_of(slot)}
    return [each for each in desk.index.conflicts_of(tried) if _name(each) not in known]


def _name(conflict: Conflict) -> tuple[object, ...]:
    """What makes two conflicts the same here; of texts there may be several with other facts."""
    return conflict.kind, frozenset(conflict.uids), conflict.facts if len(conflict.uids) == 1 else ()


def _candidates(desk: Desk, slot: Slot) -> Iterator[tuple[KnownRoom | None, datetime, datetime]]:
    """Times from the nearest to the farthest, at each the rooms from the one that fits best."""
    rooms = _rooms(desk, slot)
    length = slot.ends_at - slot.starts_at if slot.starts_at and slot.ends_at else _USUAL_LENGTH
    for starts_at in _starts(desk, slot):
        for room in rooms:
            if (room.id if room else None, starts_at) != (slot.room, slot.starts_at):
                yield room, starts_at, starts_at + length


def _starts(desk: Desk, slot: Slot) -> list[datetime]:
    """The time that it has, then half hours of the congress days in order of their distance from it."""
    first, last = desk.draft.facts.starts_on, desk.draft.facts.ends_on
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    found: list[datetime] = []
    for day in days[:31]:
        moment = datetime.combine(day, _FIRST)
        while moment.time() < _LAST:
            starts_at = local_instant(day, moment.hour, moment.minute, desk.zone)
            found += [starts_at] if starts_at is not None else []
            moment += _STEP
    middle = slot.starts_at
    if middle is None:
        return found
    own = middle.astimezone(desk.zone)

    def distance(starts_at: datetime) -> tuple[int, timedelta]:
        local = starts_at.astimezone(desk.zone)
        same_clock = local.replace(year=own.year, month=own.month, day=own.day, tzinfo=None)
        return abs((local.date() - own.date()).days), abs(same_clock - own.replace(tzinfo=None))

    return sorted({middle, *found}, key=lambda each: (*distance(each), each))


def _rooms(desk: Desk, slot: Slot) -> list[KnownRoom | None]:
    """Rooms where it would fit, nearest and smallest first. A room that it has stays; what has none may stay without one."""
    fitting = [
        room
        for room in desk.rooms.values()
        if room.id != slot.room
        and (slot.people_expected is None or room.capacity is None or room.capacity >= slot.people_expected)
        and slot.needs <= set(room.equipment)
        and (not slot.needs_step_free or room.step_free)
    ]
    fitting.sort(
        key=lambda room: (
            room.venue_id != slot.venue,
            room.venue.city_id != slot.city,
            room.capacity is None,
            room.capacity or 0,
            room.id,
        )
    )
    return [desk.rooms.get(slot.room) if slot.room is not None else None, *fitting[: _ROOMS - 1]]


def take(congress: Congress, placement: Placement, proposal: Proposal, *, version: int, by: str, now: datetime) -> None:
    """Put a placement where a proposal says. Raises ChangedMeanwhile, and UnknownPlace if the room has gone meanwhile."""
    room = proposal.room
    there = Where(placement.city, placement.venue) if room is None else where(congress, f"room-{room.id}")
    slot = services.Slot(there, proposal.starts_at, proposal.ends_at)
    services.move(placement, slot, version=version, by=by, now=now)
