"""Is the registration open?"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from congress.congresses.rules import closing, is_open, registration_phase
from tests.factories import utc

OPENS, CLOSES = utc(2018, 1, 15, 8), utc(2018, 6, 1, 8)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "now", "wanted"),
    [
        (OPENS, CLOSES, utc(2018, 1, 15, 7, 59), False),
        (OPENS, CLOSES, OPENS, True),
        (OPENS, CLOSES, utc(2018, 6, 1, 7, 59), True),
        (OPENS, CLOSES, CLOSES, False),
        (None, CLOSES, utc(2018, 3, 1), False),
    ],
)
def test_the_window_is_half_open_and_needs_an_opening(opens_at, closes_at, now, wanted):
    assert is_open(opens_at, closes_at, now) is wanted


def test_where_nobody_says_when_registration_closes_it_closes_with_the_last_day():
    zone, ends_on = ZoneInfo("Europe/Warsaw"), date(2018, 6, 15)
    assert [closing(said, ends_on, zone) for said in (None, CLOSES, utc(2030, 1, 1))] == [
        utc(2018, 6, 15, 22), CLOSES, utc(2030, 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "phase", "now", "wanted"),
    [
        (OPENS, CLOSES, "before", utc(2018, 1, 1), "later"),
        (OPENS, CLOSES, "before", OPENS, "open"),
        (OPENS, CLOSES, "before", CLOSES, "closed"),
        (OPENS, utc(2018, 6, 15, 22), "during", utc(2018, 6, 13), "open"),
        (OPENS, utc(2030, 1, 1), "after", utc(2018, 7, 1), ""),  # nobody is invited to what is over
        (None, CLOSES, "before", utc(2018, 3, 1), ""),
    ],
)
def test_what_a_first_page_says_of_registration(opens_at, closes_at, phase, now, wanted):
    assert registration_phase(opens_at, closes_at, phase, now) == wanted
