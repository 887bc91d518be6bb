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


@dataclass(frozen=True)
class OpenToAll:
    """What everybody may come to: all that is known (``count`` events), and which of it a first page shows, of which day or time.

    ``when`` is "today", "later" (nothing today; the next ones), "past" (those of the days of the congress) or "none".
    """

    count: int
    when: str
    entries: tuple[Entry, ...]


def open_to_all(entries: Iterable[Entry], days: tuple[date, date], zone: ZoneInfo, at: datetime) -> OpenToAll:
    """The events for everybody as seen at a moment; what ended earlier today is not shown any more. Several times of one event count once."""
    public = [entry for entry in entries if entry.is_public and entry.is_listed and not entry.is_cancelled]
    today, count = at.astimezone(zone).date(), len({entry.item for entry in public})
    dated = [(entry, entry.days(zone)) for entry in public if entry.days(zone)]
    ahead = [(entry, on) for entry, on in dated if max(on) >= today and (entry.ends_at is None or entry.ends_at > at)]
    shown = tuple(entry for entry, on in ahead if today in on)
    if shown:
        return OpenToAll(count, "today", shown)
    if ahead:
        return OpenToAll(count, "later", tuple(entry for entry, _on in ahead))
    of_congress = tuple(entry for entry, on in dated if max(on) >= days[0] and min(on) <= days[1])
    past = of_congress or tuple(entry for entry, _on in dated)
    return OpenToAll(count, "past" if past else "none", past)


def _following(entries: Sequence[Entry], at: datetime) -> tuple[Entry, ...]:
    later = [entry.starts_at for entry in entries if entry.starts_at and entry.starts_at > at]
    first = min(later, default=None)
    return tuple(entry for entry in entries if first and entry.starts_at == first)
