"""When houses are open, what their rooms hold and have, and when a room or a speaker is not there: reads and writes.

Writers take what their page showed (``seen``, a ``fingerprint``) and raise ChangedMeanwhile where somebody has saved since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, select

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.core.text import slugify
from congress.programme import queries
from congress.programme.models import Room, Venue
from congress.programme.people.models import Speaker
from congress.programme.planning.models import OpeningHours, Unavailability
from congress.programme.planning.spans import Hours, Span


class ChangedMeanwhile(CongressError):
    """Somebody else has saved since the page was opened."""


class RoomThere(CongressError):
    """The venue has a room of this name."""


@dataclass(frozen=True, kw_only=True)
class RoomWords:
    """What is known of a room."""

    names: Localised
    capacity: int | None
    equipment: Sequence[str]
    step_free: bool | None


def find_venue(congress: Congress, venue_id: int) -> Venue | None:
    """A venue in the host cities of this congress."""
    return next((each for each in queries.venues(congress) if each.id == venue_id), None)


def find_room(congress: Congress, room_id: int) -> Room | None:
    """A room in the host cities of this congress."""
    return next((each for each in queries.rooms(congress) if each.id == room_id), None)


def hours(congress: Congress) -> dict[int, dict[date, Hours]]:
    """Opening hours of all venues at this congress, by the id of the venue."""
    found: dict[int, dict[date, Hours]] = {}
    for row in db.session.scalars(select(OpeningHours).where(OpeningHours.congress_id == congress.id)):
        is_open = row.opens is not None and row.closes is not None
        found.setdefault(row.venue_id, {})[row.day] = (row.opens, row.closes) if is_open else None  # type: ignore[assignment]
    return found


def absences(congress: Congress, of: Room | Speaker) -> list[Span]:
    """When a room or a speaker is not there during this congress, in order."""
    rows = db.session.scalars(select(Unavailability).where(_of(congress, of)))
    return sorted(
        (Span(row.starts_at, row.ends_at, row.reason) for row in rows),
        key=lambda each: (each.starts_at, each.ends_at, each.reason),
    )


def _of(congress: Congress, of: Room | Speaker) -> ColumnElement[bool]:
    column = Unavailability.room_id if isinstance(of, Room) else Unavailability.speaker_id
    return (Unavailability.congress_id == congress.id) & (column == of.id)


def fingerprint(*shown: object) -> str:
    """Stands for what a page showed."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def fingerprint_of_room(congress: Congress, room: Room) -> str:
    """Stands for what is known of a room."""
    known = dict(room.names), room.capacity, list(room.equipment), room.step_free
    return fingerprint(known, absences(congress, room))


def check_seen(seen: str, now: str) -> None:
    """Raises ChangedMeanwhile where what a page showed (a fingerprint) is not what stands there now."""
    if seen != now:
        raise ChangedMeanwhile(
            _("Somebody else has changed this in the meantime. Below is what you entered; send it again to keep it.")
        )


def set_hours(congress: Congress, venue: Venue, wanted: dict[date, Hours], *, seen: str) -> None:
    """When a venue is open at this congress; of days that are not there nobody has said. Raises ChangedMeanwhile. Flushes."""
    lock(venue)
    check_seen(seen, fingerprint(hours(congress).get(venue.id, {})))
    db.session.execute(delete(OpeningHours).where(OpeningHours.congress_id == congress.id, OpeningHours.venue_id == venue.id))
    db.session.add_all(
        OpeningHours(
            congress_id=congress.id, venue_id=venue.id, day=day, opens=each[0] if each else None, closes=each[1] if each else None
        )
        for day, each in wanted.items()
    )
    db.session.flush()


def add_room(venue: Venue, words: RoomWords) -> Room:
    """A new room. Raises RoomThere. Flushes."""
    lock(venue)
    slug = slugify(words.names.text("en"))[:80]
    if not slug or db.session.scalar(select(Room.id).where(Room.venue_id == venue.id, Room.slug == slug)) is not None:
        raise RoomThere(_("This venue has a room of this name, or the name has no letters. Write another name."))
    room = Room(venue=venue, slug=slug, names=words.names)
    _write(room, words)
    db.session.add(room)
    db.session.flush()
    return room


def change_room(congress: Congress, room: Room, words: RoomWords, away: Iterable[Span], *, seen: str) -> None:
    """What is known of a room, and when it cannot be used. Raises ChangedMeanwhile. Flushes."""
    lock(room)
    check_seen(seen, fingerprint_of_room(congress, room))
    _write(room, words)
    _set_absences(congress, room, away)


def set_absences(congress: Congress, speaker: Speaker, away: Iterable[Span], *, seen: str) -> None:
    """When a speaker is not there. Raises ChangedMeanwhile. Flushes."""
    lock(speaker)
    check_seen(seen, fingerprint(absences(congress, speaker)))
    _set_absences(congress, speaker, away)


def _write(room: Room, words: RoomWords) -> None:
    room.names, room.capacity = words.names, words.capacity
    room.equipment, room.step_free = list(words.equipment), words.step_free


def _set_absences(congress: Congress, of: Room | Speaker, away: Iterable[Span]) -> None:
    db.session.execute(delete(Unavailability).where(_of(congress, of)))
    db.session.add_all(
        Unavailability(
            congress_id=congress.id, starts_at=each.starts_at, ends_at=each.ends_at, reason=each.reason,
            room_id=of.id if isinstance(of, Room) else None, speaker_id=None if isinstance(of, Room) else of.id,
        )
        for each in away
    )  # fmt: skip
    db.session.flush()
