"""Which entries a feed holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.feeds.selection import PARTIAL, WHOLE, Feed, feeds, find_feed, for_calendar
from congress.programme.entries import Place
from tests.factories import make_entry, utc
from tests.programme.strategies import drafts, thoroughly

ENDS = date(2018, 6, 15)
PLENARY = make_entry(code="PLENARY", place=Place(city="krakow", venue="ice"))
MAYORS = make_entry(code="MAYORS", kind="mayors")
MUSIC = make_entry(code="MUSIC", kind="subgroup", field="music")
CONCERT = make_entry(code="P053", item="P048", audience="everyone", field="music", place=Place(city="katowice"))
COACH = make_entry(code="COACH", kind="transfer", place=Place(city="krakow", other_city="katowice"))
SECRET = make_entry(
    code="SECRET", kind="subgroup", field="music", audience="everyone", is_listed=False, place=Place(city="krakow", venue="ice")
)
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
        ("session-P048", ["P053"]),
        ("session-P053", []),
        ("session-SECRET", []),
    ],
)
def test_a_feed_holds_just_these(name, codes):
    feed = find_feed(name)
    assert feed.name == name
    assert [entry.code for entry in ALL if feed.holds(entry)] == codes


@pytest.mark.parametrize("name", ["", "-", "field", "field-", "plenary-x", "person-1", "Programme", "programme-"])
def test_there_is_no_feed_of_another_name(name):
    assert find_feed(name) is None


def test_the_feeds_of_a_page_are_those_that_hold_something():
    assert [feed.name for feed in feeds(ALL)] == [
        "programme", "plenary", "subgroups", "events", "field-music", "city-krakow", "city-katowice", "venue-ice",
    ]  # fmt: skip
    assert feeds([SECRET]) == []


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
