"""Conflicts of a congress's draft: rows become facts, and what is found becomes something to read and to accept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.clock import now as current_time
from congress.core.db import db
from congress.core.localised import Localised
from congress.networks.models import City
from congress.programme import queries
from congress.programme.conflicts import USUAL_SEVERITIES, Conflict, ConflictKind, Facts, Index, RoomFacts, Severity, Slot
from congress.programme.entries import Entry
from congress.programme.models import Contributor, Placement, Room, TravelTime, Venue
from congress.programme.people.models import Speaker
from congress.programme.planning import sentences
from congress.programme.planning.models import AcceptedConflict, OpeningHours, Unavailability
from congress.programme.vocabulary import Part


@dataclass(frozen=True)
class Attendance:
    """Who comes and what they booked, as plain values, since registrations lie above the programme.

    ``booked``: ids of registrations by the id of the item; ``delegates``: by the id of the city, how many take part.
    """

    booked: Mapping[int, Collection[int]] = field(default_factory=dict)
    delegates: Mapping[int, int] = field(default_factory=dict)
    fields: Mapping[int, frozenset[str]] = field(default_factory=dict)
    participants: int | None = None


@dataclass(frozen=True)
class Finding:
    """A conflict of the draft as organisers read it."""

    conflict: Conflict
    severity: Severity
    placements: tuple[Placement, ...]
    names: sentences.Names
    accepted: AcceptedConflict | None = None

    @property
    def kind(self) -> ConflictKind:
        return self.conflict.kind

    @property
    def uids(self) -> tuple[str, ...]:
        return self.conflict.uids

    @cached_property
    def fingerprint(self) -> str:
        return self.conflict.fingerprint

    @cached_property
    def sentence(self) -> Localised:
        """What is wrong, in each language of the congress."""
        return sentences.sentence(self.conflict, self.placements, self.names)

    @cached_property
    def remedy(self) -> Localised:
        """What would solve it."""
        return sentences.remedy(self.kind, self.names)


class Desk:
    """The draft of a congress as it stands now, ready to be asked for its conflicts; read from the database once.

    ``standing``: entries by uid that stand as they were released, whatever the draft says, or not at all.
    """

    def __init__(
        self,
        congress: Congress,
        attendance: Attendance | None = None,
        *,
        now: datetime | None = None,
        standing: Mapping[str, Entry | None] | None = None,
    ) -> None:
        self.congress = congress
        self.placements = queries.placements(congress)
        self._by_uid = {placement.uid: placement for placement in self.placements}
        self._attendance = attendance or Attendance()
        self._speakers = {
            each.id: each.name for each in db.session.scalars(select(Speaker).where(Speaker.congress_id == congress.id))
        }
        self.venues = {venue.id: venue for venue in queries.venues(congress)}
        self.rooms = {room.id: room for room in self._rooms()}
        self.facts = self._facts(now or current_time())
        self.slots = {placement.uid: self.slot(placement) for placement in self.placements}
        for uid, entry in (standing or {}).items():
            if uid in self._by_uid:
                self.slots[uid] = self._released_slot(self._by_uid[uid], entry)

    @cached_property
    def index(self) -> Index:
        return Index(self.slots.values(), self.facts)

    @cached_property
    def names(self) -> sentences.Names:
        """What sentences call people and places."""
        return sentences.Names(
            zone=self.congress.zone,
            languages=tuple(self.congress.languages),
            people={f"speaker:{number}": name for number, name in self._speakers.items()}
            | {
                _person(person): person.name
                for placement in self.placements
                for person in placement.item.contributors
                if person.speaker_id is None
            },
            cities={city.id: city.names for city in self._cities()},
            rooms={room.id: room.names for room in self.rooms.values()},
            venues={venue.id: venue.names for venue in self.venues.values()},
        )

    def findings(self, conflicts: Sequence[Conflict] | None = None) -> list[Finding]:
        """All conflicts, or these, those first that weigh most, then in order of time."""
        severities, accepted = severities_of(self.congress), accepted_conflicts(self.congress)
        found = [
            Finding(
                conflict,
                severities[conflict.kind],
                tuple(self._by_uid[uid] for uid in conflict.uids),
                self.names,
                accepted.get(conflict.fingerprint),
            )
            for conflict in (self.index.conflicts() if conflicts is None else conflicts)
        ]
        weights = list(Severity)
        return sorted(found, key=lambda each: weights.index(each.severity))

    def slot(self, placement: Placement, **changes: object) -> Slot:
        """A placement with what its item needs; ``changes`` say where it is tried instead."""
        item = placement.item
        # Of an item that takes place more than once each person chooses one, and nobody knows which.
        is_once = sum(not each.is_cancelled for each in self._placements_of.get(item.id, [])) == 1
        presenting = {each.city_id for each in item.contributors if each.city_id is not None and each.part is not Part.MAYOR}
        values: dict[str, object] = {
            "uid": placement.uid,
            "item": item.code,
            "kind": item.kind.value,
            "timing": placement.timing.value,
            "starts_at": placement.starts_at,
            "ends_at": placement.ends_at,
            "starts_on": placement.starts_on,
            "ends_on": placement.ends_on,
            "is_cancelled": placement.is_cancelled,
            "city": placement.city_id,
            "other_city": placement.other_city_id,
            "venue": placement.venue_id,
            "room": placement.room_id,
            "field": item.field.value if item.field else "",
            "audience": item.audience.value,
            "people_expected": _people_expected(placement),
            "seats": item.places,
            "needs": frozenset(item.needs),
            "needs_step_free": item.needs_step_free,
            "setup_minutes": item.setup_minutes,
            "clearing_minutes": item.clearing_minutes,
            "people": tuple(sorted({_person(each) for each in item.contributors if _is_somebody(each)})),
            "cities": frozenset(presenting),
            "delegates": frozenset(self._attendance.booked.get(item.id, ())) if is_once else frozenset(),
            "titles": item.titles,
            "described_in": frozenset(item.descriptions),
        }
        return Slot(**(values | changes))  # type: ignore[arg-type]

    def _released_slot(self, placement: Placement, entry: Entry | None) -> Slot:
        """A placement where readers see it; one that they do not see takes no room and nobody's time."""
        if entry is None or entry.is_cancelled:
            return self.slot(placement, is_cancelled=True)
        place = entry.place
        cities = {city.slug: city.id for city in self._cities()}
        venue = next((each.id for each in self.venues.values() if each.slug == place.venue), None)
        room = next((each.id for each in self.rooms.values() if (each.venue_id, each.slug) == (venue, place.room)), None)
        return self.slot(
            placement, timing=entry.timing, starts_at=entry.starts_at, ends_at=entry.ends_at, starts_on=entry.starts_on,
            ends_on=entry.ends_on, is_cancelled=False, city=cities.get(place.city), other_city=cities.get(place.other_city),
            venue=venue, room=room, field=entry.field, audience=entry.audience, titles=entry.titles,
        )  # fmt: skip

    @cached_property
    def _placements_of(self) -> dict[int, list[Placement]]:
        found: dict[int, list[Placement]] = {}
        for placement in self.placements:
            found.setdefault(placement.item_id, []).append(placement)
        return found

    def _rooms(self) -> Sequence[Room]:
        """Rooms of the hosts, and whatever room the draft uses besides."""
        used = [placement.room for placement in self.placements if placement.room is not None]
        return [*queries.rooms(self.congress), *used]

    def _cities(self) -> list[City]:
        """Those of places, of mayors and of what is presented, and those that send one delegate."""
        used = {city.id: city for each in self.placements for city in (each.city, each.other_city) if city is not None}
        more = {person.city_id for each in self.placements for person in each.item.contributors if person.city_id is not None}
        wanted = (more | set(self.facts.lone_cities)) - set(used)
        return [*self.congress.hosts, *used.values(), *db.session.scalars(select(City).where(City.id.in_(wanted)))]

    def _facts(self, now: datetime) -> Facts:
        congress = self.congress
        closed: dict[int, list[tuple[datetime, datetime]]] = {}
        away: dict[str, list[tuple[datetime, datetime]]] = {}
        for row in db.session.scalars(select(Unavailability).where(Unavailability.congress_id == congress.id)):
            times = (row.starts_at, row.ends_at)
            if row.room_id is not None:
                closed.setdefault(row.room_id, []).append(times)
            else:
                away.setdefault(f"speaker:{row.speaker_id}", []).append(times)
        alone = [city for city, number in self._attendance.delegates.items() if number == 1]
        return Facts(
            zone=congress.zone,
            starts_on=congress.starts_on,
            ends_on=congress.ends_on,
            now=now,
            languages=tuple(congress.languages),
            rooms={room.id: RoomFacts(room.capacity, frozenset(room.equipment), room.step_free) for room in self.rooms.values()},
            rooms_closed={number: tuple(times) for number, times in closed.items()},
            people_away={person: tuple(times) for person, times in away.items()},
            hours=_hours(congress),
            between_cities=congress.travel_minutes,
            between_venues=_between_venues(congress),
            lone_cities={city: self._attendance.fields.get(city, frozenset()) for city in alone},
            participants=self._attendance.participants,
            released={entry.uid: (entry.starts_at, entry.ends_at) for entry in queries.released(congress).entries},
        )


