"""Entries of every kind, for rules that hold for all of them."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from congress.core.localised import Localised
from congress.programme.entries import Entry, Place

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
localised = st.builds(lambda **words: Localised(words), en=texts, pl=texts)
instants = st.integers(0, 10**8).map(lambda seconds: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
days = st.dates(date(2018, 1, 1), date(2030, 1, 1))
degrees = st.none() | st.floats(-90, 90)
words = st.sampled_from(["", "music", "literature"])
languages = st.lists(st.sampled_from(["en", "pl", "fr"]), unique=True).map(tuple)

links = st.sampled_from(["", "https://live.example/a;b,c?d=e&f=%20#g", "http://live.example/"])
room_links = st.sampled_from(["", "https://rooms.example/join?secret=a,b"])

places = st.builds(
    Place, city=words, city_names=localised, other_city=words, other_city_names=localised, venue=words,
    venue_names=localised, room=words, room_names=localised, address=texts, latitude=degrees, longitude=degrees,
    directions=localised,
)  # fmt: skip


@st.composite
def entries(draw: st.DrawFn, uid: str = "") -> Entry:
    """An entry that a draft may hold: without sequence and stamps, its times in order."""
    timing = draw(st.sampled_from(["timed", "all_day", "to_be_confirmed"]))
    starts_at = ends_at = starts_on = ends_on = None
    if timing == "timed":
        starts_at = draw(instants)
        ends_at = draw(st.none() | st.integers(1, 1440).map(lambda minutes: starts_at + timedelta(minutes=minutes)))
    elif timing == "all_day" or draw(st.booleans()):
        starts_on = draw(days)
        ends_on = starts_on + timedelta(days=draw(st.integers(0, 9)))
    code = draw(st.sampled_from(["P001", "P002", "P003"]))
    return Entry(
        uid=uid or str(draw(st.integers(1, 9).map(lambda number: uuid.UUID(int=number)))),
        code=code,
        item=draw(st.just(code) | st.just("P000")),
        type=draw(st.sampled_from(["session", "event"])),
        kind=draw(st.sampled_from(["plenary", "subgroup", "workshop", "accompanying"])),
        titles=draw(localised),
        descriptions=draw(localised),
        field=draw(words),
        audience=draw(st.sampled_from(["everyone", "delegates", "field", "invitation"])),
        is_listed=draw(st.booleans()),
        is_plausible=draw(st.booleans()),
        languages=draw(languages),
        interpretation=draw(languages),
        places=draw(st.none() | st.integers(1, 500)),
        people=tuple(draw(st.lists(st.tuples(st.sampled_from(["speaker", "chair"]), texts), max_size=3))),
        organiser=draw(texts),
        website=draw(texts),
        ticketing=draw(st.sampled_from(["", "free", "ticketed"])),
        stream_url=draw(links),
        join_url=draw(room_links),
        timing=timing,
        starts_at=starts_at,
        ends_at=ends_at,
        starts_on=starts_on,
        ends_on=ends_on,
        place=draw(places),
        status=draw(st.sampled_from(["confirmed", "tentative", "cancelled"])),
    )


@st.composite
def simple_entries(draw: st.DrawFn) -> Entry:
    """An entry of few values, so that two of them are often the same but for one thing."""
    starts_at = draw(st.sampled_from([None, datetime(2018, 6, 12, 9, tzinfo=UTC), datetime(2018, 6, 12, 22, 30, tzinfo=UTC)]))
    starts_on = None if starts_at else draw(st.sampled_from([None, date(2018, 6, 12)]))
    return Entry(
        uid=draw(st.sampled_from(["a", "b", "c", "d"])),
        code="P001",
        item="P001",
        type="session",
        kind=draw(st.sampled_from(["plenary", "subgroup"])),
        titles=draw(st.sampled_from([Localised(), Localised(en="Music", pl="Muzyka")])),
        field=draw(words),
        audience=draw(st.sampled_from(["everyone", "delegates"])),
        is_listed=draw(st.sampled_from([True, True, False])),
        languages=draw(languages),
        timing="timed" if starts_at else "all_day" if starts_on else "to_be_confirmed",
        starts_at=starts_at,
        starts_on=starts_on,
        ends_on=draw(st.sampled_from([date(2018, 6, 12), date(2018, 6, 14)])) if starts_on else None,
        place=Place(city=draw(words), other_city=draw(words), venue=draw(words)),
        status=draw(st.sampled_from(["confirmed", "confirmed", "cancelled"])),
    )


drafts = st.lists(simple_entries(), max_size=4, unique_by=lambda entry: entry.uid)
thoroughly = settings(max_examples=60, deadline=None)
