"""Calendars that travel by mail."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from congress.congresses.models import CongressKind
from congress.core.localised import Localised
from congress.feeds import itip
from congress.feeds.ical import Style, render_entry
from congress.feeds.itip import Method, Party
from congress.programme.entries import Entry
from congress.programme.releases import Change
from congress.web.feed_words import words
from tests.factories import NOW, make_entry, utc
from tests.programme.strategies import thoroughly

HOSTS = Party("Kraków i Katowice 2018", "congress@congress.example")
HARUKI = Party("Haruki Murase", "haruki@kanazawa.example")
OPENING = make_entry(sequence=3)
FESTIVAL = make_entry(uid="f", timing="all_day", starts_on=date(2018, 6, 7), ends_on=date(2018, 6, 10))


@pytest.fixture
def style(undone) -> Style:
    return Style(
        words=(words("en", CongressKind.CONGRESS),),
        timezone="Europe/Warsaw",
        page="https://congress.example/p/CODE",
        is_personal=True,
    )


def read(calendar: bytes) -> tuple[Calendar, list[Component]]:
    root = Calendar.from_ical(calendar)
    assert [each.errors for each in root.walk()] == [[] for _each in root.walk()]
    return root, root.walk("VEVENT")


def unfolded(calendar: bytes) -> list[str]:
    return calendar.decode().replace("\r\n ", "").split("\r\n")


def test_a_request_names_who_asks_and_who_is_asked(style):
    lines = unfolded(itip.request(OPENING, style, HOSTS, HARUKI))
    assert [each for each in lines if each.startswith(("ORGANIZER", "ATTENDEE"))] == [
        'ORGANIZER;CN="Kraków i Katowice 2018":mailto:congress@congress.example',
        'ATTENDEE;CN="Haruki Murase";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:'
        "mailto:haruki@kanazawa.example",
    ]


def test_a_request_is_the_entry_as_feeds_have_it(style):
    calendar = itip.request(OPENING, style, HOSTS, HARUKI)
    said = re.sub(rb"(ORGANIZER|ATTENDEE)(.|\r\n )*\r\n", b"", calendar)
    assert render_entry(OPENING, style) in said
    root, (event,) = read(calendar)
    assert (root["method"], event["sequence"], event["status"]) == ("REQUEST", 3, "CONFIRMED")
    assert (event.decoded("dtstamp"), event.decoded("last-modified")) == (OPENING.last_modified, OPENING.last_modified)


def test_a_cancellation_says_so_with_the_same_uid_and_asks_for_no_answer(style):
    root, (event,) = read(itip.cancel(OPENING, style, HOSTS, HARUKI))
    assert (root["method"], event["uid"], event["sequence"], event["status"]) == ("CANCEL", OPENING.uid, 3, "CANCELLED")
    assert (event["summary"], event["transp"]) == ("CANCELLED: Opening", "TRANSPARENT")
    assert dict(event["attendee"].params) == {"CN": "Haruki Murase", "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}
    assert event["organizer"] == "mailto:congress@congress.example"


def test_who_leaves_is_told_with_a_higher_sequence_and_a_later_stamp(style):
    entry = itip.for_the_last_time(OPENING, NOW)
    assert entry == replace(OPENING, status="cancelled", sequence=4, last_modified=NOW)


TO_BE_CONFIRMED = make_entry(timing="to_be_confirmed", starts_on=date(2018, 6, 12), status="tentative", sequence=4)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, OPENING, (Method.REQUEST, OPENING)),
        (OPENING, FESTIVAL, (Method.REQUEST, FESTIVAL)),
        (OPENING.cancelled(), OPENING, (Method.REQUEST, OPENING)),
        (TO_BE_CONFIRMED, OPENING, (Method.REQUEST, OPENING)),
        (OPENING, OPENING.cancelled(), (Method.CANCEL, OPENING.cancelled())),
        (OPENING, TO_BE_CONFIRMED, (Method.CANCEL, replace(OPENING, status="cancelled", sequence=4))),
        (OPENING, TO_BE_CONFIRMED.cancelled(), (Method.CANCEL, replace(OPENING, status="cancelled", sequence=4))),
        (None, TO_BE_CONFIRMED, None),
        (TO_BE_CONFIRMED, TO_BE_CONFIRMED.cancelled(), None),
        (TO_BE_CONFIRMED, OPENING.cancelled(), None),
        (OPENING.cancelled(), TO_BE_CONFIRMED, None),
    ],
)
def test_a_calendar_is_told_of_a_change_as_far_as_it_can_hold_it(before, after, told):
    assert itip.message_about(Change(("moved",), before, after)) == told


def test_who_leaves_gets_no_address_of_the_online_room(style):
    online = replace(OPENING, join_url="https://rooms.example/secret")
    calendars = [make(online, style, HOSTS, HARUKI) for make in (itip.request, itip.cancel)]
    assert ["rooms.example" in "".join(unfolded(each)) for each in calendars] == [True, False]


def test_what_is_published_has_many_entries_an_organiser_and_no_attendees(style):
    root, events = read(itip.publish([OPENING, FESTIVAL], style, HOSTS))
    assert (root["method"], [event["uid"] for event in events]) == ("PUBLISH", [OPENING.uid, "f"])
    assert [("organizer" in event, "attendee" in event) for event in events] == [(True, False)] * 2


@pytest.mark.parametrize("method", ["request", "cancel"])
def test_the_method_stands_first_and_the_calendar_says_nothing_of_itself(style, method):
    calendar = getattr(itip, method)(OPENING, style, HOSTS, HARUKI)
    assert calendar.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Congress//Congress 1//EN\r\nCALSCALE:GREGORIAN\r\n")
    names = {each.partition(":")[0] for each in calendar.decode().split("\r\nBEGIN:", maxsplit=1)[0].split("\r\n")}
    assert names == {"BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD"}


def test_nothing_comes_after_the_last_line(style):
    for calendar in (itip.publish([OPENING], style, HOSTS), itip.cancel(OPENING, style, HOSTS, HARUKI)):
        assert calendar.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
        assert b"\r\n\r\n" not in calendar


def test_times_have_their_zone_and_days_need_none(style):
    (opening,), (festival,) = (read(itip.request(each, style, HOSTS, HARUKI))[1] for each in (OPENING, FESTIVAL))
    assert (opening["dtstart"].params["TZID"], opening.decoded("dtstart")) == ("Europe/Warsaw", OPENING.starts_at)
    assert (festival.decoded("dtstart"), festival.decoded("dtend")) == (date(2018, 6, 7), date(2018, 6, 11))
    zones = [itip.request(each, style, HOSTS, HARUKI).count(b"BEGIN:VTIMEZONE") for each in (OPENING, FESTIVAL)]
    assert zones == [1, 0]


def test_where_a_zone_has_no_yearly_rules_times_are_in_utc(style):
    calendar = itip.request(OPENING, replace(style, timezone="Africa/Casablanca"), HOSTS, HARUKI)
    assert (b"VTIMEZONE" in calendar, b"DTSTART:20180612T070000Z\r\n" in calendar) == (False, True)


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("a.b+c@city.example", "mailto:a.b+c@city.example"),
        ("o'neil@city.example", "mailto:o'neil@city.example"),
        ("100%@city.example", "mailto:100%25@city.example"),
        ("zoë@city.example", "mailto:zo%C3%AB@city.example"),
    ],
)
def test_an_address_is_written_as_a_uri(address, uri):
    assert Party("", address).uri == uri


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.fixture(scope="session")
def english(databases):
    with databases.app("shared").app_context():
        return words("en", CongressKind.CONGRESS)


@thoroughly
@given(name=names, title=names)
def test_any_name_and_title_is_read_back(english, name, title):
    style = Style(words=(english,), timezone="Europe/Warsaw", page="https://congress.example/p/CODE", is_personal=True)
    entry: Entry = make_entry(titles=Localised(en=title), starts_at=utc(2018, 6, 12, 7))
    calendar = itip.request(entry, style, HOSTS, Party(name, HARUKI.address))
    _root, (event,) = read(calendar)
    assert event["attendee"] == "mailto:haruki@kanazawa.example"
    assert event["attendee"].params["RSVP"] == "TRUE"
    assert max(len(line) for line in calendar.split(b"\r\n")) <= 75
    assert not any(a == b"" and b == b"" for a, b in pairwise(calendar.split(b"\r\n")))
    calendar.decode()


KRAKOW = ZoneInfo("Europe/Warsaw")


def called(*entries: Entry, language: str = "en") -> list[str]:
    return itip.file_names(entries, KRAKOW, language)


def test_a_file_is_called_by_day_and_title_in_the_readers_language():
    entry = make_entry(titles=Localised(en="Sub-network meeting: Music", pl="Spotkanie grupy „Muzyka”, Łódź"))
    late = replace(entry, starts_at=utc(2018, 6, 12, 22, 30), ends_at=None)  # half past midnight in Kraków
    assert called(entry, late) == ["2018-06-12-sub-network-meeting-music.ics", "2018-06-13-sub-network-meeting-music.ics"]
    assert called(entry, language="pl") == ["2018-06-12-spotkanie-grupy-muzyka-lodz.ics"]


def test_a_file_without_letters_in_its_title_is_called_by_its_code():
    assert called(make_entry(titles=Localised(en="開会式"))) == ["2018-06-12-p022.ics"]


@thoroughly
@given(
    st.lists(
        st.sampled_from(["Lunch", "Łunch!", "x" * 90, "x" * 95, "a " * 60, "../../etc/passwd", "\r\nBcc: x", "Lunch 2", "…"])
    )
)
def test_files_of_one_mail_have_names_of_their_own_that_any_disk_takes(titles):
    names = called(*(make_entry(titles=Localised(en=title)) for title in titles))
    assert len(names) == len(titles) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"2018-06-12-[a-z0-9-]{0,48}[a-z0-9]\.ics", name)] == []
