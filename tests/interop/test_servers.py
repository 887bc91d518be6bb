"""A CalDAV server and a calendar program take the whole feed, and give every event back."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import icalendar
import pytest

from tests.interop.conftest import Served
from tests.interop.facts import Said, as_read_by, calendar, differences
from tests.interop.readers import event_by_icalendar

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
FEEDS = ["programme?lang=pl&tbc=1", "plenary?alarm=0&lang=pl,en", "events?tbc=1", "own", "delegation", "draft?lang=pl&tbc=1"]
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
            found += _events((data.text or "").encode())
        return found


def _events(text: bytes) -> list[Said]:
    root = icalendar.Calendar.from_ical(text)
    zones = {zone.tz_name: zone.to_tz(lookup_tzid=False) for zone in root.timezones}
    return [event_by_icalendar(event, zones) for event in root.walk("VEVENT")]


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("radicale")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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


@pytest.mark.parametrize("feed", FEEDS)
def test_radicale_gives_back_every_event(feed: str, radicale: Server, served: dict[str, Served]) -> None:
    path = f"calendar-{FEEDS.index(feed)}/"
    status, _ = radicale.ask("PUT", path, served[feed].body, **{"Content-Type": "text/calendar"})
    said = calendar(served[feed].told["name"], radicale.events(path))
    assert (status, differences(said, as_read_by("vobject", served[feed].told))) == (201, [])


def test_radicale_finds_a_morning_by_the_zone(radicale: Server, served: dict[str, Served]) -> None:
    radicale.ask("PUT", "morning/", served["programme"].body, **{"Content-Type": "text/calendar"})
    found = {event["uid"] for event in radicale.events("morning/", "20180612T060000Z", "20180612T073000Z")}
    start, end = "2018-06-12T06:00:00Z", "2018-06-12T07:30:00Z"
    assert found == {
        uid
        for uid, event in served["programme"].told["events"].items()
        if ("T" in event["start"] and event["start"] < end and (event["end"] > start or event["start"] >= start))
        or ("T" not in event["start"] and event["start"] <= "2018-06-12" < event["end"])
    }


@pytest.fixture
def khal(tmp_path: Path) -> list[str]:
    """The command of khal with one empty calendar, for a reader who lives in Tokyo."""
    (tmp_path / "vdir").mkdir()
    (tmp_path / "config").write_text(
        f"""[calendars]
[[congress]]
path = {tmp_path / "vdir"}
type = calendar
[sqlite]
path = {tmp_path / "khal.db"}
[locale]
local_timezone = Asia/Tokyo
default_timezone = Asia/Tokyo
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""
    )
    return [str(Path(sys.executable).parent / "khal"), "-c", str(tmp_path / "config")]


def _run(command: list[str], home: Path) -> str:
    done = subprocess.run(command, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(home)}, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def _hour_later(instant: str) -> str:
    return (datetime.fromisoformat(instant) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _in_tokyo(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo("Asia/Tokyo")).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize("feed", ["programme?tbc=1", "own?lang=pl"])
def test_khal_imports_every_event(feed: str, khal: list[str], tmp_path: Path, served: dict[str, Served]) -> None:
    """khal gives an event without an end one hour; what it lists is in the time of the reader's zone."""
    told = {
        uid: {**event, "end": event["end"] or _hour_later(event["start"])} for uid, event in served[feed].told["events"].items()
    }
    (tmp_path / "feed.ics").write_bytes(served[feed].body)
    _run([*khal, "import", "--batch", "-a", "congress", str(tmp_path / "feed.ics")], tmp_path)
    kept = [event for path in (tmp_path / "vdir").iterdir() for event in _events(path.read_bytes())]
    assert differences(calendar("", kept), calendar("", told.values())) == []

    fields = [part for name in ("uid", "title", "start-long-full") for part in ("--json", name)]
    lines = _run([*khal, "list", "--once", *fields, "2018-01-01", "365d"], tmp_path).splitlines()
    listed = [event for line in lines for event in json.loads(line)]
    assert sorted((event["uid"], event["title"], event["start-long-full"]) for event in listed) == sorted(
        (uid, event["summary"], _in_tokyo(event["start"]) if "T" in event["start"] else f"{event['start']} 00:00")
        for uid, event in told.items()
    )
