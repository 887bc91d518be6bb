"""VTIMEZONE of one STANDARD and one DAYLIGHT with yearly rules, or of one STANDARD (RFC 5545, 3.6.5). Pure.

Outlook misreads zones made of single dates, and refuses a full history; the rules are therefore derived for the years that a
feed covers, and checked against the zone itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class IrregularZone(ValueError):
    """The zone's clock changes of these years follow no yearly rule."""


@dataclass(frozen=True)
class _Onset:
    """A clock change: the wall-clock time before it, and the offsets before and after."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    is_daylight: bool


def _onsets(zone: ZoneInfo, year: int) -> list[_Onset]:
    found = []
    instant = datetime(year, 1, 1, tzinfo=UTC)
    while instant.year == year:
        later = instant + timedelta(days=1)
        if instant.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            found.append(_exact(zone, instant, later))
        instant = later
    return found


def _exact(zone: ZoneInfo, low: datetime, high: datetime) -> _Onset:
    before = low.astimezone(zone).utcoffset() or timedelta(0)
    while high - low > timedelta(minutes=1):
        middle = (low + (high - low) / 2).replace(second=0, microsecond=0)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    after = high.astimezone(zone)
    return _Onset(
        local=(high + before).replace(tzinfo=None),
        before=before,
        after=after.utcoffset() or timedelta(0),
        name=after.tzname() or "",
        is_daylight=bool(after.dst()),
    )


def _rule(onset: _Onset) -> tuple[int, str, int, int]:
    """Month, weekday with its number in the month (from the end if it is in the last seven days), hour and minute."""
    local = onset.local
    last = (local + timedelta(days=7)).month != local.month
    number = -1 if last else (local.day - 1) // 7 + 1
    return local.month, f"{number}{_WEEKDAYS[local.weekday()]}", local.hour, local.minute


@lru_cache(maxsize=64)
def vtimezone(tzid: str, first_year: int, last_year: int) -> bytes:
    """The VTIMEZONE of a zone as bytes, right for each instant from the start of first_year to the end of last_year.

    Raises IrregularZone where the changes of those years follow no yearly rule.
    """
    zone = ZoneInfo(tzid)
    years = {year: _onsets(zone, year) for year in range(first_year - 1, last_year + 1)}
    component = Timezone()
    component.add("tzid", tzid)
    if not any(years.values()):
        component.add_component(_fixed(zone, first_year))
        return bytes(component.to_ical())
    onsets = years[first_year - 1]
    if len(onsets) != 2 or any([_rule(each) for each in found] != [_rule(each) for each in onsets] for found in years.values()):
        raise IrregularZone(f"{tzid} {first_year}-{last_year}")
    for onset in onsets:
        part = TimezoneDaylight() if onset.is_daylight else TimezoneStandard()
        month, day, _hour, _minute = _rule(onset)
        part.add("dtstart", onset.local)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": day})
        part.add("tzname", onset.name)
        part.add("tzoffsetfrom", onset.before)
        part.add("tzoffsetto", onset.after)
        component.add_component(part)
    return bytes(component.to_ical())


def _fixed(zone: ZoneInfo, year: int) -> TimezoneStandard:
    start = datetime(year, 1, 1, tzinfo=zone)
    part = TimezoneStandard()
    part.add("dtstart", start.replace(tzinfo=None))
    part.add("tzname", start.tzname() or "")
    part.add("tzoffsetfrom", start.utcoffset())
    part.add("tzoffsetto", start.utcoffset())
    return part
