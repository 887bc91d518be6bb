"""The chase list as it is read: each member city once, with the same number of statements for one delegation and for many."""

from __future__ import annotations

from datetime import date

from congress.core.db import db
from congress.delegates import chasing, queries, services
from congress.delegates.rules import ChasedCity, Recipient
from congress.delegates.vocabulary import DelegationState
from congress.networks.models import Designation, Membership
from congress.networks.vocabulary import Field, Level, Precision
from congress.registration.delegations import city_queries
from congress.web import chase
from tests.factories import NOW, make_contact, make_registration, the_city, the_congress, the_network
from tests.statements import statements

MEMBERS = 180


def the_list() -> dict[str, ChasedCity]:
    found = queries.chase_list(the_congress(), city_queries.places_taken(the_congress()), {})
    slugs = [each.slug for each in found]
    assert len(slugs) == len(set(slugs))
    return {each.slug: each for each in found}


def test_every_member_city_stands_in_the_list_once_with_what_is_known_of_it(undone):
    before = len(the_list())
    make_contact("kanazawa")
    make_registration()
    chasing.invite(the_congress(), [the_city("kanazawa")], by="olga@krakowice.example", now=NOW)
    found = the_list()
    assert (before, len(found)) == (MEMBERS, MEMBERS)
    city = the_city("kanazawa")
    assert found["kanazawa"] == ChasedCity(
        city_id=city.id, slug="kanazawa", names=city.names, country_code="JP", country_names=city.country.names,
        region="asia_pacific", fields=("crafts_and_folk_art",),
        delegation_id=services.delegation_of(the_congress(), city).id, state=DelegationState.INVITED, people=1, most=services.delegation_of(the_congress(), city).most, lacking=0,
        active_at=NOW, reminded_at=None, contacts=(Recipient("Kenji Contact", "main@kanazawa.example", "en"),),
        level="member",
    )  # fmt: skip


def test_a_city_with_two_memberships_stands_there_once_with_both_fields(undone):
    second = Membership(
        network=the_network(), city=the_city("kanazawa"), level=Level.MEMBER, since=date(2010, 1, 1),
        since_precision=Precision.DAY, until=date(2030, 1, 1),
    )  # fmt: skip
    second.designations.append(Designation(field=Field.MUSIC, since=date(2010, 1, 1)))
    db.session.add(second)
    db.session.flush()
    found = the_list()
    assert (len(found), sorted(found["kanazawa"].fields)) == (MEMBERS, ["crafts_and_folk_art", "music"])


def test_a_delegation_of_a_city_that_is_no_member_any_more_is_not_lost(undone):
    delegation = services.delegation_of(the_congress(), the_city("wroclaw"))
    assert (the_list()["wroclaw"].delegation_id, the_list()["wroclaw"].is_member) == (delegation.id, False)


def test_the_list_asks_as_much_for_one_delegation_as_for_many(undone):
    def asked() -> int:
        db.session.flush()
        db.session.expire_all()
        congress = the_congress()
        with statements() as seen:
            shown = chase.chase_list(congress, chase.wanted({}), now=NOW).shown
            assert len(chase.table(congress, shown, now=NOW)) == MEMBERS + 1
        return len(seen)

    make_contact("kanazawa")
    one = asked()
    for slug in ("bologna", "dakar", "lodz"):
        make_contact(slug)
        make_registration(city=slug)
        chasing.invite(the_congress(), [the_city(slug)], by="olga@krakowice.example", now=NOW)
    assert asked() == one


def test_what_an_address_says_wrong_asks_for_nothing():
    wrong = {"state": "lost", "field": "dance", "region": "mars", "country": "Japan", "silent_days": "-1", "q": "a\x00b"}
    assert chase.wanted(wrong) == chase.wanted({"country": "Ja"})
    assert chase.wanted({"silent_days": "٣"}).silent_days is None
    assert chase.wanted({"silent_days": "999999"}).silent_days == 3650
