"""What a release changes, as rules that hold for every programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.localised import Localised
from congress.programme.entries import Entry, Place
from congress.programme.releases import Change, changes, joined, stamped
from tests.factories import make_entry, utc
from tests.programme.strategies import drafts, thoroughly

FIRST = utc(2018, 5, 2, 9)


def release(released: list[Entry], draft: list[Entry], number: int = 1) -> list[Entry]:
    """What stands released after one more release, ``number`` days after the first."""
    now = FIRST + timedelta(days=number - 1)
    frozen = {change.after.uid: stamped(change, now) for change in changes(released, draft)}
    return [*(entry for entry in released if entry.uid not in frozen), *frozen.values()]


def by_uid(entries: list[Entry]) -> dict[str, Entry]:
    return {entry.uid: entry for entry in entries}


histories = st.lists(drafts, min_size=2, max_size=4)


@thoroughly
@given(histories)
def test_after_a_release_nothing_is_pending(history):
    released: list[Entry] = []
    for number, draft in enumerate(history, 1):
        released = release(released, draft, number)
        assert changes(released, draft) == []


@thoroughly
@given(drafts)
def test_the_first_release_freezes_what_is_not_cancelled(draft):
    wanted = [replace(entry, created_at=FIRST, last_modified=FIRST) for entry in draft if not entry.is_cancelled]
    assert release([], draft) == wanted


@thoroughly
@given(histories)
def test_each_change_counts_one_on_and_the_same_content_none(history):
    released: list[Entry] = []
    for number, draft in enumerate(history, 1):
        before, released = by_uid(released), release(released, draft, number)
        for uid, entry in by_uid(released).items():
            old = before.get(uid)
            if old is None:
                assert entry.sequence == 0
            elif old.same_content(entry):
                assert entry == old
            else:
                assert (entry.sequence, entry.created_at) == (old.sequence + 1, old.created_at)
                assert entry.last_modified == FIRST + timedelta(days=number - 1)


@thoroughly
@given(histories)
def test_what_was_ever_released_stays_and_what_the_draft_drops_is_cancelled(history):
    released: list[Entry] = []
    for number, draft in enumerate(history, 1):
        before, released = by_uid(released), release(released, draft, number)
        now, wanted = by_uid(released), by_uid(draft)
        assert before.keys() <= now.keys()
        assert [now[uid].is_cancelled for uid in now if uid not in wanted] == [True] * len(now.keys() - wanted.keys())


@thoroughly
@given(drafts, drafts)
def test_what_is_released_says_what_the_draft_says(first, second):
    released = by_uid(release(release([], first), second, 2))
    assert all(released[entry.uid].same_content(entry) for entry in second if entry.uid in released)


def one_change(**changed: object) -> tuple[str, ...]:
    old = make_entry()
    (change,) = changes([old], [replace(old, **changed)])
    return change.kinds


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({"starts_at": utc(2018, 6, 12, 6)}, ("moved",)),
        ({"ends_at": None}, ("moved",)),
        ({"place": Place(city="krakow")}, ("moved",)),
        ({"titles": Localised(en="Opening ceremony")}, ("renamed",)),
        ({"descriptions": Localised(en="With music")}, ("edited",)),
        ({"is_listed": False}, ("edited",)),
        ({"status": "tentative"}, ("edited",)),
        ({"status": "cancelled"}, ("cancelled",)),
        (
            {"timing": "to_be_confirmed", "starts_at": None, "ends_at": None, "status": "tentative"},
            ("moved",),
        ),
        (
            {"starts_at": utc(2018, 6, 12, 6), "titles": Localised(en="New"), "people": (("chair", "Anna"),)},
            ("moved", "renamed", "edited"),
        ),
    ],
)
def test_a_change_is_named_by_what_differs(changed, kinds):
    assert one_change(**changed) == kinds


def test_what_comes_back_is_restored_with_its_uid():
    gone = make_entry(status="cancelled", sequence=3)
    back = make_entry(sequence=0)
    assert changes([gone], [back]) == [Change(("restored",), gone, back)]
    assert stamped(changes([gone], [back])[0], utc(2018, 6, 1)) == replace(
        back, sequence=4, created_at=gone.created_at, last_modified=utc(2018, 6, 1)
    )


def test_stamps_alone_are_no_change():
    old = make_entry(sequence=7, last_modified=utc(2018, 6, 1))
    assert changes([old], [make_entry(sequence=0, created_at=None, last_modified=None)]) == []


def test_what_was_cancelled_before_it_was_released_is_no_change():
    assert changes([], [make_entry(status="cancelled")]) == []


def test_changes_stand_in_the_order_of_the_draft_and_what_was_dropped_last():
    dropped, kept, added = (make_entry(uid=uid, code=uid) for uid in ("a", "b", "c"))
    moved = replace(kept, timing="all_day", starts_at=None, ends_at=None, starts_on=date(2018, 6, 12), ends_on=date(2018, 6, 12))
    assert changes([dropped, kept], [added, moved]) == [
        Change(("added",), None, added),
        Change(("moved",), kept, moved),
        Change(("cancelled",), dropped, dropped.cancelled()),
    ]


def said(entries: list[Entry]) -> dict[str, Entry | None]:
    """What the entries say, by uid, whatever their sequences and stamps; what is cancelled says only that."""
    return {
        entry.uid: None if entry.is_cancelled else replace(entry, sequence=0, created_at=None, last_modified=None)
        for entry in entries
    }


@thoroughly
@given(histories, st.data())
def test_releasing_reverting_and_releasing_again_gives_the_same_programme(history, data):
    released: list[Entry] = []
    states = []
    for number, draft in enumerate(history, 1):
        released = release(released, draft, number)
        states.append(released)
    back_to = data.draw(st.sampled_from(states))

    reverted = release(released, back_to, 8)
    again = release(reverted, history[-1], 9)

    alive = {uid: entry for uid, entry in said(reverted).items() if uid in by_uid(back_to)}
    assert alive == said(back_to)
    assert all(entry.is_cancelled for entry in reverted if entry.uid not in by_uid(back_to))
    assert said(again) == said(released)
    sequences = [{uid: entry.sequence for uid, entry in by_uid(each).items()} for each in (released, reverted, again)]
    assert all(sequences[0][uid] <= sequences[1][uid] <= sequences[2][uid] for uid in sequences[0])


@thoroughly
@given(histories)
def test_several_releases_told_at_once_are_the_way_from_before_the_first_to_after_the_last(history):
    released = release([], history[0])
    first, steps = released, []
    for number, draft in enumerate(history[1:], 2):
        before, released = by_uid(released), release(released, draft, number)
        changed = [entry for entry in released if entry != before.get(entry.uid)]
        steps.append(([before[entry.uid] for entry in changed if entry.uid in before], changed))
    together = {change.after.uid: (change.kinds, change.before) for change in joined(steps)}
    assert together == {change.after.uid: (change.kinds, change.before) for change in changes(first, released)}


@thoroughly
@given(drafts, drafts, st.data())
def test_a_release_of_some_freezes_just_these_and_the_rest_waits(first, second, data):
    released = release([], first)
    pending = changes(released, second)
    chosen = {change.after.uid for change in pending if data.draw(st.booleans())}
    frozen = {change.after.uid: stamped(change, FIRST) for change in pending if change.after.uid in chosen}
    after = [*(entry for entry in released if entry.uid not in frozen), *frozen.values()]
    assert {change.after.uid for change in changes(after, second)} == {change.after.uid for change in pending} - chosen
    marks = {change.mark for change in pending}
    assert (len(marks), marks) == (len(pending), {change.mark for change in changes(released, second)})
