"""Decisions about a congress that need only values."""

from datetime import datetime


def is_open(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> bool:
    """Half-open: the closing minute itself is already too late. No opening: not open; no closing: open until further notice."""
    return opens_at is not None and opens_at <= now and (closes_at is None or now < closes_at)
