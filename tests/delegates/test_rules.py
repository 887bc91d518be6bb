"""The chase list as plain values: who is shown, who is silent, whom a mail goes to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from congress.core.localised import Localised
from congress.delegates.rules import (
    LACKING,
    SILENT,
    ChasedCity,
    Recipient,
    Wanted,
    counted,
    is_silent,
    is_wanted,
    plain_code,
    recipients,
)
from congress.delegates.vocabulary import DelegationState
from tests.factories import NOW

KENJI = Recipient("Kenji Contact", "main@kanazawa.example", "en")
DAYS_AGO = {days: NOW - timedelta(days=days) for days in range(40)}


def make_city(**changes: Any) -> ChasedCity:
    """Łódź, a city of film that was invited ten days ago."""
    values: dict[str, Any] = {
        "city_id": 1, "slug": "lodz", "names": Localised(en="Łódź", pl="Łódź"), "country_code": "PL",
        "country_names": Localised(en="Poland", pl="Polska"), "region": "europe_north_america", "fields": ("film",),
        "delegation_id": 7, "state": DelegationState.INVITED, "people": 0, "most": 3, "lacking": 0, "active_at": DAYS_AGO[10],
        "reminded_at": None, "contacts": (Recipient("Zoë Waits", "film@lodz.example", "pl"),), "level": "national_network",
    }  # fmt: skip
    return ChasedCity(**(values | changes))


@pytest.mark.parametrize(
    ("wanted", "is_shown"),
    [
        (Wanted(), True),
        (Wanted(state="invited"), True),
        (Wanted(state="opened"), False),
        (Wanted(field="film"), True),
        (Wanted(field="music"), False),
        (Wanted(level="national_network"), True),
        (Wanted(level="member"), False),
        (Wanted(region="europe_north_america"), True),
        (Wanted(region="africa"), False),
        (Wanted(country="PL"), True),
        (Wanted(country="JP"), False),
        (Wanted(typed="lodz"), True),
        (Wanted(typed="LODZ poland"), True),
        (Wanted(typed="polska"), True),
        (Wanted(typed="zoe"), True),
        (Wanted(typed="film@lodz"), True),
        (Wanted(typed="lodz japan"), False),
        (Wanted(silent_days=10), True),
        (Wanted(silent_days=11), False),
        (Wanted(state=SILENT), False),
        (Wanted(state="invited", country="PL", field="film", typed="lodz", silent_days=3), True),
    ],
)
def test_a_filter_leaves_what_fits_all_of_it(wanted, is_shown):
    assert is_wanted(make_city(), wanted, silent_days=14, now=NOW) is is_shown


@pytest.mark.parametrize("state", DelegationState)
def test_only_a_city_whose_turn_it_is_can_be_silent(state):
    expected = state in {DelegationState.INVITED, DelegationState.OPENED, DelegationState.DRAFTING}
    assert is_silent(make_city(state=state), 10, NOW) is expected


@pytest.mark.parametrize(("quiet", "expected"), [(timedelta(days=14), True), (timedelta(days=14, seconds=-1), False)])
def test_a_city_is_silent_from_the_last_second_of_the_fourteenth_day(quiet, expected):
    assert is_silent(make_city(active_at=NOW - quiet), 14, NOW) is expected


def test_every_city_is_counted_in_its_state_and_silent_ones_and_those_that_lack_data_once_more():
    cities = [
        make_city(active_at=DAYS_AGO[20]),
        make_city(active_at=DAYS_AGO[1]),
        make_city(state=DelegationState.CONFIRMED, lacking=2),
        make_city(state=DelegationState.DRAFTING, lacking=2),
        make_city(state=DelegationState.NOT_INVITED, active_at=None),
    ]
    assert counted(cities, silent_days=14, now=NOW) == {
        "invited": 2, "confirmed": 1, "drafting": 1, "not_invited": 1, SILENT: 1, LACKING: 1,
    }  # fmt: skip


def test_an_address_gets_one_mail_whoever_shares_it_and_whatever_its_case():
    mayor = Recipient("Mayor", "MAIN@Kanazawa.example", "pl")
    office = Recipient("Office", "office@kanazawa.example", "pl")
    assert recipients(None, [KENJI, mayor, office, Recipient("Nobody", "", "en")]) == [KENJI, office]


def test_who_holds_the_link_is_written_to_first():
    successor = Recipient("Mei", "mei@kanazawa.example", "en")
    assert recipients(successor, [KENJI]) == [successor, KENJI]


@pytest.mark.parametrize("typed", ["ABCD-EFGH", "abcdefgh", " abcd efgh ", "ABCD–EFGH"])
def test_a_code_is_read_however_people_type_it(typed):
    assert plain_code(typed) == "ABCDEFGH"
