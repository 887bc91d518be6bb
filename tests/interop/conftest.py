"""The readers, started once, and every feed of a congress that has been changed since its first release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from config import TestConfig
from congress import create_app
from congress.accounts.queries import find_account
from congress.congresses.models import Congress
from congress.congresses.queries import find_congress
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.core.tokens import digest
from congress.delegates.vocabulary import Category
from congress.demo import ORGANISER, SLUG
from congress.feeds import queries as feed_queries
from congress.feeds import services as feed_services
from congress.feeds.models import Purpose
from congress.feeds.selection import KEPT_AFTER, find_feed, for_calendar
from congress.programme import queries, services
from congress.programme.entries import Entry
from congress.programme.models import Contributor
from congress.registration import rules
from congress.registration import services as registration_services
from congress.registration.models import Registration
from congress.registration.services import Applicant
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind
from congress.web import feed_names, feed_words, secret_calendars
from tests.conftest import Databases, skip_or_fail
from tests.interop import caldav, facts, readers

CHANGED_AT = datetime(2018, 5, 20, 10, 30, tzinfo=UTC)
READ_AT = datetime(2018, 6, 1, 12, 0, tzinfo=UTC)  # before the congress: cancelled entries are still in the feeds
FEEDS = [
    "programme",
    "programme?lang=pl",
    "programme?tbc=1",
    "programme?lang=pl&tbc=1",
    "programme?lang=en,pl",
    "programme?alarm=15&free=0",
    "plenary",
    "plenary?lang=pl",
    "plenary?alarm=0&lang=pl,en",
    "subgroups",
    "events",
    "events?tbc=1",
    "field-music",
    "field-gastronomy?lang=pl",
    "city-krakow",
    "city-katowice?lang=pl&tbc=1",
    "venue-nospr",
    "kind-workshop",
    "kind-transfer?lang=pl",
    "speaker-zofia-glosna",
    "session-P022",
    "session-P024?lang=pl,en",
    "own",
    "own?lang=pl",
    "own?lang=en,pl&alarm=60&free=1&deadlines=1",
    "delegation",
    "delegation?lang=pl",
    "field",
    "field?free=1",
    "draft",
    "draft?lang=pl&tbc=1",
]
NASTY = Localised(
    en="Opening; with “quotes”, \\n a 'backslash' \\, a: colon and 🎶👩🏽‍🎤",
    pl="Otwarcie; „cudzysłów”, \\n lewy ukośnik \\, dwukropek: i 🎶 مرحبا",
)


@dataclass(frozen=True)
class Served:
    """A feed as it was served, what it must say, and how its titles begin where an entry is cancelled."""

    body: bytes
    told: facts.Said
    cancelled: str


@dataclass(frozen=True)
class Asked:
    """What the name of a feed in FEEDS means."""

    feed: str
    query: str

    @property
    def options(self) -> dict[str, str]:
        return dict(each.split("=") for each in self.query.split("&") if each)

    @property
    def languages(self) -> list[str]:
        return self.options.get("lang", "en").split(",")

    @property
    def is_free(self) -> bool | None:
        return self.options["free"] == "1" if "free" in self.options else None

    @property
    def is_secret(self) -> bool:
        return self.feed in set(Purpose)


def asked(name: str) -> Asked:
    feed, _, query = name.partition("?")
    return Asked(feed, query)


@pytest.fixture(scope="session")
def served(databases: Databases, loaded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    """Every feed of FEEDS after a second release that moved, renamed, cancelled and opened the end of sessions."""
    url = databases.make(loaded)
    app = create_app(TestConfig.make(url, tmp_path_factory.mktemp("interop")))
    with app.app_context():
        tokens = _change(app)
    with time_machine.travel(READ_AT, tick=False):
        served = {name: _serve(app, asked(name), tokens) for name in FEEDS}
    yield served  # the clock is right again: other tests run while this is kept
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def _change(app: Flask) -> dict[Purpose, str]:
    """Change plenary sessions, release, and register people; the tokens of secret calendars."""
    begin_writing()
    congress = _congress()
    plenary = [
        each for each in queries.placements(congress) if each.item.kind.value in {"plenary", "ceremony"} and each.starts_at
    ]
    moved, renamed, cancelled, open_ended = plenary[:4]
    assert moved.starts_at is not None
    assert open_ended.starts_at is not None
    services.place_session(moved, starts_at=moved.starts_at + timedelta(minutes=45), ends_at=moved.starts_at + timedelta(hours=2))
    moved.item.contributors.append(Contributor(name="Zofia Głośna", may_be_named=True))
    moved.item.stream_url = "https://stream.example/live?a=1,2;b"
    renamed.item.titles = NASTY
    renamed.item.descriptions = Localised(en="One line.\nAnother, with a tab\tand C:\\new\\dir;\n\n" + "ąé🎭 " * 1000 + ".")
    renamed.item.join_url = "https://room.example/secret?a=1,2;b"
    cancelled.is_cancelled = True
    services.place_session(open_ended, starts_at=open_ended.starts_at, ends_at=None)
    services.release_programme(congress, note=Localised(en="Changes."), by=ORGANISER, now=CHANGED_AT)
    moved.item.titles = Localised(en="Only in the draft", pl="Tylko w szkicu")
    key = app.config["SECRET_KEY"]
    person = _register(congress, Category.COORDINATOR, key)
    person.state = State.CONFIRMED
    tokens = {
        each: feed_services.calendar_token(person, each, key=key, now=CHANGED_AT) for each in Purpose if each is not Purpose.DRAFT
    }
    organiser = find_account(ORGANISER)
    assert organiser is not None
    tokens[Purpose.DRAFT] = feed_services.draft_token(organiser, congress, key=key, now=CHANGED_AT)
    congress.registration_closes_at = None
    db.session.commit()
    return tokens


def _register(congress: Congress, category: Category, key: str) -> Registration:
    applicant = Applicant(
        submission_key="00000000-0000-4000-8000-000000000001",
        category=category,
        city="katowice",
        given_name="Zofia",
        family_name="Czytelna",
        email="zofia@katowice.example",
        language="en",
        consents=[ConsentKind.PRIVACY],
    )
    return registration_services.register(congress, applicant, key=key, now=CHANGED_AT)


def _congress() -> Congress:
    congress = find_congress(SLUG)
    assert congress is not None
    return congress


def _serve(app: Flask, wanted: Asked, tokens: dict[Purpose, str]) -> Served:
    path = f"/{SLUG}/calendar/{SLUG}-{wanted.feed}.ics"
    if wanted.is_secret:
        suffix = "" if wanted.feed == Purpose.OWN else f"-{wanted.feed}"
        path = f"/my/calendar/{tokens[Purpose(wanted.feed)]}/{SLUG}{suffix}.ics"
    answer = app.test_client().get(path, query_string=wanted.query)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8"), (path, answer.text)
    with app.test_request_context():
        return Served(answer.data, *_told(wanted, tokens))


def _told(wanted: Asked, tokens: dict[Purpose, str]) -> tuple[facts.Said, str]:
    """Selection and words are the product's; what readers must make of them is not."""
    congress, today = _congress(), READ_AT.astimezone(ZoneInfo("Europe/Warsaw")).date()
    words = [feed_words.words(language, congress.kind) for language in wanted.languages]
    entries: list[Entry] = list(queries.released(congress).entries)
    if wanted.is_secret:
        purpose = Purpose(wanted.feed)
        key = digest(tokens[purpose])
        rows = feed_queries.READER.rows(db.engine, digest=key)
        if purpose is Purpose.DELEGATION:
            rows += feed_queries.COLLEAGUES.rows(db.engine, digest=key)
        reader = feed_queries.reader(db.engine, rows)
        people = feed_queries.colleagues(db.engine, reader.occasion, rows[1:])
        if purpose is Purpose.OWN:
            entries = rules.own_programme(entries, reader.attendee)
        else:
            entries = secret_calendars._entries_of(reader, queries.released(congress), people)
        entries += secret_calendars._deadline(reader.occasion) if "deadlines" in wanted.options else []
        named = congress.names.text(wanted.languages[0])
        name = secret_calendars._secret_name(purpose, wanted.languages[0]) % {"congress": named}
    else:
        found = find_feed(wanted.feed)
        assert found is not None
        entries = [entry for entry in entries if found.holds(entry)]
        name = feed_names.feed_name(congress.names, found, entries, wanted.languages[0])
    assert today <= congress.ends_on + KEPT_AFTER
    shown = for_calendar(entries, with_unconfirmed="tbc" in wanted.options, congress_ends_on=congress.ends_on, today=today)
    page = f"http://localhost/{SLUG}/programme"
    events = [
        facts.told(each, words, f"{page}/{each.item}", is_personal=wanted.is_secret, is_free=wanted.is_free) for each in shown
    ]
    cancelled = " / ".join(each.cancelled for each in words)
    if wanted.feed == Purpose.DRAFT:
        draft = " / ".join(each.draft for each in words)
        events = [{**event, "summary": f"{draft}: {event['summary']}"} for event in events]
        events = [{**event, "status": "CANCELLED" if event["status"] == "CANCELLED" else "TENTATIVE"} for event in events]
        cancelled = f"{draft}: {cancelled}"
    if wanted.feed in {Purpose.DRAFT, Purpose.DELEGATION}:
        events = [{**event, "last_modified": ""} for event in events]
    return facts.calendar(name, events), cancelled


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


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[caldav.Server]:
    """One a module: it keeps the first VTIMEZONE of a name for the life of its process, whatever years later calendars cover."""
    with caldav.radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server
