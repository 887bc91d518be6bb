"""Readers that compute with the VTIMEZONE find the instants that zoneinfo knows, around each clock change and in every month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.demo import SLUG
from congress.programme import queries as programme
from congress.programme import services
from congress.programme.entries import Entry
from tests.factories import NOW, the_congress
from tests.interop import invented
from tests.interop.facts import differences
from tests.interop.readers import READERS, Misread, Read

_AROUND = [
    timedelta(minutes=minutes) for minutes in (-1440, -121, -120, -61, -60, -31, -30, -1, 0, 1, 29, 30, 59, 60, 61, 120, 1440)
]
ZONES = [
    ("Europe/Warsaw", 2018, 2018),
    ("Europe/Warsaw", 2026, 2031),
    ("Europe/Dublin", 2026, 2027),  # summer is its standard time
    ("America/New_York", 2026, 2028),
    ("America/Sao_Paulo", 2018, 2018),  # the last summer time there, by a law of its own
    ("America/Sao_Paulo", 2018, 2019),  # no two rules hold both years: times in UTC
    ("America/Sao_Paulo", 2026, 2027),
    ("America/Santiago", 2026, 2027),
    ("America/Bogota", 2026, 2026),  # its first instant lies in the year before
    ("Asia/Tehran", 2018, 2018),
    ("Asia/Jerusalem", 2026, 2027),
    ("America/Nuuk", 2026, 2027),
    ("Asia/Kathmandu", 2018, 2027),
    ("Asia/Tokyo", 2026, 2026),
    ("Australia/Lord_Howe", 2026, 2027),  # half an hour
    ("Africa/Casablanca", 2026, 2027),  # by the moon
    ("Pacific/Chatham", 2026, 2027),
    ("America/St_Johns", 2026, 2027),
    ("UTC", 2026, 2026),
]


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The clock changes of a year, to the minute, found without congress.feeds."""
    found, hour = [], datetime(year, 1, 1, tzinfo=UTC)
    while hour.year == year:
        later = hour + timedelta(hours=1)
        if hour.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            found += [
                hour + timedelta(minutes=n)
                for n in range(1, 61)
                if (hour + timedelta(minutes=n - 1)).astimezone(zone).utcoffset()
                != (hour + timedelta(minutes=n)).astimezone(zone).utcoffset()
            ]
        hour = later
    return found


def entries(timezone: str, first: int, last: int) -> list[Entry]:
    """Entries of half an hour at the edges of each clock change, and at noon on the first of each month."""
    zone = ZoneInfo(timezone)
    starts = [change + around for year in range(first, last + 1) for change in changes(zone, year) for around in _AROUND]
    starts += [datetime(year, month, 1, 12, tzinfo=UTC) for year in range(first, last + 1) for month in range(1, 13)]
    return [
        invented.make_entry(number, starts_at=start, ends_at=start + timedelta(minutes=30)) for number, start in enumerate(starts)
    ]


@pytest.mark.parametrize(("timezone", "first", "last"), ZONES)
@pytest.mark.parametrize("reader", READERS)
def test_instants_are_those_of_zoneinfo(
    reader_called: Callable[[str], Read], reader: str, timezone: str, first: int, last: int
) -> None:
    made = entries(timezone, first, last)
    assert differences(reader_called(reader)(invented.render(made, timezone=timezone)), invented.told(made)) == []


@pytest.mark.parametrize(
    ("timezone", "year", "written"),
    [
        ("Europe/Warsaw", 2018, b"DTSTART;TZID=Europe/Warsaw:20180701T140000"),
        ("Asia/Kathmandu", 2018, b"DTSTART;TZID=Asia/Kathmandu:20180701T174500"),
        ("America/Sao_Paulo", 2018, b"DTSTART;TZID=America/Sao_Paulo:20180701T090000"),
        ("Africa/Casablanca", 2018, b"DTSTART:20180701T120000Z"),
    ],
)
def test_zone_is_named_where_it_can_be_told(timezone: str, year: int, written: bytes) -> None:
    made = [invented.make_entry(1, starts_at=datetime(year, 7, 1, 12, tzinfo=UTC))]
    body = invented.render(made, timezone=timezone)
    assert (body.count(written + b"\r\n"), body.count(b"BEGIN:VTIMEZONE")) == (1, 0 if b"TZID" not in written else 1)


@pytest.mark.parametrize("reader", ["icaljs", "libical", "vobject", "icalendar"])
def test_a_wrong_rule_is_noticed(reader_called: Callable[[str], Read], reader: str) -> None:
    """These compute with the VTIMEZONE and not with what they know of the zone's name, else the tests above say little."""
    made = [invented.make_entry(1, starts_at=datetime(2018, 7, 1, 12, tzinfo=UTC), ends_at=datetime(2018, 7, 1, 13, tzinfo=UTC))]
    body = invented.render(made, timezone="Europe/Warsaw").replace(b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0300")
    try:
        found = [said[2:] for said in differences(reader_called(reader)(body), invented.told(made))]
    except Misread as reason:  # icalendar also goes by the name
        found = [
            ("2018-07-01T11:00:00Z" if "2018-07-01T11:00:00Z by the VTIMEZONE" in str(reason) else "", "2018-07-01T12:00:00Z")
        ]
    assert found[0] == ("2018-07-01T11:00:00Z", "2018-07-01T12:00:00Z")


# A congress as it is served, over HTTP.

SERVED = [
    ("Europe/Warsaw", datetime(2018, 10, 28, 1, tzinfo=UTC)),  # clocks go back
    ("Asia/Kathmandu", datetime(2018, 6, 12, 1, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # clocks go forward
    ("America/Santiago", datetime(2018, 8, 12, 4, tzinfo=UTC)),
    ("Asia/Tehran", datetime(2018, 9, 21, 19, 30, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2018, 5, 13, 2, tzinfo=UTC)),  # in UTC
]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize(("timezone", "change"), SERVED)
def test_a_congress_in_a_zone_is_read_at_its_instants(
    reader_called: Callable[[str], Read], context: Flask, timezone: str, change: datetime
) -> None:
    """Sessions of half an hour every quarter of an hour, from three hours before the change to three hours after it."""
    begin_writing()
    congress, starts = the_congress(), [change + timedelta(minutes=15 * n) for n in range(-12, 13)]
    congress.timezone = timezone
    for placement, start in zip(programme.placements(congress), starts, strict=False):
        placement.is_cancelled = False
        services.place_session(placement, starts_at=start, ends_at=start + timedelta(minutes=30))
    services.release_programme(congress, note=Localised(), by="x", now=NOW)
    wanted = {
        entry.uid: (_written(entry.starts_at), _written(entry.ends_at))
        for entry in programme.released(congress).entries
        if entry.ends_at
    }
    db.session.commit()
    body = context.test_client().get(f"/{SLUG}/calendar/{SLUG}-programme.ics").data
    assert sorted(start for start, _end in wanted.values() if start in set(map(_written, starts))) == list(map(_written, starts))
    for reader in READERS:
        events = reader_called(reader)(body)["events"]
        assert {uid: (events[uid]["start"], events[uid]["end"]) for uid in wanted} == wanted, reader


def _written(instant: datetime | None) -> str:
    assert instant is not None
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
