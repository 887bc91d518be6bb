"""``/desk/<congress>/registrations/<id>/sessions/``: a person is put into a session, from the own page or from the session's list."""

from __future__ import annotations

import html

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.registration import services
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.models import Registration
from congress.registration.vocabulary import BookingState
from tests.conftest import csrf_token, sign_in_as
from tests.desk.test_registration import PAGE, made
from tests.factories import NOW, make_registration, the_item
from tests.statements import statements

LIST = "/desk/krakowice2018/bookings/P037"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def zoe(app: Flask) -> int:
    return made(app, given_name="Zoë", family_name="Waits")


def fill(app: Flask) -> None:
    with app.app_context():
        the_item("P037").places = 1
        bookings.choose(make_registration(), the_item("P037"), now=NOW)
        db.session.commit()


def read(client: FlaskClient, path: str) -> str:
    return html.unescape(client.get(path).text)


def send(client: FlaskClient, path: str, **values: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client, PAGE), **values})
    return answer.status_code, html.unescape(answer.text if answer.status_code != 303 else client.get(answer.location).text)


def state_of(app: Flask, number: int, code: str = "P037") -> BookingState | None:
    with app.app_context():
        found = booking_queries.bookings_of(db.session.get_one(Registration, number)).get(code)
        return found.state if found else None


def test_from_the_person_to_the_session_and_back(organiser: FlaskClient, app: Flask, zoe: int):
    listed = read(organiser, f"{PAGE}{zoe}/sessions/")
    assert (f"{zoe}/sessions/P037" in listed, f"{zoe}/sessions/P022" in listed) == (True, False)

    answers = [send(organiser, f"{PAGE}{zoe}/sessions/P037") for _twice in range(2)]

    assert [status for status, _page in answers] == [303, 303]
    assert ("Zoë Waits has a place in" in answers[0][1], state_of(app, zoe)) == (True, BookingState.TAKEN)
    status, page = send(organiser, f"{LIST}/{zoe}/drop?from=person")
    assert (status, "Sessions of Zoë Waits" in page, state_of(app, zoe)) == (303, True, None)


def test_from_the_list_of_the_session_somebody_is_found_also_by_a_name_misspelt(organiser: FlaskClient, app: Flask, zoe: int):
    for typed in ("waits", "waitz"):
        assert f"{zoe}/sessions/P037?from=list" in read(organiser, f"{LIST}?q={typed}")
    assert "Nobody of that name is registered" in read(organiser, f"{LIST}?q=xyzzy")
    status, page = send(organiser, f"{PAGE}{zoe}/sessions/P037?from=list")
    assert (status, "Zoë Waits has a place in" in page, "Waiting list" in page or "With a place" in page) == (303, True, True)


def test_where_more_people_have_the_name_than_one_can_look_through_their_number_is_said(organiser: FlaskClient, app: Flask):
    with app.app_context():
        for number in range(21):  # those who do not come hide nobody who does
            gone = make_registration(given_name=f"Ann{number}", family_name="Smithson", email=f"ann{number}@kanazawa.example")
            services.withdraw(gone, now=NOW)
        for number in range(22):
            make_registration(given_name=f"Zed{number}", family_name="Smithson", email=f"zed{number}@kanazawa.example")
        db.session.commit()
    page = read(organiser, f"{LIST}?q=smithson")
    assert (page.count("?from=list"), "2 more have this in the name, city or address: write more of it." in page) == (20, True)
    assert "more ha" not in read(organiser, f"{LIST}?q=zed21")


@pytest.mark.parametrize(
    ("role", "refused", "sent", "said", "state"),
    [
        (
            RoleKind.ORGANISER,
            [({}, "Choose what is to be done."), ({"full": "over"}, "although all are taken"), ({"full": "over", "why": "x" * 301}, "too long")],
            {"full": "over", "why": "speaks there"}, "has a place in", BookingState.TAKEN,
        ),
        (
            RoleKind.REGISTRATION_DESK,
            [({"full": "over", "why": "asks"}, "Choose one of the answers in the list.")],
            {"full": "wait"}, "is on the waiting list of", BookingState.WAITING,
        ),
    ],
)  # fmt: skip
def test_past_the_number_of_places_go_only_those_who_may_change_it(
    app: Flask,
    zoe: int,
    role: RoleKind,
    refused: list[tuple[dict[str, str], str]],
    sent: dict[str, str],
    said: str,
    state: BookingState,
):
    fill(app)
    client = sign_in_as(app, role)
    for wrong, why in refused:
        status, page = send(client, f"{PAGE}{zoe}/sessions/P037", **wrong)
        assert (status, why in page, state_of(app, zoe)) == (422, True, None)
    answer = send(client, f"{PAGE}{zoe}/sessions/P037", **sent)
    assert (answer[0], said in answer[1], state_of(app, zoe)) == (303, True, state)


def test_what_cannot_both_be_reached_is_said_before_and_kept_only_when_it_was_seen(organiser: FlaskClient, app: Flask, zoe: int):
    send(organiser, f"{PAGE}{zoe}/sessions/P037")
    others = ("P036", "P038", "P039", "P040")
    clashing = next(each for each in others if "Not everything can be reached" in read(organiser, f"{PAGE}{zoe}/sessions/{each}"))
    page = read(organiser, f"{PAGE}{zoe}/sessions/{clashing}")
    keep = [each.partition('"')[0] for each in page.split('name="keep" value="')[1:]]
    assert send(organiser, f"{PAGE}{zoe}/sessions/{clashing}")[0] == 422
    assert state_of(app, zoe, clashing) is None
    assert send(organiser, f"{PAGE}{zoe}/sessions/{clashing}", keep=keep)[0] == 303
    assert state_of(app, zoe, clashing) is BookingState.TAKEN


def test_what_is_not_to_be_chosen_is_said_and_not_done(organiser: FlaskClient, app: Flask, zoe: int):
    refused = {"P022": "in the person’s programme anyway", "P013": "not open to people of this category or field"}
    for code, said in refused.items():
        assert said in read(organiser, f"{PAGE}{zoe}/sessions/{code}")
        assert (send(organiser, f"{PAGE}{zoe}/sessions/{code}")[0], state_of(app, zoe, code)) == (422, None)


def test_nobody_and_nothing_that_is_not_there(organiser: FlaskClient, zoe: int):
    paths = [f"{zoe}/sessions/P999", "99999/sessions/", "99999/sessions/P037", f"{'9' * 30}/sessions/"]
    assert {organiser.get(PAGE + each).status_code for each in paths} == {404}


def test_the_list_asks_as_many_statements_for_three_chosen_as_for_one(organiser: FlaskClient, app: Flask, zoe: int):
    counts = []
    for codes in (["P037"], ["P041", "P042"]):
        for code in codes:
            page = read(organiser, f"{PAGE}{zoe}/sessions/{code}")
            keep = [each.partition('"')[0] for each in page.split('name="keep" value="')[1:]]
            send(organiser, f"{PAGE}{zoe}/sessions/{code}", keep=keep)
        with app.app_context(), statements() as asked:
            read(organiser, f"{PAGE}{zoe}/sessions/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
