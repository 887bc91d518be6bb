"""``/my/registration/<token>/form/…``: the pages of the form."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.delegates import services as delegations
from congress.delegates.models import Delegation, Window
from congress.delegates.vocabulary import Category, Step
from congress.registration import services
from congress.registration.details import Needs, Passport, Stay
from congress.registration.form import consents
from congress.registration.form import queries as step_queries
from congress.registration.models import Consent, Opening, Registration
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind, RoomKind, StationKind
from tests.conftest import csrf_token
from tests.factories import NOW, make_registration, the_congress
from tests.registration_form import PAGES, begin, errors, fill, link_of, save, send

LETTER = {
    "needs_letter": "y", "passport_name": "ZAZOLC GESLA", "born_on": "1980-02-29", "nationality": "PL",
    "passport_number": "AB 123-456", "passport_expires_on": "2030-01-01", "consulate": "Kyiv",
}  # fmt: skip


@pytest.fixture
def link(client: FlaskClient) -> str:
    """The personal link of somebody who has filled in the first page."""
    return link_of(begin(client))


def newest(app: Flask) -> Registration:
    return db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()  # type: ignore[return-value]


def told(app: Flask, table: Any) -> Any:
    """The row of the last registration in one of the tables of details."""
    with app.app_context():
        row = db.session.get(table, newest(app).id)
        if row is not None:
            db.session.expunge(row)
        return row


def test_every_page_leads_to_the_next_and_is_ticked(client: FlaskClient, link: str):
    led = [save(client, link, page, **answers).location for page, answers in PAGES.items()]

    assert led == [f"{link}form/{page}" for page in ("travel", "needs", "sessions", "consents", "review")]
    page = client.get(f"{link}form/review").text
    assert "add a mobile phone number" in page
    assert (page.count('class="is-done"><a') or page.count('<li class="is-done">\n'), "7 of 7" in page) == (6, True)


def test_a_page_saved_for_later_is_there_when_the_person_comes_back(app: Flask, client: FlaskClient, link: str):
    answer = save(client, link, "role", organisation="Muzeum „Kino”", working_language="fr", later="1")

    assert (answer.status_code, answer.location) == (303, link)
    other = app.test_client()
    assert other.get(f"{link}form/").location == f"{link}form/travel"
    page = other.get(f"{link}form/role").text
    assert ("Muzeum „Kino”" in page, re.findall(r'checked[^>]*value="(\w+)"', page)) == (True, ["fr"])


def test_travel_is_kept_as_it_was_told(app: Flask, client: FlaskClient, link: str):
    answers = {
        "days": ["2018-06-13", "2018-06-12"], "arrival_on": "11.06.2018", "arrival_time": "9.05", "arrival_at": "krk",
        "arrival_number": "LO 3905", "departure_on": "2018-06-15", "departure_time": "18:30", "departure_at": "katowice_station",
        "night_2018-06-11": "krakow", "night_2018-06-14": "katowice", "hotel": "Hotel", "room": "twin", "shares_with": "Ewa",
        "wants_transfer": "y",
    }  # fmt: skip
    assert save(client, link, "travel", **answers).status_code == 303

    stay = told(app, Stay)
    assert (stay.days, stay.nights) == (["2018-06-12", "2018-06-13"], {"2018-06-11": "krakow", "2018-06-14": "katowice"})
    assert (stay.arrival_on, stay.arrival_time, stay.arrival_at, stay.arrival_number) == (
        date(2018, 6, 11), "09:05", StationKind.KRK, "LO 3905",
    )  # fmt: skip
    assert (stay.departure_on, stay.departure_time, stay.departure_at) == (
        date(2018, 6, 15), "18:30", StationKind.KATOWICE_STATION,
    )  # fmt: skip
    assert (stay.hotel, stay.room, stay.shares_with, stay.wants_transfer) == ("Hotel", RoomKind.TWIN, "Ewa", True)
    assert told(app, Passport) is None
    save(client, link, "travel", arrival_on="", arrival_time="", departure_on="2018-06-15")
    stay = told(app, Stay)
    assert (stay.arrival_on, stay.arrival_time, stay.departure_on, stay.days) == (None, "", date(2018, 6, 15), [])


WRONG: list[tuple[str, dict[str, Any], list[str]]] = [
    ("travel", {"arrival_on": "2018-02-30"}, ["This day does not exist. Write it as 2018-06-12."]),
    ("travel", {"arrival_on": "0001-01-01"}, ["Check the year. Write the day as 2018-06-12."]),
    ("travel", {"arrival_time": "25:00"}, ["This is no time of day. Write it as 09:30."]),
    (
        "travel",
        {"arrival_on": "2018-06-14", "departure_on": "2018-06-12"},
        ["The departure is before the arrival. Check both days."],
    ),
    ("travel", {"arrival_on": "2018-06-13", "night_2018-06-12": "krakow"}, ["This night is before your arrival."]),
    ("travel", {"night_2018-06-12": "paris"}, ["Choose from the list."]),
    ("travel", {"arrival_at": "moon"}, ["Choose from the list."]),
    ("travel", {"days": ["2018-06-30"]}, ["Choose from the list."]),
    ("travel", {"hotel": "x" * 201}, ["This is too long: 201 characters. Shorten it to at most 200."]),
    ("travel", {**LETTER, "passport_number": "", "nationality": "ZZ"}, ["Choose from the list.", "Write the passport number."]),
    ("travel", {**LETTER, "passport_expires_on": "2018-06-15"}, ["The passport expires before the congress ends. A visa needs one that is valid longer."]),
    ("role", {"working_language": "tlh"}, ["Choose one of the languages in the list."]),
    ("role", {"working_language": "en", "function": "a\x00b"}, ["There are invisible control characters in this text. Please type it again."]),
    ("needs", {"diets": ["stones"]}, ["Choose from the list."]),
    ("needs", {"emergency_name": "Ewa"}, ["Write the phone number as well: without it we cannot call."]),
    ("consents", {"consent_photos": "y"}, ["Without this consent we cannot take your registration."]),
    ("identity", {"given_name": "Jan", "family_name": "X", "email": "a@b@lodz.example", "language": "pl"}, ["Write one e-mail address only, such as name@city.example."]),
]  # fmt: skip


def test_a_wrong_answer_gets_a_sentence_and_nothing_is_saved(app: Flask, client: FlaskClient, link: str):
    said = []
    for page, answers, _sentences in WRONG:
        answer = save(client, link, page, **answers)
        said.append((answer.status_code, errors(answer)))

    assert said == [(422, sentences) for _page, _answers, sentences in WRONG]
    assert [told(app, table) for table in (Stay, Needs, Passport)] == [None] * 3
    with app.app_context():
        assert (newest(app).steps_done, newest(app).consents) == (["identity"], [])


def test_needs_and_passport_are_unreadable_in_the_database_and_shown_to_the_person(app: Flask, client: FlaskClient, link: str):
    save(client, link, "travel", **LETTER)
    save(client, link, "needs", diets=["halal"], allergies="orzechy")

    assert told(app, Needs).content == {"diets": ["halal"], "allergies": "orzechy"}
    passport = told(app, Passport)
    assert (passport.content["number"], passport.content["born_on"], len(passport.fingerprint)) == (
        "AB 123-456",
        "1980-02-29",
        64,
    )
    with app.app_context():
        asked = ("SELECT content FROM needs", "SELECT content FROM passports")
        stored = str([db.session.connection().exec_driver_sql(statement).all() for statement in asked])
    assert [word in stored for word in ("halal", "orzechy", "123-456", "ZAZOLC")] == [False] * 4
    assert 'value="AB 123-456"' in client.get(f"{link}form/travel").text


def test_who_needs_no_letter_any_more_has_no_passport_here(app: Flask, client: FlaskClient, link: str):
    save(client, link, "travel", **LETTER)
    save(client, link, "travel", **(LETTER | {"needs_letter": ""}))
    passport = told(app, Passport)
    assert (passport.needs_letter, passport.content, passport.fingerprint) == (False, None, "")


def test_the_same_passport_is_noticed_however_it_is_written(app: Flask, client: FlaskClient, link: str):
    save(client, link, "travel", **LETTER)
    first = told(app, Passport).fingerprint
    save(client, link_of(begin(client, given_name="Ewa")), "travel", **(LETTER | {"passport_number": "ab123456"}))
    assert told(app, Passport).fingerprint == first


def test_nothing_can_be_sent_before_what_is_needed_is_told(client: FlaskClient, link: str):
    fill(client, link, but="needs")

    answer = send(client, link)

    assert (answer.status_code, "Something is still missing; see below." in answer.text) == (409, True)
    assert "Before you can send" in answer.text
    save(client, link, "needs")
    assert send(client, link).status_code == 303


def test_mayors_say_whether_they_speak_and_others_are_not_asked(app: Flask, client: FlaskClient):
    mayor = link_of(begin(client, category="mayor"))
    ticked = re.findall(r'<input checked[^>]* name="(\w+)"', client.get(f"{mayor}form/role").text)
    refused = save(client, mayor, "role", working_language="en", speaks="y", speech_title="Music")
    save(client, mayor, "role", working_language="en", in_mayors_session="y", speaks="y", speech_title="Music")
    with app.app_context():
        delegate = newest(app).delegate
        assert (delegate.in_mayors_session, delegate.speaks, delegate.speech_title) == (True, True, "Music")
    other = link_of(begin(client, given_name="Ewa"))
    save(client, other, "role", working_language="en", speaks="y", speech_title="Music")
    with app.app_context():
        delegate = newest(app).delegate
        assert (delegate.in_mayors_session, delegate.speaks, delegate.speech_title) == (False, False, "")
    assert ticked == ["working_language", "in_mayors_session"]
    assert errors(refused) == ["To speak in the mayors’ session, also tick that you take part in it."]


def test_consents_are_dated_withdrawn_and_given_again(app: Flask, client: FlaskClient, link: str):
    save(client, link, "consents", consent_privacy="y", consent_photos="y")
    save(client, link, "consents", consent_privacy="y")
    save(client, link, "consents", consent_privacy="y", consent_photos="y")
    with app.app_context():
        rows = db.session.execute(
            select(Consent.kind, Consent.version, Consent.withdrawn_at.is_(None))
            .where(Consent.registration_id == newest(app).id)
            .order_by(Consent.id)
        ).all()
    assert [tuple(row) for row in rows] == [
        (ConsentKind.PRIVACY, "2018-06", True), (ConsentKind.PHOTOS, "2018-06", False), (ConsentKind.PHOTOS, "2018-06", True),
    ]  # fmt: skip


def close(app: Flask, step: Step, at: datetime = datetime(2018, 5, 1, 10, tzinfo=UTC)) -> None:
    with app.app_context():
        db.session.add(Window(congress_id=the_congress().id, step=step, closes_at=at))
        db.session.commit()


def test_a_closed_page_shows_what_was_told_and_whom_to_ask_and_saves_nothing(app: Flask, client: FlaskClient, link: str):
    save(client, link, "needs", allergies="orzechy")
    close(app, Step.NEEDS)

    page, answer = client.get(f"{link}form/needs"), save(client, link, "needs", allergies="ryby")

    assert (page.status_code, answer.status_code) == (200, 422)
    assert [each in page.text for each in ("This page closed on 1 May 2018, 12:00.", "office@krakowice.example", "orzechy", "<textarea")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert told(app, Needs).content == {"allergies": "orzechy"}


def test_a_page_that_is_closed_and_empty_does_not_keep_anybody_from_sending(app: Flask, client: FlaskClient, link: str):
    fill(client, link, but="needs")
    close(app, Step.NEEDS)
    assert send(client, link).status_code == 303


def test_a_closed_page_is_opened_for_one_person(app: Flask, client: FlaskClient, link: str):
    close(app, Step.NEEDS)
    with app.app_context():
        until = datetime(2099, 1, 1, tzinfo=UTC)
        opening = Opening(
            registration_id=newest(app).id, step=Step.NEEDS, until=until, opened_at=NOW, by="olga@krakowice.example"
        )
        db.session.add(opening)
        db.session.commit()
    assert save(client, link, "needs", allergies="ryby").status_code == 303
    other = link_of(begin(client, given_name="Ewa"))
    assert save(client, other, "needs", allergies="ryby").status_code == 422


def test_who_was_invited_begins_with_the_first_page_and_keeps_place_and_link(app: Flask, client: FlaskClient):
    link = _invited(app)

    first = save(client, link, "role", working_language="en")
    with app.app_context():
        begun = (newest(app).state, newest(app).holds_place)
    for page, answers in PAGES.items():
        save(client, link, page, **answers)
    save(client, link, "identity", given_name="Haruki", family_name="Invited", email="haruki@kanazawa.example", language="en")
    answer = send(client, link)

    assert (first.status_code, begun) == (303, (State.STARTED, True))
    assert (answer.status_code, answer.location, client.get(link).status_code) == (303, link, 200)
    with app.app_context():
        assert newest(app).state is State.SUBMITTED


def _invited(app: Flask) -> str:
    with app.app_context():
        made = make_registration(now=NOW)
        made.state, made.submitted_at = State.INVITED, None
        db.session.flush()
        token = services.link_token(made, app.config["SECRET_KEY"])
        db.session.commit()
        return f"/my/registration/{token}/"


def test_a_new_name_is_refused_where_it_would_be_another_person_that_is_registered(app: Flask, client: FlaskClient):
    with app.app_context():
        first = make_registration(family_name="One", email="one@kanazawa.example")
        second = make_registration(family_name="Two", email="two@kanazawa.example")
        token = services.link_token(second, app.config["SECRET_KEY"])
        db.session.commit()
        taken = first.identity
    names = {"given_name": "Haruki", "family_name": "One", "email": "one@kanazawa.example", "language": "en"}

    refused = save(client, f"/my/registration/{token}/", "identity", **names)
    changed = save(client, f"/my/registration/{token}/", "identity", **(names | {"given_name": "Ken"}))

    assert (refused.status_code, "Please write to the organisers." in refused.text, changed.status_code) == (422, True, 303)
    with app.app_context():
        assert (newest(app).identity, taken) == ("ken one one@kanazawa.example", "haruki one one@kanazawa.example")


def test_a_wrong_link_opens_nothing(client: FlaskClient, link: str):
    token = link.split("/")[3]
    edited = token[:-1] + ("a" if token[-1] != "a" else "b")
    said = set()
    for wrong in (f"/my/registration/{each}/" for each in ("x", "a" * 32, "ą", edited)):
        for page in ("", "role", "travel", "sessions", "review"):
            answers = [client.get(f"{wrong}form/{page}"), *([save(client, wrong, page)] if page else [])]
            said |= {(answer.status_code, "There is no page at this address" in answer.text) for answer in answers}
    assert said == {(404, True)}


def test_the_form_of_somebody_who_withdrew_is_gone(client: FlaskClient, link: str):
    client.post(f"{link}withdraw", data={"csrf_token": csrf_token(client, f"{link}form/role")})
    assert {client.get(f"{link}form/{page}").status_code for page in ("", "role", "review")} == {410}


def test_steps_of_a_host_volunteer_have_no_travel(app: Flask, client: FlaskClient):
    link = link_of(begin(client, category="host_staff", city=""))
    assert Step.TRAVEL not in step_queries.steps_of(Category.HOST_STAFF)
    assert client.get(f"{link}form/travel").status_code == 404
    assert "2 of 6" in client.get(f"{link}form/role").text


def test_the_focal_point_fills_in_for_somebody_without_reading_what_is_confidential(app: Flask, client: FlaskClient, link: str):
    save(client, link, "travel", **LETTER)
    save(client, link, "needs", allergies="orzechy")
    with app.app_context():
        delegation = db.session.scalars(select(Delegation).order_by(Delegation.id.desc())).first()
        token = delegations.link_token(delegation, app.config["SECRET_KEY"])
        person, other = newest(app).id, db.session.scalars(select(Registration.id).order_by(Registration.id)).first()
        db.session.commit()
    path = f"/my/delegation/{token}/people/{person}/"

    travel, needs = client.get(f"{path}form/travel").text, client.get(f"{path}form/needs").text
    saved = save(client, path, "travel", needs_letter="y", arrival_on="2018-06-11")

    assert [word in travel + needs for word in ("123-456", "ZAZOLC", "orzechy")] == [False] * 3
    assert (saved.status_code, told(app, Passport).content["number"], told(app, Stay).arrival_on) == (
        303,
        "AB 123-456",
        date(2018, 6, 11),
    )
    wrong = [
        f"{path}form/consents",
        f"{path}form/review",
        f"/my/delegation/{token}/people/{other}/form/role",
        f"/my/delegation/x/people/{person}/form/role",
    ]
    assert [client.get(each).status_code for each in wrong] == [404] * 4
    with app.app_context():
        assert (newest(app).state, ConsentKind.PRIVACY in consents.given(newest(app))) == (State.STARTED, False)
