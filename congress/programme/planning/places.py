"""Where something stands in the timetable: the name of a column, such as ``room-3``, and the places behind it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.errors import CongressError
from congress.networks.models import City
from congress.programme import queries
from congress.programme.models import Placement, Room, Venue

NOWHERE = ""
"""The column of what has no place at all."""


class UnknownPlace(CongressError):
    """There is no such place in the host cities of this congress."""


@dataclass(frozen=True)
class Where:
    """A room, or only its venue, or only its city, or nothing."""

    city: City | None = None
    venue: Venue | None = None
    room: Room | None = None


def column_of(placement: Placement) -> str:
    """The column of a placement: of its room, else of its venue, else of its city."""
    for kind, number in (("room", placement.room_id), ("venue", placement.venue_id), ("city", placement.city_id)):
        if number is not None:
            return f"{kind}-{number}"
    return NOWHERE


def where(congress: Congress, column: str) -> Where:
    """The places behind a column's name. Raises UnknownPlace, also for a room of cities that are not hosts."""
    if column == NOWHERE:
        return Where()
    kind, _dash, number = column.partition("-")
    if kind == "city" and (city := next((each for each in congress.hosts if str(each.id) == number), None)):
        return Where(city=city)
    if kind == "venue" and (venue := next((each for each in queries.venues(congress) if str(each.id) == number), None)):
        return Where(venue=venue)
    if kind == "room" and (room := next((each for each in queries.rooms(congress) if str(each.id) == number), None)):
        return Where(room=room)
    raise UnknownPlace(_("This place is not in the host cities of the congress. Choose one of the places in the list."))
