"""Reads calendars with libical, by which Evolution and KOrganizer read: one JSON string a line in, one JSON value a line out.

A process of its own, since a mistake of a C library ends its process. Instants are computed with the VTIMEZONE of the calendar.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Iterator
from ctypes import c_char_p, c_int, c_void_p
from datetime import UTC, datetime
from typing import Any


class Time(ctypes.Structure):
    """``struct icaltimetype`` of libical 3."""

    _fields_ = [(name, c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")] + [
        ("zone", c_void_p)
    ]


_SIGNATURES: dict[str, tuple[Any, ...]] = {  # result, arguments
    "icalparser_parse_string": (c_void_p, c_char_p),
    "icalcomponent_free": (None, c_void_p),
    "icalcomponent_isa": (c_int, c_void_p),
    "icalcomponent_as_ical_string": (c_char_p, c_void_p),
    "icalcomponent_count_errors": (c_int, c_void_p),
    "icalcomponent_string_to_kind": (c_int, c_char_p),
    "icalcomponent_get_first_component": (c_void_p, c_void_p, c_int),
    "icalcomponent_get_next_component": (c_void_p, c_void_p, c_int),
    "icalcomponent_get_first_property": (c_void_p, c_void_p, c_int),
    "icalcomponent_get_next_property": (c_void_p, c_void_p, c_int),
    "icalcomponent_get_timezone": (c_void_p, c_void_p, c_char_p),
    "icalproperty_string_to_kind": (c_int, c_char_p),
    "icalproperty_get_x_name": (c_char_p, c_void_p),
    "icalproperty_get_value": (c_void_p, c_void_p),
    "icalproperty_get_value_as_string": (c_char_p, c_void_p),
    "icalproperty_get_parameter_as_string": (c_char_p, c_void_p, c_char_p),
    "icalproperty_get_dtstart": (Time, c_void_p),
    "icalproperty_get_dtend": (Time, c_void_p),
    "icalproperty_get_lastmodified": (Time, c_void_p),
    "icalvalue_get_text": (c_char_p, c_void_p),
    "icalrestriction_check": (c_int, c_void_p),
    "icaltime_as_timet_with_zone": (ctypes.c_long, Time, c_void_p),
    "icaltime_is_utc": (c_int, Time),
    "icaltimezone_get_utc_timezone": (c_void_p,),
}
lib = ctypes.CDLL("libical.so.3")
for _name, (_result, *_arguments) in _SIGNATURES.items():
    getattr(lib, _name).restype = _result
    getattr(lib, _name).argtypes = _arguments


def _properties(component: int, name: str) -> Iterator[int]:
    kind = lib.icalproperty_string_to_kind(name.encode())
    found = lib.icalcomponent_get_first_property(component, kind)
    while found:
        if not name.startswith("X-") or lib.icalproperty_get_x_name(found) == name.encode():
            yield found
        found = lib.icalcomponent_get_next_property(component, kind)


def _string(component: int, name: str) -> str:
    return next((lib.icalproperty_get_value_as_string(each).decode() for each in _properties(component, name)), "")


def _texts(component: int, name: str) -> list[str]:
    return [lib.icalvalue_get_text(lib.icalproperty_get_value(each)).decode() for each in _properties(component, name)]


def _instant(calendar: int, component: int, name: str) -> str:
    found = next(_properties(component, name), None)
    if found is None:
        return ""
    time: Time = getattr(lib, f"icalproperty_get_{name.lower().replace('-', '')}")(found)
    if time.is_date:
        return f"{time.year:04}-{time.month:02}-{time.day:02}"
    if lib.icaltime_is_utc(time):
        zone = lib.icaltimezone_get_utc_timezone()
    else:
        zone = lib.icalcomponent_get_timezone(calendar, lib.icalproperty_get_parameter_as_string(found, b"TZID"))
        if not zone:
            raise ValueError(f"no VTIMEZONE for {name}")
    return datetime.fromtimestamp(lib.icaltime_as_timet_with_zone(time, zone), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _map(component: int) -> list[str] | None:
    for found in _properties(component, "X-APPLE-STRUCTURED-LOCATION"):
        title, address = (lib.icalproperty_get_parameter_as_string(found, name) for name in (b"X-TITLE", b"X-ADDRESS"))
        return [lib.icalproperty_get_value_as_string(found).decode(), title.decode(), address.decode()]
    return None


def _event(calendar: int, component: int) -> dict[str, Any]:
    geo = _string(component, "GEO")
    return {
        "uid": _string(component, "UID"),
        "sequence": int(_string(component, "SEQUENCE")),
        "summary": "".join(_texts(component, "SUMMARY")),
        "description": "".join(_texts(component, "DESCRIPTION")),
        "location": "".join(_texts(component, "LOCATION")),
        "status": _string(component, "STATUS"),
        "transp": _string(component, "TRANSP"),
        "start": _instant(calendar, component, "DTSTART"),
        "end": _instant(calendar, component, "DTEND"),
        "last_modified": _instant(calendar, component, "LAST-MODIFIED"),
        "categories": _texts(component, "CATEGORIES"),
        "geo": [float(each) for each in geo.split(";")] if geo else None,
        "url": _string(component, "URL"),
        "map": _map(component),
    }


def _calendar(text: str) -> dict[str, Any]:
    calendar = lib.icalparser_parse_string(text.encode())
    if not calendar:
        raise ValueError("not a calendar")
    try:
        if lib.icalcomponent_isa(calendar) != lib.icalcomponent_string_to_kind(b"VCALENDAR"):
            raise ValueError("not one calendar")
        is_allowed = lib.icalrestriction_check(calendar)
        rendered = lib.icalcomponent_as_ical_string(calendar).decode()
        errors = [line for line in rendered.splitlines() if line.startswith("X-LIC-ERROR")]
        if errors or not is_allowed or lib.icalcomponent_count_errors(calendar):
            raise ValueError(f"libical complains: {errors}")
        kind = lib.icalcomponent_string_to_kind(b"VEVENT")
        events = []
        found = lib.icalcomponent_get_first_component(calendar, kind)
        while found:
            events.append(_event(calendar, found))
            found = lib.icalcomponent_get_next_component(calendar, kind)
        return {"name": "".join(_texts(calendar, "NAME")), "events": events}
    finally:
        lib.icalcomponent_free(calendar)


for _line in sys.stdin:
    try:
        _answer = _calendar(json.loads(_line))
    except Exception as error:
        _answer = {"error": repr(error)}
    print(json.dumps(_answer), flush=True)
