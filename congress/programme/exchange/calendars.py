"""Calendars (RFC 5545) as a table of ours: times in their zones, events that recur told one by one.

They carry less than a draft: one language, no fields of ours but in categories, no codes. Whoever is invited by a mail address is left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, cast

from dateutil.rrule import rrulestr
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar

from congress.congresses.models import Congress
from congress.core.languages import LANGUAGES, locale_of
from congress.core.sheets import MOST_ROWS, BadSheet, Sheet
from congress.core.text import fold
from congress.networks.vocabulary import FIELD_LABELS, Field
from congress.programme.exchange import values
from congress.programme.vocabulary import KIND_LABELS, Kind

HEADER = ("uid", "item", "title", "description", "starts", "ends", "timing", "place", "kind", "field", "is_cancelled", "website")
MOST_TIMES = 100  # that one event recurs
_AROUND = timedelta(days=120)  # before and after the congress; what recurs is told only there
_OURS = "-//Congress//"
_RULES = re.compile(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(?:;|$)")


def read(content: bytes, congress: Congress) -> Sheet:
    """The events of a calendar; floating times are those of the congress's zone. Raises BadSheet."""
    if b"END:VCALENDAR" not in content.upper():
        raise BadSheet(_("The calendar is cut off: its end is missing."))
    try:
        calendar: Any = Calendar.from_ical(content)
        events: list[Any] = calendar.walk("VEVENT")
    except Exception:  # whatever a parser makes of bytes that somebody sent
        raise BadSheet(_("The calendar cannot be read: it does not follow RFC 5545.")) from None
    is_ours = str(calendar.get("PRODID", "")).startswith(_OURS)
    sheet = Sheet(tuple(each for each in HEADER if not (is_ours and each in _COMPOSED)), [], [])
    try:
        _fill(sheet, events, congress)
    except OverflowError:  # before the year 1 or after 9999
        raise BadSheet(
            _(
                "Event %(number)d takes place at no time that a calendar has. Correct it in the file.",
                number=max(sheet.lines, default=0) + 1,
            )
        ) from None
    if not sheet.rows:
        raise BadSheet(_("There are no events in this calendar."))
    return sheet


def _fill(sheet: Sheet, events: list[Any], congress: Congress) -> None:
    """The rows of all events. Raises BadSheet, OverflowError."""
    moved = {
        (str(each.get("UID", "")), _key(each["RECURRENCE-ID"].dt, congress))
        for each in events
        if _has_time(each, "RECURRENCE-ID")
    }
    for number, event in enumerate(events, 1):
        for cells in _rows(event, number, congress, moved):
            if len(sheet.rows) == MOST_ROWS:
                raise BadSheet(_("The file has more than %(most)d rows. Split it and import the parts.", most=MOST_ROWS))
            sheet.rows.append(tuple(cells.get(name, "") for name in sheet.header))
            sheet.lines.append(number)


_COMPOSED = frozenset(
    {"description", "website"}
)  # our own calendars put everything into the description, and their page into URL


def _has_time(event: Any, name: str) -> bool:
    return isinstance(getattr(event.get(name), "dt", None), date)


def _key(moment: date | datetime, congress: Congress) -> str:
    """What tells one occurrence of an event from the others."""
    return _aware(moment, congress).astimezone(UTC).isoformat() if isinstance(moment, datetime) else moment.isoformat()


def _aware(moment: datetime, congress: Congress) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=congress.zone)


def _rows(event: Any, number: int, congress: Congress, moved: set[tuple[str, str]]) -> Iterator[dict[str, str]]:
    said = _common(event)
    uid = said["uid"]
    if not _has_time(event, "DTSTART"):
        yield {**said, "timing": "to_be_confirmed"}
        return
    first, length = event["DTSTART"].dt, _length(event)
    if _has_time(event, "RECURRENCE-ID"):
        key = _key(event["RECURRENCE-ID"].dt, congress)
        yield {**said, "item": _item(said), "uid": f"{key} {uid}", **_when(first, length, said, congress)}
        return
    if "RRULE" not in event and "RDATE" not in event:
        yield {**said, **_when(first, length, said, congress)}
        return
    for start in _times(event, number, first, congress):
        key = _key(start, congress)
        if (uid, key) not in moved:
            yield {**said, "item": _item(said), "uid": f"{key} {uid}", **_when(start, length, said, congress)}


def _item(said: dict[str, str]) -> str:
    """The code of an item for all times of one event that say the same but for time and place."""
    told = [said[name] for name in ("uid", "title", "description", "kind", "field", "website")]
    return f"C{hashlib.sha256(repr(told).encode()).hexdigest()[:8].upper()}"


def _common(event: Any) -> dict[str, str]:
    title, status = str(event.get("SUMMARY", "")), str(event.get("STATUS", "")).upper()
    if status == "CANCELLED":
        for word in _cancelled():
            title = title.removeprefix(f"{word}: ")
    marks = _categories(event)
    return {
        "uid": str(event.get("UID", "")),
        "title": title,
        "description": str(event.get("DESCRIPTION", "")),
        "place": str(event.get("LOCATION", "")),
        "kind": next((each for word in marks if (each := _found(Kind, KIND_LABELS, word))), ""),
        "field": next((each for word in marks if (each := _found(Field, FIELD_LABELS, word))), ""),
        "is_cancelled": "yes" if status == "CANCELLED" else "no",
        "website": str(event.get("URL", "")),
        "status": status,
    }


