"""Reads about the programme: the released one for everybody, the draft for organisers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.models import Delegation
from congress.networks.models import City
from congress.programme import entries
from congress.programme.entries import Entry, Place, Point
from congress.programme.models import Contributor, Placement, ProgrammeItem, PublicEvent, Release, ReleasedEntry, Room, Venue
from congress.programme.offerings.models import Offering
from congress.programme.vocabulary import SERVING_PARTS, Part


@dataclass(frozen=True)
class Programme:
    """The programme of a congress as it is released now, in order; ``number`` is 0 before the first release.

    ``is_provisional``: whoever shows it says that it is provisional.
    """

    congress_id: int
    uid: str
    number: int
    released_at: datetime | None
    entries: tuple[Entry, ...]
    is_provisional: bool = False
    origins: Mapping[tuple[str, str], Entry] = field(
        default_factory=dict, compare=False, repr=False
    )  # by entry's and release's uid

    @cached_property
    def by_code(self) -> dict[str, list[Entry]]:
        """Entries by the code of their item, in order."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.item, []).append(entry)
        return found

    @cached_property
    def item_of(self) -> dict[str, str]:
        """The code of the item by the code of each of its occurrences."""
        return {entry.code: entry.item for entry in self.entries}


_KEPT = 16  # programmes held in memory; one of 10,000 entries takes about 20 MB
_released: dict[tuple[str, str], Programme] = {}
_guard = Lock()


def latest_release(congress: Congress) -> Release | None:
    """The release that is in force."""
    return db.session.scalar(select(Release).where(Release.congress_id == congress.id).order_by(Release.number.desc()).limit(1))


def releases(congress: Congress) -> Sequence[Release]:
    """All releases, the newest first."""
    return db.session.scalars(select(Release).where(Release.congress_id == congress.id).order_by(Release.number.desc())).all()


def release_times() -> dict[int, tuple[datetime, datetime]]:
    """When each congress first released a programme and when last, by the congress's id."""
    found = select(Release.congress_id, func.min(Release.released_at), func.max(Release.released_at)).group_by(
        Release.congress_id
    )
    return {congress: (first, latest) for congress, first, latest in db.session.execute(found)}


IN_FORCE = (
    select(Release.uid).where(Release.congress_id == Congress.id).order_by(Release.number.desc()).limit(1).scalar_subquery()
)
"""The uid of the release that is in force, None before the first, for a statement over Congress."""

_RELEASE = (
    select(Release.uid, Release.number, Release.released_at, Release.is_provisional)
    .where(Release.congress_id == bindparam("congress_id"))
    .order_by(Release.number.desc())
    .limit(1)
)
_CURRENT = (ReleasedEntry.congress_id == bindparam("congress_id")) & ReleasedEntry.is_current
_ORIGINS = (
    select(ReleasedEntry.id, ReleasedEntry.uid, Release.uid).join(Release, Release.id == ReleasedEntry.release_id).where(_CURRENT)
)
_CONTENTS = select(ReleasedEntry.id, ReleasedEntry.content).where(_CURRENT)
_FEW = 500  # entries that are read by their ids; more are read with all the others


def released(congress: Congress) -> Programme:
    """The released programme: which release is in force is asked of the database each time."""
    return programme_in_force(db.session.connection(), congress.id, congress.timezone)


def kept_programme(release: str, timezone: str) -> Programme | None:
    """The programme of a release whose uid somebody has just read, if it is in memory."""
    return _released.get((release, timezone))


def programme_in_force(connection: Connection, congress_id: int, timezone: str) -> Programme:
    """The released programme in the order of days in ``timezone``.

    A release never changes, so its parsed form is kept by the release's own identity; which release is in force is
    asked of the database each time, so no process ever shows an older one.
    """
    asked = {"congress_id": congress_id}
    release = connection.execute(_RELEASE, asked).first()
    while release is not None:
        found = kept_programme(release.uid, timezone)
        if found is not None:
            return found
        read = _read(connection, congress_id)
        # Another process may have released between the reads; then these entries are not those of this release.
        again = connection.execute(_RELEASE, asked).first()
        if again == release:
            zone = ZoneInfo(timezone)
            ordered = tuple(sorted(read.values(), key=lambda entry: entry.order(zone)))
            made = Programme(
                congress_id, release.uid, release.number, release.released_at, ordered, release.is_provisional, origins=read
            )
            return _keep(made, timezone)
        release = again
    return Programme(congress_id, "", 0, None, ())


