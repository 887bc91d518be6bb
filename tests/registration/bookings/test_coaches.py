"""Who rides in which coach."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from congress.core.db import db
from congress.registration.bookings import coaches
from congress.registration.bookings.coaches import Coach
from congress.registration.models import Booking
from congress.registration.states import State
from congress.registration.vocabulary import BookingState
from tests.factories import NOW, make_registration, the_congress, the_item
from tests.statements import statements

COACH = "P041"  # from Kraków to Katowice


def seat(state: BookingState = BookingState.TAKEN, **person: Any) -> Booking:
    made = Booking(registration=make_registration(**person), item_id=the_item(COACH).id, state=state, booked_at=NOW)
    made.offered_until = NOW + timedelta(days=1) if state is BookingState.OFFERED else None
    db.session.add(made)
    db.session.flush()
    return made


def the_coach() -> Coach:
    return next(each for each in coaches.coaches(the_congress()) if each.item.code == COACH)


def names() -> list[str]:
    return [each.delegate.person.family_name for each in the_coach().passengers]


def test_passengers_are_sorted_by_polish_rules(undone: Flask):
    for name in ("Maj", "Łukasik", "Lis", "Źrebak", "Zima", "Żak"):
        seat(family_name=name)

    assert names() == ["Lis", "Łukasik", "Maj", "Zima", "Źrebak", "Żak"]


def test_only_who_has_a_seat_and_takes_part_is_on_the_list(undone: Flask):
    seat(family_name="Rides")
    for state in set(BookingState) - {BookingState.TAKEN}:
        seat(state, family_name=f"Not{state.value}")
    waits = seat(family_name="Waits").registration
    waits.state, waits.holds_place = State.WAITING, False
    db.session.flush()

    assert names() == ["Rides"]


def test_free_seats_are_counted_where_there_is_a_limit(undone: Flask):
    seat()
    the_item(COACH).places = 49
    limited = the_coach().free
    the_item(COACH).places = None

    assert (limited, the_coach().free) == (48, None)


def test_the_list_takes_as_many_queries_for_three_as_for_one(undone: Flask):
    congress = the_congress()

    def asked() -> int:
        db.session.expire_all()
        with statements() as seen:
            for each in coaches.coaches(congress):
                for passenger in each.passengers:
                    assert passenger.delegate.person.name and passenger.delegate.city.names
        return len(seen)

    seat(city="graz")
    one = asked()
    seat(city="kanazawa")
    seat(city="krakow")

    assert asked() == one
