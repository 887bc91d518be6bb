"""Turns in a session."""

from __future__ import annotations

import pytest

from congress.core.localised import Localised
from congress.programme.entries import Point
from congress.programme.people.order import Plan, Turn, of_entry, plan
from tests.factories import make_entry, utc

START, END = utc(2018, 6, 12, 9), utc(2018, 6, 12, 9, 30)


@pytest.mark.parametrize(("minutes", "over", "left"), [([10, 15], 0, 5), ([10, 20], 0, 0), ([20, 20], 10, 0), ([], 0, 30)])
def test_turns_run_on_from_the_start_and_what_is_too_long_is_counted(minutes, over, left):
    found = plan(minutes, START, END)

    assert (found.total, found.over, found.left) == (sum(minutes), over, left)
    assert [turn.ends_at for turn in found.turns[:-1]] == [turn.starts_at for turn in found.turns[1:]]


def test_after_somebody_without_minutes_no_time_is_known():
    assert plan([10, None, 5], START, END).turns == (
        Turn(START, utc(2018, 6, 12, 9, 10)),
        Turn(utc(2018, 6, 12, 9, 10), None),
        Turn(None, None),
    )


def test_without_a_time_the_minutes_still_add_up():
    assert plan([10, 5], None, None) == Plan((Turn(None, None), Turn(None, None)), 15)
    assert plan([10, 50], START, None).over == 0


def test_the_points_of_a_released_session_have_their_turns():
    point = Point(titles=Localised(en="Gamelan"), minutes=20)
    entry = make_entry(agenda=(point,), starts_at=START, ends_at=END)

    assert of_entry(entry) == [(point, Turn(START, utc(2018, 6, 12, 9, 20)))]
