"""How long print takes: the booklet in each language, all day sheets and all door signs, with their pages.

Run: ``python -m tests.benchmarks.printing``. Times are those of the processor; Typst uses as many cores as there are.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from congress import demo
from congress.congresses import queries as congresses
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.programme import queries, sheets
from congress.web.language import speaking
from congress.web.print import booklet, day_sheets, door_signs
from congress.web.print.rooms import Leaf, Wanted, leaves
from tests import reading_pdf
from tests.benchmarks import corpus
from tests.benchmarks.rates import spread

_TIMES = 3


def main() -> None:
    """Prints a line for each thing that is printed, at each size."""
    for size in (58, 1000, 5000):
        with tempfile.TemporaryDirectory() as folder:
            app = corpus.make(Path(folder), size)
            with app.test_request_context():
                _measure(size)


def _measure(size: int) -> None:
    congress = congresses.get_congress(demo.SLUG)
    released = queries.released(congress)
    rooms = {(each.venue.slug, each.slug): each for each in queries.rooms(congress)}
    print(f"{size:,} items")

    def found() -> list[Leaf]:
        uses = sheets.uses(congress, of_draft=False)
        return leaves(uses, Wanted(), zone=congress.zone, rooms=rooms, by_venue=False, language="pl")

    for language in ("en", "pl"):
        _print(f"booklet, {language}", lambda: booklet.booklet(congress, released, language))  # noqa: B023
    with speaking("pl"):
        _print("day sheets", lambda: day_sheets.day_sheets(congress, found(), by_venue=False, state="", now=now()))
        _print("door signs", lambda: _signs(congress, found()))
        day = max(each.day for each in found())
        _print("door signs of one day", lambda: _signs(congress, [each for each in found() if each.day == day]))


def _signs(congress: Congress, found: list[Leaf]) -> bytes:
    """Set anew, though the same signs would be kept."""
    door_signs._set.clear()
    return door_signs.door_signs(congress, found, state="", now=now())


def _print(name: str, make: Callable[[], bytes]) -> None:
    """The first time, and again: Typst keeps what it has set and sets only what differs."""
    first, body = _milliseconds(make)
    again = [_milliseconds(make)[0] for _time in range(_TIMES)]
    pages = reading_pdf.number_of_pages(body)
    print(f"  {name}: {first:,.0f} ms, again {spread(again, 0)} ms; {pages} pages, {len(body) // 1024:,} KB", flush=True)


def _milliseconds(make: Callable[[], bytes]) -> tuple[float, bytes]:
    began = time.process_time()
    body = make()
    return 1000 * (time.process_time() - began), body


if __name__ == "__main__":
    main()
