"""Frozen entries."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from congress.core.localised import Localised
from congress.programme.entries import Place, Point, from_json, to_json
from tests.factories import make_entry, utc
from tests.programme.strategies import drafts, entries, instants, thoroughly

WARSAW = ZoneInfo("Europe/Warsaw")


@thoroughly
@given(entries(), st.integers(0, 99), st.none() | instants)
def test_an_entry_comes_back_from_json_as_it_was(entry, sequence, stamp):
    entry = replace(entry, sequence=sequence, created_at=stamp, last_modified=stamp)
    assert from_json(json.loads(json.dumps(to_json(entry)))) == entry


def test_json_holds_only_what_is_said():
    entry = make_entry(place=Place(city="krakow", city_names=Localised(en="Kraków")), people=(("chair", "Anna"),), is_listed=True)
    assert to_json(entry) == {
        "uid": entry.uid,
        "code": "P022",
        "item": "P022",
        "type": "session",
        "kind": "plenary",
        "titles": {"en": "Opening", "pl": "Otwarcie"},
        "audience": "delegates",
        "is_listed": True,
        "is_plausible": False,
        "people": [["chair", "Anna"]],
        "timing": "timed",
        "starts_at": "2018-06-12T07:00:00+00:00",
        "ends_at": "2018-06-12T08:00:00+00:00",
        "place": {"city": "krakow", "city_names": {"en": "Kraków"}},
        "status": "confirmed",
        "sequence": 0,
        "created_at": "2018-05-02T09:00:00+00:00",
        "last_modified": "2018-05-02T09:00:00+00:00",
    }


def test_a_field_that_a_newer_version_added_takes_its_default():
    content = to_json(make_entry())
    del content["is_listed"]
    assert from_json(content) == make_entry(is_listed=True)


def test_a_timed_entry_stands_on_its_first_day_in_the_congress_zone():
    late = make_entry(starts_at=utc(2018, 6, 14, 22, 30), ends_at=utc(2018, 6, 15, 1))
    assert late.days(WARSAW) == (date(2018, 6, 15),)


def test_a_long_entry_stands_on_each_day():
    festival = make_entry(timing="all_day", starts_on=date(2018, 6, 7), ends_on=date(2018, 6, 9))
    assert festival.days(WARSAW) == (date(2018, 6, 7), date(2018, 6, 8), date(2018, 6, 9))


def test_an_entry_without_time_stands_on_no_day():
    assert make_entry(timing="to_be_confirmed").days(WARSAW) == ()


def test_long_entries_come_before_timed_ones_and_undated_ones_last():
    undated = make_entry(code="A", timing="to_be_confirmed")
    evening = make_entry(code="B", starts_at=utc(2018, 6, 12, 18), ends_at=None)
    morning = make_entry(code="C", starts_at=utc(2018, 6, 12, 7), ends_at=utc(2018, 6, 12, 9))
    shorter = make_entry(code="D", starts_at=utc(2018, 6, 12, 7), ends_at=utc(2018, 6, 12, 8))
    festival = make_entry(code="E", timing="all_day", starts_on=date(2018, 6, 12), ends_on=date(2018, 6, 13))
    ordered = sorted([undated, evening, morning, shorter, festival], key=lambda entry: entry.order(WARSAW))
    assert [entry.code for entry in ordered] == ["E", "D", "C", "B", "A"]


@thoroughly
@given(drafts)
def test_days_never_go_back_in_an_ordered_programme(draft):
    ordered = sorted(draft, key=lambda entry: entry.order(WARSAW))
    first_days = [min(entry.days(WARSAW), default=date.max) for entry in ordered]
    assert first_days == sorted(first_days)


def test_a_transfer_is_in_both_its_cities():
    assert make_entry(place=Place(city="krakow", other_city="katowice")).cities == ("krakow", "katowice")
    assert make_entry().cities == ()


def test_a_tour_within_one_city_is_in_it_once():
    assert make_entry(place=Place(city="krakow", other_city="krakow")).cities == ("krakow",)


def test_an_entry_without_somebody_says_nothing_of_them_and_survives_being_stored():
    point = Point(part="mayor", name="Nomsa", city_names=Localised(en="Kanazawa"), minutes=5)
    entry = make_entry(people=(("mayor", "Nomsa"), ("chair", "Olga")), speakers={"Nomsa": "id-1"}, agenda=(point,))

    assert from_json(to_json(entry)) == entry
    without = entry.without({"Nomsa"})
    assert (without.people, dict(without.speakers)) == ((("chair", "Olga"),), {})
    assert without.agenda == (Point(part="mayor", city_names=Localised(en="Kanazawa"), minutes=5),)
    assert entry.without(set()) is entry
