"""Who of those who wait gets the places that are free."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from congress.core.waiting import Claim, Free, served

_CLAIMS = st.lists(st.builds(Claim, st.integers(), st.integers(0, 6), st.booleans()), max_size=12)


def test_a_group_keeps_free_places_for_itself_and_all_behind_it_wait():
    claims = [Claim(1, 2), Claim(2, 4), Claim(3, 1)]
    assert list(served(5, claims)) == [(Claim(1, 2), 2)]


def test_a_group_that_accepts_fewer_comes_with_as_many_as_there_are():
    claims = [Claim(1, 4, accepts_fewer=True), Claim(2)]
    assert list(served(3, claims)) == [(claims[0], 3)]


@given(st.integers(-2, 30), _CLAIMS)
def test_never_more_is_given_than_there_is_and_nobody_overtakes(free, claims):
    given_now = list(served(free, claims))
    assert sum(places for _claim, places in given_now) <= max(free, 0)
    assert [claim for claim, _places in given_now] == claims[: len(given_now)]
    assert all(0 < places <= claim.places for claim, places in given_now)


def test_a_place_is_taken_of_each_owner_or_of_none():
    free = Free({"congress": 2, "kanazawa": 1})
    assert [free.take(["congress", "kanazawa"]) for _twice in range(2)] == [True, False]
    assert (free.take(["congress", "no limit"]), free.full) == (True, {"congress", "kanazawa"})


@given(st.dictionaries(st.sampled_from("abc"), st.integers(-1, 4)), st.lists(st.sets(st.sampled_from("abcd")), max_size=20))
def test_no_owner_gives_more_than_it_has_and_who_is_stopped_lets_others_pass(places, wishes):
    free, taken = Free(places), dict.fromkeys("abcd", 0)
    for owners in wishes:
        has_room = all(owner not in places or taken[owner] < places[owner] for owner in owners)
        assert free.take(owners) is has_room
        for owner in owners if has_room else ():
            taken[owner] += 1
