"""The congress and its entries as schema.org events, for JSON-LD in pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from congress.programme.entries import Entry

_SCHEMA = "https://schema.org"
_FREE = {"free": True, "ticketed": False}


@dataclass(frozen=True, kw_only=True)
class Host:
    """A city that hosts the congress."""

    name: str
    country: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What is said of the congress, in one language. ``is_streamed``: something of it may be watched from anywhere."""

    name: str
    short_name: str
    description: str
    starts_on: date
    ends_on: date
    timezone: str
    url: str
    hosts: tuple[Host, ...]
    organiser: str
    organisers_site: str
    languages: tuple[str, ...]
    is_streamed: bool = False


def congress_event(meeting: Meeting) -> dict[str, Any]:
    """The congress as an Event."""
    return _without_nothing(
        {
            "@context": _SCHEMA,
            **_known_as(meeting),
            "alternateName": meeting.short_name,
            "description": meeting.description,
            "eventStatus": f"{_SCHEMA}/EventScheduled",
            "eventAttendanceMode": _attendance(bool(meeting.hosts), meeting.is_streamed),
            "location": [
                _place(host.name, {"addressLocality": host.name, "addressCountry": host.country}, host.latitude, host.longitude)
                for host in meeting.hosts
            ],
            "organizer": {"@type": "Organization", "name": meeting.organiser, "url": _address(meeting.organisers_site)},
            "inLanguage": list(meeting.languages),
        }
    )


def entry_event(entry: Entry, meeting: Meeting, url: str, language: str, earlier: Iterable[Entry] = ()) -> dict[str, Any] | None:
    """A listed entry as an Event of the congress; None before any day of it is known.

    ``url`` is its page, ``earlier`` what earlier releases said of it, the oldest first.
    """
    zone = ZoneInfo(meeting.timezone)
    start, end = _period(entry, zone)
    if not start or not entry.is_listed:
        return None
    moved_from = [time for time in _times(earlier, zone) if time != start]
    status = "EventCancelled" if entry.is_cancelled else "EventRescheduled" if moved_from else "EventScheduled"
    places = _places(entry, language)
    virtual = [{"@type": "VirtualLocation", "url": entry.stream_url}] if _address(entry.stream_url) else []
    return _without_nothing(
        {
            "@context": _SCHEMA,
            "@type": "Event",
            "@id": f"{url}#{entry.uid}",
            "name": entry.titles.text(language) or entry.code,
            "description": entry.descriptions.text(language),
            "startDate": start,
            "endDate": end,
            "previousStartDate": moved_from,
            "eventStatus": f"{_SCHEMA}/{status}",
            "eventAttendanceMode": _attendance(bool(places), bool(virtual)),
            "location": [*places, *virtual],
            "performer": [{"@type": "Person", "name": name} for _part, name in entry.people if name],
            "organizer": {"@type": "Organization", "name": entry.organiser or meeting.organiser},
            "isAccessibleForFree": _FREE.get(entry.ticketing),
            "maximumAttendeeCapacity": entry.places,
            "inLanguage": list(entry.languages),
            "superEvent": _known_as(meeting),
            "sameAs": _address(entry.website),
            "url": url,
        }
    )


def _known_as(meeting: Meeting) -> dict[str, Any]:
    return {
        "@type": "Event",
        "@id": meeting.url,
        "name": meeting.name,
        "startDate": meeting.starts_on.isoformat(),
        "endDate": meeting.ends_on.isoformat(),
        "url": meeting.url,
    }


def _period(entry: Entry, zone: ZoneInfo) -> tuple[str, str]:
    """Start and end: instants with their offset, or days; empty where unknown."""
    first, last = entry.starts_at, entry.ends_at
    if first is not None:
        return first.astimezone(zone).isoformat(), last.astimezone(zone).isoformat() if last else ""
    return (entry.starts_on.isoformat() if entry.starts_on else "", entry.ends_on.isoformat() if entry.ends_on else "")


def _times(earlier: Iterable[Entry], zone: ZoneInfo) -> list[str]:
    """The starts that the public was told before."""
    told = (entry for entry in earlier if entry.is_listed and entry.is_confirmed_time and not entry.is_cancelled)
    return list(dict.fromkeys(start for entry in told if (start := _period(entry, zone)[0])))


def _places(entry: Entry, language: str) -> list[dict[str, Any]]:
    """Where it is: one place, or the two cities of a transfer."""
    place = entry.place
    city, room, venue = (names.text(language) for names in (place.city_names, place.room_names, place.venue_names))
    name = ", ".join(dict.fromkeys(filter(None, (room, venue)))) or city
    found = []
    if name:
        address = {"streetAddress": place.address, "addressLocality": city}
        found.append(_place(name, address, place.latitude, place.longitude))
    other = place.other_city_names.text(language)
    if other:
        found.append(_place(other, {"addressLocality": other}, None, None))
    return found


def _place(name: str, address: dict[str, str], latitude: float | None, longitude: float | None) -> dict[str, Any]:
    is_on_map = latitude is not None and longitude is not None
    return {
        "@type": "Place",
        "name": name,
        "address": {"@type": "PostalAddress", **address},
        "geo": {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude} if is_on_map else None,
    }


def _attendance(has_place: bool, has_stream: bool) -> str:
    kind = "Mixed" if has_place and has_stream else "Online" if has_stream else "Offline"
    return f"{_SCHEMA}/{kind}EventAttendanceMode"


def _address(url: str) -> str:
    """An address of the web, or nothing: search engines follow what stands here."""
    return url if re.fullmatch(r"https?://[\x21-\x7e]+", url) else ""


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known; False and 0 are known."""
    kept = {key: _inside(value) for key, value in values.items()}
    return {key: value for key, value in kept.items() if value not in (None, "", [], {})}


def _inside(value: Any) -> Any:
    if isinstance(value, dict):
        return _without_nothing(value)
    return [_inside(each) for each in value] if isinstance(value, list) else value
