"""Who belongs to which network, as of a date."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from congress.core.db import db
from congress.networks import queries
from congress.networks.models import Designation, Membership
from congress.networks.vocabulary import Field, Level, OfficeKind, Precision
from tests.factories import the_city, the_network

JUNE_2018 = date(2018, 6, 12)


def test_networks_stand_in_the_order_in_which_they_were_made(undone):
    assert [network.slug for network in queries.networks()] == ["uccn", "koalicja-miast", "icc"]


@pytest.mark.parametrize(
    ("day", "members"),
    [(date(2003, 1, 1), 0), (date(2016, 6, 1), 116), (date(2017, 10, 30), 116), (JUNE_2018, 180)],
)
def test_uccn_had_so_many_members_on_that_day(undone, day, members):
    assert len(queries.members(the_network(), day)) == members


def test_uccn_had_so_many_cities_of_each_field_in_june_2018(undone):
    assert Counter(each.field_on(JUNE_2018) for each in queries.members(the_network(), JUNE_2018)) == {
        Field.CRAFTS_AND_FOLK_ART: 37,
        Field.DESIGN: 31,
        Field.MUSIC: 31,
        Field.LITERATURE: 28,
        Field.GASTRONOMY: 26,
        Field.MEDIA_ARTS: 14,
        Field.FILM: 13,
    }


def test_the_koalicja_miast_has_seven_cities(undone):
    assert sorted(each.city.slug for each in queries.members(the_network("koalicja-miast"), JUNE_2018)) == [
        "gdansk", "katowice", "lodz", "lublin", "poznan", "szczecin", "wroclaw",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("network", "city", "day", "is_member"),
    [
        ("uccn", "krakow", JUNE_2018, True),
        ("uccn", "krakow", date(2013, 10, 20), False),
        ("uccn", "krakow", date(2013, 10, 21), True),
        ("uccn", "katowice", JUNE_2018, True),
        ("uccn", "wroclaw", JUNE_2018, False),
        ("koalicja-miast", "wroclaw", JUNE_2018, True),
        ("koalicja-miast", "krakow", JUNE_2018, False),
        ("icc", "krakow", JUNE_2018, False),
        ("icc", "krakow", date(2021, 12, 31), True),
    ],
)
def test_a_city_is_a_member_from_its_day_on(undone, network, city, day, is_member):
    assert (queries.find_membership(the_network(network), the_city(city), day) is not None) is is_member


def test_a_city_that_only_took_the_index_is_no_member(undone):
    ballarat, icc = the_city("ballarat"), the_network("icc")
    assert queries.find_membership(icc, ballarat, JUNE_2018) is None
    assert [each.level for each in queries.memberships_of(ballarat) if each.network_id == icc.id] == [Level.INDEX_ONLY]


def make_membership(**values: object) -> Membership:
    made = Membership(network=the_network("koalicja-miast"), city=the_city("kanazawa"), level=Level.MEMBER, **values)
    db.session.add(made)
    db.session.flush()
    return made


@pytest.mark.parametrize(
    ("since", "until", "is_member"),
    [
        (JUNE_2018, None, True),
        (date(2018, 6, 13), None, False),
        (date(2016, 1, 1), date(2018, 6, 13), True),
        (date(2016, 1, 1), JUNE_2018, False),
        (None, None, True),
    ],
)
def test_a_membership_holds_from_its_first_day_until_the_day_it_ends(undone, since, until, is_member):
    made = make_membership(since=since, until=until)
    assert (queries.find_membership(made.network, made.city, JUNE_2018) is made) is is_member


def test_a_city_that_changes_its_field_has_the_old_one_until_that_day(undone):
    made = make_membership(since=date(2008, 1, 1), since_precision=Precision.DAY)
    made.designations = [
        Designation(field=Field.MEDIA_ARTS, since=date(2008, 1, 1), until=date(2023, 5, 1)),
        Designation(field=Field.GASTRONOMY, since=date(2023, 5, 1)),
    ]
    days = (date(2007, 12, 31), date(2008, 1, 1), date(2023, 4, 30), date(2023, 5, 1))
    assert [made.field_on(day) for day in days] == [None, Field.MEDIA_ARTS, Field.MEDIA_ARTS, Field.GASTRONOMY]


@pytest.mark.parametrize("typed", ["krakow", "Kraków", "KRAKOW", " krakow ", "Kraków, Poland", "Krakow, PL"])
def test_a_member_is_found_by_what_people_type(undone, typed):
    assert queries.find_member(the_network(), typed, JUNE_2018).city.slug == "krakow"


def test_a_member_is_found_by_its_name_in_another_language(undone):
    assert queries.find_member(the_network(), "Asuan", JUNE_2018).city.slug == "aswan"


@pytest.mark.parametrize("typed", ["", "Wrocław", "Atlantis", "kra", ", Poland", "x" * 500])
def test_no_member_is_found_for_anything_else(undone, typed):
    assert queries.find_member(the_network(), typed, JUNE_2018) is None


@pytest.mark.parametrize(("day", "held"), [(JUNE_2018, ["krakow"]), (date(2018, 6, 16), []), (date(2013, 12, 31), [])])
def test_an_office_is_held_for_its_time(undone, day, held):
    offices = queries.offices(the_network(), day)
    assert [each.city.slug for each in offices if each.kind is OfficeKind.COORDINATOR] == held


def test_a_city_tells_of_all_its_networks_the_oldest_first(undone):
    told = [(each.network.slug, each.since) for each in queries.memberships_of(the_city("katowice"))]
    assert told == [("uccn", date(2015, 12, 11)), ("koalicja-miast", date(2016, 1, 1))]


def test_a_city_has_one_current_membership_of_a_network(undone):
    make_membership(since=date(2016, 1, 1))
    with pytest.raises(IntegrityError):
        make_membership(since=date(2017, 1, 1))


def test_a_membership_ends_after_it_began(undone):
    with pytest.raises(IntegrityError):
        make_membership(since=JUNE_2018, until=JUNE_2018)
