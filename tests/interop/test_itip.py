"""Calendars of our mails, read by programs that we did not write: each is one event, with everything in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from congress.congresses.models import CongressKind
from congress.core.localised import Localised
from congress.feeds import itip
from congress.feeds.ical import Style
from congress.feeds.itip import Party
from congress.programme.entries import Place
from congress.web.feed_words import words
from tests.factories import make_entry, utc
from tests.interop.readers import OUTSIDE, Read

HOSTS = Party("Kraków; Katowice, „2018”", "congress@congress.example")
HARUKI = Party('Haruki "Haru" O\'Neil, MA', "haruki@kanazawa.example")
PLACE = Place(
    venue_names=Localised(en="ICE; Congress, Centre"), address="Konopnickiej 17, 30-302 Kraków", latitude=50.04, longitude=19.93
)
OPENING = make_entry(sequence=3, titles=Localised(en="Opening; with, all \\n kinds 🎶"), place=PLACE)
FESTIVAL = make_entry(uid="f", sequence=1, timing="all_day", starts_on=date(2018, 6, 7), ends_on=date(2018, 6, 10))
IN_AUTUMN = make_entry(uid="a", starts_at=utc(2018, 10, 28, 0, 30), ends_at=utc(2018, 10, 28, 1, 30))


@pytest.fixture
def style(app: Flask) -> Style:
    with app.app_context():
        return Style(
            words=(words("en", CongressKind.CONGRESS),),
            timezone="Europe/Warsaw",
            page="https://congress.example/p/CODE",
            is_personal=True,
        )


def said(event: dict[str, object]) -> tuple[object, ...]:
    return tuple(event[name] for name in ("uid", "sequence", "status", "summary", "start", "end"))


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("reader", OUTSIDE)
@pytest.mark.parametrize(
    ("entry", "start", "end"),
    [
        (OPENING, "2018-06-12T07:00:00Z", "2018-06-12T08:00:00Z"),
        (FESTIVAL, "2018-06-07", "2018-06-11"),
        (IN_AUTUMN, "2018-10-28T00:30:00Z", "2018-10-28T01:30:00Z"),
    ],
)
def test_what_is_asked_and_cancelled_is_read(reader_called: Callable[[str], Read], reader, style, entry, start, end):
    title = entry.titles["en"]
    read = [reader_called(reader)(make(entry, style, HOSTS, HARUKI)) for make in (itip.request, itip.cancel)]
    assert [[said(event) for event in each["events"].values()] for each in read] == [
        [(entry.uid, entry.sequence, "CONFIRMED", title, start, end)],
        [(entry.uid, entry.sequence, "CANCELLED", f"CANCELLED: {title}", start, end)],
    ]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize("reader", OUTSIDE)
def test_what_is_published_is_read(reader_called: Callable[[str], Read], reader, style):
    entries = [OPENING, replace(FESTIVAL, titles=Localised(en="Festival")), IN_AUTUMN]
    read = reader_called(reader)(itip.publish(entries, style, HOSTS))
    assert {uid: event["summary"] for uid, event in read["events"].items()} == {each.uid: each.titles["en"] for each in entries}
