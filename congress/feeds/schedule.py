"""Entries as a schedule of the c3voc's schema 1, JSON and XML, which conference applications and info screens read. Pure.

The schema wants a start, a length, a day and a room of everything, and has no word for what is called off. So only timed
entries are in it: an open end counts an hour and says so, festivals of whole days and what has no time yet are left out rather
than put at midnight, and so is what was cancelled. A day lasts until four in the morning: a concert at half past midnight
belongs to the evening before it, as those applications expect. Both hosts share one list of rooms, so a room's name carries its
venue and city. What is said of recording is left out, since nobody says it here.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from congress.core.text import fold, slugify
from congress.programme.entries import Entry

SCHEMA = "https://c3voc.de/schedule/schema.json"
GENERATOR = {"name": "Congress", "version": "1"}
OPEN_END = timedelta(hours=1)  # what an open end counts
DAY_CHANGE = time(4)
_LONGEST = 99 * 60 + 59  # minutes: the XML schema gives the hours two digits
_HIGHEST = 2**31 - 1  # of the ids: programs read them as 32-bit numbers, and six signs in base 36 hold them
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAMESPACE = uuid.UUID("d2f5b3cf-8a4e-4a3c-9c54-0f6f7a1f3f0b")  # of rooms
_NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


@dataclass(frozen=True, eq=False)
class Words:
    """The words of a schedule in the reader's language; ``language`` chooses the texts of the entries."""

    language: str
    fields: Mapping[str, str]
    audiences: Mapping[str, str]
    open_end: str
    nowhere: str
    website: str
    stream: str


@dataclass(frozen=True, kw_only=True)
class Conference:
    """What a schedule says of the congress. ``page`` is the address of an entry's page with ``CODE`` for its code."""

    slug: str
    name: str
    description: str
    starts_on: date
    ends_on: date
    timezone: str
    site: str
    url: str
    page: str

    @property
    def acronym(self) -> str:
        """At least four of ``a-z 0-9 _``."""
        return re.sub(r"[^a-z0-9_]", "_", self.slug.lower()).ljust(4, "_")


def _timed(entries: Iterable[Entry]) -> list[tuple[datetime, Entry]]:
    """The entries that a schedule shows, with their starts."""
    seen = (entry for entry in entries if entry.is_listed and not entry.is_cancelled)
    return [(entry.starts_at, entry) for entry in seen if entry.starts_at is not None]


def schedule(conference: Conference, number: int, entries: Sequence[Entry], words: Words) -> dict[str, Any]:
    """The whole document as JSON values. ``entries`` are all of release ``number``, also those that nobody may see.

    All are needed for the ids: they are never taken out of a release, so what comes later cannot change an id.
    """
    zone, ids = ZoneInfo(conference.timezone), _ids(entries)
    shown = sorted(_timed(entries), key=lambda each: (each[0], ids[each[1].uid]))
    names = _room_names((entry for _start, entry in shown), words)
    events: dict[date, dict[str, list[dict[str, Any]]]] = {}
    for starts_at, entry in shown:
        room = names[_room_of(entry, words)]
        event = {**_when(starts_at, entry, zone), **_identity(entry, ids[entry.uid], conference), **_content(entry, room, words)}
        events.setdefault(_day_of(starts_at, zone), {}).setdefault(room, []).append(event)
    days = sorted({*events, *_days(conference.starts_on, conference.ends_on)})
    tracks = dict.fromkeys(words.fields[entry.field] for _start, entry in shown if entry.field in words.fields)
    return {
        "$schema": SCHEMA,
        "generator": GENERATOR,
        "schedule": {
            "version": str(number),
            "base_url": f"{conference.site}/",
            "conference": {
                "acronym": conference.acronym,
                "title": _line(conference.name) or conference.slug,
                "description": _text(conference.description),
                "start": days[0].isoformat(),
                "end": days[-1].isoformat(),
                "daysCount": len(days),
                "timeslot_duration": "00:05",
                "time_zone_name": conference.timezone,
                "url": conference.url,
                "rooms": _rooms(conference, names),
                "tracks": [{"name": name} for name in tracks],
                "days": [_as_day(index, day, events.get(day, {}), zone) for index, day in enumerate(days, 1)],
            },
        },
    }


