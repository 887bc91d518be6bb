"""What a cell of a programme's table says: written so that it can be read again, and read as people write it.

Each ``read_…`` raises Unreadable with a sentence that says what to write. Lists stand with semicolons between their parts; a sign
that would separate something has a backslash before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from congress.core.errors import CongressError
from congress.core.text import fold
from congress.programme import rules
from congress.programme.vocabulary import Part

_YES = frozenset({"yes", "tak", "true", "prawda", "1", "x", "y", "t"})
_NO = frozenset({"no", "nie", "false", "falsz", "0", "n"})
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./](\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?\s*(Z|[+-]\d{2}:?\d{2})?")
_YEARS = range(1970, 2200)  # others are mistakes, and their instants cannot be told in every zone


class Unreadable(CongressError):
    """A cell says nothing that is understood here; the sentence says what to write."""


@dataclass(frozen=True)
class Named:
    """Who contributes, as a cell says it. ``city`` is its word for one; ``may_be_named`` None: it says neither."""

    part: Part
    name: str
    city: str = ""
    minutes: int | None = None
    may_be_named: bool | None = None


SEPARATOR = "; "


def yes_no(value: bool) -> str:
    return "yes" if value else "no"


def read_yes_no(text: str) -> bool:
    word = fold(text)
    if word not in _YES | _NO:
        raise Unreadable(_("Write yes or no."))
    return word in _YES


def read_number(text: str, *, least: int, most: int = 1_000_000) -> int:
    if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
        raise Unreadable(_("Write a whole number from %(least)d to %(most)d.", least=least, most=most))
    return int(text)


def written_list(parts: list[str]) -> str:
    return SEPARATOR.join(re.sub(r"([\\;])", r"\\\1", part) for part in parts)


def read_list(text: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", part) for part in _parts(text)]


def _parts(text: str) -> list[str]:
    """The parts between semicolons or line ends, still with their backslashes."""
    return [part.strip() for part in re.findall(r"(?:[^\\;\n]|\\.)+", text) if part.strip()]


def written_person(person: Named) -> str:
    """``chair: Anna Nowak [city: krakow, 10 min, named]``; a speaker has no word in front."""
    said = re.sub(r"([\\;:\[\]])", r"\\\1", person.name)
    if person.part is not Part.SPEAKER:
        said = f"{person.part.value}: {said}"
    marks = [f"city: {person.city}"] if person.city else []
    marks += [f"{person.minutes} min"] if person.minutes is not None else []
    marks += ["named" if person.may_be_named else "unnamed"] if person.may_be_named is not None else []
    return f"{said} [{', '.join(marks)}]" if marks else said


def read_people(text: str) -> list[Named]:
    return [_person(part) for part in _parts(text)]


def _person(text: str) -> Named:
    marks = ""
    if found := re.fullmatch(r"((?:[^\\\[\]]|\\.)*)\[([^\[\]]*)\]", text):
        text, marks = found[1].strip(), found[2]
    part = Part.SPEAKER
    front = re.match(r"((?:[^\\:]|\\.)*?):", text)
    if front and front[1].strip().casefold() in set(Part):
        part, text = Part(front[1].strip().casefold()), text[front.end() :].strip()
    elif text.startswith("chair "):
        part, text = Part.CHAIR, text.removeprefix("chair ")
    name = re.sub(r"\\(.)", r"\1", text).strip()
    if not name and "city:" not in marks:  # a city that has not said yet who comes
        raise Unreadable(_("A name is missing. Write people as: chair: Anna Nowak; Jan Kowalski"))
    city, minutes, may_be_named = "", None, None
    for mark in filter(None, (each.strip() for each in marks.split(","))):
        if mark.startswith("city:"):
            city = mark.removeprefix("city:").strip()
        elif length := re.fullmatch(r"(\d{1,4}) ?min", mark):
            minutes = int(length[1])
        elif mark in {"named", "unnamed"}:
            may_be_named = mark == "named"
        else:
            raise Unreadable(
                _("“%(mark)s” is not understood; brackets may hold a city, minutes, named or unnamed.", mark=mark[:60])
            )
    return Named(part, name, city, minutes, may_be_named)


def written_instant(instant: datetime, zone: ZoneInfo) -> str:
    """The wall clock of the zone; with its offset in an hour that an autumn clock shows twice."""
    local = instant.astimezone(zone)
    said = local.replace(tzinfo=None).isoformat(sep=" ", timespec="auto" if local.second or local.microsecond else "minutes")
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{said}{_offset(local)}" if twice else said


def written_when(when: datetime | date | None, zone: ZoneInfo) -> str:
    if isinstance(when, datetime):
        return written_instant(when, zone)
    return when.isoformat() if when else ""


def _offset(local: datetime) -> str:
    said = local.strftime("%z")
    return f"{said[:3]}:{said[3:5]}"


def read_day(text: str) -> date:
    """``2018-06-12``, ``12.06.2018`` or ``12/06/2018``, the day before the month."""
    found = _DAY.fullmatch(text)
    if not found:
        raise Unreadable(_("“%(text)s” is no date; write it as 2018-06-12.", text=text[:30]))
    year, month, day = (int(each) for each in ((found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])))
    try:
        read = date(year, month, day)
    except ValueError:
        raise Unreadable(_("%(text)s does not exist: this month has fewer days, or there is no such month.", text=text)) from None
    if year not in _YEARS:
        raise Unreadable(_("“%(text)s” is no date; write it as 2018-06-12.", text=text[:30]))
    return read


def read_moment(text: str, day: date | None, zone: ZoneInfo) -> datetime | date:
    """``2018-06-12 09:30``, ``09:30`` of ``day``, either with an offset such as +02:00; or a date alone. 25:30 is of the next day."""
    first, second = re.fullmatch(r"(\S*?)(?:[T ]\s*(\S.*))?", text).groups()  # type: ignore[union-attr]
    if second is None and _DAY.fullmatch(first):
        return read_day(first)
    clock = second if second is not None else first
    if second is not None:
        day = read_day(first)
    found = _CLOCK.fullmatch(clock.strip())
    if not found or int(found[1]) > 47 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise Unreadable(_("“%(text)s” is no time; write it as 2018-06-12 09:30.", text=text[:30]))
    if day is None:
        raise Unreadable(_("The day is missing; write it as 2018-06-12 09:30."))
    return _instant(day, found, zone)


def _instant(day: date, clock: re.Match[str], zone: ZoneInfo) -> datetime:
    later, hour = divmod(int(clock[1]), 24)
    day, minute = day + timedelta(days=later), int(clock[2])
    rest = timedelta(seconds=int(clock[3] or 0), microseconds=int((clock[4] or "0").ljust(6, "0")))
    if clock[5]:
        plain = datetime.combine(day, time(hour, minute), UTC) + rest
        return plain if clock[5] == "Z" else plain - _ahead(clock[5])
    instant = rules.local_instant(day, hour, minute, zone)
    if instant is None:
        raise Unreadable(_("%(time)s does not exist on %(day)s: the clocks go forward.", time=f"{hour:02}:{minute:02}", day=day))
    return instant.astimezone(UTC) + rest


def _ahead(offset: str) -> timedelta:
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return -ahead if offset[0] == "-" else ahead
