"""Decisions about a congress that need only values."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def closing(closes_at: datetime | None, ends_on: date, zone: ZoneInfo) -> datetime:
    """When registration closes: where nobody has said so, with the last day of the congress. What is said may also be later."""
    return closes_at or datetime.combine(ends_on + timedelta(days=1), time(), zone)


def is_open(opens_at: datetime | None, closes_at: datetime, now: datetime) -> bool:
    """Half-open: the closing minute itself is already too late. No opening: not open."""
    return opens_at is not None and opens_at <= now < closes_at


def registration_phase(opens_at: datetime | None, closes_at: datetime, phase: str, now: datetime) -> str:
    """What a first page says of registration: "open", "later", "closed", or "" where there is nothing to say.

    ``phase`` is that of the congress: "before", "during" or "after". Nobody is invited to a congress that is over.
    """
    if opens_at is None or phase == "after":
        return ""
    if is_open(opens_at, closes_at, now):
        return "open"
    return "later" if now < opens_at else "closed"
