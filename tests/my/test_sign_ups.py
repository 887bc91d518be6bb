"""``/my/sign-ups/<token>/``: what the mailed link opens, and what every wrong one does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from congress.core.db import db
from congress.events import services
from congress.events.models import SignUp
from congress.events.states import SignUpState
from tests.conftest import csrf_token
from tests.events.arranged import EVENT, confirmed, link_in, make_sign_up, the_event
from tests.factories import NOW, the_item
from tests.web import mailbox

HEADINGS = r'<h1>([^<]*)</h1>|class="notice-title">([^<]*)<|class="lead">([^<]*)<'
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def link(app: Flask, made: SignUp) -> str:
    return f"/my/sign-ups/{services.link_token(made, app.config['SECRET_KEY'])}/"


@pytest.fixture
def paths(app: Flask) -> list[str]:
    """The links of somebody with a place, somebody who waits, and somebody who has not confirmed."""
    with app.app_context():
        event = the_event(2)
        made = [confirmed(event, 2), confirmed(event, 1), make_sign_up(event, 1)]
        db.session.commit()
        return [link(app, each) for each in made]


def said(page: str) -> list[str]:
    return [next(filter(None, found)).strip() for found in re.findall(HEADINGS, page)][1:]


def post(client: FlaskClient, path: str, act: str, **data: str) -> int:
    return client.post(f"{path}{act}", data={"csrf_token": csrf_token(client, path), **data}).status_code


def state(app: Flask, number: int) -> tuple[SignUpState, int]:
    with app.app_context():
        made = db.session.get(SignUp, number)
        return made.state, made.people


def test_the_mailed_link_confirms_only_by_the_button(app: Flask, client: FlaskClient):
    with app.app_context():
        made = make_sign_up(the_event(5), 2, name="Ada", email="ada@mail.example")
        mailbox.only_of("ada@mail.example")
        db.session.commit()
        number = made.id
    [letter] = mailbox.deliver(app)
    path = link_in(mailbox.text(letter))

    assert said(client.get(path).text) == ["Please confirm that you are coming: 2 people."]
    assert state(app, number) == (SignUpState.UNCONFIRMED, 2)
    assert [post(client, path, "confirm"), post(client, path, "confirm")] == [303, 303]
    assert (said(client.get(path).text), state(app, number)) == (["2 places are yours"], (SignUpState.TAKEN, 2))
    [told] = mailbox.deliver(app)
    assert told["Subject"].startswith("You have places: ")
    assert link_in(mailbox.text(told)) == path


def test_each_page_says_where_the_person_is(client: FlaskClient, paths: list[str]):
    assert [said(client.get(path).text) for path in paths] == [
        ["2 places are yours"],
        ["You are on the waiting list: number 1"],
        ["Please confirm that you are coming: 1 person."],
    ]
    assert [client.get(f"{path}?lang=pl").status_code for path in paths] == [200, 200, 200]


def test_cancelling_ends_the_link_and_serves_the_next(client: FlaskClient, paths: list[str]):
    assert post(client, paths[0], "cancel") == 303

    ended = client.get(paths[0])
    assert (ended.status_code, "This sign-up was cancelled" in ended.text, "Visitor" in ended.text) == (410, True, False)
    assert said(client.get(paths[1]).text) == ["1 place is yours"]


def test_fewer_people_come_at_once_and_more_are_refused_with_the_reason(app: Flask, client: FlaskClient, paths: list[str]):
    post(client, paths[0], "people", people="1")
    assert [said(client.get(path).text)[-1] for path in paths[:2]] == ["1 place is yours", "1 place is yours"]

    post(client, paths[0], "people", people="2")
    assert "There are no more free places." in client.get(paths[0]).text
    wrong = client.post(f"{paths[0]}people", data={"csrf_token": csrf_token(client, paths[0]), "people": "99"})
    assert (wrong.status_code, "Choose one of the possibilities in the list." in wrong.text) == (422, True)


def test_an_offer_is_accepted_in_time(app: Flask, client: FlaskClient, paths: list[str]):
    with app.app_context():
        the_item(EVENT).offer_hours = 24
        db.session.commit()
    post(client, paths[0], "cancel")
    assert said(client.get(paths[1]).text) == ["1 place is free for you"]

    assert post(client, paths[1], "accept") == 303
    assert said(client.get(paths[1]).text) == ["1 place is yours"]


def test_an_offer_that_has_ended_has_lapsed_and_says_so(app: Flask, client: FlaskClient, paths: list[str], clock):
    with app.app_context():
        the_item(EVENT).offer_hours = 24
        db.session.commit()
    post(client, paths[0], "cancel")
    clock.move_to(NOW + DAY)

    assert post(client, paths[1], "accept") == 303
    ended = client.get(paths[1])
    assert (ended.status_code, "This sign-up has lapsed" in ended.text) == (410, True)


def test_what_is_confirmed_too_late_has_lapsed(client: FlaskClient, paths: list[str], clock):
    clock.move_to(NOW + 2 * DAY)
    assert post(client, paths[2], "confirm") == 303
    assert client.get(paths[2]).status_code == 410


def test_a_cancelled_event_offers_nothing_but_to_cancel(app: Flask, client: FlaskClient, paths: list[str]):
    with app.app_context():
        for placement in the_item(EVENT).placements:
            placement.is_cancelled = True
        mailbox.release()
    pages = [client.get(path).text for path in paths]
    assert [said(page) for page in pages] == [["This event does not take place for the public."]] * 3
    assert post(client, paths[2], "confirm") == 303
    assert "does not take place" in client.get(paths[2]).text


@pytest.mark.parametrize("act", ["", "confirm", "accept", "cancel", "people"])
def test_a_wrong_link_opens_nothing(app: Flask, client: FlaskClient, paths: list[str], act: str):
    right = paths[0]
    token = csrf_token(client, paths[0])
    wrong = [
        right[:-2] + ("a" if right[-2] != "a" else "b") + "/",
        right[:-3] + "/",
        right.upper().replace("/MY/SIGN-UPS", "/my/sign-ups"),
    ]
    wrong += ["/my/sign-ups/x/", "/my/sign-ups/%00/", f"/my/sign-ups/{'y' * 3000}/", right.replace("sign-ups", "registration")]
    wrong += [right.replace("sign-ups", "newsletter")]
    method = client.post if act else client.get
    answers = [method(f"{path}{act}", data={"csrf_token": token}) for path in wrong]

    assert {answer.status_code for answer in answers} <= {404, 405}
    assert not any("Visitor" in answer.text for answer in answers)


def test_a_post_without_token_of_the_browser_is_refused(app: Flask, client: FlaskClient, paths: list[str]):
    assert [client.post(f"{paths[0]}{act}").status_code for act in ("confirm", "accept", "cancel", "people")] == [400] * 4
