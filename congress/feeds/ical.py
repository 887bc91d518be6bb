"""Entries to the bytes of a calendar (RFC 5545, RFC 7986), in the profile that calendar programs take well. Pure.

A calendar is put together from pieces: each entry is rendered once, and its bytes stay the same until a release changes it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration, vText, vUri

from congress.feeds.timezones import IrregularZone, vtimezone
from congress.programme.entries import Entry

PRODID = "-//Congress//Congress 1//EN"
_NAMESPACE = uuid.UUID("6c1f1a0e-5f0b-4b6e-9c51-6f2a57f2a6d3")  # of calendar UIDs; entries have their own
_COLOURS = {  # CSS3 names (RFC 7986, 5.9) near the fields' own colours, and the same for Apple
    "": ("royalblue", "#4169E1"),
    "literature": ("steelblue", "#4682B4"),
    "music": ("darkorchid", "#9932CC"),
    "film": ("slategray", "#708090"),
    "media_arts": ("teal", "#008080"),
    "design": ("sienna", "#A0522D"),
    "crafts_and_folk_art": ("darkgoldenrod", "#B8860B"),
    "gastronomy": ("mediumvioletred", "#C71585"),
}


class _Text(vText):
    """TEXT (RFC 5545, 3.3.11). icalendar's own takes a backslash before a capital N for the end of a line."""

    def to_ical(self) -> bytes:
        return re.sub(r"\r\n?|\n", r"\\n", re.sub(r"[\\;,]", r"\\\g<0>", self)).encode()


@dataclass(frozen=True, eq=False)
class Words:
    """The words of one feed in the reader's language; ``language`` chooses the texts of the entries."""

    language: str
    cancelled: str
    to_be_confirmed: str
    open_end: str
    with_people: str
    kinds: dict[str, str]
    fields: dict[str, str]
    audiences: dict[str, str]


@dataclass(frozen=True)
class Style:
    """Everything beside the entry on which the bytes of its VEVENT depend.

    ``words``: those of the reader's language first; a second language makes titles and descriptions bilingual. ``page`` is the
    address of an entry's page with ``CODE`` for its code. ``timezone`` is empty where times are written in UTC.
    ``is_personal``: for people who take part; the time is theirs and they may have the online room. ``alarm`` in minutes before
    the start. ``is_free`` as in Options. ``is_draft``: marked so, and tentative.
    """

    words: tuple[Words, ...]
    timezone: str
    page: str
    is_personal: bool = False
    alarm: int | None = None
    is_free: bool | None = None
    is_draft: bool = False


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a calendar says of itself. ``url`` is the page about it, ``source`` the feed's own address (not for secret ones)."""

    key: str
    name: str
    description: str
    timezone: str
    url: str
    source: str = ""
    field: str = ""
    refresh: timedelta = timedelta(hours=1)


def refresh_interval(starts_on: date, ends_on: date, today: date) -> timedelta:
    """How often a calendar should ask: every 15 minutes around the congress, hourly before, daily after."""
    if today > ends_on + timedelta(days=1):
        return timedelta(days=1)
    return timedelta(minutes=15) if today >= starts_on - timedelta(days=1) else timedelta(hours=1)


def summary(entry: Entry, words: Words) -> str:
    """The title on one line; a cancelled entry says so, since not every program shows the status."""
    title = " ".join(entry.titles.text(words.language).split()) or entry.code
    return f"{words.cancelled}: {title}" if entry.is_cancelled else title


def location(entry: Entry, language: str) -> str:
    """“Room, venue, address, city”, each said once."""
    place = entry.place
    venue, address = place.venue_names.text(language), place.address
    cities = " – ".join(filter(None, (place.city_names.text(language), place.other_city_names.text(language))))
    parts = [
        place.room_names.text(language),
        "" if address.startswith(venue) else venue,
        address,
        "" if cities in address else cities,
    ]
    return ", ".join(part for part in dict.fromkeys(parts) if part)


def description(entry: Entry, words: Words, url: str) -> str:
    """Plain text: what it is, who is in it, for whom, and the page at the end."""
    lines = [entry.descriptions.text(words.language)]
    if entry.people:
        lines.append(f"{words.with_people}: {'; '.join(name for _part, name in entry.people)}")
    labels = [words.kinds.get(entry.kind, ""), words.fields.get(entry.field, ""), words.audiences.get(entry.audience, "")]
    lines.append(" · ".join(dict.fromkeys(label for label in labels if label)))
    if not entry.is_confirmed_time:
        lines.append(words.to_be_confirmed)
    elif entry.is_timed and entry.ends_at is None:
        lines.append(words.open_end)
    lines.append(url)
    return "\n\n".join(line for line in lines if line)


