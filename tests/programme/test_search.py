"""Finding in a programme."""

from __future__ import annotations

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.localised import Localised
from congress.programme.entries import Place
from congress.programme.search import Day, Filter, by_day, chosen, counts
from tests.factories import make_entry, utc
from tests.programme.strategies import drafts, thoroughly

WARSAW = ZoneInfo("Europe/Warsaw")
ICE = Place(city="krakow", city_names=Localised(en="Kraków"), venue="ice", venue_names=Localised(pl="Centrum Kongresowe ICE"))
COACH = Place(city="krakow", other_city="katowice", other_city_names=Localised(en="Katowice"))

OPENING = make_entry(uid="1", code="OPENING", place=ICE, languages=("en", "pl"), people=(("speaker", "Adam Zagajewski"),))
MUSIC = make_entry(
    uid="2", code="MUSIC", kind="subgroup", field="music", starts_at=utc(2018, 6, 13, 7), titles=Localised(pl="Łódzka noc")
)
FAIR = make_entry(uid="3", code="FAIR", kind="accompanying", audience="everyone", timing="to_be_confirmed")
BREAD = make_entry(
    uid="4", code="BREAD", audience="everyone", timing="all_day", starts_on=date(2018, 6, 12), ends_on=date(2018, 6, 13)
)
TRANSFER = make_entry(uid="5", code="TRANSFER", kind="transfer", place=COACH, starts_at=utc(2018, 6, 14, 6))
SECRET = make_entry(uid="6", code="SECRET", is_listed=False)
ALL = [OPENING, MUSIC, FAIR, BREAD, TRANSFER, SECRET]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (Filter(), ["OPENING", "MUSIC", "FAIR", "BREAD", "TRANSFER"]),
        (Filter(day="2018-06-12"), ["OPENING", "BREAD"]),
        (Filter(day="none"), ["FAIR"]),
        (Filter(day="yesterday"), []),
        (Filter(city="katowice"), ["TRANSFER"]),
        (Filter(city="krakow"), ["OPENING", "TRANSFER"]),
        (Filter(venue="ice"), ["OPENING"]),
        (Filter(field="music"), ["MUSIC"]),
        (Filter(kind="plenary"), ["OPENING", "BREAD"]),
        (Filter(language="pl"), ["OPENING"]),
        (Filter(open="1"), ["FAIR", "BREAD"]),
        (Filter(q="zagajewski"), ["OPENING"]),
        (Filter(q="LODZKA"), ["MUSIC"]),
        (Filter(q="kongresowe adam"), ["OPENING"]),
        (Filter(q="katowice"), ["TRANSFER"]),
        (Filter(q="fair"), ["FAIR"]),
        (Filter(q="secret"), []),
        (Filter(q="   "), ["OPENING", "MUSIC", "FAIR", "BREAD", "TRANSFER"]),
        (Filter(day="2018-06-13", open="1"), ["BREAD"]),
    ],
)
def test_a_filter_chooses_just_these(wanted, codes):
    assert [entry.code for entry in chosen(ALL, wanted, WARSAW)] == codes


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("day", {"2018-06-12": 2, "2018-06-13": 2, "2018-06-14": 1, "none": 1}),
        ("city", {"krakow": 2, "katowice": 1}),
        ("venue", {"ice": 1}),
        ("field", {"music": 1}),
        ("kind", {"plenary": 2, "subgroup": 1, "accompanying": 1, "transfer": 1}),
        ("language", {"en": 1, "pl": 1}),
        ("open", {"1": 2}),
    ],
)
def test_each_value_of_a_filter_is_counted(name, counted):
    assert counts(ALL, Filter(), WARSAW, name) == Counter(counted)


@thoroughly
@given(drafts, st.sampled_from(["day", "city", "venue", "field", "kind", "language", "open"]))
def test_choosing_a_counted_value_shows_as_many_as_were_counted(draft, name):
    for value, number in counts(draft, Filter(), WARSAW, name).items():
        assert len(chosen(draft, Filter(**{name: value}), WARSAW)) == number


def test_a_filter_does_not_narrow_its_own_counts():
    assert counts(ALL, Filter(kind="subgroup", day="2018-06-13"), WARSAW, "kind") == Counter(subgroup=1, plenary=1)


def test_an_empty_filter_says_so_and_gives_nothing_for_the_address():
    assert (Filter().is_empty, Filter().given(), Filter(q="x").is_empty) == (True, {}, False)
    assert Filter(day="none", q="x").given() == {"day": "none", "q": "x"}


def test_days_stand_in_order_and_what_has_no_date_last():
    assert by_day(ALL[:5], WARSAW) == [
        Day(date(2018, 6, 12), ((OPENING,), (BREAD,))),
        Day(date(2018, 6, 13), ((MUSIC,), (BREAD,))),
        Day(date(2018, 6, 14), ((TRANSFER,),)),
        Day(None, ((FAIR,),)),
    ]


def test_parallel_meetings_of_the_fields_are_one_group():
    film = make_entry(uid="7", kind="subgroup", field="film", starts_at=MUSIC.starts_at)
    later = make_entry(uid="8", kind="subgroup", field="design", starts_at=utc(2018, 6, 13, 7, 30))
    assert by_day([MUSIC, film, later], WARSAW) == [Day(date(2018, 6, 13), ((MUSIC, film), (later,)))]
