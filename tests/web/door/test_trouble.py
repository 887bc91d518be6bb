"""Calendars when something is wrong, and those too large to be kept."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from congress.congresses.models import CongressKind
from congress.core.db import db
from congress.core.localised import Localised
from congress.feeds import ical
from congress.feeds.selection import for_calendar
from congress.programme.models import ProgrammeItem, ReleasedEntry
from congress.registration import queries as registrations
from congress.registration.models import Booking
from congress.web import secret_calendars
from congress.web.feed_words import words
from tests.conftest import forget_releases
from tests.factories import NOW, the_congress, the_item
from tests.web.door.said import (
    CHOICES,
    COMPRESSED,
    FEED,
    AddressOf,
    change,
    person_of,
    release,
    titles,
)


def test_while_the_database_is_away_there_is_a_page_and_no_calendar(app: Flask, client: FlaskClient, address_of: AddressOf):
    paths = [FEED, address_of()]
    before = [client.get(path).data for path in paths]
    app.testing = False

    def rename(*names: tuple[str, str]) -> None:
        with app.app_context():
            for old, new in names:
                db.session.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))
            db.session.commit()

    rename(("congresses", "away"))
    answers = [client.get(path, headers={"If-None-Match": "*"}) for path in paths]
    rename(("away", "congresses"))

    assert [(answer.status_code, answer.mimetype) for answer in answers] == [(503, "text/html")] * 2
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 2
    assert [client.get(path).data for path in paths] == before


def test_connections_that_the_database_has_closed_are_replaced(app: Flask, client: FlaskClient, address_of: AddressOf):
    path = address_of()
    before = client.get(path).data
    with app.app_context():
        if db.engine.name == "sqlite":
            pytest.skip("a file closes no connections")
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        db.session.execute(sa.text(others))
        db.session.rollback()
    assert client.get(path).data == before


def test_an_entry_that_cannot_be_read_is_an_error_with_a_number_and_no_calendar(app: Flask, client: FlaskClient):
    tag = client.get(FEED).headers["ETag"]
    with app.app_context():
        row = db.session.scalars(select(ReleasedEntry).where(ReleasedEntry.content["code"].as_string() == "P022")).one()
        content, where = row.content, ReleasedEntry.id == row.id

    def put(value: object) -> None:
        change(app, lambda: db.session.execute(sa.update(ReleasedEntry).where(where).values(content=value)))
        forget_releases()

    app.testing = False
    put({"uid": "only"})
    answer = client.get(FEED, headers={"If-None-Match": tag})
    put(content)

    assert (answer.status_code, answer.mimetype, answer.headers["X-Request-ID"] in answer.text) == (500, "text/html", True)
    assert client.get(FEED).headers["ETag"] == tag


# A calendar too large to be kept for each person.


def plain_calendar(app: Flask, path: str, language: str, alarm: int | None) -> bytes:
    """The person's calendar put together in the plain way."""
    with app.app_context():
        person, congress = person_of(path), the_congress()
        shown = for_calendar(
            registrations.own_programme(person), with_unconfirmed=False, congress_ends_on=congress.ends_on, today=NOW.date()
        )
        page = "http://localhost/krakowice2018/programme/CODE"
        style = ical.Style(
            words=(words(language, CongressKind.CONGRESS),), timezone="Europe/Warsaw", page=page, is_personal=True, alarm=alarm
        )
        head = ical.Head(
            key=f"krakowice2018/registration/{person.public_id}",
            name={"en": "#Krakowice2018: my programme", "pl": "#Krakowice2018: mój program"}[language],
            description=congress.long_names.text(language),
            timezone="Europe/Warsaw",
            url="http://localhost/krakowice2018/",
        )
        return ical.assemble(head, shown, [ical.render_entry(entry, style) for entry in shown])


@pytest.mark.parametrize("small", [0, secret_calendars._SMALL])
@pytest.mark.parametrize(("query", "language", "alarm"), [("", "en", None), ("?lang=pl&alarm=15", "pl", 15)])
def test_a_large_calendar_has_the_plain_bytes_and_a_tag_of_its_own_for_each(
    app: Flask,
    client: FlaskClient,
    address_of: AddressOf,
    monkeypatch: pytest.MonkeyPatch,
    small: int,
    query: str,
    language: str,
    alarm: int | None,
):
    monkeypatch.setattr(secret_calendars, "_SMALL", small)
    path, tags = address_of(), {}
    choices = (*CHOICES, "P053")  # the last comes twice
    states = [set(each) for number in range(5) for each in itertools.combinations(choices, number)]
    for state in [*states, *reversed(states)]:

        def act(state: set[str] = state) -> None:
            person = person_of(path)
            db.session.execute(delete(Booking).where(Booking.registration_id == person.id))
            for item in db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.code.in_(state))).all():
                db.session.add(Booking(registration_id=person.id, item=item, booked_at=NOW))

        change(app, act)
        for coding, decoded in {"": bytes, **COMPRESSED}.items():
            answer = client.get(f"{path}{query}", headers={"Accept-Encoding": coding})
            body = decoded(answer.data)
            assert body == plain_calendar(app, path, language, alarm)
            assert tags.setdefault((body, coding), answer.headers["ETag"]) == answer.headers["ETag"]
            known = client.get(f"{path}{query}", headers={"Accept-Encoding": coding, "If-None-Match": answer.headers["ETag"]})
            assert known.status_code == 304
    assert len(set(tags.values())) == len(tags) == 3 * len(states)


def test_a_large_calendar_outlives_what_it_is_put_together_from(
    app: Flask, client: FlaskClient, address_of: AddressOf, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(secret_calendars, "_SMALL", 0)
    path = address_of(chosen=CHOICES)
    first = client.get(path)
    secret_calendars._blocks.clear()
    assert (client.get(path).data, client.get(path).headers["ETag"]) == (first.data, first.headers["ETag"])


def test_a_large_calendar_follows_releases(
    app: Flask, client: FlaskClient, address_of: AddressOf, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(secret_calendars, "_SMALL", 0)
    path = address_of(chosen=("P037",))
    tags = {client.get(path).headers["ETag"]}
    for number, code in enumerate(("P022", "P037"), start=1):  # one that is given, one that was chosen
        change(app, lambda code=code: setattr(the_item(code), "titles", Localised(en=f"New name of {code}")))
        release(app, NOW + timedelta(minutes=number))
        answer = client.get(path)
        assert f"New name of {code}" in titles(answer)
        assert answer.data == plain_calendar(app, path, "en", None)
        tags.add(answer.headers["ETag"])
    assert len(tags) == 3
