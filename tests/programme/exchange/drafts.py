"""Drafts of any kind, and empty congresses to put them into."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from congress.congresses.models import Congress, HostCity
from congress.core.db import db
from congress.core.localised import Localised
from congress.core.text import clean_line, clean_text
from congress.networks.models import City
from congress.networks.vocabulary import Field
from congress.programme import queries
from congress.programme.exchange import tables
from congress.programme.models import Contributor, Placement, ProgrammeItem, ProgrammeSession, PublicEvent, Room, Venue
from congress.programme.vocabulary import Audience, Kind, Part, Ticketing, Timing
from tests.factories import the_congress

_count = itertools.count(1)


def empty_congress(**changes: Any) -> Congress:
    """A congress like that of 2018, with nothing in its draft."""
    like = the_congress()
    values: dict[str, Any] = {
        "network": like.network,
        "slug": f"empty{next(_count)}",
        "names": Localised(en="Empty", pl="Pusty"),
        "long_names": Localised(),
        "themes": Localised(),
        "descriptions": Localised(),
        "starts_on": like.starts_on,
        "ends_on": like.ends_on,
        "timezone": like.timezone,
        "languages": ["en", "pl"],
    }
    made = Congress(**(values | changes))
    made.host_places = [HostCity(city=city) for city in like.hosts]
    db.session.add(made)
    db.session.flush()
    return made


def told(congress: Congress, *without: str) -> list[dict[str, str]]:
    """The draft in words, in the order of codes, without some columns."""
    db.session.flush()
    db.session.expire_all()
    cities = tables.city_slugs()
    rows = [tables.cells_of(each, congress, cities) for each in queries.placements(congress)]
    kept = [{name: cell for name, cell in row.items() if cell and name not in without} for row in rows]
    return sorted(kept, key=lambda row: row["code"])


# As forms leave them: no control characters, no white space around. An apostrophe before a sign that computes is taken for a guard.
_signs = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="'")
lines = st.text(_signs, max_size=20).map(clean_line)
titles = lines.filter(bool)
paragraphs = st.text(_signs | st.just("\n"), max_size=40).map(clean_text)
flags = st.booleans()
some = st.none() | st.integers(1, 900)
languages = st.lists(st.sampled_from(["en", "pl", "fr", "zh-tw"]), unique=True)
links = st.sampled_from(["", "https://live.example/a;b,c?d=e&f=%20#g"])
instants = st.integers(0, 10**8).map(lambda seconds: datetime(2017, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
# In the night that the clocks of Warsaw show two o'clock twice.
autumn = st.integers(0, 36).map(lambda number: datetime(2018, 10, 27, 22, tzinfo=UTC) + timedelta(minutes=10 * number))


@st.composite
def times(draw: st.DrawFn) -> dict[str, Any]:
    timing = draw(st.sampled_from(Timing))
    found: dict[str, Any] = {"timing": timing}
    if timing is Timing.TIMED:
        starts_at = found["starts_at"] = draw(instants | autumn)
        found["ends_at"] = draw(st.none() | st.integers(1, 1440).map(lambda minutes: starts_at + timedelta(minutes=minutes)))
    elif timing is Timing.ALL_DAY or draw(flags):
        found["starts_on"] = draw(st.dates(date(2018, 1, 1), date(2019, 1, 1)))
        found["ends_on"] = found["starts_on"] + timedelta(days=draw(st.integers(0, 120)))
    return found


@st.composite
def items(draw: st.DrawFn, cities: Sequence[City], venues: Sequence[Venue], rooms: Sequence[Room]) -> ProgrammeItem:
    """An item with up to three placements, with none of its columns left out; its codes are given by who collects them."""
    values: dict[str, Any] = {
        "kind": draw(st.sampled_from(Kind)),
        "field": draw(st.sampled_from(Field)),
        "audience": draw(st.sampled_from(Audience)),
        "titles": Localised(en=draw(titles), pl=draw(lines), fr=draw(lines)),
        "descriptions": Localised(en=draw(paragraphs), pl=draw(paragraphs)),
        "languages": draw(languages),
        "interpretation": draw(languages),
        "needs": draw(st.lists(titles, max_size=3, unique=True)),
        "stream_url": draw(links),
        "join_url": draw(links),
        "sign_ups_close_at": draw(st.none() | instants | autumn),
        "most_per_sign_up": draw(st.integers(1, 9)),
        "setup_minutes": draw(st.integers(0, 60)),
        "clearing_minutes": draw(st.integers(0, 60)),
    }
    values |= {name: draw(some) for name in ("places", "expected", "public_places", "offer_hours")}
    values |= {name: draw(flags) for name in ("is_listed", "is_plausible", "takes_guests", "takes_sign_ups", "needs_step_free")}
    if draw(flags):
        made: ProgrammeItem = ProgrammeSession(**values)
    else:
        ticketing = draw(st.none() | st.sampled_from(Ticketing))
        made = PublicEvent(**values, organiser=draw(titles), website=draw(links), ticketing=ticketing)
    for name in draw(st.lists(titles, max_size=3)):
        city = draw(st.none() | st.sampled_from(cities))
        made.contributors.append(
            Contributor(
                part=draw(st.sampled_from(Part)), name=name, may_be_named=draw(flags),
                city_id=city.id if city else None, minutes=draw(st.none() | st.integers(0, 99)),
            )
        )  # fmt: skip
    for _number in range(draw(st.integers(1, 3))):
        made.placements.append(Placement(**draw(times()), **draw(spots(cities, venues, rooms)), is_cancelled=draw(flags)))
    return made


@st.composite
def spots(draw: st.DrawFn, cities: Sequence[City], venues: Sequence[Venue], rooms: Sequence[Room]) -> dict[str, Any]:
    """Nothing, a city, two of them, a venue or a room."""
    room = draw(st.none() | st.sampled_from(rooms))
    venue = room.venue if room else draw(st.none() | st.sampled_from(venues))
    city = venue.city if venue else draw(st.none() | st.sampled_from(cities))
    return {"city": city, "venue": venue, "room": room, "other_city": draw(st.none() | st.sampled_from(cities)) if city else None}


def add(congress: Congress, made: Sequence[ProgrammeItem]) -> None:
    """Into the draft of a congress, under codes of its own."""
    number = itertools.count(1)
    for item in made:
        item.congress, item.congress_id, item.code = congress, congress.id, f"I{next(number)}"
        for each in item.placements:
            each.congress_id, each.code = congress.id, f"I{next(number)}"
    db.session.add_all(made)
    db.session.flush()
