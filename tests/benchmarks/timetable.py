"""The timetable's page, a day of it and a single save, however large the draft is, against a bare Flask that says hello.

``python -m tests.benchmarks.timetable [--sizes 100 1000 5000] [--asked 40]``

Both run in this process through the test client, one request after the other, alternately, so that whatever else the machine does
meets both. Items are spread over ten days, as a congress does; only one day's are sent. A save takes what a drag sends: the lock, the
checks, the history, one commit to the disk.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from congress import create_app, demo
from congress.congresses import queries as congresses
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.programme.models import Placement, ProgrammeSession, Room, Venue
from congress.programme.vocabulary import Audience, Kind, Timing

KEY = "benchmark-only-0123456789-abcdefghijkl"
DAYS, ROOMS = 10, 30
TIMETABLE = f"/desk/{demo.SLUG}/timetable"


def make(folder: Path, size: int) -> Flask:
    """An application whose draft has ``size`` entries over ten days and thirty rooms."""
    url = f"sqlite:///{folder / f'{size}.sqlite3'}"
    app = create_app(
        Config(SECRET_KEY=KEY, DATA_KEYS=[KEY[::-1]], DATABASE_URL=url, INSTANCE=folder, INSECURE_COOKIES=True, RATE_LIMITS=False)
    )
    with app.app_context():
        flask_migrate.upgrade()
        begin_writing()
        congress = demo.load(key=KEY, delegates=0, shift=timedelta(0), now=now())
        venue = db.session.scalars(select(Venue).order_by(Venue.id)).first()
        rooms = [Room(venue=venue, slug=f"room-{each}", names=Localised(en=f"Room {each}"), capacity=50) for each in range(ROOMS)]
        db.session.add_all(rooms)
        db.session.flush()
        there = len(db.session.scalars(select(Placement.id)).all())
        for each in range(max(0, size - there)):
            day, slot, room = each % DAYS, each // DAYS // ROOMS, rooms[each // DAYS % ROOMS]
            starts_at = congress_morning(congress.starts_on.isoformat()) + timedelta(days=day, minutes=30 * slot)
            item = ProgrammeSession(
                congress=congress, code=f"B{each}", kind=Kind.WORKSHOP, audience=Audience.DELEGATES,
                titles=Localised(en=f"Workshop {each}", pl=f"Warsztat {each}"), descriptions=Localised(),
            )  # fmt: skip
            db.session.add(
                Placement(
                    congress_id=congress.id,
                    item=item,
                    code=f"B{each}",
                    timing=Timing.TIMED,
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(minutes=25),
                    city_id=room.venue.city_id,
                    venue=room.venue,
                    room=room,
                )
            )
        db.session.commit()
        db.session.remove()
    return app


def congress_morning(day: str) -> datetime:
    """Eight o'clock of the first day."""
    return datetime.fromisoformat(f"{day}T06:00:00+00:00")


def measured(asked: int, *requests: Callable[[], int]) -> list[float]:
    """Median milliseconds of each, asked in turn."""
    spent: list[list[float]] = [[] for _each in requests]
    for _round in range(asked):
        for times, request in zip(spent, requests, strict=True):
            began = time.perf_counter()
            status = request()
            times.append((time.perf_counter() - began) * 1000)
            assert status == 200, status
    return [statistics.median(times) for times in spent]


@contextlib.contextmanager
def desk(size: int) -> Iterator[tuple[Flask, FlaskClient, FlaskClient]]:
    """A congress with that many entries, the browser of its organiser, and one of a bare Flask that says hello."""
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "hello")
    with tempfile.TemporaryDirectory() as name:
        app = make(Path(name), size)
        client = app.test_client()
        token = _token(client.get("/desk/sign-in").text)
        password = demo.organiser_password(KEY)
        client.post("/desk/sign-in", data={"email": demo.ORGANISER, "password": password, "csrf_token": token})
        yield app, client, bare.test_client()


def run(size: int, asked: int) -> None:
    with desk(size) as (app, client, hello):
        with app.app_context():
            congress = congresses.find_congress(demo.SLUG)
            assert congress is not None
            day = (congress.starts_on + timedelta(days=5)).isoformat()
        token = _token(client.get(f"{TIMETABLE}/").text)
        found = client.get(f"{TIMETABLE}/day.json?day={day}")
        moved = next(each for each in found.json["events"] if each["editable"])  # type: ignore[index]
        version, minutes = moved["extendedProps"]["version"], itertools.cycle((5, 0))

        def save() -> int:
            nonlocal version
            minute = next(minutes)
            sent = {
                "version": version,
                "starts_at": f"{day}T09:{minute:02}",
                "ends_at": f"{day}T10:{minute:02}",
                "column": "",
            }
            path = f"{TIMETABLE}/{moved['id']}/move"
            answer = client.post(path, json=sent, headers={"X-CSRFToken": token})
            version = answer.json["version"]  # type: ignore[index]
            return answer.status_code

        pages = (f"{TIMETABLE}/?day={day}", f"{TIMETABLE}/day.json?day={day}", f"{TIMETABLE}/changes.json?since=0")
        save()
        times = measured(
            asked, lambda: hello.get("/").status_code, *(lambda path=path: client.get(path).status_code for path in pages), save  # type: ignore[misc]
        )  # fmt: skip
        body = len(client.get(pages[1]).data) / 1024
        names = ("hello", "page", "day", "poll", "save")
        events = len(found.json["events"])  # type: ignore[index]
        print(f"{size:>6} entries, {events:>4} on the day ({body:.0f} KiB): ", end="")
        print(", ".join(f"{name} {spent:.2f} ms" for name, spent in zip(names, times, strict=True)))


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--asked", type=int, default=40)
    arguments = parser.parse_args()
    for size in arguments.sizes:
        run(size, arguments.asked)


if __name__ == "__main__":
    main()