def _read(connection: Connection, congress_id: int) -> dict[tuple[str, str], Entry]:
    """The current entries by their origin; those that stand unchanged in a programme in memory are not parsed again."""
    asked = {"congress_id": congress_id}
    with _guard:
        before = [each.origins for each in _released.values() if each.congress_id == congress_id]
    known = before[-1] if before else {}
    origins = {each: (uid, release) for each, uid, release in connection.execute(_ORIGINS, asked)}
    new = [each for each, origin in origins.items() if origin not in known]
    if len(new) <= _FEW:
        rows = connection.execute(select(ReleasedEntry.id, ReleasedEntry.content).where(ReleasedEntry.id.in_(new))).all()
    else:
        rows = connection.execute(_CONTENTS, asked).all()
    parsed = {each: entries.from_json(content) for each, content in rows}
    # What was released while we read is in one of the two lists only; the caller sees that and reads again.
    found = ((origin, parsed.get(each) or known.get(origin)) for each, origin in origins.items())
    return {origin: entry for origin, entry in found if entry is not None}


def _keep(programme: Programme, timezone: str) -> Programme:
    with _guard:
        while len(_released) >= _KEPT:
            _released.pop(next(iter(_released)))
        _released[programme.uid, timezone] = programme
    return programme


def placements(congress: Congress) -> Sequence[Placement]:
    """The draft: all placements with item, people and places loaded, in order of time, those without one last."""
    return db.session.scalars(
        select(Placement)
        .where(Placement.congress_id == congress.id)
        .options(
            joinedload(Placement.item).selectinload(ProgrammeItem.contributors).joinedload(Contributor.city),
            joinedload(Placement.item)
            .selectinload(ProgrammeItem.presentations)
            .joinedload(Offering.delegation)
            .joinedload(Delegation.city),
            joinedload(Placement.city),
            joinedload(Placement.other_city),
            joinedload(Placement.venue),
            joinedload(Placement.room),
        )
        .order_by(Placement.starts_at, Placement.starts_on, Placement.code)
    ).all()


def find_placement(congress: Congress, placement_id: int) -> Placement | None:
    """A placement of this congress, with its item."""
    return db.session.scalar(
        select(Placement)
        .where(Placement.id == placement_id, Placement.congress_id == congress.id)
        .options(joinedload(Placement.item))
    )


def draft(congress: Congress) -> list[Entry]:
    """The draft as entries, in the order of a programme, without sequence and stamps."""
    return sorted((as_entry(placement) for placement in placements(congress)), key=lambda entry: entry.order(congress.zone))


def draft_with_stamps(congress: Congress) -> list[Entry]:
    """The draft as entries that say when they were changed last; sequences count changes of the draft, not releases."""
    return [
        dataclasses.replace(
            as_entry(placement),
            sequence=placement.version + placement.item.version,
            last_modified=max(placement.changed_at, placement.item.changed_at),
        )
        for placement in placements(congress)
    ]


def as_entry(placement: Placement) -> Entry:
    """What a release would freeze of this placement."""
    item = placement.item
    event = item if isinstance(item, PublicEvent) else None
    return Entry(
        uid=placement.uid,
        code=placement.code,
        item=item.code,
        type=item.type,
        kind=item.kind.value,
        titles=item.titles,
        descriptions=item.descriptions,
        field=item.field.value if item.field else "",
        audience=item.audience.value,
        is_listed=item.is_listed,
        is_plausible=item.is_plausible,
        languages=tuple(item.languages),
        interpretation=tuple(item.interpretation),
        places=item.places,
        people=tuple((person.part.value, person.printed) for person in item.contributors if _is_named(person)),
        speakers={
            person.printed: person.speaker.public_id for person in item.contributors if person.speaker and _is_named(person)
        },
        agenda=_agenda(item),
        organiser=(event.organiser or "") if event else "",
        website=(event.website or "") if event else "",
        ticketing=event.ticketing.value if event and event.ticketing else "",
        stream_url=item.stream_url,
        join_url=item.join_url,
        timing=placement.timing.value,
        starts_at=placement.starts_at,
        ends_at=placement.ends_at,
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
        place=_place(placement.city, placement.other_city, placement.venue, placement.room),
        status="cancelled" if placement.is_cancelled else "confirmed" if placement.timing != "to_be_confirmed" else "tentative",
    )


def _is_named(person: Contributor) -> bool:
    return person.agrees and person.part not in SERVING_PARTS


def _agenda(item: ProgrammeItem) -> tuple[Point, ...]:
    """The order of those who speak for a set time and of mayors, then that of the presentations. Who does not want to be named is a city."""
    people = (
        Point(
            part=person.part.value,
            name=person.printed if person.agrees else "",
            city_names=person.city.names if person.city else Localised(),
            minutes=person.minutes,
        )
        for person in item.contributors
        if (person.minutes is not None or person.part is Part.MAYOR)
        and person.part not in SERVING_PARTS
        and (person.agrees or person.city is not None)
    )
    projects = (
        Point(titles=each.titles, city_names=each.delegation.city.names, minutes=each.minutes) for each in item.presentations
    )
    return (*people, *projects)


