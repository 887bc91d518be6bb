"""``/desk/<congress>/registrations/<id>/city``: choose the city, see what it means, move."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.audit import AuditEntry
from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.delegates.vocabulary import Category
from congress.feeds import services as feeds
from congress.registration import services
from congress.registration.models import Registration
from congress.registration.states import State
from tests.conftest import sign_in_as
from tests.desk.test_registration import PAGE, made, post, queued, shown
from tests.factories import HOSTS, NOW, give_room


@pytest.fixture
def zoe(app: Flask) -> int:
    return made(app, given_name="Zoë", family_name="Waits")


def city_of(app: Flask, registration_id: int) -> tuple[str, State]:
    with app.app_context():
        found = db.session.get_one(Registration, registration_id)
        return found.delegate.city.slug if found.delegate.city else "", found.state


def fill(app: Flask, slug: str) -> None:
    made(app, city=slug)
    with app.app_context():
        give_room(slug, 1)
        db.session.commit()


def test_the_page_says_what_it_means_and_one_button_does_it_once(
    organiser: FlaskClient, app: Flask, zoe: int, client: FlaskClient
):
    with app.app_context():
        token = feeds.calendar_token(db.session.get_one(Registration, zoe), key=app.config["SECRET_KEY"], now=NOW)
        db.session.commit()
    calendar = f"/my/calendar/{token}/krakowice2018.ics"
    before = client.get(calendar)
    page = organiser.get(f"{PAGE}{zoe}/city?city=lodz").text
    assert [text in page for text in ("Kanazawa (", "Łódź (F", "New in the person’s programme", "keeps the place")] == [True] * 4

    values = shown(organiser, f"{zoe}/city?city=lodz") | {"city": "lodz"}
    answers = [post(organiser, f"{zoe}/city", "", values) for _twice in range(2)]

    assert [status for status, _page in answers] == [303, 303]
    assert "The city of Zoë Waits is corrected: Łódź." in answers[0][1]
    assert (city_of(app, zoe), queued(app, zoe).count("registration_moved")) == (("lodz", State.SUBMITTED), 1)
    after = client.get(calendar, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.text == before.text) == (200, False)
    with app.app_context():
        changes = db.session.scalars(select(AuditEntry.changes).where(AuditEntry.kind == "delegates")).all()
        registration = db.session.get_one(Registration, zoe)
        assert [each["delegation_id"][1] for each in changes] == [registration.delegate.delegation_id]


REFUSED = [
    ({}, "The delegation of this city is full. Choose what is to be done."),
    ({"full": "over"}, "Write why the limit may be exceeded."),
    ({"full": "dance"}, "Choose one of the answers in the list."),
    ({"full": "over", "why": "x" * 301}, "too long"),
    ({"city": ""}, "Choose the city."),
    ({"city": "-"}, "Choose one of the answers in the list."),
    ({"city": "atlantis"}, "Choose one of the answers in the list."),
    ({"version": "99"}, "Somebody else has changed this registration"),
]


@pytest.mark.parametrize(
    ("sent", "said", "after"),
    [
        ({"full": "over", "why": "the mayor has agreed"}, "the mayor has agreed", ("lodz", State.SUBMITTED)),
        ({"full": "wait"}, "is on the waiting list now. City: Łódź.", ("lodz", State.WAITING)),
    ],
)
def test_a_full_city_is_asked_about_and_what_cannot_be_is_said(
    organiser: FlaskClient, app: Flask, zoe: int, sent: dict[str, str], said: str, after: tuple[str, State]
):
    fill(app, "lodz")
    assert "Places of the delegation taken: 1 of 1." in organiser.get(f"{PAGE}{zoe}/city?city=lodz").text
    values = shown(organiser, f"{zoe}/city?city=lodz") | {"city": "lodz"}

    refused = [post(organiser, f"{zoe}/city", "", values | wrong) for wrong, _said in REFUSED]

    assert [(status, said in page) for (status, page), (_wrong, said) in zip(refused, REFUSED, strict=True)] == [(422, True)] * 8
    assert city_of(app, zoe) == ("kanazawa", State.SUBMITTED)
    answer = post(organiser, f"{zoe}/city", "", values | sent)
    assert (answer[0], said in answer[1], city_of(app, zoe)) == (303, True, after)


def test_the_page_of_those_who_have_ended_or_stay_where_they_are_moves_nobody(organiser: FlaskClient, app: Flask, zoe: int):
    observer = made(app, category=Category.OBSERVER, city="")
    said = [
        (zoe, "kanazawa", "of this city already"),
        (observer, "-", "of this city already"),
        (observer, "lodz", "City from then on"),
        (zoe, "atlantis", "Nothing changes yet"),
    ]
    assert [text in organiser.get(f"{PAGE}{each}/city?city={slug}").text for each, slug, text in said] == [True] * 4
    with app.app_context():
        services.withdraw(db.session.get_one(Registration, zoe), actor=HOSTS, now=NOW)
        db.session.commit()
    assert "Bring it back first" in organiser.get(f"{PAGE}{zoe}/city?city=lodz").text


def test_the_registration_desk_moves_and_readers_do_not(app: Flask, zoe: int):
    answers = {}
    for kind in (RoleKind.REGISTRATION_DESK, RoleKind.PROGRAMME_READER):
        client = sign_in_as(app, kind)
        values = shown(client, "") | {"city": "lodz", "version": "1", "seen": "1"}
        answers[kind] = client.get(f"{PAGE}{zoe}/city").status_code, client.post(f"{PAGE}{zoe}/city", data=values).status_code
    assert answers[RoleKind.PROGRAMME_READER] in {(403, 403), (403, 400)}
    assert answers[RoleKind.REGISTRATION_DESK][0] == 200