def render_entry(entry: Entry, style: Style, extra: bytes = b"") -> bytes:
    """One VEVENT, with the lines ``extra`` (whole content lines) at its end. The entry must have stamps, and a time or days."""
    if entry.last_modified is None:
        raise ValueError("an entry that was never released has no place in a calendar")
    words, url, is_personal = style.words[0], style.page.replace("CODE", entry.item), style.is_personal
    zone = ZoneInfo(style.timezone) if style.timezone else None
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.last_modified)
    event.add("created", entry.created_at or entry.last_modified)
    event.add("last-modified", entry.last_modified)
    event.add("sequence", entry.sequence)
    _add_time(event, entry, zone)
    event.add("status", entry.status.upper())
    takes_time = is_personal and entry.is_timed and not entry.is_cancelled
    event.add("transp", "OPAQUE" if takes_time else "TRANSPARENT")
    if entry.is_cancelled:
        event.add("x-microsoft-cdo-busystatus", "FREE")
    event.add("class", "PUBLIC")
    event.add("summary", _Text(summary(entry, words)))
    event.add("description", _Text(description(entry, words, url)))
    _add_place(event, entry, words.language)
    event.add("url", url)
    categories = [words.kinds.get(entry.kind, ""), words.fields.get(entry.field, "")]
    event.add("categories", [each for each in categories if each])
    if entry.field:
        event.add("color", _COLOURS.get(entry.field, _COLOURS[""])[0])
    end = b"END:VEVENT\r\n"
    return bytes(event.to_ical(sorted=False)).removesuffix(end) + extra + end


def _add_time(event: Event, entry: Entry, zone: ZoneInfo | None) -> None:
    if entry.starts_at is not None:
        times = [instant for instant in (entry.starts_at, entry.ends_at) if instant]
        # In the hour that an autumn clock shows twice, programs differ in which of both they take.
        written_in = zone if zone and not any(_is_repeated(instant, zone) for instant in times) else UTC
        for name, instant in zip(("dtstart", "dtend"), times, strict=False):
            event.add(name, instant.astimezone(written_in))
    elif entry.starts_on is not None:
        event.add("dtstart", entry.starts_on)
        event.add("dtend", (entry.ends_on or entry.starts_on) + timedelta(days=1))


def _is_repeated(instant: datetime, zone: ZoneInfo) -> bool:
    local = instant.astimezone(zone)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def _add_place(event: Event, entry: Entry, language: str) -> None:
    place, text = entry.place, location(entry, language)
    if text:
        event.add("location", _Text(text))
    if place.latitude is None or place.longitude is None:
        return
    event.add("geo", (place.latitude, place.longitude))
    # Apple Calendar shows a map when title and address are those of LOCATION.
    title, _, address = text.partition(", ")
    parameters = {"X-ADDRESS": address or title, "X-APPLE-RADIUS": "70", "X-TITLE": title}
    # Parameters have no escapes (RFC 5545, 3.2), but programs read some, and libical no end after a last backslash.
    quoted = {name: value.replace('"', "'").replace("\\", "/") for name, value in parameters.items()}
    point = vUri(f"geo:{place.latitude},{place.longitude}")
    event.add("x-apple-structured-location", point, parameters={"VALUE": "URI", **quoted})


def assemble(head: Head, entries: Sequence[Entry], pieces: Iterable[bytes]) -> bytes:
    """A calendar of rendered pieces, one for each of the entries in the same order."""
    begin, end = _head(head, entries)
    return b"".join((begin, _timezone(head.timezone, entries), *pieces, end))


def zone_for(timezone: str, entries: Iterable[Entry]) -> ZoneInfo | None:
    """The zone in which times are written; None (UTC) where its clock changes cannot be told in two rules."""
    try:
        vtimezone(timezone, *_years(entries))
    except IrregularZone:
        return None
    return ZoneInfo(timezone)


def _timezone(timezone: str, entries: Sequence[Entry]) -> bytes:
    years = _years(entries)
    try:
        return vtimezone(timezone, *years)
    except IrregularZone:
        # Times are in UTC then; only a calendar without entries needs some component (RFC 5545, 3.6).
        return b"" if entries else vtimezone("Etc/UTC", *years)


def _years(entries: Iterable[Entry]) -> tuple[int, int]:
    years = [instant.year for entry in entries for instant in (entry.starts_at, entry.ends_at) if instant]
    return (min(years), max(years)) if years else (2018, 2018)


def last_modified(entries: Iterable[Entry]) -> datetime | None:
    """The newest change in the entries."""
    return max((entry.last_modified for entry in entries if entry.last_modified), default=None)


def _head(head: Head, entries: Sequence[Entry]) -> tuple[bytes, bytes]:
    calendar = Calendar()
    colour, apples_colour = _COLOURS.get(head.field, _COLOURS[""])
    properties: list[tuple[str, Any, dict[str, str]]] = [
        ("version", "2.0", {}),
        ("prodid", PRODID, {}),
        ("calscale", "GREGORIAN", {}),
        ("uid", str(uuid.uuid5(_NAMESPACE, head.key)), {}),
        ("last-modified", last_modified(entries), {}),
        ("url", head.url, {}),
        ("source", vUri(head.source) if head.source else None, {"VALUE": "URI"}),
        ("name", _Text(head.name), {}),
        ("x-wr-calname", _Text(head.name), {}),
        ("description", _Text(head.description), {}),
        ("x-wr-caldesc", _Text(head.description), {}),
        ("x-wr-timezone", head.timezone, {}),
        ("refresh-interval", head.refresh, {"VALUE": "DURATION"}),
        ("x-published-ttl", vDuration(head.refresh), {}),
        ("color", colour, {}),
        ("x-apple-calendar-color", apples_colour, {}),
    ]
    for name, value, parameters in properties:
        if value:
            calendar.add(name, value, parameters=parameters)
    text = bytes(calendar.to_ical(sorted=False))
    end = b"END:VCALENDAR\r\n"
    return text.removesuffix(end), end
