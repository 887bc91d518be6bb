"""When the pages of the form are open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from congress.registration.form.windows import Access, Reopened, Slot, Standing, slot_of, standing
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