def findings(congress: Congress, attendance: Attendance | None = None, *, now: datetime | None = None) -> list[Finding]:
    """All conflicts of the draft, those that block first; the accepted ones say who accepted them."""
    return Desk(congress, attendance, now=now).findings()


def blocking(
    congress: Congress,
    uids: Collection[str] | None = None,
    attendance: Attendance | None = None,
    *,
    now: datetime | None = None,
    standing: Mapping[str, Entry | None] | None = None,
) -> list[Finding]:
    """Conflicts that no release may go out with and that nobody has accepted; with ``uids`` only those about one of these.

    For ``standing`` see Desk: what is not released now goes on as readers know it, and that is what the rest must not run into.
    """
    wanted = None if uids is None else set(uids)
    return [
        each
        for each in Desk(congress, attendance, now=now, standing=standing).findings()
        if each.severity is Severity.BLOCKS and each.accepted is None and (wanted is None or wanted & set(each.uids))
    ]


def severities_of(congress: Congress) -> dict[ConflictKind, Severity]:
    """How heavy each kind is in this congress. What was stored for kinds or words that there are no longer is left aside."""
    known = {each.value for each in Severity}
    chosen = {kind: congress.severities.get(kind.value, "") for kind in ConflictKind}
    return {kind: Severity(chosen[kind]) if chosen[kind] in known else usual for kind, usual in USUAL_SEVERITIES.items()}


