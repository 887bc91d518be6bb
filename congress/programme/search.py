"""Finding in a programme: filters of a reader, and how many entries each choice would show. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from zoneinfo import ZoneInfo

from congress.core.text import fold
from congress.programme.entries import Entry


@dataclass(frozen=True)
class Filter:
    """What a reader wants to see; an empty value asks for everything."""

    day: str = ""
    city: str = ""
    venue: str = ""
    field: str = ""
    kind: str = ""
    language: str = ""
    open: str = ""
    q: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filter()

    def given(self) -> dict[str, str]:
        """What is asked for, as it stands in an address."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    def matches(self, entry: Entry, zone: ZoneInfo) -> bool:
        """Whether the reader wants to see the entry."""
        return (
            (
                not self.day
                or self.day in {day.isoformat() for day in entry.days(zone)}
                or (self.day == "none" and not entry.days(zone))
            )
            and (not self.city or self.city in entry.cities)
            and (not self.venue or self.venue == entry.place.venue)
            and (not self.field or self.field == entry.field)
            and (not self.kind or self.kind == entry.kind)
            and (not self.language or self.language in entry.languages)
            and (not self.open or entry.is_public)
            and all(part in _text(entry) for part in fold(self.q).split())
        )


def _text(entry: Entry) -> str:
    place = entry.place
    texts = (entry.titles, entry.descriptions, place.venue_names, place.room_names, place.city_names, place.other_city_names)
    return fold(
        " ".join([*(text for each in texts for text in each.values()), *(name for _part, name in entry.people), entry.item])
    )


def chosen(entries: Iterable[Entry], wanted: Filter, zone: ZoneInfo) -> list[Entry]:
    """The listed entries that the reader wants to see."""
    return [entry for entry in entries if entry.is_listed and wanted.matches(entry, zone)]


def counts(entries: Sequence[Entry], wanted: Filter, zone: ZoneInfo, name: str) -> Counter[str]:
    """How many entries each value of one filter would show, the other filters staying as they are."""
    rest = chosen(entries, replace(wanted, **{name: ""}), zone)
    found: Counter[str] = Counter()
    for entry in rest:
        found.update(_values(entry, name, zone))
    return found


def _values(entry: Entry, name: str, zone: ZoneInfo) -> Iterable[str]:
    match name:
        case "day":
            return [day.isoformat() for day in entry.days(zone)] or ["none"]
        case "city":
            return entry.cities
        case "venue":
            return filter(None, [entry.place.venue])
        case "language":
            return entry.languages
        case "open":
            return ["1"] if entry.is_public else []
    return filter(None, [getattr(entry, name)])


@dataclass(frozen=True)
class Day:
    """One day of a programme; ``day`` is None for what has no date yet. Each group holds entries shown as one."""

    day: date | None
    groups: tuple[tuple[Entry, ...], ...]


def by_day(entries: Iterable[Entry], zone: ZoneInfo) -> list[Day]:
    """The days in order, those of a long entry each; parallel meetings of the fields stand in one group."""
    days: dict[date | None, list[Entry]] = {}
    for entry in entries:
        for day in entry.days(zone) or (None,):
            days.setdefault(day, []).append(entry)
    ordered = sorted((day for day in days if day), key=lambda day: day)
    return [Day(day, _groups(days[day])) for day in [*ordered, *([None] if None in days else [])]]


def _groups(entries: list[Entry]) -> tuple[tuple[Entry, ...], ...]:
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        parallel = entry.kind == "subgroup" and entry.is_timed
        groups.setdefault((entry.starts_at, entry.ends_at) if parallel else entry.uid, []).append(entry)
    return tuple(tuple(group) for group in groups.values())
