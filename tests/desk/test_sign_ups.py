"""``/desk/<congress>/sign-ups/…``, ``places/…``: what organisers see and do, and who may."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.events import queries
from congress.events.models import SignUp
from congress.events.states import SignUpState
from tests.conftest import csrf_token, sign_in_as
from tests.events.arranged import EVENT, confirmed, mails, make_sign_up, the_event
from tests.factories import NOW, the_item, utc
from tests.statements import statements

DESK = "/desk/krakowice2018/sign-ups/"
LIST, PLACES = f"{DESK}{EVENT}/", f"/desk/krakowice2018/places/{EVENT}"


@pytest.fixture(autouse=True)
def _in_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(app: Flask) -> list[int]:
    """Three with places, two who wait, one who has cancelled; names that only Polish sorts right."""
    with app.app_context():
        event = the_event(4)
        made = [
            confirmed(event, people, name=name)
            for name, people in (("Łucja", 2), ("Marek", 1), ("=Lena", 1), ("Zoe", 2), ("Ewa", 1))
        ]
        gone = make_sign_up(event, 1, name="Gone")
        gone.state, gone.ended_at = SignUpState.CANCELLED, NOW
        db.session.commit()
        return [each.id for each in (*made, gone)]


def post(client: FlaskClient, path: str, page: str = LIST, **data: str) -> int:
    return client.post(path, data={"csrf_token": csrf_token(client, page), **data}).status_code


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]*)<', page)


def test_the_list_of_events_counts_people(app: Flask, organiser: FlaskClient, people):
    row = next(each for each in organiser.get(DESK).text.split("<tr>") if f"{DESK}{EVENT}/" in each)
    assert re.findall(r'is-number">([^<]*)<', row) == ["4", "4", "0", "3"]


def test_the_page_of_an_event_shows_who_comes_and_who_waits(organiser: FlaskClient, people):
    page = organiser.get(f"{LIST}?lang=pl").text
    assert names(page) == ["=Lena", "Ewa", "Łucja", "Marek", "Zoe", "Gone"]


def test_the_list_for_the_door_is_sorted_as_polish_readers_do_and_holds_only_those_with_places(organiser: FlaskClient, people):
    assert names(organiser.get(f"{LIST}door?lang=pl").text) == ["=Lena", "Łucja", "Marek"]


def test_the_file_is_safe_for_spreadsheets(organiser: FlaskClient, people):
    answer = organiser.get(f"{LIST}sign-ups.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[:3] for row in rows] == [
        ["Name", "Number of people", "State"], ["'=Lena", "1", "has places"], ["Ewa", "1", "on the waiting list"],
        ["Gone", "1", "cancelled"], ["Łucja", "2", "has places"], ["Marek", "1", "has places"], ["Zoe", "2", "on the waiting list"],
    ]  # fmt: skip


def test_cancelling_one_tells_that_person_and_serves_the_next(app: Flask, organiser: FlaskClient, people):
    assert post(organiser, f"{LIST}{people[0]}/cancel") == 303
    with app.app_context():
        told = [db.session.get(SignUp, number) for number in (people[0], people[3])]
        assert [(each.state, letters[-1]) for each, letters in zip(told, mails(*told), strict=True)] == [
            (SignUpState.CANCELLED, "sign_up_cancelled"),
            (SignUpState.TAKEN, "sign_up_taken"),
        ]


def test_one_of_another_event_cannot_be_reached_through_this_one(app: Flask, organiser: FlaskClient, people):
    other = f"{DESK}P048/"
    answers = [
        post(organiser, f"{other}{people[0]}/cancel"),
        post(organiser, f"{LIST}999999/cancel"),
        post(organiser, f"{LIST}{2**40}/cancel"),
    ]
    assert answers == [404, 404, 404]
    with app.app_context():
        assert db.session.get(SignUp, people[0]).state is SignUpState.TAKEN


def test_somebody_at_the_door_is_let_in_while_there_are_places(app: Flask, organiser: FlaskClient, people):
    assert post(organiser, LIST, name="Ola", people="1") == 422
    with app.app_context():
        the_item(EVENT).public_places = 10
        db.session.commit()
    assert [post(organiser, LIST, name=name, people="2") for name in ("Ola", "")] == [303, 422]
    assert "Ola" in names(organiser.get(f"{LIST}door").text)


def test_sign_ups_are_closed_and_opened_again(app: Flask, organiser: FlaskClient, client: FlaskClient, people):
    assert post(organiser, f"{LIST}close") == 303
    assert "Sign-ups are closed" in client.get(f"/krakowice2018/sign-ups/{EVENT}/").text
    assert post(organiser, f"{LIST}open") == 303
    assert "Join the waiting list" in client.get(f"/krakowice2018/sign-ups/{EVENT}/").text


def test_the_lists_ask_the_same_number_of_questions_whoever_has_signed_up(app: Flask, organiser: FlaskClient):
    def asked(path: str) -> int:
        organiser.get(path)
        with app.app_context(), statements() as seen:
            organiser.get(path)
        return len(seen)

    counted = []
    for number in (1, 2):
        with app.app_context():
            for _each in range(number):
                confirmed(the_event(40), 1)
                confirmed(the_event(40, code="P048"), 1)
            db.session.commit()
        counted.append([asked(path) for path in (DESK, LIST, f"{LIST}door", f"{LIST}sign-ups.csv")])
    assert counted[0] == counted[1]


PLACES_DATA = {
    "places": "",
    "public_places": "7",
    "most_per_sign_up": "3",
    "closes_on": "2018-06-12",
    "closes_at": "",
    "offer_hours": "24",
}


def version(client: FlaskClient) -> str:
    return client.get(PLACES).text.partition('name="version"')[2].split('"')[3]


def test_places_are_set_and_new_ones_go_to_those_who_wait(app: Flask, organiser: FlaskClient, people):
    data = {**PLACES_DATA, "takes_sign_ups": "y", "version": version(organiser), "offer_hours": ""}
    assert post(organiser, PLACES, PLACES, **data) == 303
    with app.app_context():
        item = the_item(EVENT)
        assert (item.public_places, item.most_per_sign_up, item.offer_hours, item.sign_ups_close_at) == (
            7, 3, None, utc(2018, 6, 12, 21, 59),
        )  # fmt: skip
        assert [db.session.get(SignUp, number).state for number in people[3:5]] == [SignUpState.TAKEN] * 2
        assert queries.seats(item).free == 0
    assert re.findall(r'<input [^>]*checked[^>]*name="(\w+)"', organiser.get(PLACES).text) == ["takes_sign_ups"]


@pytest.mark.parametrize(
    "changes",
    [
        {"public_places": "0"}, {"public_places": "-1"}, {"public_places": "many"}, {"public_places": "1000000"}, {"places": "1e3"},
        {"most_per_sign_up": ""}, {"most_per_sign_up": "51"}, {"offer_hours": "9999"}, {"closes_on": "2018-02-30"},
        {"closes_on": "", "closes_at": "10:00"}, {"closes_on": "2018-03-25", "closes_at": "02:30"}, {"closes_at": "25:00"},
    ],
)  # fmt: skip
def test_impossible_places_are_refused_and_nothing_is_kept(app: Flask, organiser: FlaskClient, people, changes):
    assert post(organiser, PLACES, PLACES, **{**PLACES_DATA, "version": version(organiser), **changes}) == 422
    with app.app_context():
        item = the_item(EVENT)
        assert (item.public_places, item.most_per_sign_up, item.offer_hours, item.sign_ups_close_at) == (4, 4, None, None)


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(app: Flask, organiser: FlaskClient, people):
    stale = version(organiser)
    assert post(organiser, PLACES, PLACES, **PLACES_DATA, version=stale) == 303
    assert post(organiser, PLACES, PLACES, **{**PLACES_DATA, "public_places": "99"}, version=stale) == 409
    with app.app_context():
        assert the_item(EVENT).public_places == 7


def allowed(client: FlaskClient, number: int) -> list[int]:
    token = csrf_token(client, "/desk/")
    newsletter = "/desk/krakowice2018/newsletter/"
    gets = [client.get(path).status_code for path in (DESK, LIST, f"{LIST}door", f"{LIST}sign-ups.csv", newsletter)]
    writes = (f"{LIST}{number}/cancel", LIST, f"{newsletter}newsletter.csv", PLACES)
    return gets + [client.post(path, data={"csrf_token": token, "version": "0"}).status_code for path in writes]


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        (RoleKind.PROGRAMME_READER, [403] * 9),
        (RoleKind.REGISTRATION_DESK, [200, 200, 200, 200, 200, 303, 422, 200, 403]),
        (RoleKind.ORGANISER, [200, 200, 200, 200, 200, 303, 422, 200, 409]),
    ],
)
def test_who_may_see_and_change_what(app: Flask, people, kind: RoleKind, answers: list[int]):
    assert allowed(sign_in_as(app, kind), people[0]) == answers


def test_without_signing_in_nothing_is_shown(client: FlaskClient, people):
    assert [client.get(path).status_code for path in (DESK, LIST, f"{LIST}door", f"{LIST}sign-ups.csv", PLACES)] == [302] * 5
