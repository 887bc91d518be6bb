"""Moves in the timetable, each noted in the history of the draft, and taking them back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.networks.models import City
from congress.programme import rules, services
from congress.programme.models import Placement, Room, Venue
from congress.programme.planning import history, queries
from congress.programme.planning.models import DraftChange
from congress.programme.planning.places import Where
from congress.programme.services import ImpossibleTime
from congress.programme.vocabulary import Action, Timing

_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})", re.ASCII)


class ChangedMeanwhile(CongressError):
    """Somebody else has changed the placement since; ``change`` is the last change of it, if it is known."""

    def __init__(self, sentence: str, change: DraftChange | None = None) -> None:
        super().__init__(sentence)
        self.change = change


class NothingToTakeBack(CongressError):
    """There is no step of this person that could be taken back, or done again."""


class NoRoomsLeft(CongressError):
    """Every room has it already."""


@dataclass(frozen=True)
class Slot:
    """A time and a place to put something. Without ``starts_at`` the time is to be confirmed, on ``day`` if that is given."""

    where: Where
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    day: date | None = None


def instant(congress: Congress, local: str) -> datetime:
    """The instant of “2018-06-12T09:30” in the congress's zone. Raises ImpossibleTime."""
    written = _LOCAL.fullmatch(local)
    try:
        if written is None:
            raise ValueError
        found = rules.local_instant(date.fromisoformat(written[1]), int(written[2]), int(written[3]), congress.zone)
    except (ValueError, OverflowError):
        raise unreadable() from None
    if found is None:
        raise ImpossibleTime(_("This time does not exist on that day: the clocks go forward."))
    return found


def unreadable() -> ImpossibleTime:
    """What to say of a time that is none."""
    return ImpossibleTime(_("This time does not exist. Choose a day and a time such as 09:30."))


def move(placement: Placement, slot: Slot, *, version: int, by: str, now: datetime) -> DraftChange | None:
    """Put a placement somewhere; None when it stands there already. ``version`` is the one that was seen.

    Raises ChangedMeanwhile, ImpossibleTime, RoomElsewhere; then nothing is changed.
    """
    placement = lock(placement)
    if placement.version != version:
        raise ChangedMeanwhile(_("Somebody else has changed this in the meantime."), history.last_change(placement))
    before = history.snapshot(placement)
    if slot.starts_at is not None:
        services.place_session(placement, starts_at=slot.starts_at, ends_at=slot.ends_at)
    else:
        _put_on_day(placement, slot.day)
    services.move_to(placement, city=slot.where.city, venue=slot.where.venue, room=slot.where.room)
    return history.note(placement, before, Action.PLACED, by=by, now=now)


def _put_on_day(placement: Placement, day: date | None) -> None:
    """What takes whole days goes on doing so, as many as before; what had a time has it to be confirmed."""
    timing, ends_on = Timing.TO_BE_CONFIRMED, None
    if day is not None and placement.starts_on is not None and placement.ends_on is not None:
        timing = placement.timing
        try:
            ends_on = day + (placement.ends_on - placement.starts_on)
        except OverflowError:
            raise unreadable() from None
    services.place_on_days(placement, timing=timing, starts_on=day, ends_on=ends_on)


def set_cancelled(placement: Placement, is_cancelled: bool, *, version: int, by: str, now: datetime) -> DraftChange | None:
    """Call a placement off, or let it take place after all. ``version`` is the one that was seen. Raises ChangedMeanwhile."""
    placement = lock(placement)
    if placement.version != version:
        raise ChangedMeanwhile(_("Somebody else has changed this in the meantime."), history.last_change(placement))
    before = history.snapshot(placement)
    placement.is_cancelled = is_cancelled
    return history.note(placement, before, Action.CANCELLED if is_cancelled else Action.RESTORED, by=by, now=now)


def own_steps(changes: Iterable[DraftChange]) -> tuple[list[DraftChange], list[DraftChange]]:
    """What somebody may take back, and what they may do again, the next one last, from their changes in order.

    A change that takes back the next one to take back is an undoing; one that takes back the last undoing does it again; every
    other change is a step of its own, after which nothing can be done again.
    """
    done: list[DraftChange] = []
    undone: list[DraftChange] = []
    for change in changes:
        if change.undoes_id is not None and done and done[-1].id == change.undoes_id:
            done.pop()
            undone.append(change)
        elif change.undoes_id is not None and undone and undone[-1].id == change.undoes_id:
            undone.pop()
            done.append(change)
        else:
            done.append(change)
            undone.clear()
    return done, undone


