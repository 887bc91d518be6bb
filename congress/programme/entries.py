"""A frozen entry of the programme: what a reader, a page or a calendar is told. Pure.

Everything that is shown stands in the entry itself, names of places included, so that a later change of a room's name
reaches people only by a release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from congress.core.localised import Localised
from congress.core.text import fold

_STAMPS = frozenset({"sequence", "created_at", "last_modified"})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something is. All names are given in every language; ``other_city`` is where a transfer goes to."""

    city: str = ""
    city_names: Localised = dataclasses.field(default_factory=Localised)
    other_city: str = ""
    other_city_names: Localised = dataclasses.field(default_factory=Localised)
    venue: str = ""
    venue_names: Localised = dataclasses.field(default_factory=Localised)
    room: str = ""
    room_names: Localised = dataclasses.field(default_factory=Localised)
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    directions: Localised = dataclasses.field(default_factory=Localised)


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point of a session's order: who speaks, or which project of which city is presented, and for how long.

    ``name`` is empty where the person has not agreed to be named; ``part`` is a word of the programme's vocabulary, empty for a project.
    """

    titles: Localised = dataclasses.field(default_factory=Localised)
    part: str = ""
    name: str = ""
    city_names: Localised = dataclasses.field(default_factory=Localised)
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One placement of a session or public event.

    ``code`` names this occurrence, ``item`` the session or event it belongs to (they differ when an event has several).
    Either ``starts_at`` (an aware UTC time, ``ends_at`` None when the end is open) or ``starts_on``/``ends_on`` (both days
    included) or nothing is known; ``timing`` says which is meant. ``field`` and the other words are the values of
    the programme's and the networks' vocabularies. ``stream_url`` is for everybody, ``join_url`` for those who take part:
    no public page or feed may show it. ``speakers`` are the public ids of the people who have pages, by name.
    """

    uid: str
    code: str
    item: str
    type: str
    kind: str
    titles: Localised
    descriptions: Localised = dataclasses.field(default_factory=Localised)
    field: str = ""
    audience: str
    is_listed: bool = True
    is_plausible: bool = False
    languages: tuple[str, ...] = ()
    interpretation: tuple[str, ...] = ()
    places: int | None = None
    people: tuple[tuple[str, str], ...] = ()  # (part, name)
    speakers: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)  # entries are names of what is kept
    agenda: tuple[Point, ...] = ()
    organiser: str = ""
    website: str = ""
    ticketing: str = ""
    stream_url: str = ""
    join_url: str = ""
    timing: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    place: Place = Place()
    status: str = "confirmed"
    sequence: int = 0
    created_at: datetime | None = None
    last_modified: datetime | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.status == "cancelled"

    @property
    def is_timed(self) -> bool:
        return self.timing == "timed"

    @property
    def is_confirmed_time(self) -> bool:
        """Whether the time is known, to the minute or to the day."""
        return self.timing != "to_be_confirmed"

    @property
    def is_public(self) -> bool:
        return self.audience == "everyone"

    @property
    def cities(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(slug for slug in (self.place.city, self.place.other_city) if slug))

    @cached_property
    def folded(self) -> str:
        """What a reader's search looks through, folded."""
        place = self.place
        texts = (self.titles, self.descriptions, place.venue_names, place.room_names, place.city_names, place.other_city_names)
        said = [text for each in texts for text in each.values()]
        return fold(" ".join([*said, *(name for _part, name in self.people), self.item]))

    def days(self, zone: ZoneInfo) -> tuple[date, ...]:
        """The days, in the congress's zone, on which the entry stands in a programme: the first day of a timed one, each day of a long one."""
        if self.starts_at is not None:
            return (self.starts_at.astimezone(zone).date(),)
        if self.starts_on is None:
            return ()
        last = self.ends_on or self.starts_on
        return tuple(self.starts_on + timedelta(days=n) for n in range((last - self.starts_on).days + 1))

    def order(self, zone: ZoneInfo) -> tuple[object, ...]:
        """Key for the order of a programme: by day, long entries first, then by time; those without a day last."""
        days = self.days(zone)
        start = self.starts_at or datetime.min.replace(tzinfo=UTC)
        return (not days, days[0] if days else date.max, self.is_timed, start, self.ends_at or start, self.field, self.code)

    def same_content(self, other: Entry) -> bool:
        """Whether both say the same, whatever their sequence and stamps."""
        return all(
            getattr(self, each.name) == getattr(other, each.name) for each in dataclasses.fields(self) if each.name not in _STAMPS
        )

    def without(self, names: Collection[str]) -> Entry:
        """The entry without these people; in its order a city stands instead, or nobody."""
        if not names:
            return self
        return dataclasses.replace(
            self,
            people=tuple((part, name) for part, name in self.people if name not in names),
            speakers={name: public_id for name, public_id in self.speakers.items() if name not in names},
            agenda=tuple(dataclasses.replace(point, name="") if point.name in names else point for point in self.agenda),
        )

    def cancelled(self) -> Entry:
        return dataclasses.replace(self, status="cancelled")


def to_json(entry: Entry) -> dict[str, Any]:
    """The entry as plain JSON values, without what is empty."""
    return {key: value for key, value in _plain(dataclasses.asdict(entry)).items() if value not in (None, "", [], {})}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain for key, each in value.items() if (plain := _plain(each)) not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def from_json(content: Mapping[str, Any]) -> Entry:
    """The inverse of to_json; fields that a newer version added take their defaults."""
    values = dict(content)
    for name in ("titles", "descriptions"):
        values[name] = Localised(values.get(name))
    for name in ("starts_at", "ends_at", "created_at", "last_modified"):
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    for name in ("starts_on", "ends_on"):
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    values["languages"] = tuple(values.get("languages", ()))
    values["interpretation"] = tuple(values.get("interpretation", ()))
    values["people"] = tuple((part, name) for part, name in values.get("people", ()))
    values["agenda"] = tuple(_point(each) for each in values.get("agenda", ()))
    place = dict(values.get("place", {}))
    for name in ("city_names", "other_city_names", "venue_names", "room_names", "directions"):
        place[name] = Localised(place.get(name))
    values["place"] = Place(**place)
    return Entry(**values)


def _point(content: Mapping[str, Any]) -> Point:
    return Point(**{**content, "titles": Localised(content.get("titles")), "city_names": Localised(content.get("city_names"))})
