"""Where two things of one person's programme cannot both be reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from congress.programme.entries import Entry, Place
from congress.registration.bookings.clashes import Clash, Travel, clashes
from tests.factories import make_entry, utc

KRAKOW, KATOWICE = Place(city="krakow", venue="ice"), Place(city="katowice", venue="mck")
ON_FOOT = Place(city="krakow", venue="wawel")
TRAVEL = Travel(90, {frozenset({"ice", "wawel"}): 25})


def at(code: str, start: int, end: int | None, place: Place = KRAKOW, **more: object) -> Entry:
    """An entry from so many minutes after nine until so many."""
    nine = utc(2018, 6, 13, 9)
    ends_at = None if end is None else nine + timedelta(minutes=end)
    return make_entry(code=code, starts_at=nine + timedelta(minutes=start), ends_at=ends_at, place=place, **more)


def found(*entries: Entry, about: str = "A") -> list[tuple[str, int, int]]:
    return [(clash.name, clash.needed, clash.gap) for clash in clashes(entries, TRAVEL, about=about.split())]


def test_two_things_at_one_time_clash_and_one_after_the_other_does_not():
    assert found(at("A", 0, 60), at("B", 30, 90)) == [("A+B", 0, 0)]
    assert found(at("A", 0, 60), at("B", 60, 90)) == []


def test_only_what_the_chosen_item_has_a_part_in_is_told():
    assert found(at("A", 0, 60), at("B", 60, 120), at("C", 60, 120)) == []


def test_the_way_between_the_cities_takes_its_time():
    assert found(at("A", 0, 60), at("B", 120, 180, KATOWICE)) == [("A+B", 90, 60)]
    assert found(at("A", 0, 60), at("B", 150, 180, KATOWICE)) == []


def test_two_venues_of_one_city_are_as_far_from_each_other_as_somebody_has_said():
    assert found(at("A", 0, 60), at("B", 70, 180, ON_FOOT)) == [("A+B", 25, 10)]


def test_a_transfer_between_makes_the_way_possible():
    coach = at("T", 60, 120, Place(city="krakow", other_city="katowice"), kind="transfer")
    assert found(at("A", 0, 60), coach, at("B", 120, 180, KATOWICE)) == []


def test_who_takes_the_transfer_is_in_the_other_city():
    coach = at("T", 60, 120, Place(city="krakow", other_city="katowice"), kind="transfer")
    assert found(coach, at("A", 130, 180)) == [("T+A", 90, 10)]


def test_where_one_looks_in_and_what_is_cancelled_or_has_no_time_never_clashes():
    assert found(at("A", 0, 60), at("R", 0, 300, kind="registration"), at("B", 0, 60).cancelled()) == []
    assert found(at("A", 0, 60), make_entry(code="B", timing="all_day", starts_on=utc(2018, 6, 13).date())) == []


def test_of_an_open_end_only_the_beginning_is_known():
    assert found(at("A", 0, None), at("B", 10, 60)) == []
    assert found(at("A", 20, None), at("B", 10, 60)) == [("B+A", 0, 0)]


_ENTRIES = st.lists(
    st.builds(
        lambda number, start, length, place: at(f"P{number}", start, start + length, place),
        st.integers(0, 20), st.integers(0, 600), st.integers(1, 120), st.sampled_from([KRAKOW, KATOWICE, ON_FOOT]),
    ),
    max_size=8, unique_by=lambda entry: entry.code,
)  # fmt: skip


@given(_ENTRIES)
def test_every_overlap_is_told_once_and_every_clash_is_true(entries):
    told = clashes(entries, TRAVEL, about={entry.item for entry in entries})
    pairs = {
        frozenset({one.code, other.code})
        for one in entries
        for other in entries
        if one is not other and one.starts_at < other.ends_at and other.starts_at < one.ends_at
    }
    overlaps = [frozenset({clash.before.code, clash.after.code}) for clash in told if clash.is_overlap]
    assert sorted(map(sorted, overlaps)) == sorted(map(sorted, pairs))
    assert all(clash.gap < clash.needed == TRAVEL.minutes(clash.before, clash.after) for clash in told if not clash.is_overlap)


@given(_ENTRIES, st.randoms())
def test_the_order_of_the_entries_does_not_matter(entries, random):
    shuffled = [replace(entry) for entry in entries]
    random.shuffle(shuffled)
    about = {entry.item for entry in entries}
    assert clashes(shuffled, TRAVEL, about=about) == clashes(entries, TRAVEL, about=about)


def test_what_is_kept_has_a_name():
    assert Clash(at("A", 0, 60), at("B", 30, 90)).name == "A+B"
