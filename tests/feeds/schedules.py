"""The rules of the c3voc's schedule schema 1, written down from its documentation, and a reader of its XML."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

Rule = Callable[[Any], bool]


def matches(pattern: str) -> Rule:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_text_or_nothing(value: Any) -> bool:
    return value is None or isinstance(value, str)


def is_uuid(value: Any) -> bool:
    return isinstance(value, str) and str(uuid.UUID(value)) == value


def is_day(value: Any) -> bool:
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value


def is_instant(value: Any) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None


def is_number(value: Any) -> bool:
    return isinstance(value, int) and value >= 1


def is_list(value: Any) -> bool:
    return isinstance(value, list)


ADDRESS = matches(r"https?://\S+")
LENGTH = matches(r"[0-9]{1,2}:[0-5][0-9]")
ACRONYM = matches(r"[a-z0-9_-][a-z0-9_]{3,}")
CONFERENCE: dict[str, Rule] = {
    "acronym": ACRONYM, "title": is_text, "start": is_day, "end": is_day, "daysCount": is_number, "timeslot_duration": LENGTH,
    "days": is_list,
}  # fmt: skip
MORE_OF_CONFERENCE: dict[str, Rule] = {
    "description": is_text, "url": ADDRESS, "rooms": is_list, "tracks": is_list, "keywords": is_list, "logo": ADDRESS,
    "time_zone_name": lambda value: re.search(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$", value) is not None,
}  # fmt: skip
DAY: dict[str, Rule] = {
    "index": is_number, "date": is_day, "day_start": is_instant, "day_end": is_instant,
    "rooms": lambda value: isinstance(value, dict),
}  # fmt: skip
EVENT: dict[str, Rule] = {
    "id": is_number, "guid": is_uuid, "date": is_instant, "start": matches(r"[0-2][0-9]:[0-5][0-9]"), "duration": LENGTH,
    "room": is_text, "slug": matches(r"[a-z0-9_-]+[a-z0-9]"), "url": ADDRESS, "title": is_text, "subtitle": is_text_or_nothing,
    "track": is_text_or_nothing, "type": is_text, "language": is_text, "abstract": is_text_or_nothing, "persons": is_list,
    "links": is_list,
}  # fmt: skip
MORE_OF_EVENT: dict[str, Rule] = {
    "code": matches(r"[0-9A-Z]{6}"), "description": is_text_or_nothing, "attachments": is_list, "logo": ADDRESS,
}  # fmt: skip
ROOM: dict[str, Rule] = {"name": is_text, "guid": is_uuid}
MORE_OF_ROOM: dict[str, Rule] = {"description": is_text_or_nothing, "capacity": is_number}


def faults(document: dict[str, Any]) -> list[str]:
    """What is wrong with a schedule in JSON; empty if nothing is."""
    told = document["schedule"]
    found = _keys("document", document, {"schedule": lambda value: isinstance(value, dict)},
                  {"$schema": is_text, "generator": lambda value: set(value) <= {"name", "version", "url"}})  # fmt: skip
    found += _keys("schedule", told, {"version": is_text, "conference": bool}, {"base_url": ADDRESS, "url": ADDRESS})
    conference = told["conference"]
    found += _keys("conference", conference, CONFERENCE, MORE_OF_CONFERENCE)
    for room in conference["rooms"]:
        found += _keys(f"room {room}", room, ROOM, MORE_OF_ROOM)
    for key in ("name", "guid"):
        found += _unique(f"room {key}", [room[key] for room in conference["rooms"]])
    days = conference["days"]
    if len(days) != conference["daysCount"] or not days:
        found.append("the days are counted wrongly")
    if [day["index"] for day in days] != list(range(1, len(days) + 1)):
        found.append("the days are numbered wrongly")
    dates = [day["date"] for day in days]
    if dates != sorted(set(dates)) or not conference["start"] <= dates[0] <= dates[-1] <= conference["end"]:
        found.append(f"days out of order or outside the conference: {dates}")
    names = {room["name"] for room in conference["rooms"]}
    for day in days:
        found += _keys(f"day {day['date']}", day, DAY, {}) + _of_day(day, names)
    events = all_events(document)
    for key in ("id", "guid", "code", "slug"):
        found += _unique(key, [event[key] for event in events])
    return found


def all_events(document: dict[str, Any]) -> list[dict[str, Any]]:
    days = document["schedule"]["conference"]["days"]
    return [event for day in days for events in day["rooms"].values() for event in events]


def _of_day(day: dict[str, Any], names: set[str]) -> list[str]:
    found = [f"{name} is not in the list of rooms" for name in day["rooms"] if name not in names]
    begin, end = (datetime.fromisoformat(day[key]) for key in ("day_start", "day_end"))
    if not (begin.date().isoformat() == day["date"] and begin < end):
        found.append(f"{day['date']} begins at {begin} and ends at {end}")
    for name, events in day["rooms"].items():
        for event in events:
            found += _keys(f"event {event['guid']}", event, EVENT, MORE_OF_EVENT)
            starts_at = datetime.fromisoformat(event["date"])
            if not begin <= starts_at < end:
                found.append(f"{event['guid']} is not on {day['date']}")
            if event["room"] != name or event["start"] != starts_at.strftime("%H:%M"):
                found.append(f"{event['guid']} contradicts itself")
            found += [
                f"{event['guid']}: {person}" for person in event["persons"] if set(person) != {"name"} or not person["name"]
            ]
            found += [f"{event['guid']}: {link}" for link in event["links"] if not ADDRESS(link["url"]) or not link["title"]]
    return found


def _keys(what: str, value: dict[str, Any], needed: dict[str, Rule], allowed: dict[str, Rule]) -> list[str]:
    rules = {**needed, **allowed}
    found = [f"{what} lacks {key}" for key in needed if key not in value]
    found += [f"{what} has {key}" for key in value if key not in rules]
    return found + [f"{what}: {key} is {value[key]!r}" for key in value if key in rules and not rules[key](value[key])]


def _unique(what: str, values: list[Any]) -> list[str]:
    return [] if len(values) == len(set(values)) else [f"{what} is there twice"]


CHILDREN = ["generator", "version", "conference", "day"]
OF_CONFERENCE = ["acronym", "title", "start", "end", "days", "timeslot_duration", "base_url", "time_zone_name"]
OF_EVENT = {
    "room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "track", "persons", "language",
    "description", "links", "attachments", "url",
}  # fmt: skip


def read_xml(body: bytes) -> dict[str, Any]:
    """What a schedule in XML says, in the words of the JSON; fails where an element is missing, foreign or out of place."""
    root = ElementTree.fromstring(body)  # noqa: S314 (our own bytes)
    assert root.tag == "schedule"
    assert list(dict.fromkeys(child.tag for child in root)) == CHILDREN
    conference = root.find("conference")
    assert conference is not None
    assert [child.tag for child in conference] == OF_CONFERENCE
    told = {child.tag: child.text or "" for child in conference}
    return {
        "generator": dict(root.find("generator").attrib),  # type: ignore[union-attr]
        "version": root.findtext("version"),
        "conference": told,
        "days": [_read_day(day) for day in root.iter("day")],
    }


def _read_day(day: ElementTree.Element) -> dict[str, Any]:
    assert set(day.attrib) == {"index", "date", "start", "end"}
    rooms = {room.attrib["name"]: [_read_event(event) for event in room] for room in day}
    assert len(rooms) == len(day)
    return {
        "index": int(day.attrib["index"]), "date": day.attrib["date"], "day_start": day.attrib["start"],
        "day_end": day.attrib["end"], "rooms": rooms,
    }  # fmt: skip


def _read_event(event: ElementTree.Element) -> dict[str, Any]:
    assert event.tag == "event"
    assert set(event.attrib) == {"guid", "id", "code"}
    assert {child.tag for child in event} == OF_EVENT
    assert len(event) == len(OF_EVENT)
    told: dict[str, Any] = {child.tag: child.text or "" for child in event}
    told["persons"] = [{"name": person.text} for person in event.iter("person")]
    told["links"] = [{"url": link.attrib["href"], "title": link.text} for link in event.iter("link")]
    told["attachments"] = [attachment.attrib for attachment in event.iter("attachment")]
    return told | {"guid": event.attrib["guid"], "id": int(event.attrib["id"]), "code": event.attrib["code"]}


def as_in_xml(document: dict[str, Any]) -> dict[str, Any]:
    """The part of a schedule in JSON that XML says too, in the form of read_xml."""
    told, conference = document["schedule"], document["schedule"]["conference"]
    words = {**conference, "days": str(conference["daysCount"]), "base_url": told["base_url"]}
    return {
        "generator": document["generator"],
        "version": told["version"],
        "conference": {name: words[name] for name in OF_CONFERENCE},
        "days": conference["days"],
    }
