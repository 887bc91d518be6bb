"""The bytes of every feed follow RFC 5545 and the profile that calendar programs take well."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import pytest

from tests.interop.conftest import FEEDS, Served, asked

pytestmark = [
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session"),
    pytest.mark.parametrize("feed", FEEDS),
]
_HEAD = [
    "VERSION",
    "PRODID",
    "CALSCALE",
    "UID",
    "LAST-MODIFIED",
    "URL",
    "SOURCE",
    "NAME",
    "X-WR-CALNAME",
    "DESCRIPTION",
    "X-WR-CALDESC",
    "X-WR-TIMEZONE",
    "REFRESH-INTERVAL",
    "X-PUBLISHED-TTL",
    "COLOR",
    "X-APPLE-CALENDAR-COLOR",
]
_ALWAYS = {"UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "STATUS", "TRANSP", "CLASS", "SUMMARY", "DESCRIPTION", "URL", "CATEGORIES", "X-ALT-DESC"}  # fmt: skip
_UNSTAMPED = {"delegation", "draft"}  # what they say changes without a release
_SOMETIMES = {"CONFERENCE", "DTEND", "LOCATION", "GEO", "COLOR", "X-APPLE-STRUCTURED-LOCATION", "X-MICROSOFT-CDO-BUSYSTATUS"}
_LINE = re.compile(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]+)(?:,(?:"[^"]*"|[^";:,]+))*)*):(.*)')
_STAMP = re.compile(r"\d{8}T\d{6}Z")


@dataclass
class Component:
    """A component as its lines say it: properties as name, parameters, value, in order."""

    name: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def value(self, name: str) -> str:
        (found,) = (value for each, _parameters, value in self.lines if each == name)
        return found

    def names(self) -> list[str]:
        return [name for name, _parameters, _value in self.lines]

    def all_lines(self) -> list[tuple[str, str, str]]:
        return [*self.lines, *(line for part in self.parts for line in part.all_lines())]


def parse(body: bytes) -> Component:
    """The one component of a stream. Reads nothing but what RFC 5545, 3.1 says, and refuses everything else."""
    top = Component("")
    stack = [top]
    for line in body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        matched = _LINE.fullmatch(line)
        assert matched, line
        name, parameters, value = matched.groups()
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            stack[-1].parts.append(done)
        else:
            stack[-1].lines.append((name, parameters, value))
    (calendar,) = top.parts
    assert (stack, top.lines) == ([top], [])
    return calendar


def events(calendar: Component) -> list[Component]:
    return [part for part in calendar.parts if part.name == "VEVENT"]


def test_lines_are_short_and_whole(feed: str, served: dict[str, Served]) -> None:
    body = served[feed].body
    lines = body.split(b"\r\n")
    assert lines.pop() == b""
    assert [line for line in lines if b"\r" in line or b"\n" in line or not line.strip() or len(line) > 75] == []
    for line in lines:
        text = line.decode()  # no character is split between lines
        assert [sign for sign in text if unicodedata.category(sign) == "Cc" and sign != "\t"] == []
        assert not unicodedata.combining(text.lstrip(" ")[0]) or line.startswith(b" ")


def test_calendar_begins_as_the_profile_says(feed: str, served: dict[str, Served]) -> None:
    calendar = parse(served[feed].body)
    head = [name for name in _HEAD if name != "SOURCE" or not asked(feed).is_secret]  # a secret address is not told
    assert (calendar.name, calendar.names()) == ("VCALENDAR", head)
    assert [calendar.value(name) for name in ("VERSION", "CALSCALE", "X-WR-TIMEZONE")] == ["2.0", "GREGORIAN", "Europe/Warsaw"]
    assert calendar.value("NAME") == calendar.value("X-WR-CALNAME")
    assert calendar.value("DESCRIPTION") == calendar.value("X-WR-CALDESC")
    assert calendar.value("REFRESH-INTERVAL") == calendar.value("X-PUBLISHED-TTL") == "PT1H"


def test_there_is_one_zone_of_two_rules(feed: str, served: dict[str, Served]) -> None:
    calendar = parse(served[feed].body)
    (zone,) = (part for part in calendar.parts if part.name == "VTIMEZONE")
    assert zone.lines == [("TZID", "", "Europe/Warsaw")]
    assert sorted(part.name for part in zone.parts) == ["DAYLIGHT", "STANDARD"]
    for part in zone.parts:
        assert sorted(part.names()) == ["DTSTART", "RRULE", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO"]
        assert re.fullmatch(r"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=(3|10)", part.value("RRULE"))
        assert re.fullmatch(r"[+-]\d{4}", part.value("TZOFFSETTO"))
    first = min(event.value("DTSTART") for event in events(calendar))
    assert max(part.value("DTSTART") for part in zone.parts) < first
    used = {parameters for name, parameters, _value in calendar.all_lines() if "TZID" in parameters}
    assert used <= {";TZID=Europe/Warsaw"}


def test_nothing_is_empty_twice_or_unwanted(feed: str, served: dict[str, Served]) -> None:
    calendar = parse(served[feed].body)
    assert {part.name for part in calendar.parts} == {"VTIMEZONE", "VEVENT"}
    assert [line for line in calendar.all_lines() if not line[2].strip()] == []
    for event in events(calendar):
        names = event.names()
        assert sorted(names) == sorted(set(names))
        assert set(names) - _SOMETIMES == _ALWAYS - ({"LAST-MODIFIED"} if asked(feed).feed in _UNSTAMPED else set())


def test_there_are_alarms_only_where_they_are_asked_for(feed: str, served: dict[str, Served]) -> None:
    minutes = asked(feed).options.get("alarm")
    trigger = "PT0S" if minutes == "0" else f"-PT{minutes}M"
    for event in events(parse(served[feed].body)):
        rings = minutes is not None and event.value("STATUS") == "CONFIRMED" and "T" in event.value("DTSTART")
        wanted = [("ACTION", "", "DISPLAY"), ("DESCRIPTION", "", event.value("SUMMARY")), ("TRIGGER", "", trigger)]
        assert [(part.name, part.lines) for part in event.parts] == ([("VALARM", wanted)] if rings else [])


def test_stamps_are_those_of_the_last_change(feed: str, served: dict[str, Served]) -> None:
    calendar = parse(served[feed].body)
    for event in events(calendar):
        stamps = [event.value(name) for name in ("DTSTAMP", "CREATED")]
        assert all(_STAMP.fullmatch(stamp) for stamp in stamps)
        assert stamps[1] <= stamps[0]
        if asked(feed).feed not in _UNSTAMPED:
            assert event.value("LAST-MODIFIED") == stamps[0] <= "20180520T103000Z"
            assert (event.value("SEQUENCE") == "0") == (stamps[1] == stamps[0])
    assert calendar.value("LAST-MODIFIED") == max(event.value("DTSTAMP") for event in events(calendar))


def test_cancelled_events_say_so_in_every_way(feed: str, served: dict[str, Served]) -> None:
    for event in events(parse(served[feed].body)):
        signs = (event.value("SUMMARY").startswith(f"{served[feed].cancelled}: "), "X-MICROSOFT-CDO-BUSYSTATUS" in event.names())
        assert signs == ((event.value("STATUS") == "CANCELLED",) * 2)
        assert event.value("STATUS") != "CANCELLED" or event.value("TRANSP") == "TRANSPARENT"


def test_place_and_map_agree(feed: str, served: dict[str, Served]) -> None:
    for event in events(parse(served[feed].body)):
        assert ("GEO" in event.names()) == ("X-APPLE-STRUCTURED-LOCATION" in event.names())
        if "GEO" not in event.names():
            continue
        latitude, longitude = event.value("GEO").split(";")
        assert event.value("X-APPLE-STRUCTURED-LOCATION") == f"geo:{latitude},{longitude}"
        assert (abs(float(latitude)) <= 90, abs(float(longitude)) <= 180) == (True, True)
        parameters = next(each for name, each, _value in event.lines if name == "X-APPLE-STRUCTURED-LOCATION")
        (title,) = re.findall(r';X-TITLE=("[^"]*"|[^;:,"]*)', parameters)
        (address,) = re.findall(r';X-ADDRESS=("[^"]*"|[^;:,"]*)', parameters)
        location = event.value("LOCATION").replace("\\,", ",").replace("\\;", ";")
        assert location in {f"{title.strip(chr(34))}, {address.strip(chr(34))}", title.strip('"')}
