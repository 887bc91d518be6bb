"""Cities, venues and rooms by the words that tables use for them, and the words for them in tables that we write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.languages import LANGUAGES
from congress.core.localised import Localised
from congress.core.text import fold
from congress.networks.models import City
from congress.programme.exchange.cells import Unreadable
from congress.programme.models import Room, Venue

Found = TypeVar("Found", Venue, Room)


@dataclass(frozen=True)
class Spot:
    """Where a placement is; a room comes with its venue, a venue with its city."""

    city: City | None = None
    other_city: City | None = None
    venue: Venue | None = None
    room: Room | None = None


class Gazetteer:
    """All places that the program knows. Slugs go before names, since two places may share a name and not a slug."""

    def __init__(self, congress: Congress) -> None:
        self.hosts = {city.id for city in congress.hosts}
        cities = db.session.scalars(select(City).order_by(City.population, City.id)).all()
        self._venues = db.session.scalars(select(Venue).options(joinedload(Venue.city)).order_by(Venue.id)).all()
        self._rooms = db.session.scalars(select(Room).options(joinedload(Room.venue)).order_by(Room.id)).all()
        self._cities = {fold(name): city for city in cities for name in city.names.values()}
        self._cities |= {city.slug: city for city in cities}
        self._spots = self._in_one_cell(congress.hosts)

    def city(self, word: str) -> City:
        found = self._cities.get(fold(word))
        if found is None:
            raise Unreadable(_("“%(city)s” is no city that is known here.", city=word[:60]))
        return found

    def find_venue(self, word: str, city: City | None, current: Venue | None) -> Venue:
        """The venue of that slug or name, in ``city`` if given. Those elsewhere than in host cities only where one stands already."""
        named = self._called(self._venues, word)
        here = [each for each in named if city is None or each.city_id == city.id]
        allowed = [each for each in here if each.city_id in self.hosts or each is current]
        if not allowed and here:
            raise Unreadable(_("“%(venue)s” is not in a host city of this congress.", venue=word[:60]))
        if not allowed and named:
            raise Unreadable(_("“%(venue)s” is in another city.", venue=word[:60]))
        if not allowed:
            raise Unreadable(
                _("“%(venue)s” is no venue that is known here. Correct the name, or leave the cell empty.", venue=word[:60])
            )
        return current if current in allowed else self._only(allowed, word)

    def find_room(self, word: str, venue: Venue | None, city: City | None, current: Room | None) -> Room:
        """The room of that slug or name in the venue, or in any venue of the city or of the host cities where none is named."""
        named = self._called(self._rooms, word)
        if venue is not None:
            here = [each for each in named if each.venue_id == venue.id]
        else:
            here = [each for each in named if each.venue.city_id in ({city.id} if city else self.hosts) or each is current]
        if venue is not None and named and not here:
            raise Unreadable(_("“%(room)s” is a room of another venue.", room=word[:60]))
        if named and not here:
            raise Unreadable(_("“%(room)s” is a room of another congress’s city.", room=word[:60]))
        if not here:
            raise Unreadable(
                _("“%(room)s” is no room that is known here. Correct the name, or leave the cell empty.", room=word[:60])
            )
        return current if current in here else self._only(here, word)

    def spot(self, text: str) -> Spot:
        """A place that stands in one cell, as calendars and schedules have it: “room, venue, address, city” or parts of that."""
        found = self._spots.get(fold(text))
        if found is None:
            raise Unreadable(
                _("“%(place)s” is no place that is known here. Correct it, or leave this column out.", place=text[:80])
            )
        return found

    @staticmethod
    def _called(places: Sequence[Found], word: str) -> list[Found]:
        wanted = fold(word)
        by_slug = [each for each in places if each.slug == wanted]
        names = (wanted, fold(word.partition(" (")[0]))
        return by_slug or [each for each in places if any(fold(name) in names for name in each.names.values())]

    @staticmethod
    def _only(found: Sequence[Found], word: str) -> Found:
        if len(found) > 1:
            raise Unreadable(_("There are several called “%(name)s”. Say in which city and venue.", name=word[:60]))
        return found[0]

    def _in_one_cell(self, hosts: Iterable[City]) -> dict[str, Spot]:
        """What we ourselves write for each place, and what others may; where two places would be called the same, none is."""
        hosts = list(hosts)
        spots = [Spot(city=city) for city in hosts]
        spots += [Spot(city=one, other_city=other) for one in hosts for other in hosts if one is not other]
        spots += [Spot(venue.city, None, venue) for venue in self._venues if venue.city_id in self.hosts]
        spots += [Spot(room.venue.city, None, room.venue, room) for room in self._rooms if room.venue.city_id in self.hosts]
        found: dict[str, Spot] = {}
        twice: set[str] = set()
        for spot in spots:
            for word in {fold(word) for language in LANGUAGES for word in _words(spot, language)}:
                if word in found and found[word] != spot:
                    twice.add(word)
                found.setdefault(word, spot)
        return {word: spot for word, spot in found.items() if word not in twice}


def _words(spot: Spot, language: str) -> list[str]:
    def named(place: City | Venue | Room | None) -> str:
        names: Localised = place.names if place else Localised()
        return names.text(language)

    room, venue, cities = named(spot.room), named(spot.venue), " – ".join(filter(None, map(named, (spot.city, spot.other_city))))
    address = spot.venue.address if spot.venue else ""
    in_address = ["" if venue and address.startswith(venue) else venue, address, "" if cities in address else cities]
    said = [[room, venue, cities], [room, *in_address], [room, venue], [room] if room else [venue], [venue, address, cities]]
    if not venue:
        said = [[cities]]
    return [", ".join(part for part in dict.fromkeys(parts) if part) for parts in said]
