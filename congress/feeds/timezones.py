"""VTIMEZONE of one STANDARD and one DAYLIGHT with yearly rules, or of one STANDARD (RFC 5545, 3.6.5). Pure.

Outlook misreads zones made of single dates, and refuses a full history; the rules are therefore derived for the years that a
feed covers, from the zone itself. Rules are the “second Sunday” and the “last Sunday” of a month: more, Outlook does not take.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST = -1


class IrregularZone(ValueError):
    """The zone's clock changes of these years follow no yearly rule."""


@dataclass(frozen=True)
class _Onset:
    """A clock change: the wall-clock time before it, and the offsets before and after."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def same_each_year(self) -> tuple[object, ...]:
        """What a rule of onsets has in common, but for which week of the month it is."""
        return self.local.month, self.local.weekday(), self.local.time(), self.before, self.after

    @property
    def weeks(self) -> set[int]:
        """Which one of its weekdays in the month: from the start (the fifth is not in each year), and whether the last."""
        day = self.local.day
        is_last = day + 7 > monthrange(self.local.year, self.local.month)[1]
        return ({(day - 1) // 7 + 1} - {5}) | ({_LAST} if is_last else set())


@dataclass(frozen=True)
class _Rule:
    """An onset that comes each year: as ``onset``, in that week of the month."""

    onset: _Onset
    week: int

    def on(self, year: int) -> datetime:
        """The wall-clock time of the onset in a year, as readers compute it."""
        local = self.onset.local
        length = monthrange(year, local.month)[1]
        first = length - 6 if self.week == _LAST else 7 * self.week - 6
        day = local.replace(year=year, day=first)
        return day + timedelta(days=(local.weekday() - day.weekday()) % 7)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _onsets(zone: ZoneInfo, year: int) -> list[_Onset]:
    """The clock changes of a year of UTC."""
    found = []
    instant, before = datetime(year, 1, 1, tzinfo=UTC), _offset(zone, datetime(year, 1, 1, tzinfo=UTC))
    while instant.year == year:
        later = instant + timedelta(days=1)
        after = _offset(zone, later)
        if before != after:
            found.append(_exact(zone, instant, later))
        instant, before = later, after
    return found


def _exact(zone: ZoneInfo, low: datetime, high: datetime) -> _Onset:
    before = _offset(zone, low)
    while high - low > timedelta(minutes=1):
        middle = (low + (high - low) / 2).replace(second=0, microsecond=0)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    local = (high + before).replace(tzinfo=None)
    return _Onset(local=local, before=before, after=_offset(zone, high), name=high.astimezone(zone).tzname() or "")


def _rules(years: Sequence[list[_Onset]]) -> list[_Rule]:
    """The two rules that give these onsets in each of the years; none if no two do."""
    if any(len(onsets) != 2 for onsets in years):
        return []
    rules = []
    for onsets in zip(*years, strict=True):
        weeks = set.intersection(*(onset.weeks for onset in onsets))
        if len({onset.same_each_year for onset in onsets}) > 1 or not weeks:
            return []
        rules.append(_Rule(onsets[0], _LAST if _LAST in weeks else min(weeks)))
    first, second = (rule.onset for rule in rules)
    is_cycle = first.before == second.after and first.after == second.before
    return rules if is_cycle and first.local.year == second.local.year else []


def vtimezone(tzid: str, first_year: int, last_year: int) -> bytes:
    """The VTIMEZONE of a zone as bytes, right for each instant from the start of first_year to the end of last_year, of UTC.

    Raises IrregularZone where the changes of those years follow no yearly rule.
    """
    made = _vtimezone(tzid, first_year, last_year)
    if made is None:
        raise IrregularZone(f"{tzid} {first_year}-{last_year}")
    return made


@lru_cache(maxsize=64)
def _vtimezone(tzid: str, first_year: int, last_year: int) -> bytes | None:
    zone = ZoneInfo(tzid)
    years = range(first_year, last_year + 1)
    onsets = [_onsets(zone, year) for year in years]
    rules = _rules(onsets) if any(onsets) else []
    if any(
        [rule.on(year) for rule in rules] != [each.local for each in found] for year, found in zip(years, onsets, strict=True)
    ):
        return None
    start = _offset(zone, datetime(first_year, 1, 1, tzinfo=UTC))
    if any(offset.seconds % 60 for offset in (start, *(rule.onset.after for rule in rules))):
        return None  # local mean time, long ago
    parts = [_yearly(rule, first_year) for rule in rules] or [_fixed(zone, first_year)]
    component = Timezone()
    component.add("tzid", tzid)
    for part in parts:
        component.add_component(part)
    return bytes(component.to_ical())


# All begins in the year before the first: there both rules had their turn once, so that the first instant has its offset.


def _yearly(rule: _Rule, first_year: int) -> TimezoneStandard | TimezoneDaylight:
    onset = rule.onset
    # DAYLIGHT is when clocks go forward. In the law of Ireland summer is the standard time, but programs know no such zone.
    part = TimezoneDaylight() if onset.after > onset.before else TimezoneStandard()
    part.add("dtstart", rule.on(first_year - 1))
    part.add("rrule", {"freq": "yearly", "bymonth": onset.local.month, "byday": f"{rule.week}{_WEEKDAYS[onset.local.weekday()]}"})
    part.add("tzname", onset.name)
    part.add("tzoffsetfrom", onset.before)
    part.add("tzoffsetto", onset.after)
    return part


def _fixed(zone: ZoneInfo, first_year: int) -> TimezoneStandard:
    start = datetime(first_year, 1, 1, tzinfo=UTC).astimezone(zone)
    part = TimezoneStandard()
    part.add("dtstart", datetime(first_year - 1, 1, 1))  # noqa: DTZ001  (a time of day in the zone itself)
    part.add("tzname", start.tzname() or "")
    part.add("tzoffsetfrom", start.utcoffset())
    part.add("tzoffsetto", start.utcoffset())
    return part
