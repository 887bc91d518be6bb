"""Times as people write them, a line each: “2018-06-12 09:00–18:00 rehearsal”. What they mean, and how they are written back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from congress.core.errors import CongressError
from congress.core.text import fold
from congress.programme import rules

Hours = tuple[time, time] | None
"""When a house opens on a day, and when it closes; before it opens means on the day after. None: it is closed."""

MOST = 200  # lines, and characters of a reason
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s+(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2}))?(?:\s+(.*))?", re.ASCII)
_CLOSED = frozenset({"closed", "zamkniete"})


class Unreadable(CongressError):
    """A line says no time; the sentence says which, and what to write."""


@dataclass(frozen=True)
class Span:
    """A time in which a room or a person is not there."""

    starts_at: datetime
    ends_at: datetime
    reason: str = ""


def read_hours(text: str) -> dict[date, Hours]:
    """Opening hours by day. Raises Unreadable."""
    found: dict[date, Hours] = {}
    for line, day, clocks, words in _lines(text):
        if day in found:
            raise Unreadable(_("This day is there twice: %(line)s", line=line[:60]))
        is_closed = clocks is None and fold(words) in _CLOSED
        if not is_closed and (clocks is None or words or clocks[1] == clocks[0]):
            raise Unreadable(_("Write “2018-06-12 09:00–18:00” or “2018-06-12 closed” instead of: %(line)s", line=line[:60]))
        found[day] = clocks
    return found


def written_hours(hours: dict[date, Hours]) -> str:
    """What read_hours reads, in the reader's language."""
    said = ((day, f"{each[0]:%H:%M}–{each[1]:%H:%M}" if each else _("closed")) for day, each in sorted(hours.items()))
    return "\n".join(f"{day} {words}" for day, words in said)


def read_spans(text: str, zone: ZoneInfo) -> list[Span]:
    """Times of absence in order; a day alone is the whole day, an end before its start falls on the next one. Raises Unreadable."""
    found = []
    for line, day, clocks, reason in _lines(text):
        starts, ends = clocks or (time(), time())
        last = day + timedelta(days=1) if ends <= starts else day
        instants = [rules.local_instant(on, at.hour, at.minute, zone) for on, at in ((day, starts), (last, ends))]
        if instants[0] is None or instants[1] is None or instants[1] <= instants[0] or len(reason) > MOST:
            raise Unreadable(_("Write “2018-06-12 09:00–12:00” with a short reason instead of: %(line)s", line=line[:60]))
        found.append(Span(instants[0], instants[1], reason))
    return sorted(found, key=lambda each: (each.starts_at, each.ends_at, each.reason))


def written_spans(spans: Iterable[Span], zone: ZoneInfo) -> str:
    """What read_spans reads."""
    return "\n".join(_written(each, zone) for each in spans)


def _written(span: Span, zone: ZoneInfo) -> str:
    starts, ends = span.starts_at.astimezone(zone), span.ends_at.astimezone(zone)
    is_whole_day = (starts.time(), ends.time()) == (time(), time())
    clocks = "" if is_whole_day else f" {starts:%H:%M}–{ends:%H:%M}"
    return f"{starts.date()}{clocks} {span.reason}".rstrip()


def _lines(text: str) -> Iterator[tuple[str, date, Hours, str]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise Unreadable(_("At most %(most)d lines.", most=MOST))
    for line in lines:
        said = _LINE.fullmatch(line)
        try:
            if said is None:
                raise ValueError
            day = date.fromisoformat(said[1])
            ends = (0, 0) if (said[4], said[5]) == ("24", "00") else (int(said[4] or 0), int(said[5] or 0))
            clocks = (time(int(said[2]), int(said[3])), time(*ends)) if said[2] else None
            datetime.combine(day, time(), UTC) + timedelta(days=2)  # raises OverflowError at the end of all calendars
            if not 1970 <= day.year < 2200:
                raise ValueError
        except (ValueError, OverflowError):
            raise Unreadable(
                _("This is no day with times; write “2018-06-12 09:00–12:00” instead of: %(line)s", line=line[:60])
            ) from None
        yield line, day, clocks, (said[6] or "").strip()
