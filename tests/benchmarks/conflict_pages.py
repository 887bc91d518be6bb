"""The panel of conflicts, a place that is tried while dragging, and the page of all conflicts, against a bare Flask that says hello.

``python -m tests.benchmarks.conflict_pages [--sizes 100 1000 5000] [--asked 40]``

All run in this process through the test client, one request after the other, alternately, so that whatever else the machine does meets
all of them. ``fresh`` is the panel after the kept draft has been forgotten: what the first request after a change costs.
"""

from __future__ import annotations

import argparse

from congress import demo
from congress.core.db import db
from congress.programme.models import Placement
from congress.programme.planning import keeping
from tests.benchmarks.timetable import desk, measured

CONFLICTS = f"/desk/{demo.SLUG}/conflicts"


def run(size: int, asked: int) -> None:
    with desk(size) as (app, client, hello):
        with app.app_context():
            placed = db.session.query(Placement).filter(Placement.room_id.is_not(None)).order_by(Placement.id.desc()).first()
            assert placed is not None
            tried = (
                f"{CONFLICTS}/try?placement={placed.id}&start=2018-06-14T09:30&end=2018-06-14T10:00&room=room-{placed.room_id}"
            )

        def ask(path: str) -> int:
            return client.get(path).status_code

        def fresh() -> int:
            keeping._known.clear()
            return ask(f"{CONFLICTS}/panel")

        names = ("fresh", "panel", "try", "page")
        hi, *times = measured(
            asked, lambda: hello.get("/").status_code, fresh, lambda: ask(f"{CONFLICTS}/panel"), lambda: ask(tried),
            lambda: ask(f"{CONFLICTS}/"),
        )  # fmt: skip
        said = ", ".join(f"{name} {spent:.1f} ms ({spent / hi:.0f})" for name, spent in zip(names, times, strict=True))
        print(f"{size:>6} entries: hello {hi:.2f} ms; in brackets how many times as long: {said}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--asked", type=int, default=40)
    arguments = parser.parse_args()
    for size in arguments.sizes:
        run(size, arguments.asked)


if __name__ == "__main__":
    main()
