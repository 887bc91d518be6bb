"""A CalDAV server and a calendar program take the whole feed, and give every event back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.interop.caldav import Server, as_given_back, events_of
from tests.interop.conftest import Served
from tests.interop.facts import calendar, differences

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
FEEDS = ["programme?lang=pl&tbc=1", "plenary?alarm=0&lang=pl,en", "events?tbc=1", "own", "delegation", "draft?lang=pl&tbc=1"]


@pytest.mark.parametrize("feed", FEEDS)
def test_radicale_gives_back_every_event(feed: str, radicale: Server, served: dict[str, Served]) -> None:
    path = f"calendar-{FEEDS.index(feed)}/"
    status, _ = radicale.ask("PUT", path, served[feed].body, **{"Content-Type": "text/calendar"})
    said = calendar(served[feed].told["name"], radicale.events(path))
    assert (status, differences(said, as_given_back(served[feed].told))) == (201, [])


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
    kept = [event for path in (tmp_path / "vdir").iterdir() for event in events_of(path.read_bytes())]
    assert differences(calendar("", kept), calendar("", told.values())) == []

    fields = [part for name in ("uid", "title", "start-long-full") for part in ("--json", name)]
    lines = _run([*khal, "list", "--once", *fields, "2018-01-01", "365d"], tmp_path).splitlines()
    listed = [event for line in lines for event in json.loads(line)]
    assert sorted((event["uid"], event["title"], event["start-long-full"]) for event in listed) == sorted(
        (uid, event["summary"], _in_tokyo(event["start"]) if "T" in event["start"] else f"{event['start']} 00:00")
        for uid, event in told.items()
    )