def to_json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def to_xml(document: dict[str, Any]) -> bytes:
    """The same schedule in XML, element by element in the order of the schema."""
    told = document["schedule"]
    root = ElementTree.Element("schedule")
    ElementTree.SubElement(root, "generator", document["generator"])
    _add(root, "version", told["version"])
    conference = ElementTree.SubElement(root, "conference")
    for name, key in _CONFERENCE:
        _add(conference, name, told.get(key) or told["conference"][key])
    for day in told["conference"]["days"]:
        attributes = {"index": str(day["index"]), "date": day["date"], "start": day["day_start"], "end": day["day_end"]}
        element = ElementTree.SubElement(root, "day", attributes)
        for name, events in day["rooms"].items():
            room = ElementTree.SubElement(element, "room", {"name": name})
            for event in events:
                _add_event(room, event)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


_CONFERENCE = (
    ("acronym", "acronym"), ("title", "title"), ("start", "start"), ("end", "end"), ("days", "daysCount"),
    ("timeslot_duration", "timeslot_duration"), ("base_url", "base_url"), ("time_zone_name", "time_zone_name"),
)  # fmt: skip
_EVENT = (
    "date", "start", "duration", "room", "slug", "url", "title", "subtitle", "track", "type", "language", "abstract", "description",
)  # fmt: skip


def _add_event(room: ElementTree.Element, event: dict[str, Any]) -> None:
    element = ElementTree.SubElement(room, "event", {"guid": event["guid"], "id": str(event["id"]), "code": event["code"]})
    for name in _EVENT:
        _add(element, name, event[name])
    persons = ElementTree.SubElement(element, "persons")
    for person in event["persons"]:
        _add(persons, "person", person["name"])
    links = ElementTree.SubElement(element, "links")
    for link in event["links"]:
        _add(links, "link", link["title"], href=link["url"])
    ElementTree.SubElement(element, "attachments")


