"""Calendars of invented entries, rendered with congress.feeds directly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from congress.core.localised import Localised
from congress.feeds import ical
from congress.networks.vocabulary import FIELD_LABELS
from congress.programme.entries import Entry
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS
from tests.interop import facts

WORDS = ical.Words(
    language="en",
    cancelled="CANCELLED",
    to_be_confirmed="The time is to be confirmed.",
    open_end="The end is open.",
    with_people="With",
    kinds={kind.value: kind.value.title() for kind in KIND_LABELS},
    fields={field.value: field.value.title() for field in FIELD_LABELS},
    audiences={audience.value: audience.value.title() for audience in AUDIENCE_LABELS},
)
_STAMP = datetime(2017, 1, 1, 12, 0, tzinfo=UTC)


def make_entry(number: int, **values: Any) -> Entry:
    """An entry that says little, with the values given."""
    usual: dict[str, Any] = {
        "uid": f"00000000-0000-4000-8000-{number:012d}",
        "code": f"P{number:03d}",
        "item": f"P{number:03d}",
        "type": "session",
        "kind": "plenary",
        "titles": Localised(en=f"Session {number}"),
        "audience": "delegates",
        "timing": "timed",
        "created_at": _STAMP,
        "last_modified": _STAMP,
    }
    return Entry(**{**usual, **values})


def render(entries: Sequence[Entry], *, timezone: str, name: str = "Invented", is_personal: bool = False) -> bytes:
    """The calendar of the entries, put together as congress.web.calendars does."""
    head = ical.Head(key="invented", name=name, description=name, timezone=timezone, url="https://congress.example/")
    zone = ical.zone_for(timezone, entries)
    pieces = [ical.render_entry(entry, words=WORDS, zone=zone, url=_page(entry), is_personal=is_personal) for entry in entries]
    return ical.assemble(head, entries, pieces)


def told(entries: Sequence[Entry], *, name: str = "Invented", is_personal: bool = False) -> facts.Said:
    """What a reader must say of that calendar."""
    return facts.calendar(name, [facts.told(entry, WORDS, _page(entry), is_personal=is_personal) for entry in entries])


def _page(entry: Entry) -> str:
    return f"https://congress.example/programme/{entry.item}"
