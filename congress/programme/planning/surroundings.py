"""What stands around a draft and bears on its conflicts: houses, ways, absences, people. Plain values, read anew each time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.networks.models import City
from congress.programme import queries
from congress.programme.models import Contributor, Placement, ProgrammeItem, Room, TravelTime, Venue
from congress.programme.people.models import Speaker
from congress.programme.planning.models import OpeningHours, Unavailability

Times = tuple[datetime, datetime]


@dataclass(frozen=True)
class Attendance:
    """Who comes and what they booked, as plain values, since registrations lie above the programme.

    ``booked``: ids of registrations by the id of the item; ``delegates``: by the id of the city, how many take part; ``fields`` of those
    cities that send one delegate.
    """

    booked: Mapping[int, Collection[int]] = field(default_factory=dict)
    delegates: Mapping[int, int] = field(default_factory=dict)
    fields: Mapping[int, frozenset[str]] = field(default_factory=dict)
    participants: int | None = None


@dataclass(frozen=True)
class KnownVenue:
    """A house, without its row."""

    id: int
    slug: str
    city_id: int
    names: Localised


@dataclass(frozen=True)
class KnownRoom:
    """A room, without its row."""

    id: int
    slug: str
    venue: KnownVenue
    names: Localised
    capacity: int | None
    equipment: tuple[str, ...]
    step_free: bool | None

    @property
    def venue_id(self) -> int:
        return self.venue.id


@dataclass(frozen=True)
class Surroundings:
    """All of it. Two that are equal say the same of the same draft, whatever was changed in between.

    ``rooms_closed`` and ``people_away`` by the id of the room or speaker; ``release`` is the one in force.
    """

    zone: ZoneInfo
    days: tuple[date, date]
    languages: tuple[str, ...]
    between_cities: int
    venues: tuple[KnownVenue, ...]
    rooms: tuple[KnownRoom, ...]
    hours: Mapping[tuple[int, date], Times | None]
    rooms_closed: Mapping[int, tuple[Times, ...]]
    people_away: Mapping[int, tuple[Times, ...]]
    between_venues: Mapping[frozenset[int], int]
    speakers: Mapping[int, str]
    cities: Mapping[int, tuple[str, Localised]]
    release: str
    attendance: Attendance


def surroundings(congress: Congress, attendance: Attendance) -> Surroundings:
    """What stands around the draft of a congress now."""
    hosts = [city.id for city in congress.hosts]
    venues = _venues(congress, hosts)
    closed, away = _absences(congress)
    alone = [city for city, number in attendance.delegates.items() if number == 1]
    return Surroundings(
        zone=congress.zone,
        days=(congress.starts_on, congress.ends_on),
        languages=tuple(congress.languages),
        between_cities=congress.travel_minutes,
        venues=tuple(venues.values()),
        rooms=_rooms(congress, hosts, venues),
        hours=_hours(congress),
        rooms_closed=closed,
        people_away=away,
        between_venues=_ways(hosts),
        speakers=_speakers(congress),
        cities=_cities(congress, [*hosts, *alone]),
        release=queries.released(congress).uid,
        attendance=attendance,
    )


def _venues(congress: Congress, hosts: list[int]) -> dict[int, KnownVenue]:
    """Houses of the hosts, and whatever house the draft uses besides."""
    used = select(Placement.venue_id).where(Placement.congress_id == congress.id)
    rooms = select(Room.venue_id).join(Placement, Placement.room_id == Room.id).where(Placement.congress_id == congress.id)
    rows = db.session.execute(
        select(Venue.id, Venue.slug, Venue.city_id, Venue.names)
        .where(Venue.city_id.in_(hosts) | Venue.id.in_(used) | Venue.id.in_(rooms))
        .order_by(Venue.city_id, Venue.slug)
    )
    return {row.id: KnownVenue(*row) for row in rows}


def _rooms(congress: Congress, hosts: list[int], venues: Mapping[int, KnownVenue]) -> tuple[KnownRoom, ...]:
    used = select(Placement.room_id).where(Placement.congress_id == congress.id)
    rows = db.session.execute(
        select(Room.id, Room.slug, Room.venue_id, Room.names, Room.capacity, Room.equipment, Room.step_free)
        .join(Venue)
        .where(Venue.city_id.in_(hosts) | Room.id.in_(used))
        .order_by(Room.venue_id, Room.slug)
    )
    return tuple(
        KnownRoom(row.id, row.slug, venues[row.venue_id], row.names, row.capacity, tuple(row.equipment), row.step_free)
        for row in rows
        if row.venue_id in venues  # else it was added between the two reads
    )


def _hours(congress: Congress) -> dict[tuple[int, date], Times | None]:
    found: dict[tuple[int, date], Times | None] = {}
    columns = (OpeningHours.venue_id, OpeningHours.day, OpeningHours.opens, OpeningHours.closes)
    for venue, day, opens, closes in db.session.execute(select(*columns).where(OpeningHours.congress_id == congress.id)):
        found[venue, day] = None if opens is None or closes is None else _open(day, opens, closes, congress.zone)
    return found


def _open(day: date, opens: time, closes: time, zone: ZoneInfo) -> Times:
    """From when until when a house is open; what closes before it opens does so on the day after."""
    last = day if closes > opens else day + timedelta(days=1)
    return datetime.combine(day, opens, zone), datetime.combine(last, closes, zone)


def _absences(congress: Congress) -> tuple[dict[int, tuple[Times, ...]], dict[int, tuple[Times, ...]]]:
    closed: dict[int, tuple[Times, ...]] = {}
    away: dict[int, tuple[Times, ...]] = {}
    columns = (Unavailability.room_id, Unavailability.speaker_id, Unavailability.starts_at, Unavailability.ends_at)
    chosen = select(*columns).where(Unavailability.congress_id == congress.id).order_by(Unavailability.id)
    for room, speaker, starts_at, ends_at in db.session.execute(chosen):
        if room is not None:
            closed[room] = (*closed.get(room, ()), (starts_at, ends_at))
        elif speaker is not None:
            away[speaker] = (*away.get(speaker, ()), (starts_at, ends_at))
    return closed, away


def _ways(hosts: list[int]) -> dict[frozenset[int], int]:
    ids = select(Venue.id).where(Venue.city_id.in_(hosts))
    rows = db.session.execute(
        select(TravelTime.venue_id, TravelTime.other_venue_id, TravelTime.minutes).where(
            TravelTime.venue_id.in_(ids), TravelTime.other_venue_id.in_(ids)
        )
    )
    return {frozenset((one, other)): minutes for one, other, minutes in rows}


def _speakers(congress: Congress) -> dict[int, str]:
    rows = db.session.execute(select(Speaker.id, Speaker.name).where(Speaker.congress_id == congress.id))
    return {row.id: row.name for row in rows}


def _cities(congress: Congress, besides: list[int]) -> dict[int, tuple[str, Localised]]:
    """Hosts, those that send one delegate, and those of places, of mayors and of what is presented."""
    here = Placement.congress_id == congress.id
    people = select(Contributor.city_id).join(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id)
    rows = db.session.execute(
        select(City.id, City.slug, City.names).where(
            City.id.in_(besides)
            | City.id.in_(select(Placement.city_id).where(here))
            | City.id.in_(select(Placement.other_city_id).where(here))
            | City.id.in_(people)
        )
    )
    return {row.id: (row.slug, row.names) for row in rows}
