"""Who comes and who booked what, for those who plan the programme."""

from __future__ import annotations

from congress.core.db import db
from congress.programme.planning.surroundings import Attendance
from congress.registration.bookings.attendance import attendance
from congress.registration.models import Booking
from congress.registration.states import State
from congress.registration.vocabulary import BookingState
from tests.factories import NOW, make_registration, the_city, the_congress, the_item


def test_those_count_who_take_part_and_hold_a_place(undone):
    before = attendance(the_congress())
    alone, *both = (make_registration(city=city) for city in ("lodz", "kanazawa", "kanazawa"))
    gone = make_registration(city="lodz")
    gone.state, gone.holds_place = State.CANCELLED, False
    workshop, visit = the_item("P037"), the_item("P038")
    for person, item, state in (
        (alone, workshop, BookingState.TAKEN), (both[0], workshop, BookingState.TAKEN), (both[1], visit, BookingState.WAITING),
        (gone, workshop, BookingState.TAKEN),
    ):  # fmt: skip
        db.session.add(Booking(registration_id=person.id, item_id=item.id, state=state, booked_at=NOW))
    db.session.flush()
    assert attendance(the_congress()) == Attendance(
        booked={**before.booked, workshop.id: frozenset({alone.id, both[0].id})},
        delegates={**before.delegates, the_city("lodz").id: 1, the_city("kanazawa").id: 2},
        fields={**before.fields, the_city("lodz").id: frozenset({"film"})},
        participants=(before.participants or 0) + 3,
    )
