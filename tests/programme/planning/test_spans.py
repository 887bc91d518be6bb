"""Times as people write them."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from congress.programme.planning.spans import Span, Unreadable, read_hours, read_spans, written_hours, written_spans
from tests.factories import utc

WARSAW = ZoneInfo("Europe/Warsaw")


def test_opening_hours_are_read_as_they_are_written(undone):
    hours = {date(2018, 6, 12): (time(9), time(18)), date(2018, 6, 13): None, date(2018, 6, 14): (time(20), time(2))}
    assert read_hours("2018-06-13 closed\n\n 2018-06-12 9:00 - 18.00 \n2018-06-14 20:00–02:00") == hours
    assert read_hours(written_hours(hours)) == hours
    assert read_hours("2018-06-13 zamknięte") == {date(2018, 6, 13): None}
    assert read_hours("2018-06-12 09:00–24:00") == {date(2018, 6, 12): (time(9), time(0))}


def test_times_of_absence_are_read_as_they_are_written():
    spans = [
        Span(utc(2018, 6, 12, 7), utc(2018, 6, 12, 10), "rehearsal"),
        Span(utc(2018, 6, 12, 20), utc(2018, 6, 12, 23)),
        Span(utc(2018, 6, 12, 22), utc(2018, 6, 13, 22), "away"),
    ]
    text = "2018-06-12 09:00–12:00 rehearsal\n2018-06-12 22:00–01:00\n2018-06-13 away"
    assert read_spans(text, WARSAW) == spans
    assert written_spans(spans, WARSAW) == text


@pytest.mark.parametrize(
    "text",
    ["Tuesday", "2018-02-30", "9999-12-31", "2018-06-12", "2018-06-12 18:00–18:00", "2018-06-12 25:00–26:00",
     "2018-06-12 closed\n2018-06-12 closed", "2018-06-12 09:00–18:00 perhaps", "2018-06-12 closed\n" * 201],
)  # fmt: skip
def test_what_says_no_opening_hours_is_refused(undone, text: str):
    with pytest.raises(Unreadable):
        read_hours(text)


@pytest.mark.parametrize(
    "text", ["2018-03-25 02:30–03:30", "2018-06-12 " + "x" * 201, "2018-06-12x", "2018-06-12 9–10x\n0001-01-01"]
)
def test_what_says_no_time_of_absence_is_refused(undone, text: str):
    with pytest.raises(Unreadable):
        read_spans(text, WARSAW)
