"""Placing in the draft, and releasing it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries, services
from congress.programme.entries import Entry, from_json
from congress.programme.models import Placement, Release, ReleasedEntry
from congress.programme.releases import Change
from congress.programme.vocabulary import Timing
from tests.factories import NOW, make_session, the_city, the_congress, the_item, the_placement, utc

NO_NOTE = Localised()
LOADED_AT = utc(2018, 5, 2, 9)


def release(**options: object) -> tuple[Release, list[Change]]:
    return services.release_programme(the_congress(), **{"note": NO_NOTE, "by": "test", "now": NOW, **options})


def released(code: str) -> Entry:
    return next(entry for entry in queries.released(the_congress()).entries if entry.code == code)


def history(code: str) -> list[tuple[int, bool, str]]:
    """Sequence, whether current, and status of every frozen row of a placement."""
    rows = db.session.scalars(
        select(ReleasedEntry).where(ReleasedEntry.uid == the_placement(code).uid).order_by(ReleasedEntry.sequence)
    )
    return [(row.sequence, row.is_current, row.content["status"]) for row in rows]


def test_the_first_release_freezes_every_placement_at_sequence_0(undone):
    programme = queries.released(the_congress())
    stamps = Counter((entry.sequence, entry.created_at, entry.last_modified) for entry in programme.entries)
    assert (programme.number, programme.released_at, stamps) == (1, LOADED_AT, {(0, LOADED_AT, LOADED_AT): 52})


def test_nothing_is_pending_after_a_release(undone):
    assert services.pending_changes(the_congress()) == []


def test_without_a_change_there_is_nothing_to_release(undone):
    with pytest.raises(services.NothingToRelease, match=r"^Nothing has changed since the last release\.$"):
        release()


def test_a_first_release_of_nothing_is_possible(undone):
    db.session.query(ReleasedEntry).delete()
    db.session.query(Release).delete()
    db.session.query(Placement).delete()
    db.session.expire_all()
    made, changes = release()
    assert (made.number, changes, queries.released(the_congress()).entries) == (1, [], ())


def test_a_release_keeps_history_with_one_current_row(undone):
    before = released("P022")
    services.place_session(the_placement("P022"), starts_at=utc(2018, 6, 12, 8), ends_at=utc(2018, 6, 12, 9))
    made, changes = release(note=Localised(en="Later"), by="anna@krakow.example")
    after = replace(before, starts_at=utc(2018, 6, 12, 8), ends_at=utc(2018, 6, 12, 9), sequence=1, last_modified=NOW)
    assert [change.kinds for change in changes] == [("moved",)]
    assert (made.number, made.released_at, made.released_by, made.notes) == (2, NOW, "anna@krakow.example", {"en": "Later"})
    assert history("P022") == [(0, False, "confirmed"), (1, True, "confirmed")]
    assert released("P022") == after


def test_an_old_row_still_says_what_it_said(undone):
    before = released("P022")
    services.place_session(the_placement("P022"), starts_at=utc(2018, 6, 12, 8), ends_at=None)
    release()
    old = db.session.scalars(select(ReleasedEntry).where(ReleasedEntry.uid == before.uid, ReleasedEntry.sequence == 0)).one()
    assert from_json(old.content) == before


def test_only_what_changed_gets_a_new_row(undone):
    the_item("P022").titles = Localised(en="Opening")
    release()
    per_release = db.session.execute(
        select(Release.number, func.count()).join(ReleasedEntry, ReleasedEntry.release_id == Release.id).group_by(Release.number)
    )
    assert dict(tuple(row) for row in per_release) == {1: 52, 2: 1}


def test_every_uid_has_exactly_one_current_row_after_many_releases(undone):
    for number in range(1, 4):
        for code in ("P022", "P023"):
            the_item(code).titles = Localised(en=f"Title {number}")
        release()
    current = db.session.scalars(select(ReleasedEntry.uid).where(ReleasedEntry.is_current)).all()
    assert Counter(current) == dict.fromkeys((each.uid for each in queries.placements(the_congress())), 1)
    assert history("P022") == [(number, number == 3, "confirmed") for number in range(4)]


def test_a_removed_session_becomes_cancelled_and_a_restored_one_keeps_its_uid(undone):
    uid = the_placement("P022").uid
    the_placement("P022").is_cancelled = True
    release()
    assert (released("P022").uid, released("P022").status, released("P022").sequence) == (uid, "cancelled", 1)
    the_placement("P022").is_cancelled = False
    _release, changes = release()
    assert [change.kinds for change in changes] == [("restored",)]
    assert (released("P022").uid, released("P022").status, released("P022").sequence) == (uid, "confirmed", 2)


def test_a_deleted_placement_stays_released_as_cancelled_for_ever(undone):
    uid = the_placement("P022").uid
    db.session.delete(the_placement("P022"))
    db.session.expire_all()
    release()
    (entry,) = [each for each in queries.released(the_congress()).entries if each.uid == uid]
    assert (entry.status, entry.sequence) == ("cancelled", 1)
    with pytest.raises(services.NothingToRelease):
        release()


@pytest.mark.parametrize("now", [LOADED_AT - timedelta(days=1), LOADED_AT])
def test_a_release_is_always_later_than_the_one_before_whatever_the_clock_says(undone, now):
    the_item("P022").titles = Localised(en="Opening")
    made, _changes = release(now=now)
    assert [made.released_at, released("P022").last_modified] == [LOADED_AT + timedelta(seconds=1)] * 2


def test_a_rolled_back_release_is_not_shown(context):
    the_item("P022").titles = Localised(en="Never said")
    release()
    assert released("P022").titles == {"en": "Never said"}
    db.session.rollback()
    assert (queries.released(the_congress()).number, released("P022").sequence) == (1, 0)


def test_two_current_rows_of_one_uid_are_refused_by_the_database(undone):
    row = db.session.scalars(select(ReleasedEntry).limit(1)).one()
    db.session.add(
        ReleasedEntry(congress_id=row.congress_id, release_id=row.release_id, uid=row.uid, sequence=1, content=row.content)
    )
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_session_is_placed_at_a_time(undone):
    placement = the_placement("P003")
    services.place_session(placement, starts_at=utc(2018, 6, 12, 8), ends_at=None)
    times = (placement.starts_at, placement.ends_at, placement.starts_on, placement.ends_on)
    assert (placement.timing, *times) == (Timing.TIMED, utc(2018, 6, 12, 8), None, None, None)


@pytest.mark.parametrize("ends_at", [utc(2018, 6, 12, 8), utc(2018, 6, 12, 7), utc(2018, 6, 13, 8, 1)])
def test_an_impossible_length_changes_nothing(undone, ends_at):
    placement = the_placement("P022")
    with pytest.raises(services.ImpossibleTime, match=r"^The end must come after the start, and within 24 hours\.$"):
        services.place_session(placement, starts_at=utc(2018, 6, 12, 8), ends_at=ends_at)
    assert (placement.starts_at, db.session.is_modified(placement)) == (utc(2018, 6, 12, 7), False)


@pytest.mark.parametrize(
    ("timing", "starts_on", "ends_on", "stored"),
    [
        (Timing.ALL_DAY, date(2018, 6, 12), date(2018, 6, 14), (date(2018, 6, 12), date(2018, 6, 14))),
        (Timing.ALL_DAY, date(2018, 6, 12), None, (date(2018, 6, 12), date(2018, 6, 12))),
        (Timing.TO_BE_CONFIRMED, date(2018, 6, 12), None, (date(2018, 6, 12), date(2018, 6, 12))),
        (Timing.TO_BE_CONFIRMED, None, None, (None, None)),
    ],
)
def test_a_placement_is_put_on_days_or_left_open(undone, timing, starts_on, ends_on, stored):
    placement = the_placement("P022")
    services.place_on_days(placement, timing=timing, starts_on=starts_on, ends_on=ends_on)
    assert (placement.timing, placement.starts_at, placement.ends_at) == (timing, None, None)
    assert (placement.starts_on, placement.ends_on) == stored


@pytest.mark.parametrize(
    ("timing", "starts_on", "ends_on"),
    [
        (Timing.ALL_DAY, None, None),
        (Timing.ALL_DAY, date(2018, 6, 12), date(2018, 6, 11)),
        (Timing.TO_BE_CONFIRMED, date(2018, 6, 12), date(2019, 6, 12)),
        (Timing.TO_BE_CONFIRMED, None, date(2018, 6, 12)),
        (Timing.ALL_DAY, None, date(2018, 6, 12)),
    ],
)
def test_impossible_days_change_nothing(undone, timing, starts_on, ends_on):
    placement = the_placement("P022")
    with pytest.raises(services.ImpossibleTime):
        services.place_on_days(placement, timing=timing, starts_on=starts_on, ends_on=ends_on)
    assert (placement.timing, db.session.is_modified(placement)) == (Timing.TIMED, False)


def test_a_room_brings_its_venue_and_its_city(undone):
    room, placement = the_placement("P001").room, the_placement("P022")
    services.move_to(placement, city=None, venue=None, room=room)
    assert (placement.city.slug, placement.venue.slug, placement.room) == ("katowice", "katowice-city-of-gardens", room)


def test_a_room_of_another_venue_is_refused(undone):
    placement = the_placement("P022")
    with pytest.raises(services.RoomElsewhere, match=r"^This room is in another venue\."):
        services.move_to(placement, city=None, venue=placement.venue, room=the_placement("P001").room)
    assert db.session.is_modified(placement) is False


def test_a_venue_of_another_city_is_refused(undone):
    placement = the_placement("P022")
    with pytest.raises(services.RoomElsewhere, match=r"^This venue is in another city\."):
        services.move_to(placement, city=the_city("katowice"), venue=placement.venue, room=None)
    assert db.session.is_modified(placement) is False


def test_a_new_session_is_released_as_added(undone):
    db.session.add(made := make_session())
    _release, changes = release()
    assert [(change.kinds, change.after.code) for change in changes] == [(("added",), made.code)]
    assert released(made.code).titles == made.titles
