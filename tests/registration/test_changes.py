"""What a release changes for one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.localised import Localised
from congress.programme.entries import Entry
from congress.programme.releases import Change, changes, stamped
from congress.registration.changes import edited, is_in_calendars, is_worth_telling, own_changes
from congress.registration.rules import Attendee, own_programme
from tests.factories import NOW, make_entry, utc
from tests.programme.strategies import drafts, thoroughly

DELEGATE = Attendee("delegate", field="music")
PLENARY = make_entry()
LATER = replace(PLENARY, starts_at=utc(2018, 6, 12, 9), ends_at=utc(2018, 6, 12, 10))
WORKSHOP = make_entry(kind="workshop", audience="delegates")
NOBODYS = make_entry(kind="steering", audience="invitation")
MUSIC = make_entry(kind="subgroup", field="music", audience="field")


def gone(entry: Entry) -> Entry:
    return entry.cancelled()


def told(before: Entry | None, after: Entry, attendee: Attendee = DELEGATE) -> list[Change]:
    return own_changes(changes([before] if before else [], [after]), attendee)


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (None, PLENARY, ("added",)),
        (PLENARY, LATER, ("moved",)),
        (PLENARY, replace(LATER, titles=Localised(en="Start")), ("moved", "renamed")),
        (PLENARY, replace(PLENARY, descriptions=Localised(en="With music.")), ("edited",)),
        (PLENARY, gone(PLENARY), ("cancelled",)),
        (PLENARY, gone(LATER), ("cancelled", "moved")),
        (gone(PLENARY), LATER, ("restored", "moved")),
    ],
)
def test_a_change_of_an_own_entry_is_told_as_it_is(before, after, kinds):
    assert told(before, after) == [Change(kinds, before, after)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, WORKSHOP),
        (WORKSHOP, replace(LATER, kind="workshop")),
        (NOBODYS, gone(NOBODYS)),
        (gone(PLENARY), gone(LATER)),
        (replace(MUSIC, field="film"), replace(MUSIC, field="design")),
    ],
)
def test_what_is_and_was_not_the_persons_is_not_told(before, after):
    assert told(before, after) == []


@pytest.mark.parametrize("change", [{"is_listed": True}, {"is_plausible": True}, {"places": 80}, {"code": "P099"}])
def test_what_nobody_would_notice_is_not_told(change):
    assert told(replace(WORKSHOP, is_listed=False), replace(WORKSHOP, **{"is_listed": False, **change}), chosen("P022")) == []


def chosen(*codes: str) -> Attendee:
    return replace(DELEGATE, chosen=frozenset(codes))


def test_a_chosen_entry_is_the_persons_own():
    moved = replace(LATER, kind="workshop")
    assert told(WORKSHOP, moved, chosen("P022")) == [Change(("moved",), WORKSHOP, moved)]
    assert told(WORKSHOP, moved, chosen("P001")) == []


def test_an_entry_that_becomes_the_persons_is_new_whatever_it_was_before():
    other = replace(MUSIC, field="film", sequence=3)
    assert told(other, replace(MUSIC, sequence=4)) == [Change(("added",), None, replace(MUSIC, sequence=4))]
    assert told(gone(other), MUSIC) == [Change(("added",), None, MUSIC)]


def test_of_an_entry_that_leaves_only_what_the_person_knew_is_said():
    secret = replace(LATER, kind="steering", titles=Localised(en="Closed"), sequence=1, last_modified=NOW)
    known = replace(PLENARY, status="cancelled", sequence=1, last_modified=NOW)
    assert told(PLENARY, secret) == [Change(("removed",), PLENARY, known)]
    assert told(PLENARY, gone(secret)) == [Change(("cancelled",), PLENARY, known)]


def test_parts_of_an_edited_entry_are_named():
    after = replace(LATER, descriptions=Localised(en="x"), people=(("speaker", "A"),), sequence=7, is_plausible=True, places=3)
    assert edited(Change(("moved", "edited"), PLENARY, after)) == ("descriptions", "people")
    assert edited(Change(("added",), None, after)) == ()


@pytest.mark.parametrize(
    ("entry", "is_there"),
    [
        (PLENARY, True),
        (make_entry(timing="all_day", starts_on=date(2018, 6, 12), ends_on=date(2018, 6, 12)), True),
        (make_entry(timing="to_be_confirmed", starts_on=date(2018, 6, 12)), False),
        (make_entry(timing="to_be_confirmed"), False),
    ],
)
def test_calendars_hold_what_has_a_time_or_days(entry, is_there):
    assert is_in_calendars(entry) is is_there


KRAKOW = ZoneInfo("Europe/Warsaw")
FESTIVAL = make_entry(timing="all_day", starts_at=None, ends_at=None, starts_on=date(2018, 6, 12), ends_on=date(2018, 6, 13))
SOME_DAY = make_entry(timing="to_be_confirmed", starts_at=None, ends_at=None)


@pytest.mark.parametrize(
    ("before", "after", "over_at"),
    [
        (None, PLENARY, PLENARY.ends_at),
        (PLENARY, gone(PLENARY), PLENARY.ends_at),
        (PLENARY, LATER, LATER.ends_at),
        (LATER, PLENARY, LATER.ends_at),
        (FESTIVAL, gone(FESTIVAL), utc(2018, 6, 13, 22)),
        (FESTIVAL, PLENARY, utc(2018, 6, 13, 22)),
    ],
)
def test_a_change_is_worth_telling_until_what_was_and_what_is_are_over(before, after, over_at: datetime):
    change = Change(("moved",), before, after)
    moments = (over_at - timedelta(seconds=1), over_at)
    assert [is_worth_telling(change, moment, KRAKOW) for moment in moments] == [True, False]


def test_what_has_no_day_yet_may_still_come():
    assert is_worth_telling(Change(("moved",), PLENARY, SOME_DAY), utc(2018, 7, 1), KRAKOW)


attendees = st.builds(
    Attendee, category=st.sampled_from(["delegate", "companion", "press"]), field=st.sampled_from(["", "music"]),
    chosen=st.sampled_from([frozenset(), frozenset({"P001"})]),
)  # fmt: skip


@thoroughly
@given(drafts, drafts, attendees)
def test_whoever_applies_what_is_told_has_the_own_programme(before, after, attendee):
    """As a calendar does: it takes what is new and changed, and drops what is cancelled or removed."""
    found = changes(before, after)
    released = {each.uid: each for each in before} | {each.after.uid: stamped(each, NOW) for each in found}

    def standing(entries) -> dict[str, tuple[object, ...]]:
        own = own_programme(entries, attendee)
        return {each.uid: (each.titles, each.starts_at, each.starts_on, each.place) for each in own if not each.is_cancelled}

    held = standing(before)
    for each in own_changes(found, attendee):
        if each.after.is_cancelled:
            del held[each.after.uid]
        else:
            held |= standing([each.after])
    assert held == standing(released.values())


@thoroughly
@given(drafts, drafts, attendees)
def test_nothing_is_told_of_what_the_person_never_saw(before, after, attendee):
    seen = {*own_programme(before, attendee), *own_programme(after, attendee)}
    contents = {(each.titles, each.starts_at, each.starts_on, each.place) for each in seen}
    for each in own_changes(changes(before, after), attendee):
        assert (each.after.titles, each.after.starts_at, each.after.starts_on, each.after.place) in contents
