"""How the public gets into an event, and for how long something is kept for somebody. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from congress.events.states import Way
from congress.programme.entries import Entry
from congress.programme.releases import Change

CONFIRM_WITHIN = timedelta(hours=48)  # an unconfirmed sign-up keeps its places for so long
KEPT_FOR = timedelta(days=30)  # after the congress, and after the event where that is later
ASKED_FOR = timedelta(days=30)  # a subscriber who never confirms is forgotten after so long


@dataclass(frozen=True)
class Seats:
    """The public's seats of an event: ``most`` (None: as many as come), people who hold them, and what waits."""

    most: int | None = None
    held: int = 0
    unconfirmed: int = 0  # of those held: until the mailed link is followed
    waiting: int = 0  # people
    groups_waiting: int = 0

    @property
    def free(self) -> int | None:
        return None if self.most is None else max(0, self.most - self.held)

    def given_to(self, people: int, *, accepts_fewer: bool) -> int:
        """How many of the people who come now get seats: nobody passes those who wait. 0: they have to wait, too."""
        if self.groups_waiting:
            return 0
        if self.free is None or people <= self.free:
            return people
        return self.free if accepts_fewer else 0


@dataclass(frozen=True)
class Terms:
    """What organisers have said of an item's sign-ups."""

    takes_sign_ups: bool
    closes_at: datetime | None = None


def way_in(occurrences: Sequence[Entry], terms: Terms, now: datetime, zone: ZoneInfo) -> Way:
    """How the public gets into an item, given its released occurrences. What matters more to a reader comes first."""
    public = [entry for entry in occurrences if entry.is_public]
    if not public:
        return Way.NOT_PUBLIC
    planned = [entry for entry in public if not entry.is_cancelled]
    if not planned:
        return Way.CANCELLED
    if all(is_over(entry, now, zone) for entry in planned):
        return Way.OVER
    if not terms.takes_sign_ups:
        return Way.TICKETS if any(entry.ticketing == "ticketed" for entry in planned) else Way.NO_SIGN_UP
    if terms.closes_at is not None and terms.closes_at <= now:
        return Way.CLOSED
    return Way.OPEN


def takes_place(occurrences: Sequence[Entry], now: datetime, zone: ZoneInfo) -> bool:
    """Whether the public can still come: freed places are given to those who wait for so long."""
    return any(entry.is_public and not entry.is_cancelled and not is_over(entry, now, zone) for entry in occurrences)


def is_over(entry: Entry, now: datetime, zone: ZoneInfo) -> bool:
    """Whether nobody can come any more; without an end it is over when it has begun, without a day it is still to come."""
    if entry.starts_at is not None:
        return (entry.ends_at or entry.starts_at) <= now
    last = entry.ends_on or entry.starts_on
    return last is not None and last < now.astimezone(zone).date()


def told_of(change: Change, now: datetime, zone: ZoneInfo) -> Change | None:
    """What a change of the programme is to the public that has signed up; None where it is nothing they must know.

    What is open to delegates only from now on is as good as cancelled for them, and what it has become is not theirs to know.
    """
    before, after = change.before, change.after
    if before is None or all(is_over(entry, now, zone) for entry in (before, after)):
        return None
    stood, stands = (entry.is_public and not entry.is_cancelled for entry in (before, after))
    if stood and not stands:
        return Change(("cancelled",), before, replace(before, status="cancelled"))
    if stands and not stood:
        return Change(("restored",), before, after)
    return change if stands and "moved" in change.kinds else None