def accepted_conflicts(congress: Congress) -> dict[str, AcceptedConflict]:
    """What organisers live with, by fingerprint."""
    rows = db.session.scalars(select(AcceptedConflict).where(AcceptedConflict.congress_id == congress.id))
    return {row.fingerprint: row for row in rows}


def _people_expected(placement: Placement) -> int | None:
    """For how many people there must be room: those expected, and no fewer than may book."""
    item = placement.item
    if item.kind.value == "transfer":
        return item.expected
    places = (item.places or 0) + (item.public_places or 0)
    return max(places, item.expected or 0) or None


def _person(contributor: Contributor) -> str:
    """The key of a person: as surely as it is known who that is."""
    if contributor.speaker_id is not None:
        return f"speaker:{contributor.speaker_id}"
    if contributor.part is Part.MAYOR and contributor.city_id is not None:
        return f"mayor:{contributor.city_id}"
    return f"name:{_own_name(contributor.name).casefold()}"


def _is_somebody(contributor: Contributor) -> bool:
    """Whether a contributor is one person. “coordinator of the subnetwork” is whoever that is on the day."""
    words = _own_name(contributor.name).split()
    return not _person(contributor).startswith("name:") or (len(words) > 1 and all(word[0].isupper() for word in words))


def _own_name(printed: str) -> str:
    """“Adam Nowak, Mayor of Gdynia” and “Adam Nowak (music)” are Adam Nowak."""
    return printed.partition(",")[0].partition("(")[0].strip()


def _hours(congress: Congress) -> dict[tuple[int, date], tuple[datetime, datetime] | None]:
    found: dict[tuple[int, date], tuple[datetime, datetime] | None] = {}
    for row in db.session.scalars(select(OpeningHours).where(OpeningHours.congress_id == congress.id)):
        found[row.venue_id, row.day] = None
        if row.opens is not None and row.closes is not None:
            opens, closes = (datetime.combine(row.day, each, congress.zone) for each in (row.opens, row.closes))
            found[row.venue_id, row.day] = opens, closes
    return found


def _between_venues(congress: Congress) -> dict[frozenset[int], int]:
    ids = select(Venue.id).where(Venue.city_id.in_([city.id for city in congress.hosts]))
    rows = db.session.scalars(select(TravelTime).where(TravelTime.venue_id.in_(ids), TravelTime.other_venue_id.in_(ids)))
    return {frozenset({row.venue_id, row.other_venue_id}): row.minutes for row in rows}
