"""What goes together in travel and stay."""

from __future__ import annotations

from datetime import date, time

import pytest

from congress.registration.form.travel_rules import Problem, Travel, days_of, nights_of, problems

FIRST, LAST = date(2018, 6, 12), date(2018, 6, 15)


def june(day: int) -> date:
    return date(2018, 6, day)


def found(**told):
    return problems(Travel(**told), starts_on=FIRST, ends_on=LAST, today=date(2018, 5, 10))


def test_the_night_before_the_congress_and_the_one_after_its_last_day_are_asked_about():
    assert nights_of(FIRST, LAST) == [june(11), june(12), june(13), june(14), june(15)]
    assert days_of(FIRST, LAST) == [june(12), june(13), june(14), june(15)]
    assert (nights_of(FIRST, FIRST), days_of(FIRST, FIRST)) == ([june(11), june(12)], [june(12)])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, []),
        ({"arrival_on": june(12), "departure_on": june(12)}, []),
        ({"arrival_on": june(13), "departure_on": june(12)}, [("departure_on", Problem.LEAVES_BEFORE_ARRIVING)]),
        (
            {"arrival_on": june(12), "departure_on": june(12), "arrival_time": time(12), "departure_time": time(12)},
            [("departure_time", Problem.LEAVES_BEFORE_ARRIVING_THAT_DAY)],
        ),
        ({"arrival_on": june(12), "departure_on": june(13), "arrival_time": time(12), "departure_time": time(9)}, []),
        ({"arrival_on": date(2017, 6, 12)}, [("arrival_on", Problem.TOO_FAR)]),
        ({"arrival_on": june(11), "departure_on": date(2081, 6, 15)}, [("departure_on", Problem.TOO_FAR)]),
        ({"arrival_on": june(12), "nights": {"2018-06-11": "krakow"}}, [("night_2018-06-11", Problem.NIGHT_BEFORE_ARRIVAL)]),
        ({"departure_on": june(14), "nights": {"2018-06-13": "krakow"}}, []),
        ({"departure_on": june(14), "nights": {"2018-06-14": "krakow"}}, [("night_2018-06-14", Problem.NIGHT_AFTER_DEPARTURE)]),
        ({"arrival_on": june(13), "days": ["2018-06-12"]}, [("days", Problem.DAY_OUTSIDE_STAY)]),
        ({"departure_on": june(13), "days": ["2018-06-13"]}, []),
        ({"departure_on": june(13), "days": ["2018-06-14"]}, [("days", Problem.DAY_OUTSIDE_STAY)]),
        ({"born_on": date(2018, 5, 10)}, [("born_on", Problem.BORN_LATER)]),
        ({"born_on": date(1890, 1, 1)}, [("born_on", Problem.BORN_LATER)]),
        ({"passport_expires_on": LAST}, [("passport_expires_on", Problem.EXPIRED)]),
        ({"born_on": date(1980, 2, 29), "passport_expires_on": june(16)}, []),
    ],
)
def test_what_does_not_go_together_is_told_at_its_field(told, expected):
    assert found(**told) == expected
