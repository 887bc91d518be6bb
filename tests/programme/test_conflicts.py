"""Conflicts: the sweep finds what the plain algorithm finds, and each kind is what its name says."""

from __future__ import annotations

import dataclasses
import os
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from congress.programme.conflicts import USUAL_SEVERITIES, Conflict, ConflictKind, Facts, Index, RoomFacts, Slot, find_conflicts
from tests.factories import utc
from tests.programme.pairwise import Found, pairwise
from tests.programme.programmes import WARSAW, entangled, large, seeded

DAY = date(2018, 6, 12)
K = ConflictKind


def at(hour: float, day: date = DAY) -> datetime:
    """An hour of the day in Warsaw."""
    return (datetime.combine(day, datetime.min.time(), WARSAW) + timedelta(hours=hour)).astimezone(UTC)


def slot(name: str, start: float, end: float | None, **changes: Any) -> Slot:
    """A workshop for delegates in Kraków (city 1) with nothing wrong about it."""
    values: dict[str, Any] = {
        "uid": name, "item": name, "starts_at": at(start), "ends_at": None if end is None else at(end), "city": 1, "venue": 11,
        "room": int.from_bytes(name.encode()) + 1000, "titles": {"en": "Data", "pl": "Dane"}, "described_in": frozenset({"en", "pl"}),
    }  # fmt: skip
    return Slot(**(values | changes))


def facts(**changes: Any) -> Facts:
    values: dict[str, Any] = {"zone": WARSAW, "starts_on": DAY, "ends_on": date(2018, 6, 15), "now": at(-24)}
    return Facts(**(values | changes))


