"""``/my/registration/<token>/``."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.outbox.models import Message
from congress.programme.models import ProgrammeItem
from congress.registration import services
from congress.registration.bookings import services as bookings
from congress.registration.models import Booking, Registration
from tests.conftest import csrf_token


@pytest.fixture
def path(app: Flask) -> str:
    """The personal page of the first delegate."""
    with app.app_context():
        registration = db.session.scalars(select(Registration).order_by(Registration.id)).first()
        return f"/my/registration/{services.link_token(registration, app.config['SECRET_KEY'])}/"


def post(client: FlaskClient, path: str, action: str) -> tuple[int, str]:
    answer = client.post(path + action, data={"csrf_token": csrf_token(client, path)})
    return answer.status_code, answer.location or ""


def feed_of(client: FlaskClient, path: str) -> str:
    return re.search(r"/my/calendar/\w+/krakowice2018\.ics", client.get(path).text)[0]


def booked(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(ProgrammeItem.code).join(Booking).order_by(ProgrammeItem.code)))


def test_it_shows_the_person_the_programme_and_the_calendar(client: FlaskClient, path: str):
    page = client.get(path)

    assert page.status_code == 200
    assert "Opening ceremony with welcome concert" in page.text
    assert "webcal://localhost/my/calendar/" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_a_chosen_workshop_is_in_the_programme_and_in_the_calendar(app: Flask, client: FlaskClient, path: str):
    assert post(client, path, "choose/P037") == (303, f"{path}#choose")

    assert booked(app) == ["P037"]
    assert b"Thematic workshop 1" in client.get(feed_of(client, path)).data


def test_choosing_twice_is_choosing_once_and_dropping_twice_is_dropping_once(app: Flask, client: FlaskClient, path: str):
    post(client, path, "choose/P037")
    post(client, path, "choose/P037")
    assert booked(app) == ["P037"]

    post(client, path, "drop/P037")
    post(client, path, "drop/P037")
    assert booked(app) == []


def test_a_session_by_invitation_cannot_be_chosen(app: Flask, client: FlaskClient, path: str):
    post(client, path, "choose/P021")

    assert booked(app) == []
    assert "This session cannot be added to your programme." in client.get(path).text


def test_a_full_session_says_so(app: Flask, client: FlaskClient, path: str):
    with app.app_context():
        other = db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()
        item = db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.code == "P037")).one()
        item.places = 1
        bookings.choose(other, item, now=other.submitted_at)
        db.session.commit()

    post(client, path, "choose/P037")

    assert "All places are taken." in client.get(path).text
    assert booked(app) == ["P037"]


def test_after_a_choice_the_page_says_where_the_reader_lands_what_was_done(client: FlaskClient, path: str):
    told = []
    for action in ("choose/P037", "drop/P037", "choose/P021"):
        assert post(client, path, action) == (303, f"{path}#choose")
        top, _, below = client.get(path).text.partition('<h2 id="choose">')
        said = ("Your programme has been changed.", "This session cannot be added to your programme.")
        told.append([(sentence in top, sentence in below) for sentence in said])
    changed, refused = [(False, True), (False, False)], [(False, False), (False, True)]
    assert told == [changed, changed, refused]


def test_the_top_of_the_page_leads_to_the_programme_and_the_calendar(client: FlaskClient, path: str):
    page = client.get(path).text
    linked = re.findall(r'<a href="#(\w+)">', page.partition("<h1>")[2])
    assert linked == ["programme", "calendar"]
    assert [page.count(f'id="{each}"') for each in linked] == [1, 1]


def test_an_event_of_two_days_is_offered_once_where_its_first_day_stands(client: FlaskClient, path: str):
    offered = re.findall(r'action="[^"]*/choose/(\w+)"', client.get(path).text)
    assert [code for code in offered if code in {"P053", "P054", "P057"}] == ["P053", "P054"]  # P057 is its second day


def test_withdrawing_ends_the_page_and_the_calendar_and_frees_the_places(app: Flask, client: FlaskClient, path: str):
    post(client, path, "choose/P037")
    feed = feed_of(client, path)

    assert post(client, path, "withdraw") == (303, path)

    page, calendar = client.get(path), client.get(feed)
    assert (page.status_code, "This registration was withdrawn" in page.text) == (410, True)
    assert (calendar.status_code, calendar.data.count(b"BEGIN:VEVENT")) == (410, 0)
    assert booked(app) == []
    with app.app_context():
        assert db.session.scalars(select(Message.template).order_by(Message.id.desc())).first() == "registration_withdrawn"


def test_a_new_calendar_address_ends_the_old_one(client: FlaskClient, path: str):
    old = feed_of(client, path)

    post(client, path, "new-calendar-link")

    new = feed_of(client, path)
    assert (client.get(old).status_code, client.get(new).status_code) == (410, 200)
    assert old != new


@pytest.mark.parametrize("action", ["", "choose/P037", "drop/P037", "withdraw", "new-calendar-link"])
@pytest.mark.parametrize("token", ["x", "a" * 32, "0" * 5000, "%00", "..%2f..", "ą", "{edited}"])
def test_a_wrong_link_opens_nothing(client: FlaskClient, path: str, token: str, action: str):
    if token == "{edited}":
        token = path.split("/")[3]
        token = token[:-1] + ("a" if token[-1] != "a" else "b")
    wrong = f"/my/registration/{token}/{action}"

    answer = client.post(wrong, data={"csrf_token": csrf_token(client, path)}) if action else client.get(wrong)

    assert (answer.status_code, "There is no page at this address" in answer.text) == (404, True)
    assert "Open the link in the newest e-mail that you have from us" in answer.text


@pytest.mark.parametrize("token", ["x", "a" * 32, "%00", "ą"])
def test_a_wrong_calendar_link_opens_nothing(client: FlaskClient, token: str):
    assert client.get(f"/my/calendar/{token}/krakowice2018.ics").status_code == 404


def test_a_calendar_link_of_another_congress_opens_nothing(client: FlaskClient, path: str):
    assert client.get(feed_of(client, path).replace("krakowice2018", "fabriano2019")).status_code == 404


def test_an_action_needs_the_form_of_this_browser(app: Flask, client: FlaskClient, path: str):
    assert client.post(path + "withdraw").status_code == 400
    assert client.get(path).status_code == 200


def test_the_calendar_speaks_the_language_that_the_person_chose(app: Flask, client: FlaskClient, path: str):
    feed = feed_of(client, path)
    with app.app_context():
        db.session.scalars(select(Registration).order_by(Registration.id)).first().delegate.person.language = "pl"
        db.session.commit()

    assert "Uroczyste otwarcie i koncert powitalny" in client.get(feed).text
    assert "Opening ceremony with welcome concert" in client.get(feed + "?lang=en").text
