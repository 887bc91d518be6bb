"""Schedules of the c3voc, JSON or XML, as a table of ours.

They carry less than a draft: one language, no places, no people's parts, no codes of ours, nothing that has no time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from flask_babel import force_locale
from flask_babel import gettext as _

from congress.core.languages import LANGUAGES, locale_of
from congress.core.sheets import MOST_ROWS, BadSheet, Sheet
from congress.core.text import first_upper

HEADER = ("uid", "title", "description", "starts", "ends", "place", "kind", "field", "people", "languages")
_LONGEST = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})")


def read_json(content: bytes) -> Sheet:
    """Raises BadSheet."""
    try:
        told = json.loads(content)
        days = told["schedule"]["conference"]["days"]
        events = [_of_json(event, room) for day in days for room, events in day["rooms"].items() for event in events]
    except RecursionError:
        raise BadSheet(_("The file is nested too deeply to be a schedule.")) from None
    except ValueError as reason:
        raise BadSheet(
            _("This is no JSON, or the file ends in the middle: line %(line)d.", line=getattr(reason, "lineno", 1))
        ) from None
    except (KeyError, TypeError, AttributeError):
        raise BadSheet(_("This JSON is no schedule: its days with their rooms are missing.")) from None
    return _sheet(events)


def _of_json(event: Mapping[str, Any], room: str) -> dict[str, Any]:
    people = event.get("persons") or ()
    names = [each.get("public_name") or each.get("name") or "" for each in people]
    return {**{name: event.get(name) for name in _KEYS}, "room": event.get("room") or room, "persons": names}


def read_xml(content: bytes) -> Sheet:
    """Raises BadSheet; also where entities are declared, which may grow without end."""
    try:
        root: Element = ElementTree.fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise BadSheet(_("The XML declares a document type or entities, which a schedule never does. It was not read.")) from None
    except (ParseError, ValueError, LookupError) as reason:
        line = getattr(reason, "position", (1, 0))[0]
        raise BadSheet(_("This is no XML, or the file ends in the middle: line %(line)d.", line=line)) from None
    if root.tag != "schedule":
        raise BadSheet(_("This XML is no schedule."))
    return _sheet(_of_xml(event, room.get("name", "")) for room in root.iter("room") for event in room.findall("event"))


def _of_xml(event: Element, room: str) -> dict[str, Any]:
    said: dict[str, Any] = {name: event.findtext(name) for name in _KEYS}
    names = [each.text or "" for each in event.iter("person")]
    return {**said, "guid": event.get("guid"), "room": said.get("room") or room, "persons": names}


_KEYS = ("guid", "date", "start", "duration", "room", "title", "subtitle", "track", "type", "language", "abstract", "description")


def _sheet(events: Iterable[Mapping[str, Any]]) -> Sheet:
    sheet = Sheet(HEADER, [], [])
    nowhere = _nowhere()
    for number, event in enumerate(events, 1):
        if number > MOST_ROWS:
            raise BadSheet(_("The file has more than %(most)d rows. Split it and import the parts.", most=MOST_ROWS))
        sheet.rows.append(_row({name: value for name, value in event.items() if value}, nowhere))
        sheet.lines.append(number)
    if not sheet.rows:
        raise BadSheet(_("There are no events in this schedule."))
    return sheet


def _row(event: Mapping[str, Any], nowhere: frozenset[str]) -> tuple[str, ...]:
    def said(name: str) -> str:
        return str(event.get(name, ""))

    title = " – ".join(filter(None, (said("title").strip(), said("subtitle").strip())))
    starts, ends = _when(said("date"), said("duration"))
    people = "; ".join(re.sub(r"([\\;:\[\]])", r"\\\1", " ".join(str(name).split())) for name in event.get("persons", ()) if name)
    place = "" if said("room") in nowhere else said("room")
    about = said("abstract") or said("description")
    return (said("guid"), title, about, starts, ends, place, said("type"), said("track"), people, said("language"))


def _when(date: str, duration: str) -> tuple[str, str]:
    """Start and end as cells; what cannot be read stays as it is, and is found wrong in its cell."""
    try:
        start = datetime.fromisoformat(date)
    except ValueError:
        return date, ""
    length = _LONGEST.fullmatch(duration)
    if not length:
        return start.isoformat(), duration
    days, hours, minutes = (int(each or 0) for each in length.groups())
    try:
        end = start + timedelta(days=days, hours=hours, minutes=minutes)
    except OverflowError:
        return start.isoformat(), duration
    return start.isoformat(), end.isoformat()


def _nowhere() -> frozenset[str]:
    """What our own schedules call the place of what has none yet."""
    found = set()
    for locale in map(locale_of, LANGUAGES):
        with force_locale(locale):
            found.add(first_upper(_("place to be confirmed")))
    return frozenset(found)
