"""A CalDAV server (Radicale) on the loopback, asked over HTTP as calendar programs ask it."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import icalendar

from tests.interop.facts import Said, calendar
from tests.interop.readers import event_by_icalendar
from tests.listening import free_port

_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{within}</c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""


class Server:
    """A CalDAV server on the loopback, asked as a calendar program asks it."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/reader/"

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        sign_in = {"Authorization": "Basic " + b64encode(b"reader:reader").decode()}
        asked = urllib.request.Request(self._base + path, body or None, {**headers, **sign_in}, method=method)  # noqa: S310
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310
            return answer.status, answer.read()

    def events(self, path: str, start: str = "", end: str = "") -> list[Said]:
        """The events of a calendar, or those that touch a span of time, as the server gives them to programs."""
        within = f'<c:time-range start="{start}" end="{end}"/>' if start else ""
        query = _QUERY.format(within=within).encode()
        status, answer = self.ask("REPORT", path, query, Depth="1", **{"Content-Type": "application/xml"})
        assert status == 207
        found = []
        for data in ElementTree.fromstring(answer).iter("{urn:ietf:params:xml:ns:caldav}calendar-data"):  # noqa: S314
            found += events_of((data.text or "").encode())
        return found


def events_of(text: bytes) -> list[Said]:
    root = icalendar.Calendar.from_ical(text)
    zones = {zone.tz_name: zone.to_tz(lookup_tzid=False) for zone in root.timezones}
    return [event_by_icalendar(event, zones) for event in root.walk("VEVENT")]


def as_given_back(said: Said) -> Said:
    """What is lost on the way through the server: of Apple's map what stands after the comma, see facts.as_read_by, and, since it
    quotes only what it must, in a name without , ; : a space at the end or beside =."""

    def spoilt(point: str, *parameters: str) -> list[str]:
        return [point.partition(",")[0], *(each if re.search("[,;:]", each) else unquoted(each) for each in parameters)]

    def unquoted(name: str) -> str:
        return "=".join(part.strip() for part in name.split("="))

    events = said["events"].values()
    return calendar(said["name"], ({**event, "map": event["map"] and spoilt(*event["map"])} for event in events))


@contextlib.contextmanager
def radicale(folder: Path) -> Iterator[Server]:
    """A server that keeps its calendars in ``folder``."""
    port = free_port()
    settings = ["--hosts", f"127.0.0.1:{port}", "--auth-type", "none", "--storage-filesystem-folder", str(folder)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "radicale", "-C", "", *settings], stdout=log, stderr=log)
        try:
            server = Server(port)
            for _ in range(100):
                try:
                    server.ask("PROPFIND", "")
                    break
                except (urllib.error.URLError, ConnectionError):
                    assert process.poll() is None, (folder / "log").read_text()
                    time.sleep(0.1)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=10)
