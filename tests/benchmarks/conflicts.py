"""How long conflicts take: all of a programme from nothing, one move, and the plain pairwise algorithm beside them.

Run: ``python -m tests.benchmarks.conflicts``. Times are those of the processor, so that other work on the machine counts less.
"""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from congress.programme.conflicts import Index, find_conflicts
from tests.benchmarks.rates import spread
from tests.programme.pairwise import pairwise
from tests.programme.programmes import large

_TIMES = 5
_MOVES = 200
_PAIRWISE = (100, 1000)  # of 10,000 items there are 50 million pairs, which take minutes


def main() -> None:
    """Prints a line for each size."""
    for items in (100, 1000, 10_000):
        slots, facts = large(items)
        rooms = len({slot.room for slot in slots})
        people = len({person for slot in slots for person in slot.people})
        whole = [_milliseconds(lambda: find_conflicts(slots, facts)) for _time in range(_TIMES)]  # noqa: B023
        index = Index(slots, facts)
        moves = []
        for number in range(_MOVES):
            slot = slots[number * len(slots) // _MOVES]
            later = timedelta(minutes=30)
            assert slot.starts_at is not None and slot.ends_at is not None
            moved = dataclasses.replace(slot, starts_at=slot.starts_at + later, ends_at=slot.ends_at + later)
            moves.append(_milliseconds(lambda: index.conflicts_of(moved)))  # noqa: B023
        print(f"{items:,} items, {rooms} rooms, {people:,} people, {len(index.conflicts()):,} conflicts")
        print(f"  from nothing: {spread(whole, 1)} ms")
        print(f"  one move: median {statistics.median(moves):.3f} ms, slowest of {_MOVES} {max(moves):.3f} ms")
        if items in _PAIRWISE:
            plain = [_milliseconds(lambda: pairwise(slots, facts)) for _time in range(3)]  # noqa: B023
            times = statistics.median(plain) / statistics.median(whole)
            print(f"  pairwise: {spread(plain, 0)} ms, {times:.0f} times as long", flush=True)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    main()
