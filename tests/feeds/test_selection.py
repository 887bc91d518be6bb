"""Which entries a feed holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.feeds.selection import (
    PARTIAL,
    WHOLE,
    Contents,
    Feed,
    contents,
    feeds,
    find_feed,
    for_calendar,
    preview,
    sorted_into_feeds,
    span,
    speaker_slug,
)
from congress.programme.entries import Place
from tests.factories import make_entry, utc
from tests.programme.strategies import drafts, thoroughly

ENDS = date(2018, 6, 15)
ZONE = ZoneInfo("Europe/Warsaw")
PEOPLE = (("speaker", "Olga Brzezińska"), ("chair", "Marek Moś (conductor)"), ("speaker", "?!"))
PLENARY = make_entry(code="PLENARY", place=Place(city="krakow", venue="ice"), people=PEOPLE)
MAYORS = make_entry(code="MAYORS", kind="mayors", people=(("speaker", "Olga Brzezinska"),))
MUSIC = make_entry(code="MUSIC", kind="subgroup", field="music")
CONCERT = make_entry(code="P053", item="P048", audience="everyone", field="music", place=Place(city="katowice"))
COACH = make_entry(code="COACH", kind="transfer", place=Place(city="krakow", other_city="katowice"))
SECRET = make_entry(
    code="SECRET", kind="subgroup", field="music", audience="everyone", is_listed=False,
    place=Place(city="krakow", venue="ice"), people=PEOPLE,
)  # fmt: skip
ALL = [PLENARY, MAYORS, MUSIC, CONCERT, COACH, SECRET]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("programme", ["PLENARY", "MAYORS", "MUSIC", "P053", "COACH"]),
        ("plenary", ["PLENARY", "MAYORS", "P053"]),
        ("subgroups", ["MUSIC"]),
        ("events", ["P053"]),
        ("field-music", ["MUSIC", "P053"]),
        ("city-katowice", ["P053", "COACH"]),
        ("city-krakow", ["PLENARY", "COACH"]),
        ("venue-ice", ["PLENARY"]),
        ("kind-plenary", ["PLENARY", "P053"]),
        ("kind-subgroup", ["MUSIC"]),
        ("kind-city_presentation", []),
        ("speaker-olga-brzezinska", ["PLENARY", "MAYORS"]),
        ("speaker-marek-mos-conductor", ["PLENARY"]),
        ("session-P048", ["P053"]),
        ("session-P053", []),
        ("session-SECRET", []),
    ],
)
def test_a_feed_holds_just_these(name, codes):
    feed = find_feed(name)
    assert feed.name == name
    assert [entry.code for entry in ALL if feed.holds(entry)] == codes


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-",
        "day-",
        "day-2018",
        "day-music",
        "field",
        "field-",
        "plenary-x",
        "person-1",
        "Programme",
        "programme-",
        "kind-",
        "speaker-",
    ],
)
def test_there_is_no_feed_of_another_name(name):
    assert find_feed(name) is None


def test_the_feeds_of_a_page_are_those_that_hold_something():
    assert [feed.name for feed in feeds(ALL)] == [
        "programme", "plenary", "subgroups", "events", "field-music", "kind-plenary", "kind-mayors", "kind-subgroup",
        "kind-transfer", "city-krakow", "city-katowice", "venue-ice", "speaker-olga-brzezinska", "speaker-marek-mos-conductor",
    ]  # fmt: skip
    assert feeds([SECRET]) == []


@thoroughly
@given(drafts)
def test_each_feed_of_a_page_has_just_what_it_holds(draft):
    for feed, held in sorted_into_feeds(draft).items():
        assert held == [entry for entry in draft if feed.holds(entry)]
        assert held != []


@thoroughly
@given(drafts)
def test_no_feed_is_missing_on_the_page(draft):
    possible = {Feed(kind) for kind in WHOLE} | {
        Feed(kind, about) for kind in PARTIAL for about in ("music", "literature", "plenary", "subgroup") if kind != "session"
    }
    assert set(feeds(draft)) == {feed for feed in possible if any(feed.holds(entry) for entry in draft)}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Zoska, Ciśnienie, Hengelo, Nottoeasy (among others)", "zoska-cisnienie-hengelo-nottoeasy-among-others"),
        ("7 subnetwork coordinators", "7-subnetwork-coordinators"),
        ("a" * 51 + " b" * 9, "a" * 51),
        ("宮沢賢治", ""),
    ],
)
def test_a_name_is_written_so_in_the_name_of_a_feed(name, slug):
    assert speaker_slug(name) == slug


def test_the_name_of_a_feed_of_a_person_is_short():
    assert len(Feed("speaker", speaker_slug("Wojciech " * 20)).name) <= 60


@thoroughly
@given(drafts, st.sampled_from([*WHOLE, *PARTIAL]), st.sampled_from(["", "music", "literature", "P001", "P000"]))
def test_an_unlisted_entry_is_in_no_public_feed(draft, kind, about):
    assert [entry for entry in draft if Feed(kind, about).holds(entry) and not entry.is_listed] == []


def shown(entries: list, **options: object) -> list[str]:
    options = {"with_unconfirmed": False, "congress_ends_on": ENDS, "today": ENDS, **options}
    return [entry.code for entry in for_calendar(entries, **options)]


DATED = make_entry(code="DATED", timing="to_be_confirmed", starts_on=date(2018, 6, 12), ends_on=date(2018, 6, 12))
UNDATED = make_entry(code="UNDATED", timing="to_be_confirmed")
FESTIVAL = make_entry(code="FESTIVAL", timing="all_day", starts_on=date(2018, 6, 7), ends_on=date(2018, 6, 10))
TIMED = make_entry(code="TIMED", starts_at=utc(2018, 6, 12, 7), ends_at=None)
GONE = make_entry(code="GONE", status="cancelled")


def test_a_calendar_shows_what_has_a_time_or_days():
    assert shown([DATED, UNDATED, FESTIVAL, TIMED, GONE]) == ["FESTIVAL", "TIMED", "GONE"]


def test_what_is_to_be_confirmed_is_shown_on_its_day_when_asked_for():
    assert shown([DATED, UNDATED, FESTIVAL, TIMED], with_unconfirmed=True) == ["FESTIVAL", "DATED", "TIMED"]


@pytest.mark.parametrize(("days", "codes"), [(0, ["TIMED", "GONE"]), (30, ["TIMED", "GONE"]), (31, ["TIMED"])])
def test_what_was_cancelled_stays_until_thirty_days_after_the_congress(days, codes):
    assert shown([TIMED, GONE], today=ENDS + timedelta(days=days)) == codes


def test_a_page_counts_what_a_calendar_shows_and_its_days():
    entries = [DATED, FESTIVAL, TIMED, make_entry(code="SECRET", kind="workshop", is_listed=False)]
    named = [replace(entry, uid=entry.code) for entry in entries]

    whole = Contents(2, (date(2018, 6, 7), date(2018, 6, 12)), named[0])
    assert contents(named, ZONE, ENDS, ENDS) == {Feed("programme"): whole, Feed("plenary"): whole, Feed("kind", "plenary"): whole}


def test_a_feed_whose_times_are_to_be_confirmed_has_no_days_yet():
    assert contents([UNDATED], ZONE, ENDS, ENDS)[Feed("programme")] == Contents(0, None, UNDATED)


def test_the_days_of_entries_are_those_of_the_congress():
    late = make_entry(starts_at=utc(2018, 6, 12, 22, 30), ends_at=utc(2018, 6, 12, 23))
    assert span([late], ZONE) == (date(2018, 6, 13), date(2018, 6, 13))
    assert span([UNDATED], ZONE) is None


MORNING = make_entry(code="MORNING", starts_at=utc(2018, 6, 12, 7), ends_at=utc(2018, 6, 12, 8))
EVENING = make_entry(code="EVENING", starts_at=utc(2018, 6, 12, 18), ends_at=None)
NEXT_DAY = make_entry(code="NEXT", timing="all_day", starts_on=date(2018, 6, 13), ends_on=date(2018, 6, 13))


@pytest.mark.parametrize(
    ("now", "codes", "others_before"),
    [
        (utc(2018, 6, 1), ["MORNING", "EVENING"], False),
        (utc(2018, 6, 12, 7, 59), ["MORNING", "EVENING"], False),
        (utc(2018, 6, 12, 8), ["EVENING", "NEXT"], True),
        (utc(2018, 6, 12, 22), ["NEXT"], True),
        (utc(2018, 6, 13, 21, 59), ["NEXT"], True),
        (utc(2018, 6, 13, 22), ["MORNING", "EVENING"], False),
    ],
)
def test_a_preview_shows_what_comes_next_and_the_first_entries_when_all_is_over(now, codes, others_before):
    found, has_others = preview([MORNING, EVENING, NEXT_DAY], now, ZONE, most=2)
    assert ([entry.code for entry in found], has_others) == (codes, others_before)
