"""What every reader must say of an entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from congress.feeds import ical
from congress.programme.entries import Entry

Said = dict[str, Any]


def told(
    entry: Entry, words: ical.Words | Sequence[ical.Words], url: str, *, is_personal: bool, is_free: bool | None = None
) -> Said:
    """The released entry as readers.py writes what a reader says; in several languages, one Words for each."""
    spoken = (words,) if isinstance(words, ical.Words) else tuple(words)
    first, place = spoken[0], entry.place
    location = ical.location(entry, first.language)
    has_point = place.latitude is not None and place.longitude is not None
    if entry.starts_at is not None:
        start, end = _instant(entry.starts_at), _instant(entry.ends_at) if entry.ends_at else ""
    else:
        assert entry.starts_on is not None
        start, end = entry.starts_on.isoformat(), ((entry.ends_on or entry.starts_on) + timedelta(days=1)).isoformat()
    assert entry.last_modified is not None
    title, _, address = location.replace('"', "'").replace("\\", "/").partition(", ")
    takes_time = (is_personal if is_free is None else not is_free) and entry.is_timed and entry.status != "cancelled"
    return {
        "uid": entry.uid,
        "sequence": entry.sequence,
        "summary": ical.summary(entry, *spoken),
        "description": ical.description(entry, spoken, url, is_personal=is_personal),
        # What is only online is where its link leads.
        "location": location or (is_personal and entry.join_url) or entry.stream_url,
        "status": entry.status.upper(),
        "transp": "OPAQUE" if takes_time else "TRANSPARENT",
        "start": start,
        "end": end,
        "last_modified": _instant(entry.last_modified),
        "categories": [first.kinds[entry.kind], *([first.fields[entry.field]] if entry.field else [])],
        "geo": [place.latitude, place.longitude] if has_point else None,
        "url": url,
        "map": [f"geo:{place.latitude},{place.longitude}", title, address or title] if has_point and location else None,
    }


def calendar(name: str, events: Iterable[Said]) -> Said:
    return {"name": name, "events": {event["uid"]: event for event in events}}


def as_read_by(reader: str, said: Said) -> Said:
    """What is lost on a reader, each time only of Apple's map, which it shows to nobody.

    vobject, and so Radicale, takes every X- value for a list of texts and keeps what stands before the first comma.
    vobject and sabre 2 do not know that a circumflex comes doubled in parameters (RFC 6868).
    """
    if reader not in {"vobject", "sabre"}:
        return said

    def spoilt(point: str, *parameters: str) -> list[str]:
        kept = point.partition(",")[0] if reader == "vobject" else point
        return [kept, *(each.replace("^", "^^") for each in parameters)]

    events = said["events"].values()
    return calendar(said["name"], ({**event, "map": event["map"] and spoilt(*event["map"])} for event in events))


def differences(said: Said, expected: Said) -> list[tuple[str, str, Any, Any]]:
    """UID, name, what was said and what was expected, of each value that differs; empty when both are equal."""
    found = [("", "name", said["name"], expected["name"])] if said["name"] != expected["name"] else []
    for uid in {**expected["events"], **said["events"]}:
        one, other = said["events"].get(uid, {}), expected["events"].get(uid, {})
        found += [(uid, key, one.get(key), other.get(key)) for key in {**other, **one} if one.get(key) != other.get(key)]
    return found


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
