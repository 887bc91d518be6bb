"""Finding in a programme: filters of a reader, and how many entries each choice would show. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from zoneinfo import ZoneInfo

from congress.core.text import fold
from congress.programme.entries import Entry

FACETS = ("day", "city", "venue", "field", "kind", "language", "open")  # filters that offer values
_PAUSES = frozenset({"break", "transfer"})


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


@dataclass(frozen=True)
class Found:
    """What a reader's filter finds: the entries, and for each filter how many entries each of its values would show.

    For these counts the other filters stay as they are. ``on_any_day`` is the number of entries without the choice of a day.
    """

    entries: tuple[Entry, ...]
    counts: dict[str, Counter[str]]
    on_any_day: int


def find(entries: Iterable[Entry], wanted: Filter, zone: ZoneInfo) -> Found:
    """The listed entries that the reader wants to see, in their order, and the counts of all filters, in one pass."""
    parts = fold(wanted.q).split()
    asked = {name: value for name, value in wanted.given().items() if name != "q"}
    if wanted.open:
        asked["open"] = "1"
    fitting: list[Entry] = []
    counted: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    on_any_day = 0
    for entry in entries:
        if not entry.is_listed or (parts and not all(part in entry.folded for part in parts)):
            continue
        values = values_of(entry, zone)
        refused = [name for name, value in asked.items() if value not in values[name]]
        if not refused:
            fitting.append(entry)
        on_any_day += not refused or refused == ["day"]
        # What only one filter keeps out counts for the values of that filter.
        for name in FACETS if not refused else refused if len(refused) == 1 else ():
            count = counted[name]
            for value in values[name]:
                count[value] = count.get(value, 0) + 1
    return Found(tuple(fitting), {name: Counter(count) for name, count in counted.items()}, on_any_day)


def chosen(entries: Iterable[Entry], wanted: Filter, zone: ZoneInfo) -> list[Entry]:
    """The listed entries that the reader wants to see."""
    return list(find(entries, wanted, zone).entries)


def counts(entries: Iterable[Entry], wanted: Filter, zone: ZoneInfo, name: str) -> Counter[str]:
    """How many entries each value of one filter would show, the other filters staying as they are."""
    return find(entries, wanted, zone).counts[name]


def values_of(entry: Entry, zone: ZoneInfo) -> dict[str, tuple[str, ...]]:
    """What an entry is found by: for each of FACETS its values, none where it has none."""
    place = entry.place
    return {
        "day": tuple(day.isoformat() for day in entry.days(zone)) or ("none",),
        "city": entry.cities,
        "venue": (place.venue,) if place.venue else (),
        "field": (entry.field,) if entry.field else (),
        "kind": (entry.kind,) if entry.kind else (),
        "language": entry.languages,
        "open": ("1",) if entry.is_public else (),
    }


@dataclass(frozen=True)
class Day:
    """One day of a programme; ``day`` is None for what has no date yet. Each group holds entries shown as one."""

    day: date | None
    groups: tuple[tuple[Entry, ...], ...]


def by_day(
    entries: Iterable[Entry],
    zone: ZoneInfo,
    only: str = "",
    grouped: Callable[[list[Entry]], tuple[tuple[Entry, ...], ...]] | None = None,
) -> list[Day]:
    """The days in order, those of a long entry each; ``grouped`` says what of a day stands together, else parallel meetings do.

    With ``only``, a day as it stands in a filter, just that one.
    """
    days: dict[date | None, list[Entry]] = {}
    for entry in entries:
        for day in entry.days(zone) or (None,):
            if not only or only == (day.isoformat() if day else "none"):
                days.setdefault(day, []).append(entry)
    ordered = sorted((day for day in days if day), key=lambda day: day)
    return [Day(day, (grouped or _groups)(days[day])) for day in [*ordered, *([None] if None in days else [])]]


def _groups(entries: list[Entry]) -> tuple[tuple[Entry, ...], ...]:
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        parallel = entry.kind == "subgroup" and entry.is_timed
        groups.setdefault((entry.starts_at, entry.ends_at) if parallel else entry.uid, []).append(entry)
    return tuple(tuple(group) for group in groups.values())


def bands(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], ...]:
    """What begins at the same time stands side by side: meetings of the fields in one band, other entries in one of theirs.

    Breaks and transfers, and what has no time of day, stand alone.
    """
    found: dict[object, list[Entry]] = {}
    for entry in entries:
        alone = not entry.is_timed or entry.kind in _PAUSES
        found.setdefault(entry.uid if alone else (entry.starts_at, entry.kind == "subgroup"), []).append(entry)
    return tuple(tuple(band) for band in found.values())
