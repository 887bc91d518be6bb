"""The one place that asks what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current instant in UTC, to the second: calendars carry no fractions (RFC 5545 3.3.5)."""
    return datetime.now(UTC).replace(microsecond=0)
