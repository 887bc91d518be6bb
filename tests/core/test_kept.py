"""Kept values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.kept import Kept


def test_a_value_is_made_once_while_it_is_kept():
    kept, made = Kept[int](2), []
    for name in ("a", "a", "b", "a"):
        kept.get(name, lambda name=name: made.append(name) or len(made))
    assert made == ["a", "b"]


def test_the_least_recently_used_value_goes_first():
    kept, made = Kept[int](2), []
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.get(name, lambda name=name: made.append(name) or len(made))
    assert made == ["a", "b", "c", "b"]


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 5))
def test_never_more_values_are_kept_than_agreed(names, most):
    kept = Kept[int](most)
    values = [kept.get(name, lambda name=name: name * 10) for name in names]
    assert values == [name * 10 for name in names]
    assert len(kept._values) == min(most, len(set(names)))


def test_a_value_whose_making_fails_is_not_kept():
    kept = Kept[int](2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 7) == 7


def test_what_is_kept_is_weighed_and_the_oldest_goes_first():
    kept: Kept[bytes] = Kept(10, len)
    for name, size in (("a", 4), ("b", 4), ("c", 4)):
        kept.get(name, lambda size=size: bytes(size))
    made: list[str] = []

    for name in ("c", "b", "a"):
        kept.get(name, lambda name=name: made.append(name) or b"")

    assert made == ["a"]


def test_a_value_heavier_than_all_that_may_be_kept_is_not_kept():
    kept: Kept[bytes] = Kept(10, len)

    assert (kept.get("a", lambda: bytes(11)), kept.get("a", lambda: b"again")) == (bytes(11), b"again")
