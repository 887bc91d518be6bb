"""Where the parts of a chart stand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.web import charts


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (47, [0, 10, 20, 30, 40, 50]),
        (350, [0, 100, 200, 300, 400]),
    ],
)
def test_scales_have_round_numbers(most, steps):
    assert charts.steps(most) == steps


@given(st.integers(0, 10**7))
def test_a_scale_reaches_the_largest_value_in_few_steps(most):
    steps = charts.steps(most)
    assert (steps[0], steps[-1] >= most, 2 <= len(steps) <= 6) == (0, True, True)


@given(st.lists(st.integers(0, 5000), max_size=400))
def test_every_registration_stands_in_the_chart_and_no_column_leaves_it(numbers):
    counted = [(date(2018, 1, 1) + timedelta(days=place), number) for place, number in enumerate(numbers)]
    chart = charts.days(counted)
    assert sum(each.number for each in chart.columns) == sum(numbers)
    assert all(each.x >= 0 and each.x + each.width <= charts.WIDTH + 0.01 for each in chart.columns)
    assert all(each.y >= 0 and each.y + each.height <= charts.HEIGHT for each in chart.columns)
    assert len(chart.columns) <= 90


def test_a_share_is_a_percentage_and_of_nothing_it_is_nothing():
    assert [charts.share(*pair) for pair in [(1, 3), (5, 4), (0, 0), (3, 3)]] == [33.3, 100.0, 0.0, 100.0]