def kinds(*slots: Slot, **known: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Kind and slots of each conflict."""
    return [(each.kind.value, each.uids) for each in find_conflicts(slots, facts(**known))]


def plain(found: list[Conflict]) -> list[Found]:
    return sorted(((each.kind, each.uids, each.facts, each.people) for each in found), key=repr)


# As many random programmes as CI has time for; ORACLE_PROGRAMMES says another number.
PROGRAMMES = int(os.environ.get("ORACLE_PROGRAMMES", "1500"))


@settings(max_examples=PROGRAMMES, deadline=None)
@given(st.integers(0, 2**32))
def test_the_sweep_finds_what_comparing_each_with_each_finds(seed):
    slots, known = entangled(seeded(seed))
    assert plain(find_conflicts(slots, known)) == pairwise(slots, known)


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 2**32))
def test_a_slot_that_is_tried_elsewhere_has_the_conflicts_that_it_has_when_it_stands_there(seed):
    random = seeded(seed)
    slots, known = entangled(random)
    others, _other_facts = entangled(random)
    if not slots or not others:
        return
    moved = dataclasses.replace(random.choice(others), uid=random.choice(slots).uid)
    index = Index(slots, known)
    before, tried = index.conflicts(), index.conflicts_of(moved)
    assert index.conflicts() == before
    index.replace(moved)
    fresh = find_conflicts([*(each for each in slots if each.uid != moved.uid), moved], known)
    assert plain(index.conflicts()) == plain(fresh)
    assert plain(tried) == plain([each for each in fresh if moved.uid in each.uids])


def test_the_oracle_finds_every_kind_in_random_programmes():
    found = {each[0] for seed in range(300) for each in pairwise(*entangled(seeded(seed)))}
    assert found == set(ConflictKind)


def test_the_oracle_agrees_on_a_large_programme():
    slots, known = large(300)
    assert plain(find_conflicts(slots, known)) == pairwise(slots, known)


def test_every_kind_has_a_severity():
    assert set(USUAL_SEVERITIES) == set(ConflictKind)


def test_sessions_back_to_back_in_one_room_do_not_conflict():
    assert kinds(slot("a", 9, 10, room=1), slot("b", 10, 11, room=1)) == []


def test_two_things_in_one_room():
    assert kinds(slot("a", 9, 10.5, room=1), slot("b", 10, 11, room=1), slot("c", 9, 11, room=2)) == [
        ("room_overlap", ("a", "b"))
    ]


def test_what_takes_all_day_takes_its_room_but_nobodys_time():
    exhibition = slot("a", 0, None, room=1, timing="all_day", starts_at=None, starts_on=DAY, ends_on=DAY, people=("speaker:1",))
    assert kinds(exhibition, slot("b", 10, 11, room=1, people=("speaker:1",))) == [("room_overlap", ("a", "b"))]


def test_time_to_clear_and_set_up_counts_between_two_sessions():
    one, other = slot("a", 9, 10, room=1, clearing_minutes=15), slot("b", 10.5, 11, room=1, setup_minutes=20)
    assert [(each.kind, each.facts) for each in find_conflicts([one, other], facts())] == [(K.ROOM_TURNAROUND, (1, 5))]
    assert kinds(one, dataclasses.replace(other, setup_minutes=15)) == []


@pytest.mark.parametrize(
    ("room", "changes", "expected"),
    [
        (RoomFacts(20), {"people_expected": 21}, (K.ROOM_TOO_SMALL, (1, 21, 20))),
        (RoomFacts(20), {"people_expected": 20}, None),
        (RoomFacts(None), {"people_expected": 500}, None),
        (RoomFacts(20, frozenset({"screen"})), {"needs": frozenset({"piano", "screen"})}, (K.ROOM_EQUIPMENT, (1, "piano"))),
        (RoomFacts(20, step_free=False), {"needs_step_free": True}, (K.ROOM_ACCESS, (1, "no"))),
        (RoomFacts(20), {"needs_step_free": True}, (K.ROOM_ACCESS, (1, "unknown"))),
        (RoomFacts(20, step_free=True), {"needs_step_free": True}, None),
    ],
)
def test_what_a_room_lacks(room, changes, expected):
    found = find_conflicts([slot("a", 9, 10, room=1, **changes)], facts(rooms={1: room}))
    assert [(each.kind, each.facts) for each in found] == ([expected] if expected else [])


def test_a_room_that_cannot_be_used_and_a_person_who_is_not_there():
    known = {"rooms_closed": {1: ((at(9), at(10)),)}, "people_away": {"speaker:1": ((at(9), at(10)),)}}
    assert kinds(slot("a", 9.5, 11, room=1, people=("speaker:1",)), **known) == [("room_closed", ("a",)), ("person_away", ("a",))]
    assert kinds(slot("a", 10, 11, room=1, people=("speaker:1",)), **known) == []


@pytest.mark.parametrize(("start", "end", "is_wrong"), [(8.5, 10, True), (9, 18, False), (17, 18.5, True)])
def test_opening_hours(start, end, is_wrong):
    known = {"hours": {(11, DAY): (at(9), at(18))}}
    assert kinds(slot("a", start, end), **known) == ([("outside_hours", ("a",))] if is_wrong else [])


@pytest.mark.parametrize(
    ("start", "end", "is_wrong"),
    [(23, 25.5, False), (23, 26, False), (23, 26.5, True), (24.5, 26, False), (24.5, 27, True), (26, 27, False), (11, 13, True)],
)
def test_opening_hours_that_end_after_midnight(start, end, is_wrong):
    """Open from noon until two; of the day after nobody has said anything."""
    known = {"hours": {(11, DAY): (at(12), at(26))}}
    assert kinds(slot("a", start, end), **known) == ([("outside_hours", ("a",))] if is_wrong else [])


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_opening_hours_are_those_of_each_quarter_of_an_hour(seed):
    """The plain way: a house is open in every quarter of an hour, or nothing is known of the day and of the night before."""
    random = seeded(seed)
    hours: dict[tuple[int, date], tuple[datetime, datetime] | None] = {}
    for number in range(-1, 3):
        opens, closes = random.randrange(0, 96), random.randrange(1, 96)
        day = DAY + timedelta(days=number)
        times = (at(opens / 4, day), at((closes if closes > opens else closes + 96) / 4, day))
        hours |= random.choice(({}, {(11, day): None}, {(11, day): times}, {(11, day): times}))
    start = random.randrange(0, 96)
    end = start + random.randrange(1, 80)
    open_at = {
        quarter for quarter in range(-96, 300) if any(each and each[0] <= at(quarter / 4) < each[1] for each in hours.values())
    }
    is_known = (11, DAY) in hours or start in open_at
    is_wrong = is_known and not set(range(start, end)) <= open_at
    assert ("outside_hours", ("a",)) in kinds(slot("a", start / 4, end / 4), hours=hours) or not is_wrong
    assert ("outside_hours", ("a",)) not in kinds(slot("a", start / 4, end / 4), hours=hours) or is_wrong


def test_a_day_on_which_the_venue_is_closed_and_one_of_which_nobody_knows():
    assert kinds(slot("a", 9, 10), hours={(11, DAY): None}) == [("outside_hours", ("a",))]
    assert kinds(slot("a", 9, 10), hours={(11, date(2018, 6, 13)): None}) == []


def test_one_person_in_two_places_named_once_for_all_whom_it_concerns():
    both = ("speaker:1", "mayor:7")
    found = find_conflicts([slot("a", 9, 10.5, people=both), slot("b", 10, 11, people=both)], facts())
    assert [(each.kind, each.people) for each in found] == [(K.PERSON_TWICE, ("mayor:7", "speaker:1"))]


def test_who_is_named_twice_in_one_entry_is_there_once():
    assert kinds(slot("a", 9, 10, people=("speaker:1", "speaker:1"))) == []


def test_the_same_printed_name_is_only_a_hint():
    people = ("name:jan nowak",)
    assert kinds(slot("a", 9, 10.5, people=people), slot("b", 10, 11, people=people)) == [("name_twice", ("a", "b"))]


@pytest.mark.parametrize(("begins", "is_wrong"), [(11.25, True), (11.5, False)])
def test_the_way_between_two_cities(begins, is_wrong):
    here, there = slot("a", 9, 10, people=("speaker:1",)), slot("b", begins, 12, city=2, venue=21, people=("speaker:1",))
    assert kinds(here, there) == ([("person_travel", ("a", "b"))] if is_wrong else [])


def test_minutes_between_two_venues_go_before_those_between_their_cities():
    here, there = slot("a", 9, 10, people=("speaker:1",)), slot("b", 10.5, 12, venue=12, people=("speaker:1",))
    assert kinds(here, there) == []
    assert kinds(here, there, between_venues={frozenset({11, 12}): 40}) == [("person_travel", ("a", "b"))]


def test_a_coach_in_between_makes_the_way_possible():
    here, there = slot("a", 9, 10, kind="plenary"), slot("b", 11, 12, kind="plenary", city=2, venue=21)
    coach = slot("c", 10, 11, kind="transfer", other_city=2, room=None)
    assert kinds(here, there) == [("audience_travel", ("a", "b"))]
    assert kinds(here, there, coach) == []


def test_two_sessions_for_one_field():
    music = {"field": "music", "audience": "field"}
    assert kinds(slot("a", 9, 11, **music), slot("b", 10, 12, **music)) == [("field_twice", ("a", "b"))]
    assert kinds(slot("a", 9, 11, **music), slot("b", 10, 12, field="film", audience="field")) == []


def test_parallel_workshops_are_a_choice_and_public_events_are_nobodys_duty():
    assert kinds(slot("a", 9, 11), slot("b", 9, 11)) == []
    concert = slot("c", 9, 11, kind="accompanying", audience="everyone", field="music", room=None)
    assert kinds(slot("a", 9, 11, field="music", audience="field"), slot("p", 9, 11, kind="break"), concert) == []


def test_nothing_for_delegates_runs_during_a_plenary():
    assert kinds(slot("a", 9, 11, kind="plenary"), slot("b", 10, 12)) == [("during_plenary", ("a", "b"))]


def test_a_gathering_and_a_fields_session_need_the_same_delegates():
    mixer = slot("a", 9, 11, kind="networking")
    assert kinds(mixer, slot("b", 9, 11, field="music", audience="field")) == [("same_delegates", ("a", "b"))]
    assert kinds(mixer, slot("b", 9, 11)) == []


def test_a_city_with_one_delegate_presents_and_has_its_fields_session_at_once():
    presents, field = slot("a", 9, 11, cities=frozenset({7})), slot("b", 9, 11, field="music", audience="field")
    assert kinds(presents, field, lone_cities={7: frozenset({"music"})}) == [("city_twice", ("a", "b"))]
    assert kinds(presents, field) == []


def test_delegates_who_booked_both():
    one, other = slot("a", 9, 10.5, delegates=frozenset({1, 2, 3})), slot("b", 10, 11, delegates=frozenset({2, 3, 4}))
    found = find_conflicts([one, other], facts())
    assert [(each.kind, each.people) for each in found] == [(K.BOOKED_TWICE, ("delegate:2", "delegate:3"))]
    away = slot("c", 11, 12, city=2, venue=21, delegates=frozenset({1}))
    assert kinds(one, away) == [("booked_travel", ("a", "c"))]


def test_seats_of_all_coaches_of_one_way_and_day_are_counted_together():
    coaches = [slot(name, 8, 9.5, kind="transfer", other_city=2, room=None, seats=50, people_expected=101) for name in ("a", "b")]
    found = find_conflicts(coaches, facts())
    assert [(each.kind, each.uids, each.facts) for each in found] == [(K.TRANSFER_SEATS, ("a", "b"), (101, 100))]
    assert kinds(*coaches, slot("c", 9, 10, kind="transfer", other_city=2, room=None, seats=1)) == []


@pytest.mark.parametrize(("ends", "leaves", "is_wrong"), [(22, 23, False), (23.5, 23, True), (23.5, 25, False)])
def test_the_last_coach_may_leave_after_midnight(ends, leaves, is_wrong):
    concert = slot("a", 21, ends, kind="accompanying", audience="everyone")
    coach = slot("b", leaves, leaves + 1.5, kind="transfer", other_city=2, room=None)
    assert kinds(concert, coach) == ([("last_coach", ("a", "b"))] if is_wrong else [])


def test_outside_the_congress_days_only_what_is_for_participants():
    before = {"starts_at": at(-15), "ends_at": at(-14)}
    assert kinds(slot("a", 0, 1, **before), now=at(-48)) == [("outside_days", ("a",))]
    assert kinds(slot("a", 0, 1, **before, audience="everyone"), now=at(-48)) == []


def test_what_is_new_in_the_past_but_not_what_a_release_has_said():
    assert kinds(slot("a", 9, 10), now=at(9.5)) == [("in_the_past", ("a",))]
    assert kinds(slot("a", 9, 10), now=at(9.5), released={"a": (at(9), at(10))}) == []


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        (date(2018, 3, 25), utc(2018, 3, 25, 0, 30), utc(2018, 3, 25, 1, 30), "across"),
        (date(2018, 10, 28), utc(2018, 10, 28, 0, 30), utc(2018, 10, 28, 0, 50), "repeated"),
        (date(2018, 10, 28), utc(2018, 10, 28, 1, 10), utc(2018, 10, 28, 1, 50), "repeated"),
        (date(2018, 10, 28), utc(2018, 10, 28, 2), utc(2018, 10, 28, 3), None),
    ],
)
def test_changes_of_clocks(day, start, end, expected):
    night = slot("a", 0, 1, starts_at=start, ends_at=end)
    found = find_conflicts([night], facts(starts_on=day, ends_on=day, now=at(0, date(2018, 1, 1))))
    assert [(each.kind, each.facts) for each in found] == ([(K.CLOCK_CHANGE, (expected,))] if expected else [])


def test_a_time_that_clocks_skip():
    assert kinds(slot("a", 9, 10, was_skipped=True)) == [("clock_change", ("a",))]


@pytest.mark.parametrize(("end", "is_wrong"), [(8, True), (9, True), (9.25, False), (33, False), (33.5, True)])
def test_impossible_lengths(end, is_wrong):
    assert kinds(slot("a", 9, end)) == ([("impossible_length", ("a",))] if is_wrong else [])


def test_no_time_and_no_room():
    assert kinds(slot("a", 9, 10, timing="to_be_confirmed", starts_at=None, ends_at=None)) == [("no_time", ("a",))]
    assert kinds(slot("a", 9, 10, room=None)) == [("no_room", ("a",))]
    assert kinds(slot("a", 9, 10, room=None, kind="visit")) == []


def test_texts():
    assert kinds(slot("a", 9, 10, titles={"en": "Data"})) == [("translation_missing", ("a",))]
    assert kinds(slot("a", 9, 10, described_in=frozenset({"pl"}))) == [("translation_missing", ("a",))]
    assert kinds(slot("a", 9, 10, described_in=frozenset())) == [("abstract_empty", ("a",))]
    assert kinds(slot("a", 9, 10, titles={"en": "T" * 101, "pl": "T" * 100})) == [("title_too_long", ("a",))]


def test_what_is_cancelled_is_in_nobodys_way():
    assert kinds(slot("a", 9, 10, room=1), slot("b", 9, 10, room=1, is_cancelled=True)) == []


def test_a_fingerprint_is_of_the_facts():
    one, other = slot("a", 9, 10.5, room=1), slot("b", 10, 11, room=1)

    def fingerprint(*slots: Slot) -> str:
        [found] = find_conflicts(slots, facts())
        return found.fingerprint

    assert fingerprint(one, other) == fingerprint(other, one)
    assert fingerprint(one, other) == fingerprint(dataclasses.replace(one, titles={"en": "Other", "pl": "Inny"}), other)
    assert fingerprint(one, other) != fingerprint(one, dataclasses.replace(other, starts_at=at(10.25)))


def test_people_who_come_to_a_conflict_change_its_fingerprint():
    def fingerprint(*both: int) -> str:
        [found] = find_conflicts([slot(name, 9, 10, delegates=frozenset(both)) for name in ("a", "b")], facts())
        return found.fingerprint

    assert fingerprint(1) == fingerprint(1) != fingerprint(1, 2)
