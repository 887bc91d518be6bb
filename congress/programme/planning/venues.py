"""Houses of the host cities: what they are called, where they stand, how to get there. They belong to no congress.

What readers have of a house is what a release has frozen; a change reaches pages and calendars with the next one.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.core.text import slugify
from congress.networks.models import City
from congress.programme.models import Venue
from congress.programme.planning.availability import check_seen, fingerprint


class VenueThere(CongressError):
    """The city has a house of this name."""


@dataclass(frozen=True, kw_only=True)
class VenueWords:
    """What is known of a house; ``point`` is its latitude and longitude."""

    names: Localised
    address: str
    point: tuple[float, float] | None
    directions: Localised


def point_of(venue: Venue) -> tuple[float, float] | None:
    """Where the house stands, where that is known."""
    return None if venue.latitude is None or venue.longitude is None else (venue.latitude, venue.longitude)


def fingerprint_of_venue(venue: Venue) -> str:
    """Stands for what is known of a house."""
    return fingerprint(dict(venue.names), venue.address, point_of(venue), dict(venue.directions))


def add_venue(city: City, words: VenueWords) -> Venue:
    """A new house. Raises VenueThere. Flushes."""
    lock(city)
    slug = slugify(words.names.text("en"))
    taken = set(db.session.scalars(select(Venue.slug).where(Venue.slug.in_([slug, f"{slug}-{city.slug}"[:80]]))))
    mine = db.session.scalars(select(Venue).where(Venue.city_id == city.id)).all()
    if not slug or slug in {slugify(each.names.text("en")) for each in mine}:
        raise VenueThere(_("This city has a house of this name, or the name has no letters. Write another name."))
    venue = Venue(slug=slug if slug not in taken else f"{slug}-{city.slug}"[:80], city=city)
    if venue.slug in taken:
        raise VenueThere(_("This city has a house of this name, or the name has no letters. Write another name."))
    _write(venue, words)
    db.session.add(venue)
    db.session.flush()
    return venue


def change_venue(venue: Venue, words: VenueWords, *, seen: str) -> None:
    """What is known of a house; its address in our links stays. Raises ChangedMeanwhile. Flushes."""
    lock(venue)
    check_seen(seen, fingerprint_of_venue(venue))
    _write(venue, words)
    db.session.flush()


def _write(venue: Venue, words: VenueWords) -> None:
    venue.names, venue.address, venue.directions = words.names, words.address, words.directions
    venue.latitude, venue.longitude = words.point or (None, None)
