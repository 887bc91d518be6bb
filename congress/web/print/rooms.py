"""Which room has what on which day: the pages of day sheets and of door signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from congress.core.text import sort_key
from congress.programme.entries import Place
from congress.programme.models import Room
from congress.programme.sheets import Use

Key = tuple[str, str]  # slugs of house and room


@dataclass(frozen=True)
class Wanted:
    """What is to be printed; an empty value asks for everything. ``room`` is only of the house ``venue``."""

    day: date | None = None
    venue: str = ""
    room: str = ""

    def holds(self, place: Place, day: date) -> bool:
        wanted = ((self.venue, place.venue), (self.room, place.room))
        return (self.day is None or self.day == day) and all(not asked or asked == slug for asked, slug in wanted)


@dataclass(frozen=True)
class Leaf:
    """One room, or one house, on one day."""

    day: date
    place: Place
    room: Room | None
    uses: list[Use] = field(default_factory=list)


def leaves(
    uses: Iterable[Use], wanted: Wanted, *, zone: ZoneInfo, rooms: Mapping[Key, Room], by_venue: bool, language: str
) -> list[Leaf]:
    """Pages by day, then by the names of city, house and room as a dictionary of the language sorts; what has no house is left out."""
    found: dict[tuple[date, str, str], Leaf] = {}
    for use in uses:
        place = use.entry.place
        for day in use.entry.days(zone):
            if place.venue and wanted.holds(place, day):
                key = (day, place.venue, "" if by_venue else place.room)
                leaf = found.setdefault(key, Leaf(day, place, None if by_venue else rooms.get((place.venue, place.room))))
                leaf.uses.append(use)

    def order(leaf: Leaf) -> tuple[object, ...]:
        names = (leaf.place.city_names, leaf.place.venue_names, leaf.place.room_names)
        return (leaf.day, *(sort_key(each.text(language), language) for each in names))

    return sorted(found.values(), key=order)
