"""Coaches between cities: whether one gets somebody there, whether its seats are enough, and who misses the last one. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from congress.programme.conflicts.facts import Conflict, Facts, Slot
from congress.programme.conflicts.kinds import ConflictKind

_LATE = timedelta(hours=4)  # a coach before four in the morning belongs to the evening before
# During these nobody has to be somewhere until the end.
_LOOKED_IN = frozenset({"registration", "break", "transfer"})

_Way = tuple[int, int]


class Transfers:
    """The coaches of a programme."""

    def __init__(self, slots: Iterable[Slot], facts: Facts) -> None:
        self._facts = facts
        self._runs: dict[_Way, list[tuple[float, float]]] = defaultdict(list)
        self._of_day: dict[tuple[int, int, date], list[Slot]] = defaultdict(list)
        self._last: dict[tuple[int, date], dict[int, tuple[float, str]]] = defaultdict(dict)
        for slot in slots:
            if is_transfer(slot):
                self._add(slot)
        self._arrivals = {way: _earliest_from(runs) for way, runs in self._runs.items()}

    def _add(self, slot: Slot) -> None:
        span, starts_at = slot.span, slot.starts_at
        assert span and starts_at and slot.city and slot.other_city  # noqa: S101  (see is_transfer)
        self._runs[slot.city, slot.other_city].append(span)
        day = self._day(starts_at)
        self._of_day[slot.city, slot.other_city, day].append(slot)
        last = self._last[slot.city, day]
        last[slot.other_city] = max(last.get(slot.other_city, (span[0], slot.uid)), (span[0], slot.uid))

    def _day(self, moment: datetime) -> date:
        return (moment.astimezone(self._facts.zone).replace(tzinfo=None) - _LATE).date()

    def connects(self, before: Slot, after: Slot) -> bool:
        """Whether a coach leaves after one thing ends and arrives before the other begins."""
        leaves_from = before.other_city or before.city
        if before.span is None or after.span is None or leaves_from is None or after.city is None:
            return False
        runs = self._runs.get((leaves_from, after.city))
        if not runs:
            return False
        first = bisect_left(runs, (before.span[1], 0.0))
        return first < len(runs) and self._arrivals[leaves_from, after.city][first] <= after.span[0]

    def seats(self, only: Slot | None = None) -> Iterator[Conflict]:
        """Days on which the coaches of one way (those of ``only``'s way) have fewer seats than people who need them."""
        for slots in self._of_day.values():
            if only is not None and all(each.uid != only.uid for each in slots):
                continue
            seats = [each.seats for each in slots]
            people = max((each.people_expected or len(each.delegates) for each in slots), default=0)
            people = max(people, (self._facts.participants or 0) if any(each.audience == "delegates" for each in slots) else 0)
            if None not in seats and people > sum(filter(None, seats)):
                uids = tuple(each.uid for each in sorted(slots, key=lambda each: (each.span or (0, 0), each.uid)))
                yield Conflict(ConflictKind.TRANSFER_SEATS, uids, (people, sum(filter(None, seats))))

    def missed(self, slot: Slot) -> Iterator[Conflict]:
        """The last coach of that day to each other city, if it leaves before the slot ends."""
        if slot.span is None or slot.starts_at is None or slot.city is None or slot.kind in _LOOKED_IN:
            return
        for leaves_at, uid in self._last.get((slot.city, self._day(slot.starts_at)), {}).values():
            if leaves_at < slot.span[1]:
                yield Conflict(ConflictKind.LAST_COACH, (slot.uid, uid), (leaves_at,), state=slot.span)


def is_transfer(slot: Slot) -> bool:
    """A coach of which it is known when and where to it goes."""
    return slot.kind == "transfer" and slot.starts_at is not None and slot.city is not None and slot.other_city is not None


def _earliest_from(runs: list[tuple[float, float]]) -> list[float]:
    """Sorts the runs by departure; the earliest arrival of each and all later ones."""
    runs.sort()
    arrivals = [end for _start, end in runs]
    for number in range(len(arrivals) - 2, -1, -1):
        arrivals[number] = min(arrivals[number], arrivals[number + 1])
    return arrivals
