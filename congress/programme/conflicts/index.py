"""All conflicts of a programme in one sweep over time, and those of one slot in a moment. Pure.

Whatever several slots claim (a room, a person, an audience) is swept by itself: its claims in order of time, with a heap of those that
are not over. So n claims of which k pairs come near each other cost O((n + k) log n).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush

from congress.programme.conflicts.facts import Conflict, Facts, Slot
from congress.programme.conflicts.kinds import ConflictKind
from congress.programme.conflicts.pairs import Claim, Key, claims, quarrel
from congress.programme.conflicts.singles import conflicts_alone
from congress.programme.conflicts.transfers import Transfers, is_transfer

_ORDER = {kind: number for number, kind in enumerate(ConflictKind)}
_Member = tuple[float, float, str, bool]  # from, until, uid, whether the claim is strong


def find_conflicts(slots: Iterable[Slot], facts: Facts) -> list[Conflict]:
    """All conflicts between these slots, in order of time, then of kind."""
    return Index(slots, facts).conflicts()


class Index:
    """A programme that is asked again and again while something in it is moved."""

    def __init__(self, slots: Iterable[Slot], facts: Facts) -> None:
        self._facts = facts
        self._slots = {slot.uid: slot for slot in slots if not slot.is_cancelled}
        self._transfers = Transfers(self._slots.values(), facts)
        self._groups: dict[Key, list[_Member]] = defaultdict(list)
        self._longest: dict[Key, float] = defaultdict(float)
        for slot in self._slots.values():
            for key, lo, hi, is_strong in claims(slot, facts):
                self._groups[key].append((lo, hi, slot.uid, is_strong))
                self._longest[key] = max(self._longest[key], hi - lo)
        for members in self._groups.values():
            members.sort()

    def at(self, now: datetime) -> Index:
        """The same programme at another moment. It shares what this one knows, so nothing in it is to be replaced."""
        other = copy(self)
        other._facts = replace(self._facts, now=now)
        return other

    def conflicts(self) -> list[Conflict]:
        """All conflicts, in order of time, then of kind."""
        found = [each for slot in self._slots.values() for each in conflicts_alone(slot, self._facts)]
        found += [each for slot in self._slots.values() for each in self._transfers.missed(slot)]
        found += self._transfers.seats()
        found += self._joined(
            quarrel(key, self._slots[one], self._slots[other], self._facts, self._transfers)
            for key, members in self._groups.items()
            for one, other in _near(members)
        )
        return sorted(found, key=self._order)

    def conflicts_of(self, slot: Slot) -> list[Conflict]:
        """Those in which this slot would have a part if it stood so; nothing is changed. Where a transfer goes at another time,
        what its passengers miss by that is found by ``conflicts`` after ``replace``."""
        if slot.is_cancelled:
            return []
        known, transfers = self._slots.get(slot.uid), self._transfers
        if is_transfer(slot) or (known is not None and is_transfer(known)):
            transfers = Transfers((*(each for each in self._slots.values() if each.uid != slot.uid), slot), self._facts)
        found = [*conflicts_alone(slot, self._facts), *transfers.missed(slot), *transfers.seats(slot)]
        if is_transfer(slot):
            others = (each for each in self._slots.values() if each.uid != slot.uid)
            found += [each for other in others for each in transfers.missed(other) if slot.uid in each.uids]
        found += self._joined(
            quarrel(claim[0], slot, self._slots[uid], self._facts, transfers)
            for claim in claims(slot, self._facts)
            for uid in self._near(claim, slot.uid)
        )
        return sorted(found, key=lambda each: self._order(each, slot))

    def replace(self, slot: Slot) -> None:
        """Put a slot in the place of the one with its uid, or add it."""
        known = self._slots.get(slot.uid)
        if known is not None:
            for key, lo, hi, is_strong in claims(known, self._facts):
                self._groups[key].remove((lo, hi, known.uid, is_strong))
        self._slots.pop(slot.uid, None)
        if not slot.is_cancelled:
            self._slots[slot.uid] = slot
            for key, lo, hi, is_strong in claims(slot, self._facts):
                insort(self._groups[key], (lo, hi, slot.uid, is_strong))
                self._longest[key] = max(self._longest[key], hi - lo)
        if is_transfer(slot) or (known is not None and is_transfer(known)):
            self._transfers = Transfers(self._slots.values(), self._facts)

    def _near(self, claim: Claim, uid: str) -> Iterator[str]:
        """Whose claims on the same may be in the way of this one."""
        key, lo, hi, is_strong = claim
        members = self._groups.get(key, [])
        first, last = bisect_left(members, (lo - self._longest.get(key, 0.0),)), bisect_right(members, (hi, float("inf")))
        for other_lo, other_hi, other, is_other_strong in members[first:last]:
            is_near = other_lo == lo or (other_lo < hi and lo < other_hi)
            if is_near and other != uid and (is_strong or is_other_strong):
                yield other

    def _joined(self, found: Iterable[Conflict | None]) -> Iterator[Conflict]:
        """One conflict of each kind between the same slots, with all people whom it is about."""
        together: dict[tuple[ConflictKind, tuple[str, ...]], Conflict] = {}
        people: dict[tuple[ConflictKind, tuple[str, ...]], set[str]] = defaultdict(set)
        for conflict in found:
            if conflict is not None:
                name = conflict.kind, conflict.uids
                together[name] = conflict
                people[name].update(conflict.people)
        for name, conflict in together.items():
            yield replace(conflict, people=tuple(sorted(people[name]))) if len(people[name]) > 1 else conflict

    def _order(self, conflict: Conflict, moved: Slot | None = None) -> tuple[object, ...]:
        first = moved if moved is not None and conflict.uids[0] == moved.uid else self._slots[conflict.uids[0]]
        starts = first.span[0] if first.span else float("inf")
        return starts, _ORDER[conflict.kind], first.item, conflict.uids, repr(conflict.facts)


def _near(members: list[_Member]) -> Iterator[tuple[str, str]]:
    """Pairs of claims that are in each other's way, at least one of them strong; ``members`` in order of time."""
    strong: list[tuple[float, float, str]] = []
    weak: list[tuple[float, float, str]] = []
    for lo, hi, uid, is_strong in members:
        for active in (strong, weak):
            # What begins at once with this one is in its way even if it takes no time.
            while active and active[0][0] <= lo and active[0][1] < lo:
                heappop(active)
        for _hi, _lo, other in strong:
            yield other, uid
        if is_strong:
            for _hi, _lo, other in weak:
                yield other, uid
        heappush(strong if is_strong else weak, (hi, lo, uid))