def next_steps(congress: Congress, by: str) -> tuple[DraftChange | None, DraftChange | None]:
    """What this person would take back next, and what they would do again."""
    done, undone = own_steps(queries.own_changes(congress, by))
    return done[-1] if done else None, undone[-1] if undone else None


def undo(congress: Congress, *, by: str, now: datetime) -> DraftChange:
    """Take back this person's last step. Raises NothingToTakeBack, ChangedMeanwhile."""
    last, _again = next_steps(congress, by)
    if last is None:
        raise NothingToTakeBack(_("There is no step of yours to take back."))
    return _reverse(last, by=by, now=now)


def redo(congress: Congress, *, by: str, now: datetime) -> DraftChange:
    """Do again what this person took back last. Raises NothingToTakeBack, ChangedMeanwhile."""
    _last, again = next_steps(congress, by)
    if again is None:
        raise NothingToTakeBack(_("There is nothing to do again."))
    return _reverse(again, by=by, now=now)


def _reverse(change: DraftChange, *, by: str, now: datetime) -> DraftChange:
    """Give a placement back what a change took from it: a new change, unless somebody else changed the same since."""
    placement = db.session.get(Placement, change.placement_id)
    if placement is None:
        raise ChangedMeanwhile(_("This entry is no longer there."))
    placement = lock(placement)
    before = history.snapshot(placement)
    if any(before[name] != value for name, value in change.after.items() if name in before):
        raise ChangedMeanwhile(
            _("Somebody has changed this entry since. Your step stays, so that theirs is not lost."),
            history.last_change(placement),
        )
    if not change.before:  # it began with this change, by hand or from a file
        placement.is_cancelled = True
    else:
        _restore(placement, change.before)
    made = history.note(placement, before, _reversed(change, placement), by=by, now=now, undoes=change)
    if made is None:
        raise NothingToTakeBack(_("There is no step of yours to take back."))
    return made


def _reversed(change: DraftChange, placement: Placement) -> Action:
    if not change.before or change.action in (Action.CANCELLED, Action.RESTORED):
        return Action.CANCELLED if placement.is_cancelled else Action.RESTORED
    return change.action


def _restore(placement: Placement, values: Mapping[str, Any]) -> None:
    """Write plain values of a snapshot back into their columns. Raises ChangedMeanwhile where a place is no longer there."""
    for name, kind in {"city_id": City, "other_city_id": City, "venue_id": Venue, "room_id": Room}.items():
        if values.get(name) is not None and db.session.get(kind, values[name]) is None:
            raise ChangedMeanwhile(_("The place where this entry stood is no longer there."))
    read: dict[str, Callable[[Any], Any]] = {
        "starts_at": datetime.fromisoformat,
        "ends_at": datetime.fromisoformat,
        "starts_on": date.fromisoformat,
        "ends_on": date.fromisoformat,
        "timing": Timing,
    }
    for name, value in values.items():
        setattr(placement, name, value if value is None or name not in read else read[name](value))
    db.session.flush()
    db.session.expire(placement, ["city", "other_city", "venue", "room"])


def copy_to_rooms(placement: Placement, rooms: Iterable[Room], *, by: str, now: datetime) -> list[DraftChange]:
    """The same item at the same time in each of these rooms where it does not stand already. Raises NoRoomsLeft."""
    lock(placement.item)
    item = placement.item
    alike = [
        each
        for each in item.placements
        if not each.is_cancelled and (each.starts_at, each.ends_at) == (placement.starts_at, placement.ends_at)
    ]
    taken = {each.room_id for each in alike}
    codes = set(db.session.scalars(select(Placement.code).where(Placement.congress_id == item.congress_id)))
    made = []
    for room in rooms:
        if room.id in taken:
            continue
        code = next(code for number in range(2, len(codes) + 3) if (code := f"{item.code[:14]}-{number}") not in codes)
        codes.add(code)
        copy = Placement(
            congress_id=item.congress_id, item=item, code=code, timing=placement.timing, starts_at=placement.starts_at,
            ends_at=placement.ends_at, starts_on=placement.starts_on, ends_on=placement.ends_on,
            city=room.venue.city, venue=room.venue, room=room,
        )  # fmt: skip
        db.session.add(copy)
        db.session.flush()
        change = history.note(copy, {}, Action.CREATED, by=by, now=now)
        made += [change] if change else []
    if not made:
        raise NoRoomsLeft(_("It is already in every one of these rooms."))
    return made
