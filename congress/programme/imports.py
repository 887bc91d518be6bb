"""Venues and programmes from CSV files; a second run of the same file changes nothing."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.core.tables import Imported, Row, Table, assign, cell, check_lengths, degrees, read_table, word
from congress.core.text import fold, slugify
from congress.core.web_addresses import web_address
from congress.networks.models import City
from congress.networks.vocabulary import Field
from congress.programme import rules
from congress.programme.models import Contributor, Placement, ProgrammeItem, ProgrammeSession, PublicEvent, Room, Venue
from congress.programme.vocabulary import Audience, Kind, Part, Ticketing, Timing

# The sources' words for kinds that have another name here.
_KINDS = {"subnetwork": Kind.SUBGROUP, **{kind.value: kind for kind in Kind}}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_DAY_OF_SEVERAL = re.compile(r",\s*(?:day|dzień)\s+\d+$", re.IGNORECASE)
LONGEST_TITLE = 300  # characters
LONGEST_NAME = 500
LONGEST_DIRECTIONS = 1000
_LINKS = ("stream_url", "join_url")


def import_venues(path: Path) -> Imported:
    """Venues with the columns ``name_en``, ``city``, and ``name_pl``, ``address``, ``lat``, ``lon``, ``directions_en``, ``directions_pl``.

    A file without a column of directions leaves them as they are. Raises BadFile.
    """
    table = read_table(path, required=("name_en", "city"))
    cities = _cities_by_name()
    venues = db.session.scalars(select(Venue)).all()
    known = {(venue.city_id, slugify(venue.names.text("en"))): venue for venue in venues}
    slugs = {venue.slug for venue in venues}
    found = []
    for row in table.rows:
        city = cell(table, row, "city", lambda text: cities[fold(text)], "is not a known city; import it first")
        place = degrees(table, row, "lat", 90), degrees(table, row, "lon", 180)
        name = row["name_en"].partition("(")[0].strip()
        if not row["name_en"] or city is None:
            table.problem(row, "name_en" if not row["name_en"] else "city", "is empty or unknown")
        elif not slugify(name):
            table.problem(row, "name_en", f"“{name[:60]}” has no Latin letters, of which its address is made")
        check_lengths(table, row, name_en=80, name_pl=80, address=200)
        check_lengths(table, row, directions_en=LONGEST_DIRECTIONS, directions_pl=LONGEST_DIRECTIONS)
        found.append((row, name, city, place))
    table.raise_problems()
    done = Imported()
    for row, name, city, (latitude, longitude) in found:
        assert city is not None  # noqa: S101  (a problem otherwise)
        slug = slugify(name)
        venue = known.get((city.id, slug))
        values = {
            "city": city,
            "names": Localised({**row.texts("name"), "en": name}),
            "address": row["address"],
            "latitude": latitude,
            "longitude": longitude,
            "directions": _directions(row, venue),
        }
        if venue is None:
            known[city.id, slug] = venue = Venue(slug=slug if slug not in slugs else f"{slug}-{city.slug}"[:80], **values)
            slugs.add(venue.slug)
            db.session.add(venue)
            done.count(is_new=True, changed=True)
        else:
            done.count(is_new=False, changed=assign(venue, values))
    db.session.flush()
    return done


def _directions(row: Row, venue: Venue | None) -> Localised:
    given = {language: row[f"directions_{language}"] for language in ("en", "pl") if f"directions_{language}" in row.values}
    return Localised({**(venue.directions if venue else {}), **given})


@dataclass
class _Record:
    """One row of a programme: an item, or one of its occurrences."""

    row: Row
    titles: Localised
    kind: Kind
    field: Field | None
    audience: Audience
    cities: list[City]
    venue: Venue | None
    day: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    links: dict[str, str]

    @property
    def is_event(self) -> bool:
        return self.audience is Audience.EVERYONE


@dataclass
class _Item:
    """Rows that are one session or one event. A festival of whole days without times is one placement of several days."""

    records: list[_Record] = field(default_factory=list)

    @property
    def first(self) -> _Record:
        return self.records[0]

    @property
    def is_one_of_several_days(self) -> bool:
        days = [record.day for record in self.records]
        follow = all(a and b and b - a == timedelta(days=1) for a, b in pairwise(days))
        return len(days) > 1 and follow and not any(record.starts_at for record in self.records)


def import_programme(path: Path, congress: Congress, *, shift: timedelta = timedelta(0)) -> Imported:
    """Sessions and public events into the draft of a congress, their dates moved by ``shift``.

    Needs the columns ``id``, ``date``, ``start``, ``end``, ``city``, ``title_en``, ``type``, ``access``; takes ``title_pl``,
    ``venue``, ``room``, ``creative_field``, ``audience``, ``people``, ``status`` (“plausible”), ``stream_url`` (a live stream
    for everybody), ``join_url`` (an online room for those who take part); a file without a column of links leaves the links
    as they are. Rows of access “public” are public events. Rows with one title, but for “, day 2”, are occurrences of one event; if they follow each other day by
    day without times, they are one event of several days. A row without a time is to be confirmed, not at midnight.
    Raises BadFile, and then has written nothing.
    """
    table = read_table(path, required=("id", "date", "start", "end", "city", "title_en", "type", "access"))
    cities, venues = _cities_by_name(), _venues_by_name()
    records = [_record(table, row, congress, cities, venues, shift) for row in table.rows]
    lines: dict[str, int] = {}
    for row in table.rows:
        if lines.setdefault(row["id"], row.line) != row.line:
            table.problem(row, "id", f"“{row['id']}” is already in line {lines[row['id']]}")
    table.raise_problems()

    stored = select(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id)
    stored = stored.options(selectinload(ProgrammeItem.contributors), selectinload(ProgrammeItem.placements))
    items = {item.code: item for item in db.session.scalars(stored)}
    for record in records:
        known = items.get(record.row["id"])
        if known is not None and isinstance(known, PublicEvent) != record.is_event:
            table.problem(record.row, "access", "a public event stays one, and a session too: give the row a new id")
    table.raise_problems()
    rooms = {(room.venue_id, room.slug): room for room in db.session.scalars(select(Room))}
    done = Imported()
    for group in _grouped(records):
        known = items.get(group.first.row["id"])
        done.count(is_new=known is None, changed=_write(congress, group, known, rooms))
    db.session.flush()
    return done


def _cities_by_name() -> dict[str, City]:
    return {
        fold(name): city for city in db.session.scalars(select(City).order_by(City.population)) for name in city.names.values()
    }


def _venues_by_name() -> dict[tuple[int, str], Venue]:
    found = {}
    for venue in db.session.scalars(select(Venue)):
        for name in (*venue.names.values(), venue.slug):
            found[venue.city_id, fold(name)] = venue
    return found


def _record(
    table: Table, row: Row, congress: Congress, cities: dict[str, City], venues: dict[tuple[int, str], Venue], shift: timedelta
) -> _Record:
    if not _CODE.fullmatch(row["id"]):
        table.problem(row, "id", "write 1 to 20 letters, digits and hyphens")
    for column in ("title_en", "title_pl"):
        if len(row[column]) > LONGEST_TITLE:
            table.problem(row, column, f"is longer than {LONGEST_TITLE} characters")
    check_lengths(table, row, room=80)
    if row["room"] and not slugify(row["room"]):
        table.problem(row, "room", f"“{row['room'][:60]}” has no Latin letters or digits, of which its address is made")
    if any(len(name) > LONGEST_NAME for name in row["people"].split(";")):
        table.problem(row, "people", f"a name is longer than {LONGEST_NAME} characters")
    if not row["title_en"] and not row["title_pl"]:
        table.problem(row, "title_en", "is empty")
    hosts = [cities.get(fold(name)) for name in row["city"].split(" / ")] if row["city"] else []
    if None in hosts or len(hosts) > 2:
        table.problem(row, "city", f"“{row['city'][:60]}” is not a known city (or two with “ / ” between them)")
    known = [city for city in hosts if city]
    kind = cell(table, row, "type", lambda text: _KINDS[text], f"is not one of: {', '.join(sorted(_KINDS))}")
    if kind is None and not row["type"]:
        table.problem(row, "type", "is empty")
    field_ = word(table, row, "creative_field", Field)
    day = cell(table, row, "date", date.fromisoformat, "is no date; write it as 2018-06-12")
    starts_at = ends_at = None
    if row["start"] and day is None and not row["date"]:
        table.problem(row, "date", "is empty, but there is a start")
    if row["end"] and not row["start"]:
        table.problem(row, "start", "is empty, but there is an end")
    if day is not None:
        starts_at, ends_at = (_instant(table, row, column, day + shift, congress) for column in ("start", "end"))
        if starts_at and ends_at and not rules.is_length_possible(starts_at, ends_at):
            table.problem(row, "end", f"{row['end']} is not after the start {row['start']}; write 01:30 of the next day as 25:30")
    return _Record(
        row=row,
        titles=Localised(en=row["title_en"], pl=row["title_pl"]),
        kind=kind or Kind.PLENARY,
        field=field_,
        audience=_audience(table, row, kind, field_),
        cities=known,
        venue=_venue(table, row, known, venues),
        day=day + shift if day else None,
        starts_at=starts_at,
        ends_at=ends_at,
        links={column: _link(table, row, column) for column in _LINKS if column in row.values},
    )


def _link(table: Table, row: Row, column: str) -> str:
    if not row[column]:
        return ""
    address = web_address(row[column])
    if address is None:
        table.problem(row, column, f"“{row[column][:60]}” is no web address; write it as https://live.example/stream")
    return address or ""


def _audience(table: Table, row: Row, kind: Kind | None, field_: Field | None) -> Audience:
    if row["access"] == "public":
        return Audience.EVERYONE
    if row["access"] == "invitation":
        return Audience.INVITATION
    if row["access"] != "closed":
        table.problem(row, "access", "write public, closed or invitation")
    return Audience.FIELD if kind is Kind.SUBGROUP and field_ else Audience.DELEGATES


def _venue(table: Table, row: Row, cities: list[City], venues: dict[tuple[int, str], Venue]) -> Venue | None:
    if not row["venue"]:
        return None
    names = (row["venue"], row["venue"].partition(" (")[0])
    found = next((venues[city.id, fold(name)] for city in cities for name in names if (city.id, fold(name)) in venues), None)
    if found is None:
        table.problem(row, "venue", f"“{row['venue'][:60]}” is not known in this city; import it first (congress import-venues)")
    return found


def _instant(table: Table, row: Row, column: str, day: date, congress: Congress) -> datetime | None:
    if not row[column]:
        return None
    match = re.fullmatch(r"(\d{1,2})[:.](\d{2})", row[column])
    hour, minute = (int(match[1]), int(match[2])) if match else (99, 0)
    if hour > 29 or minute > 59:
        table.problem(row, column, f"“{row[column][:20]}” is no time of day; write it as 09:30")
        return None
    instant = rules.local_instant(day + timedelta(days=hour // 24), hour % 24, minute, congress.zone)
    if instant is None:
        table.problem(row, column, f"{row[column]} does not exist on {day}: the clocks go forward")
    return instant


def _grouped(records: list[_Record]) -> list[_Item]:
    groups: dict[object, _Item] = defaultdict(_Item)
    for record in records:
        title = _DAY_OF_SEVERAL.sub("", record.titles.text("en"))
        several = record.is_event and record.kind is Kind.ACCOMPANYING
        groups[(fold(title), record.row["venue"]) if several else record.row["id"]].records.append(record)
    return list(groups.values())


def _write(congress: Congress, group: _Item, item: ProgrammeItem | None, rooms: dict[tuple[int, str], Room]) -> bool:
    first = group.first
    if item is None:
        item = (PublicEvent if first.is_event else ProgrammeSession)(
            congress=congress, code=first.row["id"], languages=[], interpretation=[]
        )
        db.session.add(item)
    titles = first.titles
    if len(group.records) > 1:
        titles = Localised({language: _DAY_OF_SEVERAL.sub("", text) for language, text in titles.items()})
    changed = assign(
        item,
        {
            "titles": titles,
            "descriptions": item.descriptions or Localised(),
            "kind": first.kind,
            "field": first.field,
            "audience": first.audience,
            "is_plausible": first.row["status"] == "plausible",
            **first.links,
        },
    )
    changed = _write_people(item, first.row["people"]) or changed
    if isinstance(item, PublicEvent) and item.ticketing is None:
        item.ticketing = Ticketing.UNKNOWN
    placed = {placement.code: placement for placement in item.placements}
    if group.is_one_of_several_days:
        days = (first.day, group.records[-1].day)
        return _place(congress, item, placed.get(first.row["id"]), first, days, rooms) or changed
    for record in group.records:
        placement = placed.get(record.row["id"])
        changed = _place(congress, item, placement, record, (record.day, record.day), rooms) or changed
    return changed


def _write_people(item: ProgrammeItem, text: str) -> bool:
    """People stand with semicolons between them; one that begins with “chair” is in the chair. The file holds what is printed."""
    wanted = []
    for name in filter(None, (part.strip() for part in text.split(";"))):
        chairs = name.startswith("chair ")
        wanted.append((Part.CHAIR if chairs else Part.SPEAKER, name.removeprefix("chair ")))
    if [(each.part, each.name) for each in item.contributors] == wanted:
        return False
    item.contributors[:] = [Contributor(part=part, name=name, may_be_named=True) for part, name in wanted]
    return True


def _place(
    congress: Congress,
    item: ProgrammeItem,
    placement: Placement | None,
    record: _Record,
    days: tuple[date | None, date | None],
    rooms: dict[tuple[int, str], Room],
) -> bool:
    if placement is None:
        placement = Placement(uid=str(uuid.uuid4()), congress_id=congress.id, item=item, code=record.row["id"])
        db.session.add(placement)
    timing = Timing.TIMED if record.starts_at else Timing.ALL_DAY if days[0] != days[1] else Timing.TO_BE_CONFIRMED
    cities = [*record.cities, None, None]
    return assign(
        placement,
        {
            "timing": timing,
            "starts_at": record.starts_at,
            "ends_at": record.ends_at,
            "starts_on": None if record.starts_at else days[0],
            "ends_on": None if record.starts_at else days[1],
            "city": cities[0],
            "other_city": cities[1],
            "venue": record.venue,
            "room": _room(record, rooms),
        },
    )


def _room(record: _Record, rooms: dict[tuple[int, str], Room]) -> Room | None:
    name = record.row["room"]
    if record.venue is None or not name:
        return None
    slug = slugify(name)
    if (record.venue.id, slug) not in rooms:
        rooms[record.venue.id, slug] = Room(
            venue=record.venue, slug=slug, names=Localised(en=name, pl=re.sub(r"^room\b", "sala", name))
        )
    return rooms[record.venue.id, slug]
