"""Is the registration open?"""

from __future__ import annotations

import pytest

from congress.congresses.rules import is_open
from tests.factories import utc

OPENS, CLOSES = utc(2018, 1, 15, 8), utc(2018, 6, 1, 8)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "now", "wanted"),
    [
        (OPENS, CLOSES, utc(2018, 1, 15, 7, 59), False),
        (OPENS, CLOSES, OPENS, True),
        (OPENS, CLOSES, utc(2018, 6, 1, 7, 59), True),
        (OPENS, CLOSES, CLOSES, False),
        (OPENS, None, utc(2030, 1, 1), True),
        (None, CLOSES, utc(2018, 3, 1), False),
        (None, None, utc(2018, 3, 1), False),
    ],
)
def test_the_window_is_half_open_and_needs_an_opening(opens_at, closes_at, now, wanted):
    assert is_open(opens_at, closes_at, now) is wanted
