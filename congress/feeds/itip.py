"""Calendars that travel by mail (iTIP, RFC 5546; iMIP, RFC 6047): published, asked for, cancelled. Pure.

A REQUEST or CANCEL is about one UID (RFC 5546, 3.2.2 and 3.2.5: all its VEVENTs "MUST have the same UID"), and Outlook takes
only one VEVENT of it. So each entry is a calendar of its own; only what is published may hold many.

Unlike a feed, such a calendar says nothing of itself: with a name Outlook and Apple Calendar would make a new calendar of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Event, vCalAddress

from congress.core.text import slugify
from congress.feeds import ical
from congress.feeds.ical import Style
from congress.feeds.timezones import vtimezone
from congress.programme.entries import Entry
from congress.programme.releases import Change
from congress.registration.changes import is_in_calendars, let_go

_LONGEST_NAME = 60  # of a file, without its ending
_INVITED = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}


class Method(StrEnum):
    """What the receiving program shall do (RFC 5546, 1.4); also the ``method`` of the part's Content-Type."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Party:
    """Who writes, or who is written to."""

    name: str
    address: str

    @property
    def uri(self) -> str:
        """As a mailto address (RFC 6068, 2)."""
        return "mailto:" + quote(self.address, safe="@!$'*+-._~")


def publish(entries: Sequence[Entry], style: Style, organiser: Party) -> bytes:
    """A calendar to look at and to take over by hand (RFC 5546, 3.2.1): with an organiser, without attendees."""
    return _calendar(Method.PUBLISH, entries, style, _organiser(organiser))


def request(entry: Entry, style: Style, organiser: Party, attendee: Party) -> bytes:
    """Puts the entry into the attendee's calendar, or brings one up to date that has a lower sequence (RFC 5546, 3.2.2)."""
    # Gmail shows its buttons only to an attendee who is asked for an answer.
    asked = {**_INVITED, "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    return _calendar(Method.REQUEST, [entry], style, _organiser(organiser) + _attendee(attendee, asked))


def cancel(entry: Entry, style: Style, organiser: Party, attendee: Party) -> bytes:
    """Takes the entry out of the attendee's calendar (RFC 5546, 3.2.5). Its sequence must be higher than the one known there."""
    style = dataclasses.replace(style, is_personal=False)  # who leaves has no business in the online room
    return _calendar(Method.CANCEL, [entry.cancelled()], style, _organiser(organiser) + _attendee(attendee, _INVITED))


def message_about(change: Change) -> tuple[Method, Entry] | None:
    """What a person's calendar must be told of a change; nothing, if it neither held the entry nor can hold it now."""
    before, after = change.before, change.after
    if not after.is_cancelled and is_in_calendars(after):
        return Method.REQUEST, after
    if before is None or before.is_cancelled or not is_in_calendars(before):
        return None
    if after.is_cancelled and is_in_calendars(after):
        return Method.CANCEL, after
    # The time is no longer known. A calendar has to let go of the old one, and cannot hold an entry without any.
    return Method.CANCEL, let_go(before, after)


def for_the_last_time(entry: Entry, now: datetime) -> Entry:
    """The entry as a CANCEL tells it to one person who leaves, while it takes place for everybody else."""
    return dataclasses.replace(entry.cancelled(), sequence=entry.sequence + 1, last_modified=now)


def file_names(entries: Sequence[Entry], zone: ZoneInfo, language: str) -> list[str]:
    """What the files of these entries are called in one mail, by day and title: ``2018-06-13-meeting-music.ics``; ASCII, each once."""
    names: list[str] = []
    for entry in entries:
        day = [each.isoformat() for each in entry.days(zone)[:1]]
        whole = "-".join([*day, slugify(entry.titles.text(language)) or slugify(entry.code)])
        stem, number = whole[:_LONGEST_NAME].rstrip("-"), 1
        while f"{stem}.ics" in names:
            number += 1
            ending = f"-{number}"
            stem = whole[: _LONGEST_NAME - len(ending)].rstrip("-") + ending
        names.append(f"{stem}.ics")
    return names


def _organiser(party: Party) -> bytes:
    return _line("organizer", party, {})


def _attendee(party: Party, more: dict[str, str]) -> bytes:
    return _line("attendee", party, more)


def _line(name: str, party: Party, parameters: dict[str, str]) -> bytes:
    # Parameters have no escapes (RFC 5545, 3.2), and programs differ in what they take for one.
    said = " ".join(party.name.replace('"', "'").replace("\\", "/").replace("^", "").split())
    said = "".join(sign for sign in said if sign.isprintable())
    event = Event()
    event.add(name, vCalAddress(party.uri), parameters={**parameters, "CN": said} if said else parameters)
    return bytes(event.to_ical()).removeprefix(b"BEGIN:VEVENT\r\n").removesuffix(b"END:VEVENT\r\n")


def _calendar(method: Method, entries: Sequence[Entry], style: Style, parties: bytes) -> bytes:
    """METHOD stands before the components, and nothing after the last line: some programs stumble over either."""
    zone = ical.zone_for(style.timezone, entries) if style.timezone else None
    style = dataclasses.replace(style, timezone=style.timezone if zone else "")
    begin = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{ical.PRODID}\r\nCALSCALE:GREGORIAN\r\nMETHOD:{method.value}\r\n"
    pieces = [ical.render_entry(entry, style, parties) for entry in entries]
    return b"".join((begin.encode(), _timezone(style.timezone, entries), *pieces, b"END:VCALENDAR\r\n"))


def _timezone(timezone: str, entries: Sequence[Entry]) -> bytes:
    """The zone of the times; nothing where there are only days."""
    years = ical.years(entries)
    return vtimezone(timezone, *years) if timezone and years else b""