def _place(city: City | None, other: City | None, venue: Venue | None, room: Room | None) -> Place:
    values: dict[str, object] = {}
    if city:
        values |= {"city": city.slug, "city_names": city.names}
    if other:
        values |= {"other_city": other.slug, "other_city_names": other.names}
    if venue:
        values |= {"venue": venue.slug, "venue_names": venue.names, "address": venue.address}
        values |= {"latitude": venue.latitude, "longitude": venue.longitude, "directions": venue.directions}
    if room:
        values |= {"room": room.slug, "room_names": room.names}
    return Place(**values)  # type: ignore[arg-type]


def venues(congress: Congress) -> Sequence[Venue]:
    """Venues of the host cities by city, then by name."""
    ids = [city.id for city in congress.hosts]
    return db.session.scalars(
        select(Venue).where(Venue.city_id.in_(ids)).options(joinedload(Venue.city)).order_by(Venue.city_id, Venue.slug)
    ).all()


def rooms(congress: Congress) -> Sequence[Room]:
    """Rooms of those venues."""
    ids = [city.id for city in congress.hosts]
    return db.session.scalars(
        select(Room).join(Venue).where(Venue.city_id.in_(ids)).options(joinedload(Room.venue)).order_by(Room.venue_id, Room.slug)
    ).all()


def items_that_take_place(congress: Congress) -> Sequence[ProgrammeItem]:
    """The items of the draft with an entry that is not cancelled, by code."""
    takes_place = select(Placement.id).where(Placement.item_id == ProgrammeItem.id, Placement.is_cancelled.is_(False)).exists()
    chosen = select(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id, takes_place).order_by(ProgrammeItem.code)
    return db.session.scalars(chosen).all()


def find_item(congress: Congress, code: str) -> ProgrammeItem | None:
    """An item of the draft by its code."""
    return db.session.scalar(
        select(ProgrammeItem)
        .where(ProgrammeItem.congress_id == congress.id, ProgrammeItem.code == code)
        .options(selectinload(ProgrammeItem.placements))
    )


@dataclass(frozen=True)
class Step:
    """A release and the entries it changed: as they were before it, without those it brought, and as it froze them."""

    uid: str
    number: int
    released_at: datetime
    notes: Localised
    before: tuple[Entry, ...]
    after: tuple[Entry, ...]


def changes_of_releases(congress: Congress, limit: int) -> list[Step]:
    """What each of the last releases changed, the newest first, in two queries. Both states are whole: also what nobody may see."""
    return _steps(congress, releases(congress)[:limit])


def step_of(congress: Congress, release: Release) -> Step:
    """What one release changed. Both states are whole: also what nobody may see."""
    return _steps(congress, [release])[0]


def _steps(congress: Congress, chosen: Sequence[Release]) -> list[Step]:
    earlier = aliased(ReleasedEntry)
    rows = db.session.execute(
        select(ReleasedEntry.release_id, earlier.content, ReleasedEntry.content)
        .outerjoin(earlier, (earlier.uid == ReleasedEntry.uid) & (earlier.sequence == ReleasedEntry.sequence - 1))
        .where(ReleasedEntry.release_id.in_([release.id for release in chosen]))
    )
    found: dict[int, list[tuple[Entry | None, Entry]]] = {release.id: [] for release in chosen}
    for release_id, old, new in rows:
        found[release_id].append((entries.from_json(old) if old else None, entries.from_json(new)))
    steps = []
    for release in chosen:
        pairs = sorted(found[release.id], key=lambda pair: pair[1].order(congress.zone))
        before = tuple(old for old, _new in pairs if old is not None)
        after = tuple(new for _old, new in pairs)
        steps.append(Step(release.uid, release.number, release.released_at, release.notes, before, after))
    return steps


def earlier_entries(congress: Congress) -> dict[str, list[Entry]]:
    """What releases said of entries before later ones changed them, by uid, the oldest first."""
    rows = db.session.scalars(
        select(ReleasedEntry.content)
        .where(ReleasedEntry.congress_id == congress.id, ReleasedEntry.is_current.is_(False))
        .order_by(ReleasedEntry.uid, ReleasedEntry.sequence)
    )
    found: dict[str, list[Entry]] = {}
    for entry in map(entries.from_json, rows):
        found.setdefault(entry.uid, []).append(entry)
    return found
