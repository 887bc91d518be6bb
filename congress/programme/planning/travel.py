"""How long the way takes between two houses: reads and writes. It is the same both ways, and from door to door.

Where nobody has said it, the way between cities counts as the congress says, and the way within a city as none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.programme import queries
from congress.programme.models import TravelTime, Venue
from congress.programme.planning.availability import ChangedMeanwhile, fingerprint


class NoWay(CongressError):
    """A way from a house to itself."""


@dataclass(frozen=True)
class Way:
    """Two houses, the one with the smaller id first, and the minutes between their doors."""

    venue: Venue
    other: Venue
    minutes: int


def ways(congress: Congress) -> list[Way]:
    """What is known between the houses of the host cities, in the order of the page of houses."""
    venues = {each.id: each for each in queries.venues(congress)}
    rows = db.session.scalars(
        select(TravelTime).where(TravelTime.venue_id.in_(venues), TravelTime.other_venue_id.in_(venues))
    )  # fmt: skip
    place = {number: place for place, number in enumerate(venues)}
    found = [Way(venues[row.venue_id], venues[row.other_venue_id], row.minutes) for row in rows]
    return sorted(found, key=lambda way: sorted((place[way.venue.id], place[way.other.id])))


def fingerprint_of(known: Iterable[Way]) -> str:
    """Stands for the ways that a page showed."""
    return fingerprint([(each.venue.id, each.other.id, each.minutes) for each in known])


def set_way(congress: Congress, venues: Sequence[Venue], minutes: int | None, *, seen: str) -> None:
    """So long takes the way between these two; None: nobody knows any more. Raises NoWay, ChangedMeanwhile. Flushes."""
    here, there = sorted(venues, key=lambda each: each.id)
    if here is there:
        raise NoWay(_("Choose two different houses."))
    lock(here)
    if seen != fingerprint_of(ways(congress)):
        raise ChangedMeanwhile(
            _("Somebody else has changed this in the meantime. Below is what you entered; send it again to keep it.")
        )
    row = db.session.get(TravelTime, (here.id, there.id))
    if minutes is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(TravelTime(venue_id=here.id, other_venue_id=there.id, minutes=minutes))
    else:
        row.minutes = minutes
    db.session.flush()