def _add(parent: ElementTree.Element, name: str, value: object, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = str(value)


def _when(starts_at: datetime, entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    start = starts_at.astimezone(zone)
    length = (entry.ends_at or starts_at + OPEN_END) - starts_at
    return {"date": start.isoformat(), "start": start.strftime("%H:%M"), "duration": _duration(length)}


def _identity(entry: Entry, number: int, conference: Conference) -> dict[str, Any]:
    title = slugify(entry.titles.text("en"))  # the same in every language
    return {
        "guid": entry.uid,
        "id": number,
        "code": _code(number),
        "slug": "-".join(filter(None, (conference.acronym, str(number), title))),
        "url": conference.page.replace("CODE", quote(entry.item, safe="")),
    }


def _content(entry: Entry, room: str, words: Words) -> dict[str, Any]:
    return {
        "room": room,
        "title": _line(entry.titles.text(words.language)) or entry.code,
        "subtitle": "",
        "track": words.fields.get(entry.field, ""),
        "type": entry.kind,
        "language": entry.languages[0] if entry.languages else "",
        "abstract": _text(entry.descriptions.text(words.language)),
        "description": _text(_further(entry, words)),
        "persons": [{"name": name} for _part, said in entry.people if (name := _line(said))],
        "links": _links(entry, words),
        "attachments": [],
    }


def _further(entry: Entry, words: Words) -> str:
    """What the other keys have no place for."""
    is_open = entry.ends_at is None
    return "\n".join(filter(None, (words.audiences.get(entry.audience, ""), words.open_end if is_open else "", entry.organiser)))


def _links(entry: Entry, words: Words) -> list[dict[str, str]]:
    said = ((entry.website, words.website), (entry.stream_url, words.stream))
    return [{"url": url, "title": title} for url, title in said if re.fullmatch(r"https?://[\x21-\x7e]+", url)]


def _duration(length: timedelta) -> str:
    minutes = min(max(-(-int(length.total_seconds()) // 60), 1), _LONGEST)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _day_begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, DAY_CHANGE, tzinfo=zone)


def _day_of(starts_at: datetime, zone: ZoneInfo) -> date:
    day = starts_at.astimezone(zone).date()
    # Compared in UTC: Python compares two times of one zone by what the clocks show, whatever the clocks did in between.
    return day if starts_at >= _day_begins(day, zone).astimezone(UTC) else day - timedelta(days=1)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _as_day(index: int, day: date, rooms: dict[str, list[dict[str, Any]]], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "index": index,
        "date": day.isoformat(),
        "day_start": _day_begins(day, zone).isoformat(),
        "day_end": _day_begins(day + timedelta(days=1), zone).isoformat(),
        "rooms": dict(sorted(rooms.items(), key=lambda each: (fold(each[0]), each[0]))),
    }


_RoomKey = tuple[str, str, str, str, str, str]


def _room_of(entry: Entry, words: Words) -> _RoomKey:
    """The slugs of a place, what it is called, and its address."""
    place, language = entry.place, words.language
    cities = " – ".join(filter(None, (place.city_names.text(language), place.other_city_names.text(language))))
    parts = (place.room_names.text(language), place.venue_names.text(language), cities)
    name = ", ".join(dict.fromkeys(part for part in map(_line, parts) if part)) or words.nowhere
    return (place.room, place.venue, place.city, place.other_city, name, _line(place.address))


def _room_names(entries: Iterable[Entry], words: Words) -> dict[_RoomKey, str]:
    """The name of each room. Two rooms of the same name are told apart by their slugs, or numbered where these are equal too."""
    keys = sorted({_room_of(entry, words) for entry in entries})
    shared = Counter(key[4] for key in keys)
    names: dict[_RoomKey, str] = {}
    for key in keys:
        slugs = "/".join(filter(None, key[:4]))
        name = wanted = key[4] if shared[key[4]] == 1 else f"{key[4]} ({slugs})"
        count = 1
        while name in names.values():
            count += 1
            name = f"{wanted} {count}"
        names[key] = name
    return names


def _rooms(conference: Conference, names: dict[_RoomKey, str]) -> list[dict[str, Any]]:
    """The rooms by name; their guid is of the slugs, so it is the same in every language."""
    guids: set[uuid.UUID] = set()
    rooms = []
    for key, name in sorted(names.items(), key=lambda each: (fold(each[1]), each[1])):
        guid = uuid.uuid5(_NAMESPACE, "/".join((conference.slug, *key[:4])))
        if guid in guids:  # slugs that stand for two names
            guid = uuid.uuid5(guid, name)
        guids.add(guid)
        rooms.append({"name": name, "guid": str(guid), "description": key[-1] or None})
    return rooms


def _ids(entries: Iterable[Entry]) -> dict[str, int]:
    """A positive number for each uid, the same in every release: taken from the uid, and the next one free if two meet."""
    beginning = datetime.min.replace(tzinfo=UTC)
    found: dict[int, str] = {}
    for entry in sorted(entries, key=lambda each: (each.created_at or beginning, each.uid)):
        number = uuid.UUID(entry.uid).int % _HIGHEST + 1
        while number in found:
            number = number % _HIGHEST + 1
        found[number] = entry.uid
    return {uid: number for number, uid in found.items()}


def _code(number: int) -> str:
    """Six signs of ``0-9 A-Z``."""
    signs = ""
    for _place in range(6):
        number, digit = divmod(number, 36)
        signs = _DIGITS[digit] + signs
    return signs


def _text(text: str) -> str:
    """Without what XML 1.0 cannot hold, so that JSON and XML say the same; line ends are ``\\n``."""
    return _NOT_IN_XML.sub("", re.sub(r"\r\n?", "\n", text)).strip()


def _line(text: str) -> str:
    return " ".join(_text(text).split())
