"""The VTIMEZONE of every zone gives the offsets of zoneinfo, or the zone is said to be irregular. No database."""

from __future__ import annotations

import bisect
import io
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical

from congress.feeds.timezones import IrregularZone, _vtimezone, vtimezone

SPANS = [(2018, 2018), (2026, 2027), (2018, 2030)]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@cache
def offsets(tzid: str) -> tuple[timedelta, ...]:
    """What zoneinfo says at each midnight of UTC from 2018 to 2031."""
    zone = ZoneInfo(tzid)
    return tuple((datetime(2018, 1, 1, tzinfo=UTC) + n * DAY).astimezone(zone).utcoffset() for n in range(13 * 366))


def instants(tzid: str, first: int, last: int) -> list[datetime]:
    """Three hours before and after each clock change to the hour, each hour's last minute too; 40 others; both ends of the span."""
    begin, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    day, known = (begin - datetime(2018, 1, 1, tzinfo=UTC)).days, offsets(tzid)
    found = [begin, end - MINUTE]
    while begin + DAY < end:
        if known[day] != known[day + 1]:
            zone = ZoneInfo(tzid)
            change = next(
                hour
                for n in range(1, 25)
                if (hour := begin + n * HOUR).astimezone(zone).utcoffset() != begin.astimezone(zone).utcoffset()
            )
            found += [change + n * HOUR + around for n in range(-3, 4) for around in (-MINUTE, timedelta(0), 30 * MINUTE)]
        day, begin = day + 1, begin + DAY
    chance = random.Random(f"{tzid} {first}")  # noqa: S311
    found += [end - timedelta(minutes=chance.randrange((end - datetime(first, 1, 1, tzinfo=UTC)) // MINUTE)) for _n in range(40)]
    return found


@dataclass(frozen=True)
class Part:
    """STANDARD or DAYLIGHT as its lines say it."""

    name: str
    starts: datetime
    month: int
    week: int
    weekday: int
    before: timedelta
    after: timedelta


_PART = re.compile(
    r"BEGIN:(STANDARD|DAYLIGHT)\r\nDTSTART:(\d{8}T\d{6})\r\n"
    r"(?:RRULE:FREQ=YEARLY;BYDAY=(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU);BYMONTH=(\d+)\r\n)?"
    r"TZNAME:([^\r\n:;,]+)\r\nTZOFFSETFROM:([+-]\d{4})\r\nTZOFFSETTO:([+-]\d{4})\r\nEND:\1\r\n"
)


def _duration(text: str) -> timedelta:
    return timedelta(hours=int(text[:3]), minutes=int(text[0] + text[3:]))


def parts(body: bytes, tzid: str) -> list[Part]:
    """The parts of a VTIMEZONE; refuses every line that is not of the short form."""
    text = body.decode()
    head, tail = f"BEGIN:VTIMEZONE\r\nTZID:{tzid}\r\n", "END:VTIMEZONE\r\n"
    assert (text[: len(head)], text[-len(tail) :]) == (head, tail)
    middle = text[len(head) : -len(tail)]
    assert _PART.sub("", middle) == ""
    return [
        Part(
            name, datetime.strptime(start, "%Y%m%dT%H%M%S"), int(month or 0), int(week or 0),  # noqa: DTZ007
            WEEKDAYS.index(day) if day else 0, _duration(before), _duration(after),
        )
        for name, start, week, day, month, _name, before, after in _PART.findall(middle)
    ]  # fmt: skip


def expanded(parts_: list[Part], last: int) -> Iterator[tuple[datetime, timedelta]]:
    """Every onset until that year as an instant, and the offset from then on: by counting days, without any library."""
    for part in parts_:
        if not part.month:
            yield (part.starts - part.before).replace(tzinfo=UTC), part.after
            continue
        for year in range(part.starts.year, last + 1):
            days = [part.starts.replace(year=year, month=part.month, day=1) + n * DAY for n in range(31)]
            fitting = [day for day in days if (day.month, day.weekday()) == (part.month, part.weekday)]
            onset = fitting[part.week if part.week < 0 else part.week - 1]
            if year == part.starts.year:
                assert onset == part.starts  # DTSTART is on the rule
            yield (onset - part.before).replace(tzinfo=UTC), part.after


def by_counting(body: bytes, tzid: str, last: int, asked: list[datetime]) -> list[timedelta]:
    onsets = sorted(expanded(parts(body, tzid), last))
    times = [instant for instant, _offset in onsets]
    assert times[0] < min(asked)
    return [onsets[bisect.bisect_right(times, instant) - 1][1] for instant in asked]


def by_dateutil(body: bytes, tzid: str, asked: list[datetime]) -> list[timedelta]:
    """As icalendar, vobject and Radicale compute; each instant is first written as calendars write it."""
    zone, found = tzical(io.StringIO(body.decode())).get(tzid), []
    for instant in asked:
        written = instant.astimezone(ZoneInfo(tzid))
        found.append(written.replace(tzinfo=None) - written.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None))
    return found


def is_written_twice(instant: datetime, zone: ZoneInfo) -> bool:
    """In the hour that is shown twice nothing but UTC is certain, and feeds use it there."""
    local = instant.astimezone(zone)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


@cache
def derived(first: int, last: int) -> dict[str, bytes | None]:
    """The VTIMEZONE of each zone that this machine knows; None of an irregular one."""
    found: dict[str, bytes | None] = {}
    for tzid in sorted(available_timezones()):
        try:
            found[tzid] = vtimezone(tzid, first, last)
        except IrregularZone:
            found[tzid] = None
    return found


def regular(first: int, last: int) -> dict[str, bytes]:
    return {tzid: body for tzid, body in derived(first, last).items() if body is not None}


def irregular(first: int, last: int) -> list[str]:
    return [tzid for tzid, body in derived(first, last).items() if body is None]


def changes(tzid: str, year: int) -> list[datetime]:
    """The wall-clock times at which the clocks were changed, by the minute, found by halving the days."""
    zone, found = ZoneInfo(tzid), []
    for n in range((date(year, 1, 1) - date(2018, 1, 1)).days, (date(year + 1, 1, 1) - date(2018, 1, 1)).days):
        before = offsets(tzid)[n]
        if before != offsets(tzid)[n + 1]:
            start = datetime(2018, 1, 1, tzinfo=UTC) + n * DAY
            minute = bisect.bisect(range(24 * 60), 0, key=lambda m: (start + m * MINUTE).astimezone(zone).utcoffset() != before)
            found.append((start + minute * MINUTE + before).replace(tzinfo=None))
    return found


def reason(tzid: str, first: int, last: int) -> str:
    """Why no two yearly rules say these years, in the words of the law; empty if there is no such reason."""
    years = [changes(tzid, year) for year in range(first, last + 1)]
    if {len(each) for each in years} != {2}:
        return "not two changes in each year"
    for same in zip(*years, strict=True):
        if len({(each.month, each.weekday(), each.time()) for each in same}) > 1:
            return "not the same month, weekday and time in each year"
        weeks = [{(each.day + 6) // 7, *([-1] if (each + 7 * DAY).month != each.month else [])} for each in same]
        if not set.intersection(*weeks):
            return "not the same week of the month in each year"
    return ""


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_a_zone_is_irregular_only_with_a_reason(first, last):
    reasons = Counter(reason(tzid, first, last) for tzid in irregular(first, last))
    print(first, last, len(derived(first, last)), "zones:", dict(reasons))
    assert reasons[""] == 0
    assert reasons.total() < 0.1 * len(derived(first, last))


def test_irregular_zones_of_2018_are_those_with_a_new_law_and_by_the_moon():
    assert {tzid: reason(tzid, 2018, 2018) for tzid in irregular(2018, 2018)} == dict.fromkeys(
        [
            "Africa/Casablanca", "Africa/El_Aaiun",  # summer time rests in Ramadan, and stayed from October
            "Africa/Sao_Tome", "America/Grand_Turk", "America/Metlakatla", "Asia/Pyongyang", "Asia/Qyzylorda", "Europe/Volgograd",
        ],
        "not two changes in each year",
    )  # fmt: skip


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_rules_give_the_offsets_of_zoneinfo(first, last):
    wrong = {}
    for tzid, body in regular(first, last).items():
        asked, zone = instants(tzid, first, last), ZoneInfo(tzid)
        expected = [instant.astimezone(zone).utcoffset() for instant in asked]
        once = [instant for instant in asked if not is_written_twice(instant, zone)]
        if by_counting(body, tzid, last, asked) != expected:
            wrong[tzid] = "by counting"
        elif by_dateutil(body, tzid, once) != [instant.astimezone(zone).utcoffset() for instant in once]:
            wrong[tzid] = "by dateutil"
    assert wrong == {}


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_there_is_one_standard_and_at_most_one_daylight_time(first, last):
    for tzid, body in regular(first, last).items():
        found = parts(body, tzid)
        assert sorted(part.name for part in found) in (["STANDARD"], ["DAYLIGHT", "STANDARD"]), tzid
        assert [part.name for part in found if part.after > part.before] == ["DAYLIGHT"][: len(found) - 1], tzid
        assert {part.starts.year for part in found} == {first - 1}


@pytest.mark.parametrize(
    ("tzid", "years", "days"),
    [
        ("Europe/Warsaw", (2018, 2018), ["-1SU", "-1SU"]),
        ("America/New_York", (2018, 2030), ["2SU", "1SU"]),
        ("Europe/Warsaw", (2018, 2030), ["-1SU", "-1SU"]),
        ("America/Sao_Paulo", (2018, 2018), ["3SU", "1SU"]),  # the law of that year alone
        ("America/Santiago", (2026, 2027), ["1SU", "1SU"]),
        ("Asia/Jerusalem", (2026, 2027), ["-1FR", "-1SU"]),
        ("America/Nuuk", (2026, 2027), ["-1SA", "-1SU"]),
        ("Asia/Kathmandu", (2018, 2030), []),
        ("America/Bogota", (2018, 2030), []),
    ],
)
def test_the_week_is_the_one_that_fits_every_year(tzid, years, days):
    found = parts(vtimezone(tzid, *years), tzid)
    assert [f"{part.week}{WEEKDAYS[part.weekday]}" for part in found if part.month] == days


def test_the_fourth_sunday_is_not_taken_for_the_last():
    """In 2018 and 2026 the last Sunday of March or October is the fourth too, in other years only one of both fits."""
    weeks = {
        year: [part.week for part in parts(vtimezone("Europe/Warsaw", year, 2031), "Europe/Warsaw")] for year in range(2018, 2028)
    }
    assert set(map(tuple, weeks.values())) == {(-1, -1)}


@pytest.mark.parametrize(("tzid", "year"), [("Africa/Monrovia", 1970), ("Europe/Amsterdam", 1930)])
def test_a_zone_with_seconds_is_irregular(tzid, year):
    with pytest.raises(IrregularZone):
        vtimezone(tzid, year, year)


def test_what_was_derived_is_kept_also_that_nothing_could_be():
    _vtimezone.cache_clear()
    for _again in range(3):
        vtimezone("Europe/Warsaw", 2018, 2018)
        with pytest.raises(IrregularZone):
            vtimezone("Africa/Casablanca", 2018, 2018)
    assert _vtimezone.cache_info()[:2] == (4, 2)  # hits, misses
