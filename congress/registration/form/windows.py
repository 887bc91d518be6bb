"""When the steps of the form are open, for whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Slot:
    """From when to when a step is open, half-open; ``category`` and ``step`` None: all of them. None: no such end."""

    category: str | None
    step: str | None
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True)
class Reopened:
    """Opened for one person until then; ``step`` None: all steps."""

    step: str | None
    until: datetime


class Access(StrEnum):
    """Whether a step can be filled in."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"


@dataclass(frozen=True)
class Standing:
    """A step for one person now. ``changes_at``: when it opens or closes next, or when it closed; None where nothing says so."""

    access: Access
    changes_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.access is Access.OPEN


def slot_of(step: str, category: str, slots: Iterable[Slot]) -> Slot | None:
    """What holds for a step and a category: the most specific. One for the category goes before one for the step: whoever
    gives the press another deadline means all of its steps. Of two that are alike the one that closes later."""
    fitting = [slot for slot in slots if slot.category in {None, category} and slot.step in {None, step}]
    return max(fitting, key=_rank, default=None)


def _rank(slot: Slot) -> tuple[bool, bool, bool, float]:
    ends = slot.closes_at
    return (slot.category is not None, slot.step is not None, ends is None, ends.timestamp() if ends else 0.0)


def standing(step: str, category: str, slots: Iterable[Slot], reopened: Iterable[Reopened], *, now: datetime) -> Standing:
    """Whether the step is open for a person of this category. Without a slot it is, until further notice."""
    opened = [each.until for each in reopened if each.step in {None, step} and now < each.until]
    slot = slot_of(step, category, slots)
    if slot is None:
        return Standing(Access.OPEN)
    if slot.opens_at and now < slot.opens_at and not opened:
        return Standing(Access.NOT_YET, slot.opens_at)
    if slot.closes_at is None:
        return Standing(Access.OPEN)
    if now < slot.closes_at:
        return Standing(Access.OPEN, max([slot.closes_at, *opened]))
    return Standing(Access.OPEN, max(opened)) if opened else Standing(Access.CLOSED, slot.closes_at)


def last_day(ends_at: datetime, zone: ZoneInfo) -> date | None:
    """The last day of what ends with a whole day, half-open; None where it ends at an hour."""
    local = ends_at.astimezone(zone)
    return local.date() - timedelta(days=1) if local.time() == time() else None


def first_day(begins_at: datetime, zone: ZoneInfo) -> date | None:
    """The day with which something begins; None where it begins at an hour."""
    local = begins_at.astimezone(zone)
    return local.date() if local.time() == time() else None
