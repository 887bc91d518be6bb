"""The draft of a congress as plain values: rows become slots, facts and names, which may outlive the request that read them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, func, select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries
from congress.programme.conflicts import Conflict, Facts, Index, RoomFacts, Slot
from congress.programme.entries import Entry
from congress.programme.models import Contributor, Placement, ProgrammeItem
from congress.programme.planning import sentences
from congress.programme.planning.models import DraftChange
from congress.programme.planning.surroundings import KnownRoom, KnownVenue, Surroundings
from congress.programme.vocabulary import Kind, Part

_ITEM = (
    ProgrammeItem.id.label("item_id"), ProgrammeItem.code.label("item_code"), ProgrammeItem.kind, ProgrammeItem.field,
    ProgrammeItem.audience, ProgrammeItem.titles, ProgrammeItem.descriptions, ProgrammeItem.places, ProgrammeItem.public_places,
    ProgrammeItem.expected, ProgrammeItem.needs, ProgrammeItem.needs_step_free, ProgrammeItem.setup_minutes,
    ProgrammeItem.clearing_minutes,
)  # fmt: skip
_PLACEMENT = (
    Placement.id, Placement.uid, Placement.code, Placement.timing, Placement.starts_at, Placement.ends_at, Placement.starts_on,
    Placement.ends_on, Placement.city_id, Placement.other_city_id, Placement.venue_id, Placement.room_id, Placement.is_cancelled,
)  # fmt: skip
_PERSON = (Contributor.item_id, Contributor.part, Contributor.name, Contributor.speaker_id, Contributor.city_id)


@dataclass
class Draft:
    """A draft as it was read, with its index. ``names`` are what sentences call people and places."""

    slots: dict[str, Slot]
    facts: Facts
    names: sentences.Names
    rooms: Mapping[int, KnownRoom]
    venues: Mapping[int, KnownVenue]
    cities: Mapping[int, tuple[str, Localised]]
    _found: tuple[int, list[Conflict]] | None = field(default=None, repr=False)

    @cached_property
    def index(self) -> Index:
        return Index(self.slots.values(), self.facts)

    @cached_property
    def _starts(self) -> list[datetime]:
        return sorted(slot.starts_at for slot in self.slots.values() if slot.starts_at is not None)

    def begun(self, now: datetime) -> int:
        """How many entries have begun: as long as that stays, time by itself changes no conflict."""
        return bisect_left(self._starts, now)

    def conflicts(self, now: datetime) -> list[Conflict]:
        """All conflicts at this moment."""
        begun, found = self.begun(now), self._found
        if found is None or found[0] != begun:
            self._found = found = begun, self.index.at(now).conflicts()
        return found[1]

    def standing(self, entries: Mapping[str, Entry | None]) -> Draft:
        """The draft with some entries where readers see them; one that they do not see takes no room and nobody's time."""
        slots = dict(self.slots)
        for uid, entry in entries.items():
            slot = slots.get(uid) or _gone(entry)
            if slot is not None:
                slots[uid] = self._released(slot, entry)
        return Draft(slots, self.facts, self.names, self.rooms, self.venues, self.cities)

    def _released(self, slot: Slot, entry: Entry | None) -> Slot:
        if entry is None or entry.is_cancelled:
            return replace(slot, is_cancelled=True)
        place = entry.place
        cities = {slug: number for number, (slug, _names) in self.cities.items()}
        venue = next((each.id for each in self.venues.values() if each.slug == place.venue), None)
        room = next((each.id for each in self.rooms.values() if (each.venue_id, each.slug) == (venue, place.room)), None)
        return replace(
            slot, timing=entry.timing, starts_at=entry.starts_at, ends_at=entry.ends_at, starts_on=entry.starts_on,
            ends_on=entry.ends_on, is_cancelled=False, city=cities.get(place.city), other_city=cities.get(place.other_city),
            venue=venue, room=room, field=entry.field, audience=entry.audience, titles=entry.titles,
        )  # fmt: skip


def _gone(entry: Entry | None) -> Slot | None:
    """What was deleted from the draft as far as readers know it: until that is released, too, it takes its room."""
    if entry is None:
        return None
    return Slot(
        uid=entry.uid, code=entry.code, item=entry.item, kind=entry.kind, people_expected=entry.places, seats=entry.places,
        described_in=frozenset(entry.descriptions),
    )  # fmt: skip


def numbers(congress: Congress) -> tuple[object, ...]:
    """What changes whenever the draft does; cheap to ask. Versions and times of change only grow, so no state comes back by itself."""
    changes = select(func.max(DraftChange.id), func.count()).where(DraftChange.congress_id == congress.id)
    items = select(func.count(), func.sum(ProgrammeItem.version), func.max(ProgrammeItem.changed_at)).where(
        ProgrammeItem.congress_id == congress.id
    )
    placed = select(func.count(), func.sum(Placement.version), func.max(Placement.changed_at)).where(
        Placement.congress_id == congress.id
    )
    # Whoever deletes a person or a speaker leaves the item's version as it was.
    people = (
        select(func.count(), func.max(Contributor.id), func.sum(Contributor.speaker_id))
        .join(ProgrammeItem)
        .where(ProgrammeItem.congress_id == congress.id)
    )
    return tuple(tuple(db.session.execute(each).one()) for each in (changes, items, placed, people))


