"""May this be placed so?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.programme.rules import are_days_possible, is_length_possible, local_instant
from tests.factories import utc

WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.mark.parametrize(
    ("day", "hour", "minute", "instant"),
    [
        (date(2018, 6, 12), 9, 0, utc(2018, 6, 12, 7)),
        (date(2018, 1, 12), 9, 0, utc(2018, 1, 12, 8)),
        (date(2018, 3, 25), 1, 59, utc(2018, 3, 25, 0, 59)),
        (date(2018, 3, 25), 2, 0, None),  # clocks go from 2:00 to 3:00
        (date(2018, 3, 25), 2, 59, None),
        (date(2018, 3, 25), 3, 0, utc(2018, 3, 25, 1)),
        (date(2018, 10, 28), 2, 30, utc(2018, 10, 28, 0, 30)),  # the first of two
        (date(2018, 10, 28), 3, 0, utc(2018, 10, 28, 2)),
    ],
)
def test_a_wall_clock_time_is_an_instant_unless_clocks_skip_it(day, hour, minute, instant):
    assert local_instant(day, hour, minute, WARSAW) == instant


def test_a_whole_day_that_a_country_skipped_has_no_instants():
    assert local_instant(date(2011, 12, 30), 12, 0, ZoneInfo("Pacific/Apia")) is None


minutes = st.integers(0, 40 * 366 * 1440).map(lambda count: datetime(2000, 1, 1) + timedelta(minutes=count))  # noqa: DTZ001


@given(minutes, st.sampled_from(["Europe/Warsaw", "Asia/Tokyo", "America/New_York", "Pacific/Apia"]))
def test_an_instant_shows_the_time_it_was_made_of(local, name):
    instant = local_instant(local.date(), local.hour, local.minute, ZoneInfo(name))
    assert instant is None or instant.astimezone(ZoneInfo(name)).replace(tzinfo=None) == local


@pytest.mark.parametrize(
    ("length", "possible"),
    [
        (timedelta(0), False),
        (-timedelta(minutes=1), False),
        (timedelta(minutes=1), True),
        (timedelta(hours=24), True),
        (timedelta(hours=24, minutes=1), False),
    ],
)
def test_a_session_ends_after_it_starts_and_within_a_day(length, possible):
    start = datetime(2018, 6, 12, 9, tzinfo=UTC)
    assert is_length_possible(start, start + length) is possible


@pytest.mark.parametrize(("length", "possible"), [(-1, False), (0, True), (120, True), (121, False)])
def test_days_are_in_order_and_not_longer_than_a_season(length, possible):
    assert are_days_possible(date(2018, 6, 1), date(2018, 6, 1) + timedelta(days=length)) is possible
