"""Which entries a feed holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from congress.programme.entries import Entry

KEPT_AFTER = timedelta(days=30)  # cancelled entries stay in feeds until so long after the congress


@dataclass(frozen=True)
class Feed:
    """A feed by its kind and, where it has one, the thing it is about: ``Feed("field", "music")`` is ``field-music``."""

    kind: str
    about: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.about}" if self.about else self.kind

    def holds(self, entry: Entry) -> bool:
        """Whether an entry is of this feed. Entries that are not publicly listed are in no public feed."""
        if not entry.is_listed:
            return False
        match self.kind:
            case "programme":
                return True
            case "plenary":
                return entry.kind in {"plenary", "ceremony", "mayors"}
            case "subgroups":
                return entry.kind == "subgroup"
            case "field":
                return entry.field == self.about
            case "events":
                return entry.is_public
            case "city":
                return self.about in entry.cities
            case "venue":
                return entry.place.venue == self.about
            case "session":
                return entry.item == self.about
        return False


WHOLE = ("programme", "plenary", "subgroups", "events")
PARTIAL = ("field", "city", "venue", "session")


def find_feed(name: str) -> Feed | None:
    """The feed that a name in an address means: ``programme``, ``field-music``, ``session-P022``."""
    if name in WHOLE:
        return Feed(name)
    kind, _, about = name.partition("-")
    return Feed(kind, about) if kind in PARTIAL and about else None


def feeds(entries: Iterable[Entry]) -> list[Feed]:
    """All feeds that hold something, but for those of single sessions, in the order of a page."""
    listed = [entry for entry in entries if entry.is_listed]
    possible = [Feed(kind) for kind in WHOLE]
    possible += [Feed("field", name) for name in _first_seen(entry.field for entry in listed)]
    possible += [Feed("city", slug) for slug in _first_seen(slug for entry in listed for slug in entry.cities)]
    possible += [Feed("venue", slug) for slug in _first_seen(entry.place.venue for entry in listed)]
    return [feed for feed in possible if any(feed.holds(entry) for entry in listed)]


def _first_seen(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]


def for_calendar(entries: Iterable[Entry], *, with_unconfirmed: bool, congress_ends_on: date, today: date) -> list[Entry]:
    """Those entries that a calendar can show, by start and uid: with a time or days, and to be confirmed only if asked for.

    Cancelled ones stay until every subscriber has been told: 30 days after the congress, or after the cancellation if that is later.
    """
    shown = [
        entry
        for entry in entries
        if (entry.starts_at or entry.starts_on)
        and (with_unconfirmed or entry.is_confirmed_time)
        and not (entry.is_cancelled and today > _kept_until(entry, congress_ends_on))
    ]
    return sorted(shown, key=lambda entry: (_start(entry), entry.uid))


def _start(entry: Entry) -> datetime:
    if entry.starts_at is not None:
        return entry.starts_at
    return datetime.combine(entry.starts_on or date.min, time.min, tzinfo=UTC)


def _kept_until(entry: Entry, congress_ends_on: date) -> date:
    cancelled_on = entry.last_modified.date() if entry.last_modified else congress_ends_on
    return max(congress_ends_on, cancelled_on) + KEPT_AFTER
