"""When the pages of the form are open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from congress.registration.form.windows import Access, Reopened, Slot, Standing, first_day, last_day, slot_of, standing
from tests.factories import NOW

HOUR = timedelta(hours=1)
PAST, SOON, LATER = NOW - HOUR, NOW + HOUR, NOW + 2 * HOUR


def until(closes_at, category=None, step=None):
    return Slot(category, step, None, closes_at)


@pytest.mark.parametrize(
    ("slots", "chosen"),
    [
        ([], None),
        ([until(PAST, "mayor")], None),
        ([until(PAST, step="needs")], None),
        ([until(PAST), until(SOON, step="travel")], until(SOON, step="travel")),
        ([until(PAST, "press"), until(SOON, step="travel")], until(PAST, "press")),
        ([until(PAST, "press"), until(SOON, "press", "travel")], until(SOON, "press", "travel")),
        ([until(SOON), until(LATER)], until(LATER)),
        ([until(LATER), until(None)], until(None)),
    ],
)
def test_the_most_specific_window_holds_a_role_before_a_page(slots, chosen):
    assert slot_of("travel", "press", slots) == chosen
    assert slot_of("travel", "press", slots[::-1]) == chosen


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        (None, Standing(Access.OPEN)),
        (Slot(None, None, None, None), Standing(Access.OPEN)),
        (Slot(None, None, SOON, LATER), Standing(Access.NOT_YET, SOON)),
        (Slot(None, None, NOW, LATER), Standing(Access.OPEN, LATER)),
        (Slot(None, None, PAST, NOW), Standing(Access.CLOSED, NOW)),
        (Slot(None, None, PAST, None), Standing(Access.OPEN)),
    ],
)
def test_a_window_is_half_open(slot, expected):
    assert standing("travel", "press", [slot] if slot else [], [], now=NOW) == expected


@pytest.mark.parametrize(
    ("reopened", "expected"),
    [
        (Reopened("travel", SOON), Standing(Access.OPEN, SOON)),
        (Reopened(None, SOON), Standing(Access.OPEN, SOON)),
        (Reopened("needs", SOON), Standing(Access.CLOSED, PAST)),
        (Reopened("travel", NOW), Standing(Access.CLOSED, PAST)),
    ],
)
def test_what_is_closed_is_opened_for_one_person_until_then(reopened, expected):
    assert standing("travel", "press", [until(PAST)], [reopened], now=NOW) == expected


def test_an_exception_that_ends_earlier_takes_nothing_away():
    assert standing("travel", "press", [until(LATER)], [Reopened(None, SOON)], now=NOW) == Standing(Access.OPEN, LATER)


def test_what_is_not_open_yet_may_be_opened_for_one_person():
    early = standing("travel", "press", [Slot(None, None, SOON, LATER)], [Reopened(None, SOON)], now=NOW)
    assert early == Standing(Access.OPEN, LATER)


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        ("2018-05-21 00:00", date(2018, 5, 21), date(2018, 5, 20)),
        ("2018-05-21 00:01", None, None),
        ("2018-03-26 00:00", date(2018, 3, 26), date(2018, 3, 25)),  # of a day of 23 hours
        ("2018-01-01 00:00", date(2018, 1, 1), date(2017, 12, 31)),
    ],
)
def test_what_begins_or_ends_at_midnight_there_is_a_whole_day(at, first, last):
    warsaw = ZoneInfo("Europe/Warsaw")
    moment = datetime.fromisoformat(at).replace(tzinfo=warsaw).astimezone(ZoneInfo("Asia/Tokyo"))
    assert (first_day(moment, warsaw), last_day(moment, warsaw)) == (first, last)
