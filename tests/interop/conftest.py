"""The readers, started once, and every feed of a congress that has been changed since its first release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_babel import gettext

from config import TestConfig
from congress import create_app
from congress.congresses.models import Congress
from congress.congresses.queries import find_congress
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.delegates.models import Category
from congress.demo import ORGANISER, SLUG
from congress.feeds import queries as feed_queries
from congress.feeds import services as feed_services
from congress.feeds.selection import KEPT_AFTER, find_feed, for_calendar
from congress.programme import queries, services
from congress.programme.entries import Entry
from congress.registration import queries as registrations
from congress.registration import services as registration_services
from congress.registration.models import ConsentKind
from congress.registration.services import Applicant
from congress.web import calendars, feed_names
from congress.web.language import speaking
from tests.conftest import Databases, skip_or_fail
from tests.interop import facts, readers

CHANGED_AT = datetime(2018, 5, 20, 10, 30, tzinfo=UTC)
READ_AT = datetime(2018, 6, 1, 12, 0, tzinfo=UTC)  # before the congress: cancelled entries are still in the feeds
FEEDS = [
    "programme",
    "programme?lang=pl",
    "programme?tbc=1",
    "programme?lang=pl&tbc=1",
    "plenary",
    "plenary?lang=pl",
    "subgroups",
    "events",
    "events?tbc=1",
    "field-music",
    "field-gastronomy?lang=pl",
    "city-krakow",
    "city-katowice?lang=pl&tbc=1",
    "venue-nospr",
    "session-P022",
    "personal",
    "personal?lang=pl",
]
NASTY = Localised(
    en="Opening; with “quotes”, \\n a 'backslash' \\, a: colon and 🎶👩🏽‍🎤",
    pl="Otwarcie; „cudzysłów”, \\n lewy ukośnik \\, dwukropek: i 🎶 مرحبا",
)


@dataclass(frozen=True)
class Served:
    """A feed as it was served, what it must say, and its language's word for cancelled."""

    body: bytes
    told: facts.Said
    cancelled: str


@pytest.fixture(scope="session")
def served(databases: Databases, loaded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """Every feed of FEEDS after a second release that moved, renamed, cancelled and opened the end of sessions."""
    url = databases.make(loaded)
    app = create_app(TestConfig.make(url, tmp_path_factory.mktemp("interop")))
    with app.app_context():
        token = _change(app)
    with time_machine.travel(READ_AT, tick=False):
        yield {name: _serve(app, name, token) for name in FEEDS}
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def _change(app: Flask) -> str:
    """Change plenary sessions, release, and register a person; the token of the person's calendar."""
    begin_writing()
    congress = _congress()
    plenary = [
        each for each in queries.placements(congress) if each.item.kind.value in {"plenary", "ceremony"} and each.starts_at
    ]
    moved, renamed, cancelled, open_ended = plenary[:4]
    assert moved.starts_at is not None
    assert open_ended.starts_at is not None
    services.place_session(moved, starts_at=moved.starts_at + timedelta(minutes=45), ends_at=moved.starts_at + timedelta(hours=2))
    renamed.item.titles = NASTY
    renamed.item.descriptions = Localised(en="One line.\nAnother, with a tab\tand C:\\new\\dir;\n\n" + "ąé🎭 " * 1000 + ".")
    cancelled.is_cancelled = True
    services.place_session(open_ended, starts_at=open_ended.starts_at, ends_at=None)
    services.release_programme(congress, note=Localised(en="Changes."), by=ORGANISER, now=CHANGED_AT)
    applicant = Applicant(
        submission_key="00000000-0000-4000-8000-000000000001",
        category=Category.DELEGATE,
        city="katowice",
        given_name="Zofia",
        family_name="Czytelna",
        email="zofia@katowice.example",
        language="en",
        consents=[ConsentKind.PRIVACY],
    )
    key = app.config["SECRET_KEY"]
    registration = registration_services.register(congress, applicant, key=key, now=CHANGED_AT)
    token = feed_services.calendar_token(registration, key=key, now=CHANGED_AT)
    db.session.commit()
    return token


def _congress() -> Congress:
    congress = find_congress(SLUG)
    assert congress is not None
    return congress


def _serve(app: Flask, name: str, token: str) -> Served:
    feed, _, options = name.partition("?")
    path = f"/my/calendar/{token}/{SLUG}.ics" if feed == "personal" else f"/{SLUG}/calendar/{SLUG}-{feed}.ics"
    answer = app.test_client().get(path, query_string=options)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8"), answer.text
    with app.test_request_context():
        return Served(answer.data, *_told(feed, options, token))


def _told(feed: str, options: str, token: str) -> tuple[facts.Said, str]:
    congress = _congress()
    language = "pl" if "lang=pl" in options else "en"
    words = calendars.words(language)
    entries: list[Entry] = list(queries.released(congress).entries)
    if feed == "personal":
        row = feed_queries.find_token(token)
        assert row is not None
        entries = registrations.own_programme(row.registration)
        with speaking(language):
            name = gettext("%(congress)s: my programme", congress=congress.names.text(language))
    else:
        found = find_feed(feed)
        assert found is not None
        entries = [entry for entry in entries if found.holds(entry)]
        name = feed_names.feed_name(congress, found, entries, language)
    today = READ_AT.astimezone(congress.zone).date()
    assert today <= congress.ends_on + KEPT_AFTER
    shown = for_calendar(entries, with_unconfirmed="tbc=1" in options, congress_ends_on=congress.ends_on, today=today)
    page = f"http://localhost/{SLUG}/programme"
    events = [facts.told(each, words, f"{page}/{each.item}", is_personal=feed == "personal") for each in shown]
    return facts.calendar(name, events), words.cancelled


@pytest.fixture(scope="session")
def reader_called() -> Iterator[Callable[[str], readers.Read]]:
    """A reader by its name, started when it is first asked for."""
    started: dict[str, readers.Program] = {}

    def find(name: str) -> readers.Read:
        if name in readers.INSIDE:
            return readers.INSIDE[name]
        if name not in started:
            try:
                started[name] = readers.OUTSIDE[name]()
            except readers.Missing as reason:
                skip_or_fail(str(reason))
        return started[name]

    yield find
    for program in started.values():
        program.close()
