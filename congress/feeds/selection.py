"""Which entries a feed holds. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from congress.core.text import slugify
from congress.programme.entries import Entry

KEPT_AFTER = timedelta(days=30)  # cancelled entries stay in feeds until so long after the congress
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # the days of a programme have feeds that pages link to; no list names them
_UTC = ZoneInfo("UTC")
_LONGEST_SLUG = 52  # with its kind a feed's name has at most 60 signs


@functools.lru_cache(20_000)
def speaker_slug(name: str) -> str:
    """A person's name as it stands in the name of a feed; empty if nothing of it can be written there."""
    return slugify(name)[:_LONGEST_SLUG].rstrip("-")


# Feeds of the whole congress: whether a listed entry is of it.
_IS_OF: dict[str, Callable[[Entry], bool]] = {
    "programme": lambda _entry: True,
    "plenary": lambda entry: entry.kind in {"plenary", "ceremony", "mayors"},
    "subgroups": lambda entry: entry.kind == "subgroup",
    "events": lambda entry: entry.is_public,
}
# Feeds about one thing each: about which ones a listed entry is.
_ABOUT: dict[str, Callable[[Entry], Iterable[str]]] = {
    "field": lambda entry: (entry.field,),
    "kind": lambda entry: (entry.kind,),
    "city": lambda entry: entry.cities,
    "venue": lambda entry: (entry.place.venue,),
    "speaker": lambda entry: dict.fromkeys(speaker_slug(name) for _part, name in entry.people),
    "session": lambda entry: (entry.item,),
}
WHOLE, PARTIAL = tuple(_IS_OF), tuple(_ABOUT)


@dataclass(frozen=True)
class Feed:
    """A feed by its kind and, where it has one, the thing it is about: ``Feed("field", "music")`` is ``field-music``."""

    kind: str
    about: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.about}" if self.about else self.kind

    def holds(self, entry: Entry, zone: ZoneInfo = _UTC) -> bool:
        """Whether an entry is of this feed; a day is one of ``zone``. Entries that are not publicly listed are in no public feed."""
        if not entry.is_listed:
            return False
        if self.kind == "day":
            return any(day.isoformat() == self.about for day in entry.days(zone))
        if self.kind in _IS_OF:
            return not self.about and _IS_OF[self.kind](entry)
        return bool(self.about) and self.about in _ABOUT[self.kind](entry)


def find_feed(name: str) -> Feed | None:
    """The feed that a name in an address means: ``programme``, ``field-music``, ``session-P022``, ``day-2018-06-12``."""
    if name in _IS_OF:
        return Feed(name)
    kind, _, about = name.partition("-")
    if kind == "day":
        return Feed(kind, about) if _DAY.fullmatch(about) else None
    return Feed(kind, about) if kind in _ABOUT and about else None


def sorted_into_feeds(entries: Iterable[Entry]) -> dict[Feed, list[Entry]]:
    """All feeds that hold something, each with what it holds, in one pass; without those of single sessions.

    In the order of a page: the whole ones, then by what they are about, as the programme first names it.
    """
    found: dict[str, dict[str, list[Entry]]] = {kind: {} for kind in (*WHOLE, *PARTIAL) if kind != "session"}
    for entry in entries:
        if not entry.is_listed:
            continue
        for kind, is_of in _IS_OF.items():
            if is_of(entry):
                found[kind].setdefault("", []).append(entry)
        for kind, about in _ABOUT.items():
            if kind != "session":
                for each in filter(None, about(entry)):
                    found[kind].setdefault(each, []).append(entry)
    return {Feed(kind, about): held for kind, feeds in found.items() for about, held in feeds.items()}


def feeds(entries: Iterable[Entry]) -> list[Feed]:
    """All feeds that hold something, but for those of single sessions, in the order of a page."""
    return list(sorted_into_feeds(entries))


def for_calendar(entries: Iterable[Entry], *, with_unconfirmed: bool, congress_ends_on: date, today: date) -> list[Entry]:
    """Those entries that a calendar can show, by start and uid: with a time or days, and to be confirmed only if asked for.

    Cancelled ones stay until every subscriber has been told: 30 days after the congress, or after the cancellation if that is later.
    """
    shown = [entry for entry in entries if is_shown(entry, with_unconfirmed, congress_ends_on, today)]
    return sorted(shown, key=lambda entry: (start(entry), entry.uid))


def is_shown(entry: Entry, with_unconfirmed: bool, congress_ends_on: date, today: date) -> bool:
    """Whether a calendar shows the entry; see for_calendar."""
    return (
        bool(entry.starts_at or entry.starts_on)
        and (with_unconfirmed or entry.is_confirmed_time)
        and not (entry.is_cancelled and today > kept_until(entry, congress_ends_on))
    )


def start(entry: Entry) -> datetime:
    """By which a calendar sorts: the start, of whole days midnight UTC."""
    if entry.starts_at is not None:
        return entry.starts_at
    return datetime.combine(entry.starts_on or date.min, time.min, tzinfo=UTC)


def kept_until(entry: Entry, congress_ends_on: date) -> date:
    cancelled_on = entry.last_modified.date() if entry.last_modified else congress_ends_on
    return max(congress_ends_on, cancelled_on) + KEPT_AFTER


@dataclass(frozen=True)
class Contents:
    """What a page says of a feed: how many entries a calendar shows, their first and last day, and one entry of it, shown or not."""

    number: int
    days: tuple[date, date] | None
    example: Entry


def contents(entries: Sequence[Entry], zone: ZoneInfo, congress_ends_on: date, today: date) -> dict[Feed, Contents]:
    """What is in each feed as it is without options, in the order of sorted_into_feeds."""
    days = {entry.uid: entry.days(zone) for entry in entries if is_shown(entry, False, congress_ends_on, today)}
    found = {}
    for feed, held in sorted_into_feeds(entries).items():
        shown = [days[entry.uid] for entry in held if entry.uid in days]
        found[feed] = Contents(len(shown), _span(shown), held[0])
    return found


def span(entries: Iterable[Entry], zone: ZoneInfo) -> tuple[date, date] | None:
    """The first and the last day of entries that have one, None without any."""
    return _span([days for entry in entries if (days := entry.days(zone))])


def _span(days: Sequence[tuple[date, ...]]) -> tuple[date, date] | None:
    return (min(each[0] for each in days), max(each[-1] for each in days)) if days else None


def preview(entries: Sequence[Entry], now: datetime, zone: ZoneInfo, most: int = 5) -> tuple[list[Entry], bool]:
    """The next entries, at most so many, and whether others lie before them; the first ones if all are over."""
    ahead = [entry for entry in entries if _is_over_at(entry, zone) > now] or list(entries)
    return ahead[:most], len(ahead) < len(entries)


def _is_over_at(entry: Entry, zone: ZoneInfo) -> datetime:
    """When the entry is over; without an end, when its day is."""
    if entry.ends_at is not None:
        return entry.ends_at
    last = max(entry.days(zone), default=date.min)
    return datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
