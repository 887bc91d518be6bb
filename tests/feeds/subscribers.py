"""What calendar programs hold of a feed, by the rules by which they take it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Warsaw")

# What a calendar holds of an entry.


@dataclass(frozen=True)
class Held:
    """An event as a program keeps it; ``told`` is what its reader sees: start, end, title, place, status."""

    sequence: int
    modified: str
    told: tuple[str, str, str, str, str]

    @property
    def is_cancelled(self) -> bool:
        return self.told[-1] == "CANCELLED"


Calendar = dict[str, Held]


def pieces(body: bytes) -> dict[str, bytes]:
    """The bytes of each VEVENT by its UID."""
    found = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", body, re.DOTALL)
    by_uid = {values(each)["UID"]: each for each in found}
    assert len(by_uid) == len(found)
    return by_uid


def without_host(found: dict[str, bytes]) -> dict[str, bytes]:
    return {uid: re.sub(rb"congress-[ab]\.example", b"", piece.replace(b"\r\n ", b"")) for uid, piece in found.items()}


def values(piece: bytes) -> dict[str, str]:
    """Name with parameters and value of each line."""
    lines = piece.decode().replace("\r\n ", "").splitlines()
    return dict(re.fullmatch(r'((?:[^":]|"[^"]*")+):(.*)', line).groups() for line in lines)


def read(body: bytes) -> Calendar:
    """The events of a calendar by UID."""
    return {uid: _held(values(piece)) for uid, piece in pieces(body).items()}


def _held(said: dict[str, str]) -> Held:
    def text(name: str) -> str:
        return re.sub(r"\\(.)", lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], said.get(name, ""))

    told = (_moment(said, "DTSTART"), _moment(said, "DTEND"), text("SUMMARY"), text("LOCATION"), said["STATUS"])
    return Held(int(said["SEQUENCE"]), said["LAST-MODIFIED"], told)


def _moment(said: dict[str, str], name: str) -> str:
    key = next((key for key in said if key.partition(";")[0] == name), "")
    if not key:
        return ""
    if "VALUE=DATE" in key:
        return said[key]
    written = datetime.strptime(said[key].removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    assert said[key].endswith("Z") != key.endswith(";TZID=Europe/Warsaw")
    return instant(written.replace(tzinfo=UTC if said[key].endswith("Z") else ZONE))


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


# How programs take a feed that they have asked for again.


def replacing(_held: Calendar, feed: Calendar) -> Calendar:
    """Thunderbird, Nextcloud: everything anew."""
    return dict(feed)


def newer(held: Calendar, feed: Calendar) -> Calendar:
    """Google: a change counts if SEQUENCE or LAST-MODIFIED grew; what is cancelled or no longer there goes."""
    found = {}
    for uid, event in feed.items():
        old = held.get(uid)
        is_newer = old is None or event.sequence > old.sequence or event.modified > old.modified
        kept = event if is_newer else old
        if not event.is_cancelled or not is_newer:
            found[uid] = kept
    return found


def modified(held: Calendar, feed: Calendar) -> Calendar:
    """ICSx5: an event is written anew only if LAST-MODIFIED is newer; what is no longer there goes."""
    return {uid: event if uid not in held or event.modified > held[uid].modified else held[uid] for uid, event in feed.items()}


def importing(held: Calendar, feed: Calendar) -> Calendar:
    """A program that imports: adds, changes if SEQUENCE grew, takes STATUS:CANCELLED, and never removes."""
    return held | {uid: event for uid, event in feed.items() if uid not in held or event.sequence > held[uid].sequence}


PROGRAMS: dict[str, Callable[[Calendar, Calendar], Calendar]] = {
    "replacing": replacing, "newer": newer, "modified": modified, "importing": importing,
}  # fmt: skip


@dataclass
class Subscriber:
    """One feed as it was last served, and what each program holds of it."""

    feed: str
    path: str
    body: bytes = b""
    tag: str = ""
    since: str = ""
    held: dict[str, Calendar] = field(default_factory=lambda: {name: {} for name in PROGRAMS})
    by_date: Calendar = field(default_factory=dict)  # of a program that asks with If-Modified-Since alone, as Apple's
    ever: dict[str, tuple[str, ...]] = field(default_factory=dict)  # each uid that was ever shown, as it was last
