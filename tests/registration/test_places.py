"""Who gets the next place: at the congress, in a category, in a delegation, in a session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from congress.core.db import db
from congress.delegates.models import CategoryTerms
from congress.delegates.vocabulary import Category
from congress.outbox.models import Message
from congress.registration import places, refusals, services
from congress.registration.bookings import offers
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.models import Registration
from congress.registration.states import State
from congress.registration.vocabulary import BookingState
from tests.factories import HOSTS, NOW, give_room, make_applicant, make_registration, the_congress, the_item
from tests.statements import statements

KEY = "test-only-key-0123456789-abcdefghijklmnop"


def register(minutes: int = 0, **changes: object) -> Registration:
    return services.register(the_congress(), make_applicant(**changes), key=KEY, now=NOW + timedelta(minutes=minutes))


def mails(registration: Registration) -> list[str]:
    found = db.session.scalars(select(Message).where(Message.about == f"registration:{registration.id}").order_by(Message.id))
    return [each.template for each in found]


def test_over_the_limit_of_a_city_people_wait_and_the_longest_waiting_is_served(undone):
    give_room("kanazawa", 1)
    has, first, second = (register(minutes) for minutes in range(3))
    assert [each.state for each in (has, first, second)] == [State.SUBMITTED, State.WAITING, State.WAITING]
    assert [places.number_in_queue(each) for each in (has, first, second)] == [0, 1, 2]
    services.withdraw(has, now=NOW)
    assert [each.state for each in (has, first, second)] == [State.CANCELLED, State.SUBMITTED, State.WAITING]
    assert (mails(first), mails(second)) == (["registration_waiting", "registration_received"], ["registration_waiting"])


def test_a_full_delegation_does_not_stop_other_cities(undone):
    for city in ("kanazawa", "auckland"):
        give_room(city, 1)
    kanazawa, auckland = make_registration(), register(city="auckland")
    give_room("kanazawa", 1)
    behind_kanazawa, behind_auckland = register(1), register(2, city="auckland")
    services.withdraw(auckland, now=NOW)
    assert [each.state for each in (kanazawa, behind_kanazawa, behind_auckland)] == [
        State.SUBMITTED, State.WAITING, State.SUBMITTED,
    ]  # fmt: skip


def test_a_category_has_its_own_limit(undone):
    db.session.add(CategoryTerms(congress_id=the_congress().id, category=Category.PRESS, max_people=1))
    press = [register(minutes, category=Category.PRESS, city="") for minutes in range(2)]
    other = register(3, category=Category.SPEAKER, city="")
    assert [each.state for each in (*press, other)] == [State.SUBMITTED, State.WAITING, State.SUBMITTED]


def test_who_comes_later_never_overtakes_where_a_limit_was_raised_and_nobody_has_looked(undone):
    give_room("kanazawa", 1)
    register()
    waits = register(1)
    give_room("kanazawa", 2)
    newcomer = register(2)
    assert (waits.state, newcomer.state) == (State.SUBMITTED, State.WAITING)


def test_an_offer_is_kept_until_it_ends_and_then_goes_to_the_next(undone):
    the_congress().offer_hours = 24
    give_room("kanazawa", 1)
    has, first, second = (register(minutes) for minutes in range(3))
    services.withdraw(has, now=NOW)
    assert (first.state, first.holds_place, first.offered_until) == (State.WAITING, True, NOW + timedelta(hours=24))
    assert offers.lapse_offers(the_congress(), now=NOW + timedelta(hours=24) - timedelta(seconds=1)) == 0
    assert offers.lapse_offers(the_congress(), now=NOW + timedelta(hours=24)) == 1
    assert (first.state, second.holds_place, mails(first)[-1], mails(second)[-1]) == (
        State.CANCELLED, True, "registration_offer_ended", "registration_offered",
    )  # fmt: skip
    offers.accept_offer(second, now=NOW + timedelta(hours=25))
    assert (second.state, second.offered_until) == (State.SUBMITTED, None)


def test_an_offer_that_has_ended_is_not_taken(undone):
    the_congress().offer_hours = 1
    give_room("kanazawa", 1)
    has, first = register(), register(1)
    services.withdraw(has, now=NOW)
    with pytest.raises(refusals.NoPlace):
        offers.accept_offer(first, now=NOW + timedelta(hours=1))


def test_who_is_put_on_the_waiting_list_goes_behind_the_others(undone):
    give_room("kanazawa", 1)
    has, first = register(), register(1)
    services.put_on_waiting_list(has, actor=HOSTS, now=NOW + timedelta(hours=1))
    assert (has.state, first.state, places.number_in_queue(has)) == (State.WAITING, State.SUBMITTED, 1)


def test_who_comes_back_gets_a_place_or_waits_and_another_link(undone):
    give_room("kanazawa", 1)
    gone = register()
    link = gone.link_digest
    services.withdraw(gone, now=NOW)
    register(1)
    services.bring_back(gone, actor=HOSTS, now=NOW + timedelta(hours=1))
    assert (gone.state, gone.link_digest != link, mails(gone)[-1]) == (State.WAITING, True, "registration_waiting")


def test_serving_asks_as_many_statements_for_many_who_wait_in_vain_as_for_few(undone):
    give_room("kanazawa", 1)
    register()
    counts = []
    for more in (1, 6):
        for minutes in range(more):
            register(minutes)
        db.session.flush()
        with statements() as asked:
            services.serve_next(the_congress(), now=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def states(code: str, *people: Registration) -> list[BookingState | None]:
    found = [booking_queries.bookings_of(each).get(code) for each in people]
    return [each.state if each else None for each in found]


def three_for_one_place() -> list[Registration]:
    the_item("P037").places = 1
    people = [make_registration() for _each in range(3)]
    for minutes, each in enumerate(people):
        bookings.choose(each, the_item("P037"), now=NOW + timedelta(minutes=minutes), may_wait=True)
    return people


def test_a_freed_place_in_a_session_goes_to_the_next_with_a_mail(undone):
    has, first, second = three_for_one_place()
    bookings.drop(has, the_item("P037"), now=NOW)
    assert states("P037", has, first, second) == [None, BookingState.TAKEN, BookingState.WAITING]
    assert [mails(each)[1:] for each in (has, first, second)] == [[], ["booking_given"], []]


def test_who_withdraws_gives_back_the_places_in_sessions(undone):
    has, first, second = three_for_one_place()
    services.withdraw(has, now=NOW)
    assert states("P037", has, first, second) == [None, BookingState.TAKEN, BookingState.WAITING]


def test_an_offer_in_a_session_ends_and_goes_to_the_next(undone):
    has, first, second = three_for_one_place()
    item = the_item("P037")
    item.offer_hours = 2
    bookings.drop(has, item, now=NOW)
    assert states("P037", first, second) == [BookingState.OFFERED, BookingState.WAITING]
    assert (list(booking_queries.items_with_lapsed_offers(NOW + timedelta(hours=1))), bookings.lapse_offers(item, now=NOW)) == (
        [],
        0,
    )
    assert list(booking_queries.items_with_lapsed_offers(NOW + timedelta(hours=2))) == [item.id]
    assert bookings.lapse_offers(item, now=NOW + timedelta(hours=2)) == 1
    assert states("P037", first, second) == [None, BookingState.OFFERED]
    assert (mails(first)[1:], mails(second)[1:]) == (["booking_offered", "booking_lapsed"], ["booking_offered"])
    with pytest.raises(refusals.NoPlace):
        bookings.accept_offer(first, item, now=NOW + timedelta(hours=2))
