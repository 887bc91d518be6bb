"""What of a programme is going on at a moment, and what comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from congress.programme.entries import Entry

_OPEN_END = timedelta(hours=3)  # for so long something whose end is open counts as going on


@dataclass(frozen=True)
class Moment:
    """A moment of a congress: what is going on, what begins next (all that begins together), and what lasts the whole day.

    ``phase`` is "before" the first day of the congress, "during" or "after" its last; accompanying events take place in all three.
    """

    at: datetime
    phase: str
    days_to_go: int
    running: tuple[Entry, ...]
    following: tuple[Entry, ...]
    all_day: tuple[Entry, ...]


def is_running(entry: Entry, at: datetime) -> bool:
    """Whether an entry with a time of day is going on; half-open, so what begins at the end of another follows it."""
    if entry.starts_at is None or entry.is_cancelled:
        return False
    return entry.starts_at <= at < (entry.ends_at or entry.starts_at + _OPEN_END)


def now_and_next(entries: Iterable[Entry], days: tuple[date, date], zone: ZoneInfo, at: datetime) -> Moment:
    """The listed entries around a moment, in the order of the programme; ``days`` are the first and the last of the congress."""
    today = at.astimezone(zone).date()
    shown = [entry for entry in entries if entry.is_listed and not entry.is_cancelled]
    return Moment(
        at=at,
        phase="before" if today < days[0] else "after" if today > days[1] else "during",
        days_to_go=max((days[0] - today).days, 0),
        running=tuple(entry for entry in shown if is_running(entry, at)),
        following=_following(shown, at),
        all_day=tuple(entry for entry in shown if entry.starts_at is None and today in entry.days(zone)),
    )


def _following(entries: Sequence[Entry], at: datetime) -> tuple[Entry, ...]:
    later = [entry.starts_at for entry in entries if entry.starts_at and entry.starts_at > at]
    first = min(later, default=None)
    return tuple(entry for entry in entries if first and entry.starts_at == first)
