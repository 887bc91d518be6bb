"""The page on which a person chooses sessions."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.vocabulary import Category
from congress.programme import services as programme
from congress.registration import services
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.models import Registration
from congress.registration.vocabulary import BookingState
from tests.conftest import csrf_token
from tests.factories import NOW, make_applicant, make_registration, the_congress, the_item
from tests.statements import statements

KEY = "test-only-key-0123456789-abcdefghijklmnop"


@pytest.fixture(autouse=True)
def before_the_congress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("congress.my.sessions.now", lambda: NOW)


@pytest.fixture
def person(context: Flask) -> Registration:
    made = make_registration()
    db.session.commit()
    return made


def address(person: Registration, rest: str = "") -> str:
    return f"/my/registration/{services.link_token(person, KEY)}/sessions/{rest}"


def save(client: FlaskClient, person: Registration, *items: str, had: tuple[str, ...] = (), **more: object) -> object:
    path = address(person)
    data = {"csrf_token": csrf_token(client, path), "item": list(items), "had": list(had), **more}
    answer = client.post(path, data=data)
    db.session.rollback()
    return answer


def states(person: Registration) -> dict[str, BookingState]:
    return {code: booking.state for code, booking in booking_queries.bookings_of(person).items()}


def fill(code: str, places: int = 1) -> Registration:
    """All places of a session are taken; the one who has the last."""
    the_item(code).places = places
    holders = [make_registration() for _each in range(places)]
    for holder in holders:
        bookings.choose(holder, the_item(code), now=NOW)
    db.session.commit()
    return holders[-1]


def test_several_sessions_are_chosen_and_given_back_at_once(client, person):
    assert save(client, person, "P037", "P042").status_code == 303
    assert states(person) == {"P037": BookingState.TAKEN, "P042": BookingState.TAKEN}
    assert save(client, person, "P042", had=("P037", "P042")).status_code == 303
    assert states(person) == {"P042": BookingState.TAKEN}


def test_what_another_page_has_chosen_meanwhile_stays(client, person):
    bookings.choose(person, the_item("P037"), now=NOW)
    db.session.commit()
    save(client, person, "P042")  # of a page that was loaded before
    assert states(person) == {"P037": BookingState.TAKEN, "P042": BookingState.TAKEN}


def test_who_chooses_a_full_session_waits_and_is_told_so_before_and_after(client, person):
    fill("P037")
    assert "Full: you would be number 1 on the waiting list" in client.get(address(person)).text
    save(client, person, "P037")
    page = client.get(address(person)).text
    assert states(person) == {"P037": BookingState.WAITING}
    assert "Waiting list: you are number 1" in page
    assert "are taken: you are on the waiting list." in page


def test_two_sessions_at_the_same_time_are_shown_before_they_are_saved(client, person):
    refused = save(client, person, "P037", "P038")
    assert (refused.status_code, states(person)) == (422, {})
    assert "are at the same time" in refused.text
    assert refused.text.count(" checked") == 2  # nothing that was ticked is lost
    kept = save(client, person, "P037", "P038", keep="P037+P038")
    assert (kept.status_code, states(person)) == (303, {"P037": BookingState.TAKEN, "P038": BookingState.TAKEN})
    assert "are at the same time" in client.get(address(person)).text  # and stays to be seen


def test_an_agreement_to_keep_is_only_to_the_clashes_that_were_shown(client, person):
    assert save(client, person, "P037", "P038", keep="P042+P043").status_code == 422
    assert states(person) == {}


def test_a_guest_of_another_field_is_asked_for(client, person):
    the_item("P013").takes_guests = True  # of literature; the person is of crafts
    db.session.commit()
    assert "As a guest, if agreed" in client.get(address(person)).text
    save(client, person, "P013", keep=[f"P0{n:02}+P0{m:02}" for n in range(50) for m in range(50)])
    assert states(person) == {"P013": BookingState.ASKED}
    assert "Asked: the coordinator decides" in client.get(address(person)).text


def test_a_field_that_takes_no_guests_is_not_offered(client, person):
    save(client, person, "P013")
    assert states(person) == {}
    assert 'value="P013"' not in client.get(address(person)).text


def test_seats_of_a_coach_are_chosen_and_a_transfer_without_places_is_given(client, person):
    assert 'value="P041"' not in client.get(address(person)).text
    the_item("P041").places = 50
    programme.release_programme(the_congress(), note=Localised(), by="", now=NOW)
    db.session.commit()
    assert "50 places left" in client.get(address(person)).text
    save(client, person, "P041", keep=[f"P0{n:02}+P041" for n in range(50)])
    assert states(person) == {"P041": BookingState.TAKEN}


@pytest.mark.parametrize(("answer", "left"), [("accept", {"P037": BookingState.TAKEN}), ("decline", {})])
def test_an_offer_is_taken_or_left_to_others(client, person, answer, left, monkeypatch):
    monkeypatch.setattr("congress.web.requests.now", lambda: NOW)
    holder = fill("P037")
    the_item("P037").offer_hours = 24
    bookings.choose(person, the_item("P037"), now=NOW, may_wait=True)
    bookings.drop(holder, the_item("P037"), now=NOW)
    db.session.commit()
    page = client.get(address(person)).text
    assert "A place is free for you" in page
    path = address(person)
    answered = client.post(f"{path}{answer}/P037", data={"csrf_token": csrf_token(client, path)})
    db.session.rollback()
    assert (answered.status_code, states(person)) == (303, left)


def test_who_has_not_sent_the_registration_chooses_and_gets_nothing_yet(client, context, person):
    started = services.start(the_congress(), make_applicant(), key=KEY, now=NOW)
    the_item("P037").places = 1
    db.session.commit()
    save(client, started, "P037")
    assert states(started) == {"P037": BookingState.WAITING}
    bookings.choose(person, the_item("P037"), now=NOW)
    services.submit(started, actor=services.PERSON, now=NOW)
    assert (states(person), states(started)) == ({"P037": BookingState.TAKEN}, {"P037": BookingState.WAITING})
    assert booking_queries.numbers_in_queue(started) == {the_item("P037").id: 1}


def test_an_unknown_session_changes_nothing(client, person):
    assert save(client, person, "P999", "\x00", "P022").status_code == 303
    assert states(person) == {}


@pytest.mark.parametrize("rest", ["", "accept/P037", "decline/P037"])
def test_a_wrong_link_shows_nothing_and_an_ended_one_says_so(client, person, rest):
    wrong = address(person, rest).replace("/my/registration/", "/my/registration/x")
    token = csrf_token(client, address(person))
    assert client.post(wrong, data={"csrf_token": token}).status_code == 404
    services.withdraw(person, now=NOW)
    db.session.commit()
    ended = client.post(address(person, rest), data={"csrf_token": token})
    assert (ended.status_code, person.delegate.person.family_name in ended.text) == (410, False)


def test_what_is_over_is_offered_no_more_but_shown_to_whoever_chose_it(client, person, monkeypatch):
    bookings.choose(person, the_item("P037"), now=NOW)
    db.session.commit()
    offered = []
    for at in (NOW, datetime(2018, 6, 14, 12, tzinfo=UTC), datetime(2018, 7, 1, tzinfo=UTC)):
        monkeypatch.setattr("congress.my.sessions.now", lambda at=at: at)
        page = client.get(address(person)).text
        offered.append([code in page for code in ('value="P037"', 'value="P038"', 'value="P054"', "Save my choice")])
    assert offered == [[True, True, True, True], [True, False, True, True], [True, False, False, True]]
    assert re.findall(r'name="item" value="(\w+)"', client.get(address(person)).text) == ["P037", "P058"]  # one has no day yet


def test_the_integration_session_is_for_new_cities_and_those_who_welcome_them(client, context, person):
    coordinator = make_registration(category=Category.COORDINATOR)
    db.session.commit()
    assert ['value="P012"' in client.get(address(each)).text for each in (person, coordinator)] == [False, True]


def test_the_page_speaks_polish(client, person):
    assert '<html lang="pl"' in client.get(address(person) + "?lang=pl").text


def test_the_page_asks_as_many_statements_however_much_is_chosen(client, person):
    counts = []
    for codes in (("P037",), ("P042", "P038", "P043")):
        for code in codes:
            bookings.choose(person, the_item(code), now=NOW)
        db.session.commit()
        client.get(address(person))
        with statements() as asked:
            assert client.get(address(person)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_as_a_page_of_the_form_it_shows_the_steps_and_goes_on_to_the_next(client, person):
    form = address(person).replace("sessions/", "form/sessions")
    page = client.get(form, follow_redirects=True)
    path = page.request.full_path
    assert (path, "5 of 7: " in page.text, "Save and continue" in page.text) == (f"{address(person)}?form=1", True, True)

    saved = client.post(path, data={"csrf_token": csrf_token(client, path), "item": "P037"})

    assert saved.location == address(person).replace("sessions/", "form/consents")
    db.session.rollback()
    assert states(person) == {"P037": BookingState.TAKEN}
    clashing = client.post(path, data={"csrf_token": csrf_token(client, path), "item": ["P037", "P038"], "had": "P037"})
    assert (clashing.status_code, "5 of 7: " in clashing.text) == (422, True)
