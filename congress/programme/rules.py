"""May this be placed so? Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST_SESSION = timedelta(hours=24)
LONGEST_EVENT = timedelta(days=120)


def local_instant(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime | None:
    """The instant of a wall-clock time, in the first of two equal hours; None in the hour that a clock change skips."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    instant = local.astimezone(ZoneInfo("UTC"))
    return instant if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def is_length_possible(starts_at: datetime, ends_at: datetime) -> bool:
    """A timed session ends after it starts and within a day."""
    return timedelta(0) < ends_at - starts_at <= LONGEST_SESSION


def are_days_possible(starts_on: date, ends_on: date) -> bool:
    """Days in order, and not longer than a season."""
    return timedelta(0) <= ends_on - starts_on <= LONGEST_EVENT
