"""Databases with the congress of 2018 and as many released entries as are asked for: copies over days and rooms."""

from __future__ import annotations

import itertools
import random
import uuid
from collections import Counter
from dataclasses import dataclass
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
from congress.delegates.vocabulary import Category
from congress.feeds.services import calendar_token, revoke_calendar_tokens
from congress.networks import queries as networks
from congress.programme import queries
from congress.programme.entries import Entry
from congress.programme.models import Placement, ProgrammeItem, Room, Venue
from congress.programme.services import release_programme
from congress.registration import queries as registrations
from congress.registration import rules, services
from congress.registration.bookings import services as bookings
from congress.registration.services import Applicant

KEY = "benchmark-only-0123456789-abcdefghijkl"
DAYS = 20  # over which copies are spread
CHOSEN = 3  # sessions and events in each person's programme, beside those that everybody has
NOBODYS = "P002"  # an event that none of the people chooses
EVERYBODYS = "P022"  # the opening
_changes = itertools.count(1)  # so that each release finds something changed
_RELEASED_AT = datetime(2018, 5, 2, 9, 0, tzinfo=UTC)


def make(folder: Path, size: int) -> Flask:
    """An application on a new SQLite database with ``size`` released entries (58: the real ones)."""
    app = create_app(
        Config(
            SECRET_KEY=KEY,
            DATA_KEYS=[KEY[::-1]],
            DATABASE_URL=f"sqlite:///{folder / f'{size}.sqlite3'}",
            INSTANCE=folder,
            INSECURE_COOKIES=True,
            RATE_LIMITS=False,
        )
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


@dataclass(frozen=True)
class People:
    """Addresses of the calendars of registered people, live and revoked."""

    live: tuple[str, ...]
    revoked: tuple[str, ...]


def register(app: Flask, number: int, revoked: int) -> People:
    """Registers people from all member cities who choose a few things each, and issues their calendars' addresses."""
    with app.app_context(), app.test_request_context():
        begin_writing()
        congress, chance = _congress(), random.Random(2018)  # noqa: S311  (no secret)
        cities = sorted(member.city.slug for member in networks.members(congress.network, congress.starts_on))
        congress.max_delegates = number + revoked  # of each city: who waits for a place has no calendar
        choices = _choices(congress)
        live: list[str] = []
        ended: list[str] = []
        for place in range(number + revoked):
            registration = services.register(congress, _applicant(place, cities), key=KEY, now=_RELEASED_AT)
            wanted = chance.sample(choices, CHOSEN) if place < number else []
            for item in wanted:
                if rules.may_choose(item.entry, registrations.attendee(registration)):
                    bookings.choose(registration, item.row, now=_RELEASED_AT)
            address = f"/my/calendar/{calendar_token(registration, key=KEY, now=_RELEASED_AT)}/{congress.slug}.ics"
            (live if place < number else ended).append(address)
            if place >= number:
                revoke_calendar_tokens(registration, now=_RELEASED_AT)
        db.session.commit()
        db.session.remove()
    return People(tuple(live), tuple(ended))


@dataclass(frozen=True)
class _Choice:
    """An item that can be chosen, and one of its released entries."""

    row: ProgrammeItem
    entry: Entry


def _choices(congress: Congress) -> list[_Choice]:
    rows = {placement.item.code: placement.item for placement in queries.placements(congress)}
    entries = {entry.item: entry for entry in queries.released(congress).entries if entry.item.partition("-")[0] != NOBODYS}
    anybody = rules.Attendee(category="delegate")
    for row in rows.values():
        row.places = None  # so that nobody is turned away
    return [
        _Choice(rows[code], entry)
        for code, entry in sorted(entries.items())
        if entry.kind not in {"integration", "subgroup"} and rules.may_choose(entry, anybody)
    ]


def _applicant(place: int, cities: list[str]) -> Applicant:
    return Applicant(
        submission_key=str(uuid.UUID(int=place + 1)),
        category=Category.DELEGATE,
        city=cities[place % len(cities)],
        given_name="Person",
        family_name=f"Number {place}",
        email=f"person{place}@benchmark.example",
        language="pl" if place % 2 else "en",
    )


def release_again(app: Flask, code: str = EVERYBODYS) -> None:
    """One entry is renamed and released, by a process that serves nobody."""
    with app.app_context():
        begin_writing()
        congress = _congress()
        item = queries.find_item(congress, code)
        assert item is not None
        item.titles = Localised({**item.titles, "en": f"Renamed, change {next(_changes)}"})
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
