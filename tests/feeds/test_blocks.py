"""Entries that many people share, put together once, with a person's own in between."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from congress.core.localised import Localised
from congress.feeds import ical
from congress.feeds.blocks import Block
from congress.feeds.selection import for_calendar
from congress.programme.entries import Entry
from tests.factories import make_entry, utc

ENDS_ON = date(2018, 6, 15)
FIRST = datetime(2018, 6, 12, 7, tzinfo=utc(2018, 6, 12).tzinfo)


def piece(entry: Entry) -> bytes:
    """Bytes that name the entry, of many lengths; some are empty."""
    return entry.titles.text("en").encode()


def chosen_for_calendar(entries: list[Entry]) -> list[Entry]:
    return for_calendar(entries, with_unconfirmed=True, congress_ends_on=ENDS_ON, today=ENDS_ON)


@st.composite
def programmes(draw: st.DrawFn) -> tuple[list[Entry], list[Entry]]:
    """What everybody has and what one person has beside it, with many at the same time, in no order."""
    made = []
    for number in draw(st.lists(st.integers(0, 10**6), unique=True, max_size=14)):
        hours = draw(st.integers(0, 4))
        title = Localised(en=draw(st.text("ab|\n", max_size=6)))
        if draw(st.booleans()):
            made.append(make_entry(uid=str(number), titles=title, starts_at=FIRST + timedelta(hours=17 * hours)))
        else:
            day = date(2017, 12, 30) + timedelta(days=hours)
            made.append(make_entry(uid=str(number), titles=title, timing="all_day", starts_on=day, ends_on=day))
    mine = [draw(st.booleans()) for _each in made]
    return (
        [entry for entry, is_mine in zip(made, mine, strict=True) if not is_mine],
        [entry for entry, is_mine in zip(made, mine, strict=True) if is_mine],
    )


@given(programmes())
@example(([], []))
@example(([], [make_entry()]))
@example(([make_entry()], []))
def test_a_block_with_others_in_their_places_is_the_plain_calendar(programme: tuple[list[Entry], list[Entry]]):
    shared, mine = map(chosen_for_calendar, programme)

    block = Block.of(shared, [piece(entry) for entry in shared])
    put = b"".join(block.parts([(block.place(entry), piece(entry)) for entry in mine]))

    assert put == b"".join(piece(entry) for entry in chosen_for_calendar([*shared, *mine]))


@given(programmes())
def test_a_block_knows_what_the_frame_of_a_calendar_says(programme: tuple[list[Entry], list[Entry]]):
    shared = chosen_for_calendar(programme[0])
    block = Block.of(shared, [piece(entry) for entry in shared])

    assert (block.years, block.last_modified) == (ical.years(shared), ical.last_modified(shared))


def test_the_first_the_last_and_what_begins_at_the_same_time_stand_in_order_of_their_names():
    shared = [make_entry(uid=uid, titles=Localised(en=uid)) for uid in ("b", "d")]
    before = make_entry(uid="z", titles=Localised(en="before"), starts_at=utc(2018, 6, 12, 6))
    same = [make_entry(uid=uid, titles=Localised(en=uid)) for uid in ("a", "c", "e")]
    block = Block.of(shared, [b"b", b"d"])

    assert [block.place(entry) for entry in (before, *same)] == [0, 0, 1, 2]
    assert b"".join(block.parts([(0, b"before"), (0, b"a"), (1, b"c"), (2, b"e")])) == b"beforeabcde"


def test_a_block_is_named_by_its_bytes():
    entries = [make_entry(uid="a"), make_entry(uid="b")]
    named = [Block.of(entries, pieces).digest for pieces in ([b"x", b"y"], [b"x", b"y"], [b"xy", b""], [b"y", b"x"])]

    assert (named[0] == named[1] == named[2], named[0] == named[3]) == (True, False)
