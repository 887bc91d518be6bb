"""Decisions about a congress that need only values."""

from datetime import datetime


def is_open(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> bool:
    """Half-open: the closing minute itself is already too late. No opening: not open; no closing: open until further notice."""
    return opens_at is not None and opens_at <= now and (closes_at is None or now < closes_at)


def registration_phase(opens_at: datetime | None, closes_at: datetime | None, phase: str, now: datetime) -> str:
    """What a first page says of registration: "open", "later", "closed", or "" where there is nothing to say.

    ``phase`` is that of the congress: "before", "during" or "after". Nobody is invited to a congress that is over.
    """
    if opens_at is None or phase == "after":
        return ""
    if is_open(opens_at, closes_at, now):
        return "open"
    return "later" if now < opens_at else "closed"
