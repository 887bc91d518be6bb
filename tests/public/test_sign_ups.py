"""``/<congress>/sign-ups/<code>/``: what a visitor sees and sends, and that nobody learns who comes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from congress.core.db import db
from congress.events import services
from congress.events.models import SignUp
from congress.events.states import SignUpState
from congress.programme.models import PublicEvent
from congress.programme.vocabulary import Audience, Ticketing
from tests.conftest import csrf_token
from tests.events.arranged import EVENT, confirmed, mails, the_event
from tests.factories import NOW, the_item, utc
from tests.web.mailbox import release

PATH = f"/krakowice2018/sign-ups/{EVENT}/"
VALID = {"name": "Łucja Żak", "email": "lucja@mail.example", "people": "2", "language": "pl"}
TITLES = r'class="notice-title">([^<]*)<'


@pytest.fixture(autouse=True)
def _in_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(app: Flask) -> None:
    with app.app_context():
        the_event(3)
        db.session.commit()


def send(client: FlaskClient, **changes: str) -> TestResponse:
    return client.post(PATH, data={"csrf_token": csrf_token(client, PATH), **VALID, **changes})


def errors(answer: TestResponse) -> list[str]:
    found = re.findall(r'class="field-error".*?Error:</span> (.*?)</span>', answer.text, re.DOTALL)
    return [html.unescape(sentence) for sentence in found]


def stored(app: Flask) -> list[tuple[str, str, str, int, str, str]]:
    with app.app_context():
        return [
            (each.name, each.email, each.address, each.people, each.language, each.state.value)
            for each in db.session.scalars(select(SignUp).order_by(SignUp.id))
        ]


def test_a_visitor_signs_up_and_is_told_what_comes_next(app: Flask, event, client: FlaskClient):
    answer = send(client)

    assert (answer.status_code, answer.location) == (303, f"{PATH}received")
    assert "lucja@mail.example" in client.get(answer.location).text
    assert stored(app) == [("Łucja Żak", "lucja@mail.example", "lucja@mail.example", 2, "pl", "unconfirmed")]


def test_the_answer_is_the_same_whether_the_address_has_signed_up_or_not(app: Flask, event, client: FlaskClient):
    with app.app_context():
        made = confirmed(the_item(EVENT), 1, email="here@mail.example")
        db.session.commit()
        number = made.id
    answers = []
    for address in ("here@mail.example", "new1@mail.example"):
        visitor = app.test_client()
        sent = send(visitor, email=address, people="1")
        page = visitor.get(sent.location)
        answers.append((sent.status_code, sent.location, sent.text, page.text.replace(address, "ADDRESS")))

    assert answers[0] == answers[1]
    with app.app_context():
        assert mails(db.session.get(SignUp, number)) == [["sign_up_confirm", "sign_up_taken", "sign_up_again"]]


def test_one_form_sent_twice_is_one_sign_up(app: Flask, event, client: FlaskClient):
    page = client.get(PATH).text
    data = {"csrf_token": csrf_token(client, PATH), "submission": page.partition('name="submission"')[2].split('"')[3], **VALID}
    answers = [client.post(PATH, data=data) for _time in range(2)]

    assert [(each.status_code, each.location) for each in answers] == [(303, f"{PATH}received")] * 2
    assert len(stored(app)) == 1


def test_who_comes_when_all_places_are_taken_is_told_so_before(app: Flask, event, client: FlaskClient):
    assert re.findall(r'class="lead">([^<]*)<', client.get(PATH).text) == ["3 places are free."]
    with app.app_context():
        confirmed(the_item(EVENT), 3)
        db.session.commit()

    assert re.findall(TITLES, client.get(PATH).text) == ["All places are taken"]
    assert "Join the waiting list" in client.get(PATH).text
    assert send(client, accepts_fewer="y").status_code == 303


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, ["Write your name."]),
        ({"name": "   "}, ["Write your name."]),
        ({"name": "x" * 201}, ["This is too long: 201 characters. Shorten it to at most 200."]),
        ({"name": "a\x00b"}, ["There are invisible control characters in this text. Please type it again."]),
        ({"email": ""}, ["Write your e-mail address."]),
        ({"email": "nobody"}, ["This is not an e-mail address. Write it as name@city.example."]),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, ["Write one e-mail address only, such as name@city.example."]),
        ({"email": f"{'x' * 300}@b.example"}, ["This is too long: 310 characters. Shorten it to at most 254."]),
        ({"people": "0"}, ["Choose one of the possibilities in the list."]),
        ({"people": "5"}, ["Choose one of the possibilities in the list."]),
        ({"people": "two"}, ["Choose one of the possibilities in the list."]),
        ({"people": ""}, ["Choose one of the possibilities in the list."]),
        ({"language": "xx"}, ["Choose one of the possibilities in the list."]),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_nothing_is_kept(app: Flask, event, client: FlaskClient, changes, said):
    answer = send(client, **changes)
    assert (answer.status_code, errors(answer), stored(app)) == (422, said, [])


def test_markup_formulas_and_direction_marks_in_a_name_are_only_letters(app: Flask, event, client: FlaskClient):
    send(client, name="\u202e=HYPERLINK(1)<b>\n x", email="ż@mail.example")
    assert [row[:2] for row in stored(app)] == [("=HYPERLINK(1)<b> x", "ż@mail.example")]


def set_item(app: Flask, **values: object) -> None:
    with app.app_context():
        item = the_item(EVENT)
        for name, value in values.items():
            setattr(item, name, value)
        db.session.commit()


def test_a_closed_event_says_since_when_and_takes_nothing(app: Flask, event, client: FlaskClient):
    token = csrf_token(client, PATH)
    set_item(app, sign_ups_close_at=NOW - timedelta(hours=1))

    answer = client.post(PATH, data={"csrf_token": token, **VALID})

    assert (answer.status_code, re.findall(TITLES, answer.text), stored(app)) == (409, ["Sign-ups are closed"], [])
    assert "10 May 2018, 10:00" in client.get(PATH).text


def test_an_event_that_needs_no_sign_up_says_so(app: Flask, client: FlaskClient):
    assert re.findall(TITLES, client.get(PATH).text) == ["No sign-up needed"]


def test_an_event_with_tickets_says_where(app: Flask, client: FlaskClient):
    with app.app_context():
        item = db.session.scalar(select(PublicEvent).where(PublicEvent.code == EVENT))
        item.ticketing, item.website = Ticketing.TICKETED, "https://tickets.example/debate"
        release()
    page = client.get(PATH).text
    assert re.findall(TITLES, page) == ["This event needs a ticket"]
    assert '<a href="https://tickets.example/debate"' in page


def test_a_session_of_the_congress_is_not_open_to_the_public(client: FlaskClient):
    answer = client.get("/krakowice2018/sign-ups/P022/")
    assert (answer.status_code, re.findall(TITLES, answer.text)) == (200, ["This is not open to the public"])


def test_a_cancelled_event_says_so(app: Flask, event, client: FlaskClient):
    with app.app_context():
        for placement in the_item(EVENT).placements:
            placement.is_cancelled = True
        release()
    assert re.findall(TITLES, client.get(PATH).text) == ["This event has been cancelled"]


def test_an_event_that_is_over_says_so(app: Flask, event, client: FlaskClient):
    with time_machine.travel(utc(2018, 6, 13, 18), tick=False):
        assert re.findall(TITLES, client.get(PATH).text) == ["This event is over"]


@pytest.mark.parametrize("path", ["NOPE", "P0%00", "..", "x" * 500])
def test_there_is_nothing_to_sign_up_for_at_other_addresses(client: FlaskClient, path: str):
    assert [client.get(f"/krakowice2018/sign-ups/{path}/{more}").status_code for more in ("", "received")] == [404, 404]


def test_what_is_by_invitation_in_the_draft_only_stays_open_until_released(app: Flask, event, client: FlaskClient):
    set_item(app, audience=Audience.INVITATION)
    assert send(client).status_code == 303


def test_the_page_of_the_event_and_the_list_of_events_lead_to_the_form(app: Flask, event, client: FlaskClient):
    pages = [client.get(path).text for path in (f"/krakowice2018/programme/{EVENT}", "/krakowice2018/events/")]
    assert [page.count(f'href="{PATH}"') for page in pages] == [1, 1]
    with app.app_context():
        services.close(the_item(EVENT), now=NOW)
        db.session.commit()
    assert "Sign-ups are closed." in client.get(f"/krakowice2018/programme/{EVENT}").text


def test_the_pages_speak_polish(app: Flask, event, client: FlaskClient):
    assert [client.get(f"{PATH}{more}?lang=pl").status_code for more in ("", "received")] == [200, 200]


def test_nothing_is_written_by_looking(app: Flask, event, client: FlaskClient):
    client.get(PATH)
    with app.app_context():
        assert list(db.session.scalars(select(SignUp).where(SignUp.state != SignUpState.LAPSED))) == []
