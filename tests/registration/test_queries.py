"""Reads about registrations."""

from __future__ import annotations

from congress.delegates.vocabulary import Category
from congress.registration import queries, services
from congress.registration.bookings import services as bookings
from congress.registration.rules import Attendee
from tests.factories import NOW, make_registration, the_congress, the_item


def test_everybody_who_takes_part_is_as_the_rules_see_each_of_them(undone):
    guest = make_registration(city="", category=Category.PRESS)
    musician = make_registration(city="katowice")
    left = make_registration(city="kanazawa")
    bookings.choose(musician, the_item("P048"), now=NOW)
    services.withdraw(left, now=NOW)
    everybody = queries.attendees(the_congress())
    assert left.id not in everybody
    assert everybody[guest.id] == Attendee("press")
    assert everybody[musician.id] == Attendee("delegate", "music", chosen=frozenset({"P048"}))
    live = [each for each in queries.registrations(the_congress()) if each.is_live]
    assert everybody == {each.id: queries.attendee(each) for each in live}
