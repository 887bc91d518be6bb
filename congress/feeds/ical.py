"""Entries to the bytes of a calendar (RFC 5545, RFC 7986), in the profile that calendar programs take well. Pure.

A calendar is put together from pieces: each entry is rendered once, and its bytes stay the same until a release changes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from congress.feeds import lines, texts
from congress.feeds.texts import Words, description, location, summary
from congress.feeds.timezones import IrregularZone, vtimezone
from congress.programme.entries import Entry

__all__ = [
    "Head",
    "Style",
    "Words",
    "assemble",
    "description",
    "frame",
    "last_modified",
    "location",
    "refresh_interval",
    "render_entry",
    "summary",
    "years",
    "zone_for",
]

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
_UTC = frozenset({"", "UTC", "Etc/UTC"})  # written with a Z: Outlook refuses TZID=UTC


@dataclass(frozen=True, eq=False)
class Style:
    """Everything beside the entry on which the bytes of its VEVENT depend. Rendered entries are kept by the style itself.

    ``words``: those of the reader's language first; a second language makes titles and descriptions bilingual. ``page`` is the
    address of an entry's page with ``CODE`` for its code. ``timezone`` is empty where times are written in UTC.
    ``is_personal``: for people who take part; the time is theirs, and if they ``may_join``, so is the online room. ``alarm`` in minutes before
    the start. ``is_free`` as in Options. ``is_draft``: marked so, and tentative. ``is_stamped``: changes come with releases only; the
    others have no LAST-MODIFIED, since a program that compares it would not take what changed between two.
    """

    words: tuple[Words, ...]
    timezone: str
    page: str
    is_personal: bool = False
    may_join: bool = True
    alarm: int | None = None
    is_free: bool | None = None
    is_draft: bool = False
    is_stamped: bool = True


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
    often, seldom = refresh_days(starts_on, ends_on)
    if today >= seldom:
        return timedelta(days=1)
    return timedelta(minutes=15) if today >= often else timedelta(hours=1)


def refresh_days(starts_on: date, ends_on: date) -> tuple[date, date]:
    """The days from which calendars should ask often, and seldom."""
    return starts_on - timedelta(days=1), ends_on + timedelta(days=2)


def render_entry(entry: Entry, style: Style, extra: bytes = b"") -> bytes:
    """One VEVENT, with the lines ``extra`` (whole content lines) at its end. The entry must have stamps, and a time or days."""
    if entry.last_modified is None:
        raise ValueError("an entry that was never released has no place in a calendar")
    words, url, is_personal = style.words[0], style.page.replace("CODE", entry.item), style.is_personal and style.may_join
    changed = lines.stamp(entry.last_modified)
    status = "TENTATIVE" if style.is_draft and not entry.is_cancelled else entry.status.upper()
    title = lines.text(texts.summary(entry, *style.words, is_draft=style.is_draft))
    told = texts.description(entry, style.words, url, is_personal=is_personal)
    parts = [
        b"BEGIN:VEVENT\r\nUID:%b\r\nDTSTAMP:%b\r\n" % (entry.uid.encode(), changed),
        b"CREATED:%b\r\n" % (lines.stamp(entry.created_at) if entry.created_at else changed),
        b"LAST-MODIFIED:%b\r\n" % changed if style.is_stamped and not style.is_draft else b"",
        b"SEQUENCE:%d\r\n" % entry.sequence,
        _time(entry, style.timezone),
        b"STATUS:%b\r\n" % status.encode(),
        b"TRANSP:OPAQUE\r\n" if _takes_time(entry, style) else b"TRANSP:TRANSPARENT\r\n",
        b"X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n" if entry.is_cancelled else b"",
        b"CLASS:PUBLIC\r\n",
        lines.line(b"SUMMARY", title),
        lines.line(b"DESCRIPTION", lines.text(told)),
        _place(texts.spot(entry.place, words.language), texts.link(entry, is_personal=is_personal)),
        lines.line(b"URL", lines.uri(url)),
        _marks(entry.kind, entry.field, words),
        _online(entry.stream_url, words.stream) if entry.stream_url else b"",
        _online(entry.join_url, words.room) if entry.join_url and is_personal else b"",
        # Outlook alone reads it; elsewhere plain text is what people see.
        lines.line(b"X-ALT-DESC;FMTTYPE=text/html", lines.text(texts.html(told))),
        extra,
        _alarm(style.alarm, title) if style.alarm is not None and entry.starts_at and status == "CONFIRMED" else b"",
        b"END:VEVENT\r\n",
    ]
    return b"".join(parts)


def _takes_time(entry: Entry, style: Style) -> bool:
    """Whether the reader is busy then. Whole days never are: a festival leaves time for everything else."""
    asked = style.is_personal if style.is_free is None else not style.is_free
    return asked and entry.is_timed and not entry.is_cancelled


def _time(entry: Entry, timezone: str) -> bytes:
    """DTSTART and DTEND (RFC 5545, 3.8.2): an open end has none, and the end of whole days is the day after."""
    start, end = entry.starts_at, entry.ends_at
    if start is not None:
        begin, until = _clock(start, timezone), _clock(end, timezone) if end else b""
        if not begin or (end and not until):
            return b"DTSTART:%b\r\n" % lines.stamp(start) + (b"DTEND:%b\r\n" % lines.stamp(end) if end else b"")
        return b"DTSTART" + begin + (b"DTEND" + until if end else b"")
    if entry.starts_on is None:
        return b""
    after = (entry.ends_on or entry.starts_on) + timedelta(days=1)
    return b"DTSTART;VALUE=DATE:%b\r\nDTEND;VALUE=DATE:%b\r\n" % (lines.day(entry.starts_on), lines.day(after))


@lru_cache(maxsize=8192)
def _clock(instant: datetime, timezone: str) -> bytes:
    """The local time with its zone; parallel sessions share theirs.

    Empty where it has to be in UTC: without a zone, and in the hour that an autumn clock shows twice, since programs differ in
    which of both they take.
    """
    if timezone in _UTC:
        return b""
    there = instant.astimezone(UTC)
    ahead = _steady(there.date(), timezone)
    if ahead is None:
        there = there.astimezone(ZoneInfo(timezone))
        if there.utcoffset() != there.replace(fold=1 - there.fold).utcoffset():
            return b""
    else:
        there += ahead
    return b";TZID=%b:%b\r\n" % (timezone.encode(), lines.local(there))


@lru_cache(maxsize=4096)
def _steady(day: date, timezone: str) -> timedelta | None:
    """How far the zone's clocks are ahead of UTC on a day of UTC; None where they change within a day of it."""
    zone, noon = ZoneInfo(timezone), datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    offsets = {(noon + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in range(-36, 37)}
    return offsets.pop() if len(offsets) == 1 else None


@lru_cache(maxsize=1024)
def _place(spot: texts.Spot, link: str) -> bytes:
    """LOCATION, or the link of something that is only online; GEO, and the point for Apple Calendar."""
    location, said = spot.location, b""
    if location or link:
        said = lines.line(b"LOCATION", lines.text(location or link))
    if spot.latitude is None or spot.longitude is None:
        return said
    latitude, longitude = lines.degrees(spot.latitude), lines.degrees(spot.longitude)
    said += f"GEO:{latitude};{longitude}\r\n".encode()
    if not location:
        return said
    # Apple Calendar shows a map when title and address are those of LOCATION. Parameters have no escapes (RFC 5545, 3.2), but
    # programs read some, and libical no end after a last backslash.
    title, _, address = location.replace("\\", "/").partition(", ")
    parameters = [
        (b"VALUE", b"URI"),
        (b"X-ADDRESS", lines.parameter(address or title)),
        (b"X-APPLE-RADIUS", b"70"),
        (b"X-TITLE", lines.parameter(title)),
    ]
    return said + lines.line(b"X-APPLE-STRUCTURED-LOCATION", f"geo:{latitude},{longitude}".encode(), parameters)


@lru_cache(maxsize=1024)
def _marks(kind: str, field: str, words: Words) -> bytes:
    """CATEGORIES, and COLOR (RFC 7986, 5.9) of the field."""
    categories = [lines.text(each) for each in (words.kinds.get(kind), words.fields.get(field)) if each]
    said = lines.line(b"CATEGORIES", b",".join(categories)) if categories else b""
    return said + b"COLOR:%b\r\n" % _COLOURS.get(field, _COLOURS[""])[0].encode() if field else said


def _online(url: str, label: str) -> bytes:
    """RFC 7986, 5.11."""
    parameters = [(b"VALUE", b"URI"), (b"FEATURE", b"AUDIO,VIDEO"), (b"LABEL", lines.parameter(label))]
    return lines.line(b"CONFERENCE", lines.uri(url), parameters)


def _alarm(minutes: int, title: bytes) -> bytes:
    """RFC 5545, 3.6.6."""
    trigger = b"-PT%dM" % minutes if minutes else b"PT0S"
    said = lines.line(b"DESCRIPTION", title)
    return b"BEGIN:VALARM\r\nACTION:DISPLAY\r\n%bTRIGGER:%b\r\nEND:VALARM\r\n" % (said, trigger)


def assemble(head: Head, entries: Sequence[Entry], pieces: Iterable[bytes]) -> bytes:
    """A calendar of rendered pieces, one for each of the entries in the same order."""
    begin, end = frame(head, last_modified(entries), years(entries), is_empty=not entries)
    return b"".join((begin, *pieces, end))


def frame(head: Head, changed: datetime | None, of: tuple[int, int] | None, *, is_empty: bool) -> tuple[bytes, bytes]:
    """What stands before and after the entries; ``changed`` is their last change, ``of`` the years in which they have times."""
    return _head(head, changed) + _timezone(head.timezone, of or _ANY, is_empty=is_empty), b"END:VCALENDAR\r\n"


def zone_for(timezone: str, entries: Iterable[Entry]) -> ZoneInfo | None:
    """The zone in which times are written; None (UTC) where its clock changes cannot be told in two rules."""
    try:
        vtimezone(timezone, *(years(entries) or _ANY))
    except IrregularZone:
        return None
    return ZoneInfo(timezone)


def _timezone(timezone: str, of: tuple[int, int], *, is_empty: bool) -> bytes:
    try:
        return vtimezone(timezone, *of)
    except IrregularZone:
        # Times are in UTC then; only a calendar without entries needs some component (RFC 5545, 3.6).
        return vtimezone("Etc/UTC", *of) if is_empty else b""


_ANY = (2018, 2018)


def years(entries: Iterable[Entry]) -> tuple[int, int] | None:
    """The first and the last year in which entries have times, None if none has one."""
    found = {instant.year for entry in entries for instant in (entry.starts_at, entry.ends_at) if instant}
    return (min(found), max(found)) if found else None


def last_modified(entries: Iterable[Entry]) -> datetime | None:
    """The newest change in the entries."""
    return max((entry.last_modified for entry in entries if entry.last_modified), default=None)


def _head(head: Head, changed: datetime | None) -> bytes:
    """What a calendar says of itself, in the order of the profile."""
    colour, apples_colour = _COLOURS.get(head.field, _COLOURS[""])
    pace = lines.duration(head.refresh)
    name, description = lines.text(head.name), lines.text(head.description)
    properties = [
        (b"VERSION", b"2.0"),
        (b"PRODID", PRODID.encode()),
        (b"CALSCALE", b"GREGORIAN"),
        (b"UID", str(uuid.uuid5(_NAMESPACE, head.key)).encode()),
        (b"LAST-MODIFIED", lines.stamp(changed) if changed else b""),
        (b"URL", lines.uri(head.url)),
        (b"SOURCE;VALUE=URI", lines.uri(head.source)),
        (b"NAME", name),
        (b"X-WR-CALNAME", name),
        (b"DESCRIPTION", description),
        (b"X-WR-CALDESC", description),
        (b"X-WR-TIMEZONE", head.timezone.encode()),
        (b"REFRESH-INTERVAL;VALUE=DURATION", pace),
        (b"X-PUBLISHED-TTL", pace),
        (b"COLOR", colour.encode()),
        (b"X-APPLE-CALENDAR-COLOR", apples_colour.encode()),
    ]
    said = b"".join([lines.line(each, value) for each, value in properties if value])
    return b"BEGIN:VCALENDAR\r\n" + said
