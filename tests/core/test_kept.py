"""Kept values."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

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


def test_what_was_never_kept_is_not_found():
    kept = Kept[int](2)
    kept.keep("a", 1)
    assert (kept.find("a"), kept.find("b")) == (1, None)


def test_to_find_a_value_is_to_use_it():
    kept = Kept[int](2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    kept.find("a")
    kept.keep("c", 3)
    assert [kept.find(name) for name in "abc"] == [1, None, 3]


def test_a_value_takes_the_place_of_the_one_before_and_its_weight():
    kept: Kept[bytes] = Kept(10, len)
    kept.keep("b", b"12345")
    for size in (5, 1, 4, 5):
        kept.keep("a", bytes(size))
    assert (kept.find("a"), kept.find("b")) == (bytes(5), b"12345")
    kept.keep("c", b"1")
    assert [kept.find(name) for name in "abc"] == [None, b"12345", b"1"]


@pytest.mark.parametrize("value", [False, 0, b""])
def test_a_value_that_is_nothing_is_kept_as_any_other(value):
    kept, made = Kept[object](2), []
    for _time in range(2):
        kept.get("a", lambda: made.append(value) or value)
    assert (made, kept.find("a")) == ([value], value)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 12)), max_size=60))
def test_never_more_weight_is_kept_than_agreed_and_the_last_value_of_a_name_is_found(steps):
    kept: Kept[bytes] = Kept(10, len)
    for name, size in steps:
        kept.keep(name, bytes(size))
        assert kept.find(name) == (bytes(size) if size <= 10 else None)
        assert kept._weight == sum(map(len, kept._values.values())) <= 10


def test_what_is_too_heavy_to_be_kept_drives_nothing_else_out():
    kept: Kept[bytes] = Kept(10, len)
    kept.keep("a", b"12345")
    kept.keep("b", b"1")
    kept.keep("b", bytes(11))
    assert (kept.find("a"), kept.find("b")) == (b"12345", None)


def test_threads_that_keep_and_find_at_once_lose_no_weight():
    kept: Kept[bytes] = Kept(100, len)

    def use(seed: int) -> None:
        for step in range(3_000):
            name = step * (2 * seed + 1) % 40
            found = kept.find(name)
            assert found is None or len(found) == name
            kept.keep(name, bytes(name))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(8)))
    assert kept._weight == sum(map(len, kept._values.values())) <= 100