def _categories(event: Any) -> list[str]:
    return [str(each) for part in _listed(event.get("CATEGORIES")) for each in getattr(part, "cats", [part])]


def _found(kind: Any, labels: Any, word: str) -> str:
    known = values.words(kind, labels).get(fold(word))
    return known.value if known else ""


def _length(event: Any) -> timedelta | None:
    start = event["DTSTART"].dt
    try:
        if _has_time(event, "DTEND") and isinstance(event["DTEND"].dt, datetime) == isinstance(start, datetime):
            return cast(timedelta, event["DTEND"].dt - start)
        if "DURATION" in event:
            return cast(timedelta, event["DURATION"].dt)
    except (TypeError, OverflowError, AttributeError):  # one floating, the other in a zone
        return None
    return None


def _when(start: date | datetime, length: timedelta | None, said: dict[str, str], congress: Congress) -> dict[str, str]:
    """The cells of the time. The end of whole days is the day after the last one (RFC 5545, 3.6.1)."""
    if isinstance(start, datetime):
        start = _aware(start, congress)
        ends = (start.astimezone(UTC) + length).isoformat() if length is not None else ""
        return {"starts": start.astimezone(UTC).isoformat(), "ends": ends, "timing": "timed"}
    last = start + max((length or timedelta(days=1)) - timedelta(days=1), timedelta(0))
    timing = "to_be_confirmed" if said["status"] == "TENTATIVE" else "all_day"
    return {"starts": start.isoformat(), "ends": last.isoformat(), "timing": timing}


def _times(event: Any, number: int, first: date | datetime, congress: Congress) -> list[date | datetime]:
    """When an event that recurs takes place around the congress, by the clocks of its own zone. Raises BadSheet."""
    is_day = not isinstance(first, datetime)
    zone = None if is_day else cast(datetime, first).tzinfo or congress.zone
    begin = datetime.combine(first, time()) if is_day else cast(datetime, first).replace(tzinfo=None)
    earliest, latest = (datetime.combine(day, time()) for day in (congress.starts_on - _AROUND, congress.ends_on + _AROUND))
    if begin < earliest:
        raise BadSheet(
            _(
                "Event %(number)d recurs since %(day)s, long before the congress. Enter it by hand.",
                number=number,
                day=begin.date(),
            )
        )
    found = {begin}
    try:
        for rule in _listed(event.get("RRULE")):
            found |= set(_of_rule(rule, begin, zone, latest))
        for moment in _dates(event, "RDATE"):
            found.add(_plain(moment, zone))
        found -= {_plain(moment, zone) for moment in _dates(event, "EXDATE")}
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise BadSheet(_("The rule by which event %(number)d recurs cannot be read. Enter it by hand.", number=number)) from None
    times = sorted(found)
    if len(times) > MOST_TIMES:
        raise BadSheet(_("Event %(number)d recurs more than %(most)d times. Enter it by hand.", number=number, most=MOST_TIMES))
    return [each.date() if zone is None else each.replace(tzinfo=zone) for each in times]


def _of_rule(rule: Any, begin: datetime, zone: Any, latest: datetime) -> Iterator[datetime]:
    """The times of a rule up to ``latest``, one more than are taken at most. Raises ValueError where it is none that we take.

    How often is counted here, not by the rule: one that is never fulfilled would be sought for thousands of years.
    """
    text = rule.to_ical().decode()
    if not _RULES.search(text) or len(text) > 200 or re.search(r"INTERVAL=0*(;|$)", text):
        raise ValueError
    counted = re.search(r"COUNT=(\d{1,9})", text)
    plain = rrulestr(re.sub(r";?(?:UNTIL|COUNT)=[^;]*", "", text).lstrip(";"), dtstart=begin)
    times = plain.replace(until=min(_until(rule, zone, latest), latest))
    return islice(times, min(int(counted[1]) if counted else MOST_TIMES + 1, MOST_TIMES + 1))


def _until(rule: Any, zone: Any, latest: datetime) -> datetime:
    said = rule.get("UNTIL")
    found = said[0] if isinstance(said, list) and said else said
    return latest if found is None else _plain(found, zone)


def _plain(moment: date | datetime, zone: Any) -> datetime:
    """What the clocks of the zone show."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo and zone else moment.replace(tzinfo=None)


def _dates(event: Any, name: str) -> Sequence[date | datetime]:
    return [each.dt for part in _listed(event.get(name)) for each in part.dts]


def _listed(said: Any) -> list[Any]:
    """What stands in an event once, several times or not at all."""
    return said if isinstance(said, list) else [] if said is None else [said]


def _cancelled() -> list[str]:
    """The words that our own calendars put before what is called off."""
    found = []
    for locale in map(locale_of, LANGUAGES):
        with force_locale(locale):
            found.append(_("CANCELLED"))
    return found
