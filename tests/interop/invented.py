"""Calendars of invented entries, rendered with congress.feeds directly."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from congress.core.localised import Localised
from congress.feeds import ical
from congress.networks.vocabulary import FIELD_LABELS
from congress.programme.entries import Entry
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS, TICKETING_LABELS
from tests.interop import facts

WORDS = ical.Words(
    language="en",
    cancelled="CANCELLED",
    draft="DRAFT",
    provisional="Provisional: some details are not confirmed.",
    to_be_confirmed="The time is to be confirmed.",
    open_end="The end is open.",
    with_people="With",
    chair="Chair",
    spoken="Languages",
    interpretation="interpretation",
    admission="Admission",
    places="Places",
    organiser="Organiser",
    website="Website",
    stream="Live stream",
    room="Online room",
    directions="Getting there",
    map="Map",
    kinds={kind.value: kind.value.title() for kind in KIND_LABELS},
    fields={field.value: field.value.title() for field in FIELD_LABELS},
    audiences={audience.value: audience.value.title() for audience in AUDIENCE_LABELS},
    ticketing={ticketing.value: ticketing.value for ticketing in TICKETING_LABELS},
    languages={"en": "English", "pl": "Polish", "fr": "French"},
)
POLISH = dataclasses.replace(
    WORDS,
    language="pl",
    cancelled="ODWOŁANE",
    draft="WERSJA ROBOCZA",
    provisional="Wstępnie: nie wszystko jest potwierdzone.",
    to_be_confirmed="Godzina zostanie potwierdzona.",
    open_end="Godzina zakończenia nie jest ustalona.",
    with_people="Osoby",
    chair="Prowadzenie",
    spoken="Języki",
    interpretation="tłumaczenie",
    admission="Bilety",
    places="Liczba miejsc",
    organiser="Organizator",
    website="Strona internetowa",
    stream="Transmisja na żywo",
    room="Sala online",
    directions="Dojazd",
    map="Mapa",
    kinds={kind.value: f"pl {kind.value}" for kind in KIND_LABELS},
    languages={"en": "angielski", "pl": "polski", "fr": "francuski"},
)
_PAGE = "https://congress.example/programme/"
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
    style = ical.Style(
        words=(WORDS,),
        timezone=timezone if ical.zone_for(timezone, entries) else "",
        page=_PAGE + "CODE",
        is_personal=is_personal,
    )
    pieces = [ical.render_entry(entry, style) for entry in entries]
    return ical.assemble(head, entries, pieces)


def told(entries: Sequence[Entry], *, name: str = "Invented", is_personal: bool = False) -> facts.Said:
    """What a reader must say of that calendar."""
    return facts.calendar(name, [facts.told(entry, WORDS, _page(entry), is_personal=is_personal) for entry in entries])


def _page(entry: Entry) -> str:
    return _PAGE + entry.item
