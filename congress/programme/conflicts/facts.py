"""What is known when conflicts are looked for, and what is found. Pure: values, no rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from congress.programme.conflicts.kinds import ConflictKind

Span = tuple[float, float]  # seconds since 1970, half-open


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One placement with what its item needs. Places are ids; ``people`` are keys: ``speaker:7``, ``mayor:12``, ``name:jan nowak``.

    ``cities`` have to be there since they present something; ``delegates`` are those who booked it. ``was_skipped``: the time that
    somebody typed does not exist on that day, since clocks skip it. ``number`` and ``code`` are those of the placement.
    """

    uid: str
    number: int = 0
    code: str = ""
    item: str = ""
    kind: str = "workshop"
    timing: str = "timed"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_cancelled: bool = False
    city: int | None = None
    other_city: int | None = None
    venue: int | None = None
    room: int | None = None
    field: str = ""
    audience: str = "delegates"
    people_expected: int | None = None
    seats: int | None = None
    needs: frozenset[str] = frozenset()
    needs_step_free: bool = False
    setup_minutes: int = 0
    clearing_minutes: int = 0
    people: tuple[str, ...] = ()
    cities: frozenset[int] = frozenset()
    delegates: frozenset[int] = frozenset()
    titles: Mapping[str, str] = made(default_factory=dict)
    described_in: frozenset[str] = frozenset()
    was_skipped: bool = False

    span: Span | None = made(init=False, compare=False, default=None)
    """When it takes the time of people; None unless it has a time of day. Of an open end only the beginning is known."""

    def __post_init__(self) -> None:
        if self.starts_at is not None:
            start = self.starts_at.timestamp()
            object.__setattr__(self, "span", (start, max(start, self.ends_at.timestamp()) if self.ends_at else start))


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What a room offers."""

    capacity: int | None = None
    equipment: frozenset[str] = frozenset()
    step_free: bool | None = None


Times = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Facts:
    """What is known besides the slots. ``hours`` are of a venue on a day, also if they end after midnight; None: it is closed then;
    no entry: nobody has said.

    ``lone_cities`` have one delegate only, each with its fields; ``released``: what the release in force says of start and end.
    """

    zone: ZoneInfo
    starts_on: date
    ends_on: date
    now: datetime
    languages: tuple[str, ...] = ("en", "pl")
    rooms: Mapping[int, RoomFacts] = made(default_factory=dict)
    rooms_closed: Mapping[int, Times] = made(default_factory=dict)
    people_away: Mapping[str, Times] = made(default_factory=dict)
    hours: Mapping[tuple[int, date], tuple[datetime, datetime] | None] = made(default_factory=dict)
    between_cities: int = 90
    between_venues: Mapping[frozenset[int], int] = made(default_factory=dict)
    lone_cities: Mapping[int, frozenset[str]] = made(default_factory=dict)
    participants: int | None = None
    released: Mapping[str, tuple[datetime | None, datetime | None]] = made(default_factory=dict)

    @cached_property
    def longest_way(self) -> int:
        """Seconds of the longest way that there is between two places."""
        return 60 * max([self.between_cities, *self.between_venues.values()])

    def day_span(self, starts_on: date, ends_on: date) -> Span:
        """From the first midnight to the one after the last day."""
        start = datetime.combine(starts_on, time(), self.zone)
        return start.timestamp(), datetime.combine(ends_on + timedelta(days=1), time(), self.zone).timestamp()

    def way(self, before: Slot, after: Slot) -> int:
        """Minutes from where one ends to where the next begins; a transfer ends in its other city. 0 where nobody has said anything."""
        if before.other_city is None and before.venue is not None and after.venue is not None:
            known = self.between_venues.get(frozenset((before.venue, after.venue)))
            if known is not None:
                return known
        leaves_from = before.other_city or before.city
        return self.between_cities if leaves_from and after.city and leaves_from != after.city else 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something wrong with one slot, or between several (the earlier first). For ``facts`` and ``people`` see ConflictKind.

    ``state`` is how the slots stood; it belongs to what is accepted, so that an accepted conflict comes back when one is moved.
    """

    kind: ConflictKind
    uids: tuple[str, ...]
    facts: tuple[object, ...] = ()
    people: tuple[str, ...] = ()
    state: tuple[object, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same conflict with the same facts; SHA-256 in hex."""
        what = json.dumps([self.kind, self.uids, self.facts, self.people, self.state])
        return hashlib.sha256(what.encode()).hexdigest()
