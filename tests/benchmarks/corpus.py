"""Databases with the congress of 2018 and as many released entries as are asked for: copies over days and rooms."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Mapper

from config import Config
from congress import create_app, demo
from congress.congresses import queries as congresses
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.programme import queries
from congress.programme.models import Placement, ProgrammeItem, Room, Venue
from congress.programme.services import release_programme

KEY = "benchmark-only-0123456789-abcdefghijkl"
DAYS = 20  # over which copies are spread
_RELEASED_AT = datetime(2018, 5, 2, 9, 0, tzinfo=UTC)


def make(folder: Path, size: int) -> Flask:
    """An application on a new SQLite database with ``size`` released entries (58: the real ones)."""
    app = create_app(
        Config(SECRET_KEY=KEY, DATABASE_URL=f"sqlite:///{folder / f'{size}.sqlite3'}", INSTANCE=folder, INSECURE_COOKIES=True)
    )
    with app.app_context():
        flask_migrate.upgrade()
        congress = demo.load(key=KEY, delegates=0, shift=timedelta(0), now=_RELEASED_AT)
        real = list(queries.placements(congress))
        rooms: dict[tuple[int, int], Room] = {}
        for number in range(size - len(real)):
            _copy(real[number % len(real)], 1 + number // len(real), rooms)
        if size > len(real):
            db.session.flush()
            release_programme(congress, note=Localised(en="Copies"), by="benchmark", now=_RELEASED_AT)
        db.session.commit()
        db.session.remove()
    return app


def _copy(placement: Placement, number: int, rooms: dict[tuple[int, int], Room]) -> None:
    """The ``number``-th copy of a placement and its item: ``number`` days later, and in another room each DAYS copies."""
    later, code = timedelta(days=number % DAYS), f"{placement.code}-{number}"
    item = type(placement.item)(**_values(placement.item), code=code)
    copy = Placement(**_values(placement), code=code)
    for name in ("starts_at", "ends_at", "starts_on", "ends_on"):
        value = getattr(placement, name)
        setattr(copy, name, value and value + later)
    copy.room = _room(placement.venue, number // DAYS, rooms) if placement.venue else None
    item.placements.append(copy)
    db.session.add(item)


def _values(row: Placement | ProgrammeItem) -> dict[str, object]:
    mapper: Mapper[Any] = inspect(type(row))
    own = {"id", "uid", "code", "type", "item_id", "room_id", "version"}
    return {each.key: getattr(row, each.key) for each in mapper.column_attrs if each.key not in own}


def _room(venue: Venue, number: int, rooms: dict[tuple[int, int], Room]) -> Room:
    if (venue.id, number) not in rooms:
        names = Localised(en=f"hall {number + 1}", pl=f"sala {number + 1}")
        rooms[venue.id, number] = Room(venue=venue, slug=f"hall-{number + 1}", names=names, equipment=[])
    return rooms[venue.id, number]


def release_again(app: Flask, counter: itertools.count[int]) -> None:
    """One entry is renamed and released, by a process that serves nobody."""
    with app.app_context():
        begin_writing()
        congress = _congress()
        item = queries.find_item(congress, "P022")
        assert item is not None
        item.titles = Localised({**item.titles, "en": f"Opening, change {next(counter)}"})
        release_programme(congress, note=Localised(), by="benchmark", now=now())
        db.session.commit()
        db.session.remove()


def fullest_day(app: Flask) -> str:
    """The day with most entries, as it stands in an address."""
    with app.app_context():
        congress = _congress()
        days = Counter(day for entry in queries.released(congress).entries for day in entry.days(congress.zone))
        db.session.remove()
    return max(days, key=lambda day: days[day]).isoformat()


def _congress() -> Congress:
    found = congresses.find_congress(demo.SLUG)
    assert found is not None
    return found
