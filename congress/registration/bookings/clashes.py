"""Where two things of one person's programme cannot both be reached. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from congress.programme.entries import Entry

# One looks in when it suits.
_LOOKED_IN = frozenset({"registration", "break"})


@dataclass(frozen=True)
class Travel:
    """Minutes from door to door: between these two venues (by their slugs), else between any two cities."""

    between_cities: int
    between_venues: Mapping[frozenset[str], int]

    def minutes(self, before: Entry, after: Entry) -> int:
        """From where one ends to where the next begins; a transfer ends in its other city. 0 where nobody has said anything."""
        leaves_from = before.place.other_city or before.place.city
        if not before.place.other_city and before.place.venue and after.place.venue:
            known = self.between_venues.get(frozenset({before.place.venue, after.place.venue}))
            if known is not None:
                return known
        return self.between_cities if leaves_from and after.place.city and leaves_from != after.place.city else 0


@dataclass(frozen=True)
class Clash:
    """Two entries, the earlier first. ``needed`` minutes of travel lie between them, 0 where they overlap; ``gap``: what there is."""

    before: Entry
    after: Entry
    needed: int = 0
    gap: int = 0

    @property
    def is_overlap(self) -> bool:
        return self.needed == 0

    @property
    def name(self) -> str:
        """The same for the same clash: what somebody agrees to keep."""
        return f"{self.before.code}+{self.after.code}"


def clashes(entries: Iterable[Entry], travel: Travel, *, about: Collection[str]) -> list[Clash]:
    """Clashes that one of the items ``about`` has a part in, in order of time.

    Only what has a time of day clashes; of an open end only the beginning is known. Whoever has to travel leaves from where the
    last thing before ended: a transfer in between makes a way possible.
    """
    timed = sorted((each for each in entries if _takes_time(each)), key=lambda each: (_start(each), _end(each), each.code))
    found = [Clash(one, other) for one, other in combinations(timed, 2) if one.item != other.item and _overlap(one, other)]
    for after in timed:
        over = [each for each in timed if each is not after and each.item != after.item and _end(each) <= _start(after)]
        over = [each for each in over if not _overlap(each, after)]
        if over:
            before = max(over, key=lambda each: (_end(each), _start(each), each.code))
            needed, gap = travel.minutes(before, after), int((_start(after) - _end(before)) / timedelta(minutes=1))
            if gap < needed:
                found.append(Clash(before, after, needed, gap))
    mine = [each for each in found if {each.before.item, each.after.item} & set(about)]
    return sorted(mine, key=lambda each: (_start(each.after), _start(each.before), each.name))


def _takes_time(entry: Entry) -> bool:
    return entry.starts_at is not None and not entry.is_cancelled and entry.kind not in _LOOKED_IN


def _start(entry: Entry) -> datetime:
    assert entry.starts_at is not None  # noqa: S101  (see _takes_time)
    return entry.starts_at


def _end(entry: Entry) -> datetime:
    return entry.ends_at or _start(entry)


def _overlap(one: Entry, other: Entry) -> bool:
    """Half-open; two things that begin at once always do."""
    first, second = (one, other) if _start(one) <= _start(other) else (other, one)
    return _start(first) == _start(second) or _start(second) < _end(first)
