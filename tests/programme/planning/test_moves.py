"""Moves in the timetable, and taking them back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from congress.core.db import db
from congress.programme.models import Placement, Room, Venue
from congress.programme.planning import history, queries, services
from congress.programme.planning.models import DraftChange
from congress.programme.planning.places import UnknownPlace, Where, column_of, where
from congress.programme.vocabulary import Action, Timing
from tests.factories import NOW, the_city, the_congress, the_placement, utc

ANNA, JAN = "anna@krakow.example", "jan@katowice.example"
AT_TEN = services.Slot(Where(), utc(2018, 6, 12, 8), utc(2018, 6, 12, 9))
AT_NOON = services.Slot(Where(), utc(2018, 6, 12, 10), utc(2018, 6, 12, 11))


def move(code: str, slot: services.Slot, by: str = ANNA) -> DraftChange | None:
    placement = the_placement(code)
    return services.move(placement, slot, version=placement.version, by=by, now=NOW)


def stands(code: str) -> tuple[Timing, datetime | None, datetime | None, date | None, str]:
    placement = the_placement(code)
    return placement.timing, placement.starts_at, placement.ends_at, placement.starts_on, column_of(placement)


def make_rooms(*names: str) -> list[Room]:
    venue = db.session.scalars(select(Venue).where(Venue.city_id == the_city("krakow").id)).first()
    assert venue is not None
    rooms = [Room(venue=venue, slug=name, names={"en": name, "pl": name}) for name in names]
    db.session.add_all(rooms)
    db.session.flush()
    return rooms


def test_a_move_brings_time_and_place_and_is_noted_once(undone):
    [room] = make_rooms("large")
    change = move("P022", services.Slot(Where(room=room), utc(2018, 6, 13, 8), utc(2018, 6, 13, 9)))
    assert stands("P022") == (Timing.TIMED, utc(2018, 6, 13, 8), utc(2018, 6, 13, 9), None, f"room-{room.id}")
    assert the_placement("P022").city == the_city("krakow")
    assert [each.id for each in history.changes_since(the_congress(), 0)] == [change.id if change else 0]


def test_who_saw_an_older_version_changes_nothing_and_hears_who_was_first(undone):
    placement = the_placement("P022")
    seen = placement.version
    first = move("P022", AT_TEN, by=JAN)
    with pytest.raises(services.ChangedMeanwhile) as refused:
        services.move(placement, AT_NOON, version=seen, by=ANNA, now=NOW)
    assert refused.value.change == first
    assert stands("P022")[1] == AT_TEN.starts_at


@pytest.mark.parametrize("length", [timedelta(0), timedelta(minutes=-5), timedelta(days=400)])
def test_impossible_lengths_are_refused(undone, length: timedelta):
    before = stands("P022")
    start = utc(2018, 6, 12, 8)
    with pytest.raises(services.ImpossibleTime, match=r"^The end must come after the start, and within 24 hours\.$"):
        move("P022", services.Slot(Where(), start, start + length))
    assert stands("P022") == before


@pytest.mark.parametrize(
    "local",
    ["2018-03-25T02:30", "2018-02-30T10:00", "2018-06-12T25:00", "", "tomorrow", "2018-06-12", "9999-12-31T23:59Z", "2018-06-12T１0:00"],
)  # fmt: skip
def test_times_that_do_not_exist_are_refused(undone, local: str):
    with pytest.raises(services.ImpossibleTime):
        services.instant(the_congress(), local)


@pytest.mark.parametrize(
    ("local", "instant"),
    [("2018-06-12T10:00", utc(2018, 6, 12, 8)), ("2018-10-28T02:30", utc(2018, 10, 28, 0, 30)), ("2018-03-25T03:00", utc(2018, 3, 25, 1))],
)  # fmt: skip
def test_local_times_become_instants(undone, local: str, instant: datetime):
    assert services.instant(the_congress(), local) == instant


def test_a_room_of_another_city_is_no_place_of_this_congress(undone):
    elsewhere = Venue(slug="elsewhere", city=the_city("lodz"), names={"en": "Elsewhere"})
    room = Room(venue=elsewhere, slug="one", names={"en": "One"})
    db.session.add(room)
    db.session.flush()
    for column in (
        f"room-{room.id}",
        f"venue-{elsewhere.id}",
        f"city-{elsewhere.city_id}",
        "room-",
        "hall-1",
        "room-99999999999",
        "room",
    ):
        with pytest.raises(UnknownPlace):
            where(the_congress(), column)


def test_steps_are_taken_back_and_done_again_in_turn(undone):
    was = stands("P022")
    move("P022", AT_TEN)
    move("P022", AT_NOON)
    seen = []
    for step in (services.undo, services.undo, services.redo, services.redo, services.undo):
        step(the_congress(), by=ANNA, now=NOW)
        seen.append(stands("P022"))
    ten, noon = (((Timing.TIMED, slot.starts_at, slot.ends_at, None, "")) for slot in (AT_TEN, AT_NOON))
    assert seen == [ten, was, ten, noon, ten]
    with pytest.raises(services.NothingToTakeBack):
        move("P023", AT_TEN)
        services.redo(the_congress(), by=ANNA, now=NOW)


def test_only_own_steps_are_taken_back(undone):
    move("P022", AT_TEN, by=JAN)
    with pytest.raises(services.NothingToTakeBack):
        services.undo(the_congress(), by=ANNA, now=NOW)


def test_what_somebody_else_has_changed_since_stays(undone):
    move("P022", AT_TEN)
    theirs = move("P022", AT_NOON, by=JAN)
    with pytest.raises(services.ChangedMeanwhile) as refused:
        services.undo(the_congress(), by=ANNA, now=NOW)
    assert refused.value.change == theirs
    assert stands("P022")[1] == AT_NOON.starts_at


def test_taking_back_is_a_change_of_its_own_that_says_what_it_takes_back(undone):
    first = move("P022", AT_TEN)
    undo = services.undo(the_congress(), by=ANNA, now=NOW)
    assert first is not None
    assert (undo.undoes_id, undo.before, undo.after) == (first.id, first.after, first.before)


def test_a_break_is_copied_into_each_room_once(undone):
    rooms = make_rooms("large", "small", "blue")
    move("P022", services.Slot(Where(room=rooms[0]), utc(2018, 6, 12, 8), utc(2018, 6, 12, 9)))
    placement = the_placement("P022")
    made = services.copy_to_rooms(placement, rooms, by=ANNA, now=NOW)
    copies = [each for each in placement.item.placements if each.id in {change.placement_id for change in made}]
    assert {(each.room_id, each.starts_at, each.ends_at, each.city_id) for each in copies} == {
        (room.id, placement.starts_at, placement.ends_at, placement.city_id) for room in rooms[1:]
    }
    assert [change.action for change in made] == [Action.CREATED] * 2
    assert len({each.code for each in copies} | {placement.code}) == 3
    with pytest.raises(services.NoRoomsLeft):
        services.copy_to_rooms(placement, rooms, by=ANNA, now=NOW)

    services.undo(the_congress(), by=ANNA, now=NOW)
    assert [each.is_cancelled for each in copies] == [False, True]


def test_a_day_holds_what_happens_on_it_in_the_congress_s_zone(undone):
    db.session.query(Placement).filter(Placement.code.not_in(["P022", "P023", "P024"])).delete()
    move("P022", services.Slot(Where(), utc(2018, 6, 12, 21, 30), utc(2018, 6, 12, 22, 30)))  # 23:30 to half past midnight
    move("P023", services.Slot(Where(), utc(2018, 6, 12, 22, 30), None))  # 00:30 of the 13th, its end open
    move("P024", services.Slot(Where(), None, None, date(2018, 6, 13)))
    codes = {day: [each.code for each in queries.day_placements(the_congress(), date(2018, 6, day))] for day in (12, 13, 14)}
    assert {day: sorted(found) for day, found in codes.items()} == {12: ["P022"], 13: ["P022", "P023", "P024"], 14: []}
    assert queries.day_counts(the_congress())[date(2018, 6, 13)] == 2


def test_what_has_no_time_is_found_by_words_of_its_titles_without_diacritics(undone):
    move("P022", services.Slot(Where()))
    title = the_placement("P022").item.titles["pl"].upper()
    found, number = queries.unplaced(the_congress(), title)
    assert ([each.code for each in found], number) == (["P022"], 1)
    assert queries.unplaced(the_congress(), "no such words") == ([], 0)
    assert queries.unplaced(the_congress(), "", limit=1)[1] > 1


def test_what_came_from_a_file_is_called_off_by_undoing_and_put_back_by_redoing(undone):
    placement = the_placement("P022")
    history.note(placement, {}, Action.IMPORTED, by=ANNA, now=NOW)
    assert services.undo(the_congress(), by=ANNA, now=NOW).action is Action.CANCELLED
    assert the_placement("P022").is_cancelled
    assert services.redo(the_congress(), by=ANNA, now=NOW).action is Action.RESTORED
    assert not the_placement("P022").is_cancelled
