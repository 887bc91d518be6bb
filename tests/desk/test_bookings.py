"""``/desk/<congress>/bookings/``."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.outbox.models import Message
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.models import Booking, Registration
from congress.registration.vocabulary import BookingState
from tests.conftest import csrf_token
from tests.factories import NOW, make_registration, the_item
from tests.statements import statements

PATH = "/desk/krakowice2018/bookings/"


@pytest.fixture
def guests(context: Flask) -> list[Registration]:
    """Three people of crafts who ask to be guests at a meeting of literature."""
    the_item("P013").takes_guests = True
    made = [make_registration() for _each in range(3)]
    for each in made:
        bookings.choose(each, the_item("P013"), now=NOW)
    db.session.commit()
    return made


def answer(client: FlaskClient, said: str, *ticked: object) -> int:
    token = csrf_token(client, f"{PATH}P013")
    status = client.post(f"{PATH}P013/guests", data={"csrf_token": token, "answer": said, "guest": list(ticked)}).status_code
    db.session.rollback()
    return status


def states() -> dict[int, BookingState]:
    rows = db.session.execute(
        select(Booking.registration_id, Booking.state).join(Booking.item).where(Booking.item == the_item("P013"))
    )
    return {row[0]: row[1] for row in rows}


def told() -> list[tuple[str, int]]:
    found = db.session.scalars(select(Message).where(Message.template.like("guest_%")).order_by(Message.id))
    return [(each.template, each.facts["registration"]) for each in found]


def test_exactly_the_guests_who_were_ticked_are_accepted_and_told(organiser, guests):
    first, second, third = guests
    assert answer(organiser, "accept", first.id, third.id) == 303
    assert states() == {first.id: BookingState.TAKEN, second.id: BookingState.ASKED, third.id: BookingState.TAKEN}
    assert told() == [("guest_accepted", first.id), ("guest_accepted", third.id)]


def test_a_guest_for_whom_there_is_no_place_waits(organiser, guests):
    the_item("P013").places = 1
    db.session.commit()
    answer(organiser, "accept", *(each.id for each in guests))
    assert list(states().values()) == [BookingState.TAKEN, BookingState.WAITING, BookingState.WAITING]


def test_who_is_refused_is_told_and_may_ask_again(organiser, guests):
    for _twice in range(2):
        answer(organiser, "refuse", guests[0].id)
    assert guests[0].id not in states()
    assert told() == [("guest_refused", guests[0].id)]
    assert bookings.choose(guests[0], the_item("P013"), now=NOW) is BookingState.ASKED


@pytest.mark.parametrize("ticked", ["x", "0", "-1", str(10**20)])
def test_what_is_no_guest_changes_nothing(organiser, guests, ticked):
    before = states()
    assert (answer(organiser, "accept", ticked), states()) == (303, before)
    assert answer(organiser, "dance", guests[0].id) == 400


def test_a_person_is_taken_out_and_the_next_is_served(organiser, context):
    the_item("P037").places = 1
    one, two = make_registration(), make_registration()
    for each in (one, two):
        bookings.choose(each, the_item("P037"), now=NOW, may_wait=True)
    db.session.commit()
    token = csrf_token(organiser, f"{PATH}P037")
    for _twice in range(2):
        assert organiser.post(f"{PATH}P037/{one.id}/drop", data={"csrf_token": token}).status_code == 303
    db.session.rollback()
    assert booking_queries.bookings_of(one) == {}
    assert booking_queries.bookings_of(two)["P037"].state is BookingState.TAKEN


def test_who_is_not_signed_in_sees_and_changes_nothing(client, guests):
    assert [client.get(PATH + each).status_code for each in ("", "P013")] == [302, 302]
    assert client.post(f"{PATH}P013/guests").status_code in (400, 403)


def test_sessions_with_a_limit_stand_in_the_list_before_anybody_has_chosen_them(organiser, context):
    the_item("P037").places = 4
    db.session.commit()
    page = organiser.get(PATH)
    assert (page.status_code, ">P037<" in page.text, ">P038<" in page.text) == (200, True, False)


def test_an_unknown_session_is_not_found(organiser):
    assert organiser.get(f"{PATH}P999").status_code == 404


@pytest.mark.parametrize("page", ["", "P013"])
def test_the_pages_ask_as_many_statements_for_three_people_as_for_one(organiser, context, page):
    the_item("P013").takes_guests = True
    counts = []
    for number in (1, 2):
        for _each in range(number):
            bookings.choose(make_registration(), the_item("P013"), now=NOW)
        db.session.commit()
        organiser.get(PATH + page)
        with statements() as asked:
            assert "P013" in organiser.get(PATH + page).text
        counts.append(len(asked))
    assert counts[0] == counts[1]
