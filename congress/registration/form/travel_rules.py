"""What goes together in travel and stay. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum, auto

_FAR = timedelta(days=60)  # nobody comes earlier or stays longer than this
_OLDEST = timedelta(days=366 * 120)


class Problem(Enum):
    """What does not go together."""

    LEAVES_BEFORE_ARRIVING = auto()
    LEAVES_BEFORE_ARRIVING_THAT_DAY = auto()
    NIGHT_BEFORE_ARRIVAL = auto()
    NIGHT_AFTER_DEPARTURE = auto()
    DAY_OUTSIDE_STAY = auto()
    TOO_FAR = auto()
    BORN_LATER = auto()
    EXPIRED = auto()


@dataclass(frozen=True, kw_only=True)
class Travel:
    """What a person told; ``nights`` by ISO date, those of the host cities only; ``days`` are ISO dates."""

    arrival_on: date | None = None
    arrival_time: time | None = None
    departure_on: date | None = None
    departure_time: time | None = None
    days: Collection[str] = ()
    nights: Mapping[str, str] | None = None
    born_on: date | None = None
    passport_expires_on: date | None = None


def nights_of(starts_on: date, ends_on: date) -> list[date]:
    """The nights that are asked about, each by the day on which it begins: from the one before the congress to that of its last day."""
    return [starts_on + timedelta(days=number) for number in range(-1, (ends_on - starts_on).days + 1)]


def days_of(starts_on: date, ends_on: date) -> list[date]:
    """The days of the congress."""
    return [starts_on + timedelta(days=number) for number in range((ends_on - starts_on).days + 1)]


def problems(told: Travel, *, starts_on: date, ends_on: date, today: date) -> list[tuple[str, Problem]]:
    """What does not go together, each with the name of the field it is about."""
    arrival, departure = told.arrival_on, told.departure_on
    found = [
        (name, Problem.TOO_FAR)
        for name, day in (("arrival_on", arrival), ("departure_on", departure))
        if day is not None and not starts_on - _FAR <= day <= ends_on + _FAR
    ]
    if arrival and departure and not found:
        found += _order(told, arrival, departure)
    if not found:
        found += _outside(told)
    if told.born_on and not today - _OLDEST <= told.born_on < today:
        found.append(("born_on", Problem.BORN_LATER))
    if told.passport_expires_on and told.passport_expires_on <= ends_on:
        found.append(("passport_expires_on", Problem.EXPIRED))
    return found


def _order(told: Travel, arrival: date, departure: date) -> list[tuple[str, Problem]]:
    if departure < arrival:
        return [("departure_on", Problem.LEAVES_BEFORE_ARRIVING)]
    times = told.arrival_time, told.departure_time
    if departure == arrival and times[0] and times[1] and times[1] <= times[0]:
        return [("departure_time", Problem.LEAVES_BEFORE_ARRIVING_THAT_DAY)]
    return []


def _outside(told: Travel) -> list[tuple[str, Problem]]:
    found = []
    for night in sorted(told.nights or {}):
        if told.arrival_on and date.fromisoformat(night) < told.arrival_on:
            found.append((f"night_{night}", Problem.NIGHT_BEFORE_ARRIVAL))
        elif told.departure_on and date.fromisoformat(night) >= told.departure_on:
            found.append((f"night_{night}", Problem.NIGHT_AFTER_DEPARTURE))
    days = [date.fromisoformat(day) for day in told.days]
    if any((told.arrival_on and day < told.arrival_on) or (told.departure_on and day > told.departure_on) for day in days):
        found.append(("days", Problem.DAY_OUTSIDE_STAY))
    return found
