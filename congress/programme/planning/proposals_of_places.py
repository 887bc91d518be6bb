"""Free rooms and times for a placement: only those where nothing new would be wrong, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from congress.programme.conflicts import Conflict, Slot
from congress.programme.models import Placement, Room, Venue
from congress.programme.planning import services
from congress.programme.planning.checks import Desk
from congress.programme.planning.places import Where
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

    room: Room | None
    venue: Venue | None
    starts_at: datetime
    ends_at: datetime
    solves: int
    remaining: int


def proposals(desk: Desk, placement: Placement) -> list[Proposal]:
    """Rooms and times where this raises no new conflict: what solves most first, then the own city, then what lies nearest in time.

    Where something is wrong now that a move can solve, only moves that solve something are proposed.
    """
    now = desk.index.conflicts_of(desk.slots[placement.uid])
    known = {_name(each) for each in now}
    found: list[Proposal] = []
    on_day: dict[date, int] = {}
    for room, starts_at, ends_at in islice(_candidates(desk, placement), _TRIES):
        day = starts_at.astimezone(desk.congress.zone).date()
        if on_day.get(day, 0) == _A_DAY:
            continue
        tried = desk.index.conflicts_of(tried_slot(desk, placement, room, starts_at, ends_at))
        if {_name(each) for each in tried} <= known and starts_at > desk.facts.now:
            venue = room.venue if room is not None else placement.venue
            found.append(Proposal(room, venue, starts_at, ends_at, len(known) - len({_name(each) for each in tried}), len(tried)))
            on_day[day] = on_day.get(day, 0) + 1
        if len(found) == _MOST:
            break
    if any(each.solves for each in found):
        found = [each for each in found if each.solves]
    here = placement.city_id
    # Stable: among equals, the nearest in time stays first.
    return sorted(found, key=lambda each: (each.remaining, each.venue is not None and each.venue.city_id != here))


def tried_slot(
    desk: Desk, placement: Placement, room: Room | None, starts_at: datetime | None, ends_at: datetime | None, **more: object
) -> Slot:
    """The placement as it would stand there; without a room its venue and city stay."""
    places: dict[str, object] = {"room": None}
    if room is not None:
        places = {"room": room.id, "venue": room.venue_id, "city": room.venue.city_id}
    timing = "timed" if starts_at is not None else "to_be_confirmed"
    times = {"timing": timing, "starts_at": starts_at, "ends_at": ends_at, "starts_on": None, "ends_on": None}
    return desk.slot(placement, **{**times, **places, **more})


def new_conflicts(desk: Desk, placement: Placement, slot: Slot) -> list[Conflict]:
    """What would be wrong with the placement as ``slot`` says that is not wrong with it now."""
    known = {_name(each) for each in desk.index.conflicts_of(desk.slots[placement.uid])}
    return [each for each in desk.index.conflicts_of(slot) if _name(each) not in known]


def _name(conflict: Conflict) -> tuple[object, ...]:
    """What makes two conflicts the same here; of texts there may be several with other facts."""
    return conflict.kind, frozenset(conflict.uids), conflict.facts if len(conflict.uids) == 1 else ()


def _candidates(desk: Desk, placement: Placement) -> Iterator[tuple[Room | None, datetime, datetime]]:
    """Times from the nearest to the farthest, at each the rooms from the one that fits best."""
    rooms = _rooms(desk, placement)
    length = placement.ends_at - placement.starts_at if placement.starts_at and placement.ends_at else _USUAL_LENGTH
    for starts_at in _starts(desk, placement):
        for room in rooms:
            if (room.id if room else None, starts_at) != (placement.room_id, placement.starts_at):
                yield room, starts_at, starts_at + length


def _starts(desk: Desk, placement: Placement) -> list[datetime]:
    """The time that it has, then half hours of the congress days in order of their distance from it."""
    congress = desk.congress
    days = [congress.starts_on + timedelta(days=number) for number in range((congress.ends_on - congress.starts_on).days + 1)]
    found: list[datetime] = []
    for day in days[:31]:
        moment = datetime.combine(day, _FIRST)
        while moment.time() < _LAST:
            starts_at = local_instant(day, moment.hour, moment.minute, congress.zone)
            found += [starts_at] if starts_at is not None else []
            moment += _STEP
    middle = placement.starts_at
    if middle is None:
        return found
    own = middle.astimezone(congress.zone)

    def distance(starts_at: datetime) -> tuple[int, timedelta]:
        local = starts_at.astimezone(congress.zone)
        same_clock = local.replace(year=own.year, month=own.month, day=own.day, tzinfo=None)
        return abs((local.date() - own.date()).days), abs(same_clock - own.replace(tzinfo=None))

    return sorted({middle, *found}, key=lambda each: (*distance(each), each))


def _rooms(desk: Desk, placement: Placement) -> list[Room | None]:
    """Rooms where it would fit, nearest and smallest first. A room that it has stays; what has none may stay without one."""
    slot = desk.slots[placement.uid]
    fitting = [
        room
        for room in desk.rooms.values()
        if room.id != placement.room_id
        and (slot.people_expected is None or room.capacity is None or room.capacity >= slot.people_expected)
        and slot.needs <= set(room.equipment)
        and (not slot.needs_step_free or room.step_free)
    ]
    fitting.sort(
        key=lambda room: (
            room.venue_id != placement.venue_id,
            room.venue.city_id != placement.city_id,
            room.capacity is None,
            room.capacity or 0,
            room.id,
        )
    )
    return [placement.room, *fitting[: _ROOMS - 1]]


def take(placement: Placement, proposal: Proposal, *, version: int, by: str, now: datetime) -> None:
    """Put a placement where a proposal says. Raises ChangedMeanwhile."""
    room = proposal.room
    where = Where(room=room) if room is not None else Where(placement.city, placement.venue)
    slot = services.Slot(where, proposal.starts_at, proposal.ends_at)
    services.move(placement, slot, version=version, by=by, now=now)