def read(congress: Congress, around: Surroundings, *, now: datetime) -> Draft:
    """The draft as it stands now."""
    rows = db.session.execute(
        select(*_PLACEMENT, *_ITEM)
        .join(ProgrammeItem, ProgrammeItem.id == Placement.item_id)
        .where(Placement.congress_id == congress.id)
        .order_by(Placement.starts_at, Placement.starts_on, Placement.code)
    ).all()
    people: dict[int, list[Any]] = {}
    for person in db.session.execute(select(*_PERSON).join(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id)):
        people.setdefault(person.item_id, []).append(person)
    times_of: dict[int, int] = {}
    for row in rows:
        times_of[row.item_id] = times_of.get(row.item_id, 0) + (not row.is_cancelled)
    # Of an item that takes place more than once each person chooses one, and nobody knows which.
    booked = {item: ids for item, ids in around.attendance.booked.items() if times_of.get(item) == 1}
    slots = {row.uid: _slot(row, people.get(row.item_id, ()), frozenset(booked.get(row.item_id, ()))) for row in rows}
    return Draft(
        slots,
        _facts(congress, around, now=now),
        _names(around, [person for each in people.values() for person in each]),
        {room.id: room for room in around.rooms},
        {venue.id: venue for venue in around.venues},
        around.cities,
    )


def _slot(row: Row[*tuple[Any, ...]], people: Any, delegates: frozenset[int]) -> Slot:
    """A placement with what its item needs."""
    presenting = {each.city_id for each in people if each.city_id is not None and each.part is not Part.MAYOR}
    return Slot(
        uid=row.uid, number=row.id, code=row.code, item=row.item_code, kind=row.kind.value, timing=row.timing.value,
        starts_at=row.starts_at, ends_at=row.ends_at, starts_on=row.starts_on, ends_on=row.ends_on, is_cancelled=row.is_cancelled,
        city=row.city_id, other_city=row.other_city_id, venue=row.venue_id, room=row.room_id,
        field=row.field.value if row.field else "", audience=row.audience.value, people_expected=_people_expected(row),
        seats=row.places, needs=frozenset(row.needs), needs_step_free=row.needs_step_free, setup_minutes=row.setup_minutes,
        clearing_minutes=row.clearing_minutes, people=tuple(sorted({_person(each) for each in people if _is_somebody(each)})),
        cities=frozenset(presenting), delegates=delegates, titles=row.titles, described_in=frozenset(row.descriptions),
    )  # fmt: skip


def _people_expected(row: Row[*tuple[Any, ...]]) -> int | None:
    """For how many people there must be room: those expected, and no fewer than may book."""
    if row.kind is Kind.TRANSFER:
        return row.expected  # type: ignore[no-any-return]
    return max((row.places or 0) + (row.public_places or 0), row.expected or 0) or None


def _facts(congress: Congress, around: Surroundings, *, now: datetime) -> Facts:
    alone = [city for city, number in around.attendance.delegates.items() if number == 1]
    return Facts(
        zone=around.zone,
        starts_on=around.days[0],
        ends_on=around.days[1],
        now=now,
        languages=around.languages,
        rooms={room.id: RoomFacts(room.capacity, frozenset(room.equipment), room.step_free) for room in around.rooms},
        rooms_closed=around.rooms_closed,
        people_away={f"speaker:{number}": times for number, times in around.people_away.items()},
        hours=around.hours,
        between_cities=around.between_cities,
        between_venues=around.between_venues,
        lone_cities={city: around.attendance.fields.get(city, frozenset()) for city in alone},
        participants=around.attendance.participants,
        released={entry.uid: (entry.starts_at, entry.ends_at) for entry in queries.released(congress).entries},
    )


def _names(around: Surroundings, people: list[Any]) -> sentences.Names:
    speakers = {f"speaker:{number}": name for number, name in around.speakers.items()}
    return sentences.Names(
        zone=around.zone,
        languages=around.languages,
        people=speakers | {_person(each): each.name for each in people if each.speaker_id is None},
        cities={number: names for number, (_slug, names) in around.cities.items()},
        rooms={room.id: room.names for room in around.rooms},
        venues={venue.id: venue.names for venue in around.venues},
    )


def _person(contributor: Any) -> str:
    """The key of a person: as surely as it is known who that is."""
    if contributor.speaker_id is not None:
        return f"speaker:{contributor.speaker_id}"
    if contributor.part is Part.MAYOR and contributor.city_id is not None:
        return f"mayor:{contributor.city_id}"
    return f"name:{_own_name(contributor.name).casefold()}"


def _is_somebody(contributor: Any) -> bool:
    """Whether a contributor is one person. “coordinator of the subnetwork” is whoever that is on the day."""
    words = _own_name(contributor.name).split()
    return not _person(contributor).startswith("name:") or (len(words) > 1 and all(word[0].isupper() for word in words))


def _own_name(printed: str) -> str:
    """“Adam Nowak, Mayor of Gdynia” and “Adam Nowak (music)” are Adam Nowak."""
    return printed.partition(",")[0].partition("(")[0].strip()
