"""Organisers put a person into a session: by the rules by which people choose, and past them only with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from congress.core.db import db
from congress.delegates.models import Window
from congress.delegates.vocabulary import Category, Step
from congress.registration import services
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.models import Registration
from congress.registration.organising import dossier, placing
from congress.registration.organising.moving import WhenFull
from congress.registration.refusals import CannotChoose, RegistrationEnded, SessionFull, StepClosed
from congress.registration.vocabulary import BookingState
from congress.web.mail import compose
from tests.factories import HOSTS, NOW, give_room, make_applicant, make_registration, the_congress, the_item
from tests.registration.people_of_a_city import KEY, mails

WORKSHOP, MEETING_OF_OTHERS, OPENING = "P037", "P013", "P022"


def put_in(registration: Registration, code: str = WORKSHOP, **more: object) -> BookingState:
    return placing.put_in(registration, the_item(code), **{"actor": HOSTS, "now": NOW, **more})  # type: ignore[arg-type]


def state_of(registration: Registration, code: str = WORKSHOP) -> BookingState | None:
    found = booking_queries.bookings_of(registration).get(code)
    return found.state if found else None


def full(code: str = WORKSHOP) -> Registration:
    """Somebody who has the only place of a session."""
    the_item(code).places = 1
    has = make_registration()
    bookings.choose(has, the_item(code), now=NOW)
    return has


def said(registration: Registration) -> str:
    mail = dossier.dossier(registration, "en").messages[0]
    with time_machine.travel(NOW, tick=False):
        body = compose(mail).get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def test_a_place_is_given_once_with_one_mail_and_a_line_in_the_history(undone: Flask):
    anna = make_registration()

    assert [put_in(anna) for _twice in range(2)] == [BookingState.TAKEN] * 2

    assert mails(anna)[1:] == ["booking_put_in"]
    assert "You have a place; the session is in your programme" in said(anna)
    assert [each.why.partition(":")[0] for each in dossier.dossier(anna, "en").moves][:2] == ["put into", ""]


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, None),
        ({"when_full": WhenFull.OVER}, None),
        ({"when_full": WhenFull.WAIT}, BookingState.WAITING),
        ({"when_full": WhenFull.OVER, "why": "speaks there"}, BookingState.TAKEN),
    ],
)
def test_a_full_session_takes_nobody_unless_organisers_say_how(
    undone: Flask, more: dict[str, object], state: BookingState | None
):
    full()
    anna = make_registration()
    if state is None:
        with pytest.raises(SessionFull):
            put_in(anna, **more)
    else:
        assert put_in(anna, **more) is state
        assert ("on the waiting list" in said(anna)) is (state is BookingState.WAITING)
    assert state_of(anna) is state


def test_who_is_over_the_number_takes_no_place_from_those_who_wait(undone: Flask):
    has, waits, anna = full(), make_registration(), make_registration()
    bookings.choose(waits, the_item(WORKSHOP), now=NOW, may_wait=True)
    put_in(anna, when_full=WhenFull.OVER, why="interprets")

    bookings.drop(has, the_item(WORKSHOP), now=NOW)
    assert state_of(waits) is BookingState.WAITING  # one place, and Anna has it
    bookings.drop(anna, the_item(WORKSHOP), now=NOW)
    assert state_of(waits) is BookingState.TAKEN


def test_past_the_deadline_only_with_a_reason(undone: Flask):
    db.session.add(Window(congress_id=the_congress().id, step=Step.SESSIONS, closes_at=NOW - timedelta(days=1)))
    anna = make_registration()

    with pytest.raises(StepClosed):
        put_in(anna)
    assert put_in(anna, why="came late") is BookingState.TAKEN
    assert dossier.dossier(anna, "en").moves[0].why.endswith("came late")


@pytest.mark.parametrize(
    ("category", "code", "more"),
    [
        (Category.DELEGATE, OPENING, {}),  # in everybody's programme
        (Category.DELEGATE, MEETING_OF_OTHERS, {}),  # takes no guests
        (Category.COMPANION, WORKSHOP, {}),
        (Category.DELEGATE, WORKSHOP, {"now": NOW + timedelta(days=90), "why": "late"}),  # over
    ],
)
def test_what_is_not_for_somebody_is_not_given_by_organisers_either(
    undone: Flask, category: Category, code: str, more: dict[str, object]
):
    with pytest.raises(CannotChoose):
        put_in(make_registration(category=category), code, **more)


def test_a_guest_who_asked_needs_not_be_asked_for_any_more_and_an_offer_is_taken(undone: Flask):
    the_item(MEETING_OF_OTHERS).takes_guests = True
    anna = make_registration()
    bookings.choose(anna, the_item(MEETING_OF_OTHERS), now=NOW)
    has, waits = full(), make_registration()
    the_item(WORKSHOP).offer_hours = 4
    bookings.choose(waits, the_item(WORKSHOP), now=NOW, may_wait=True)
    bookings.drop(has, the_item(WORKSHOP), now=NOW)
    assert (state_of(anna, MEETING_OF_OTHERS), state_of(waits)) == (BookingState.ASKED, BookingState.OFFERED)

    assert (put_in(anna, MEETING_OF_OTHERS), put_in(waits)) == (BookingState.TAKEN, BookingState.TAKEN)


def test_who_has_no_place_at_the_congress_gets_the_session_with_it_and_who_has_left_never(undone: Flask):
    first = make_registration()
    give_room("kanazawa", 1)
    waits = services.register(the_congress(), make_applicant(), key=KEY, now=NOW + timedelta(minutes=1))
    assert put_in(waits) is BookingState.WAITING
    assert "You get the session with your place at the congress" in said(waits)

    services.withdraw(first, now=NOW)

    assert state_of(waits) is BookingState.TAKEN
    with pytest.raises(RegistrationEnded):
        put_in(first)
