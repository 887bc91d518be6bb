"""What every reader must say of an entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from congress.feeds import ical
from congress.programme.entries import Entry

Said = dict[str, Any]


def told(entry: Entry, words: ical.Words, url: str, *, is_personal: bool) -> Said:
    """The released entry as readers.py writes what a reader says."""
    place, location = entry.place, ical.location(entry, words.language)
    has_point = place.latitude is not None and place.longitude is not None
    if entry.starts_at is not None:
        start, end = _instant(entry.starts_at), _instant(entry.ends_at) if entry.ends_at else ""
    else:
        assert entry.starts_on is not None
        start, end = entry.starts_on.isoformat(), ((entry.ends_on or entry.starts_on) + timedelta(days=1)).isoformat()
    assert entry.last_modified is not None
    title, _, address = location.replace('"', "'").partition(", ")
    takes_time = is_personal and entry.is_timed and entry.status != "cancelled"
    return {
        "uid": entry.uid,
        "sequence": entry.sequence,
        "summary": ical.summary(entry, words),
        "description": ical.description(entry, words, url),
        "location": location,
        "status": entry.status.upper(),
        "transp": "OPAQUE" if takes_time else "TRANSPARENT",
        "start": start,
        "end": end,
        "last_modified": _instant(entry.last_modified),
        "categories": [words.kinds[entry.kind], *([words.fields[entry.field]] if entry.field else [])],
        "geo": [place.latitude, place.longitude] if has_point else None,
        "url": url,
        "map": [f"geo:{place.latitude},{place.longitude}", title, address or title] if has_point else None,
    }


def calendar(name: str, events: Iterable[Said]) -> Said:
    return {"name": name, "events": {event["uid"]: event for event in events}}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
