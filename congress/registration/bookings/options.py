"""What a person may choose from, as the page of sessions shows it: day by day, what happens at the same time together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from congress.programme import queries as programme
from congress.programme.entries import Entry
from congress.registration import queries, rules
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings.clashes import Clash, Travel, clashes
from congress.registration.bookings.queries import Demand
from congress.registration.models import Booking, Registration
from congress.registration.vocabulary import BookingState


@dataclass(frozen=True)
class Option:
    """An item that can be chosen, at the first of its times that is not over. ``number``: which one on the waiting list, where the person waits."""

    entry: Entry
    entries: tuple[Entry, ...]
    is_guest: bool
    places: int | None
    demand: Demand
    booking: Booking | None
    number: int = 0
    is_over: bool = False

    @property
    def left(self) -> int | None:
        return self.demand.left(self.places)

    @property
    def is_full(self) -> bool:
        """Whether somebody who chooses now has to wait."""
        return self.places is not None and (self.left == 0 or self.demand.waiting > 0)

    @property
    def state(self) -> BookingState | None:
        return self.booking.state if self.booking else None


@dataclass
class Block:
    """What begins and ends at the same time: entries in the programme anyway, or options."""

    starts_at: datetime | None
    given: list[Entry] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class Sessions:
    """The page of one person: blocks by day, public events apart. ``options``: all by code, with those that are over and not shown."""

    days: list[tuple[date, list[Block]]]
    events: list[Option]
    options: dict[str, Option]
    own: list[Entry]

    @property
    def chosen(self) -> list[str]:
        return [code for code, option in self.options.items() if option.booking]

    @property
    def can_change(self) -> bool:
        """Whether there is anything on the page to tick or untick."""
        return bool(self.events) or any(block.options for _day, blocks in self.days for block in blocks)

    @property
    def offers(self) -> list[Option]:
        return [option for option in self.options.values() if option.state is BookingState.OFFERED]


def sessions_of(registration: Registration, now: datetime) -> Sessions:
    """Everything that the page of sessions shows, in the same number of statements whatever was chosen. What is over is shown
    only to whoever has chosen it."""
    congress, person = registration.congress, queries.attendee(registration)
    released = programme.released(congress).entries
    options = _options(registration, released, now)
    own = [entry for entry in rules.own_programme(released, person) if not entry.is_cancelled]
    given = [entry for entry in own if entry.item not in options]
    shown = [option for option in options.values() if option.booking or not option.is_over]
    in_days = [option for option in shown if not option.entry.is_public]
    events = [option for option in shown if option.entry.is_public]
    return Sessions(_days(given, in_days, congress.zone), events, options, own)


def _options(registration: Registration, released: Iterable[Entry], now: datetime) -> dict[str, Option]:
    """What may be chosen or asked for, and what was chosen, by code, in the order of the programme."""
    congress, person = registration.congress, queries.attendee(registration)
    items, demand = booking_queries.items(congress), booking_queries.demand(congress)
    mine, numbers = booking_queries.bookings_of(registration), booking_queries.numbers_in_queue(registration)
    times: dict[str, list[Entry]] = {}
    for entry in released:
        times.setdefault(entry.item, []).append(entry)
    found = {}
    for code, entries in times.items():
        item, booking = items.get(code), mine.get(code)
        to_come = [entry for entry in entries if not rules.is_over(entry, congress.zone, now)]
        is_guest = item is not None and item.takes_guests and rules.may_ask(entries[0], person)
        if item is None or not (booking or is_guest or any(rules.may_choose(each, person) for each in entries)):
            continue
        asked_for, number = demand.get(item.id, Demand()), numbers.get(item.id, 0)
        found[code] = Option(
            (to_come or entries)[0], tuple(entries), is_guest, item.places, asked_for, booking, number, not to_come
        )
    return found


def _days(given: Iterable[Entry], options: Iterable[Option], zone: ZoneInfo) -> list[tuple[date, list[Block]]]:
    """Blocks by day and time; what has no day is not shown among the given, and comes on the first day among the options."""
    blocks: dict[date, dict[tuple[datetime | None, datetime | None], Block]] = {}
    for entry in given:
        for day in entry.days(zone)[:1]:
            blocks.setdefault(day, {}).setdefault((entry.starts_at, entry.ends_at), Block(entry.starts_at)).given.append(entry)
    for option in options:
        entry = option.entry
        for day in entry.days(zone)[:1] or [date.max]:
            block = blocks.setdefault(day, {}).setdefault((entry.starts_at, entry.ends_at), Block(entry.starts_at))
            block.options.append(option)
    return [
        (day, sorted(of_day.values(), key=lambda block: (block.starts_at is not None, block.starts_at)))
        for day, of_day in sorted(blocks.items())
    ]


def clashes_of(registration: Registration, sessions: Sessions, wanted: set[str]) -> list[Clash]:
    """What cannot both be reached if the person has exactly these items beside what is given, in order of time.

    Wishes count like places: whoever waits would have to be there too.
    """
    congress = registration.congress
    given = [entry for entry in sessions.own if entry.item not in sessions.options]
    chosen = [entry for code in sessions.options if code in wanted for entry in sessions.options[code].entries]
    travel = Travel(congress.travel_minutes, booking_queries.travel_minutes(congress))
    return clashes([*given, *chosen], travel, about=wanted)
