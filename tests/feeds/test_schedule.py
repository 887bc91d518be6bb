"""The schedule in the c3voc's form: what is in it, and that it keeps the rules for whatever programme."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.localised import Localised
from congress.feeds import schedule
from congress.feeds.schedule import Conference, Words
from congress.programme.entries import Entry, Place
from tests.factories import make_entry, utc
from tests.feeds.schedules import all_events, as_in_xml, faults, read_xml
from tests.programme.strategies import entries, thoroughly

ENGLISH = Words(
    language="en",
    fields={"music": "Music", "literature": "Literature"},
    audiences={"everyone": "Open to the public", "delegates": "Delegates only"},
    open_end="The end is open.",
    nowhere="Place to be confirmed",
    website="Website",
    stream="Live stream",
)
POLISH = replace(ENGLISH, language="pl", fields={"music": "Muzyka", "literature": "Literatura"})
CONFERENCE = Conference(
    slug="krakowice2018",
    name="#Krakowice2018",
    description="XII Annual Meeting",
    starts_on=date(2018, 6, 12),
    ends_on=date(2018, 6, 15),
    timezone="Europe/Warsaw",
    site="https://congress.example",
    url="https://congress.example/krakowice2018/",
    page="https://congress.example/krakowice2018/programme/CODE",
)
programmes = st.lists(entries(), max_size=6, unique_by=lambda entry: entry.uid)
ZONES = ["Europe/Warsaw", "Asia/Kathmandu", "America/Sao_Paulo", "Antarctica/Casey", "Etc/UTC"]
NUMBERS = [{"uid": str(uuid.UUID(int=number)), "code": f"P{number:03}", "item": f"P{number:03}"} for number in range(1, 20)]


def made(*shown: Entry, conference: Conference = CONFERENCE, words: Words = ENGLISH) -> dict:
    return schedule.schedule(conference, 3, shown, words)


def the_event(entry: Entry) -> dict:
    return all_events(made(entry))[0]


@thoroughly
@given(programmes, st.sampled_from(ZONES), st.sampled_from([ENGLISH, POLISH]))
def test_every_programme_keeps_the_rules_of_the_schema(programme, zone, words):
    document = made(*programme, conference=replace(CONFERENCE, timezone=zone), words=words)

    assert faults(document) == []
    assert json.loads(schedule.to_json(document)) == document


@thoroughly
@given(programmes, st.sampled_from(ZONES))
def test_xml_says_what_json_says(programme, zone):
    document = made(*programme, conference=replace(CONFERENCE, timezone=zone))

    assert read_xml(schedule.to_xml(document)) == as_in_xml(json.loads(schedule.to_json(document)))


@thoroughly
@given(programmes)
def test_all_that_is_listed_and_timed_is_in_it_at_its_instant_and_nothing_else(programme):
    shown = {event["guid"]: datetime.fromisoformat(event["date"]) for event in all_events(made(*programme))}

    assert shown == {
        entry.uid: entry.starts_at
        for entry in programme
        if entry.starts_at and entry.is_listed and entry.status != "cancelled"
    }  # fmt: skip


def test_an_event_says_all_that_is_known():
    entry = make_entry(
        titles=Localised(en="Opening  ceremony", pl="Otwarcie"),
        descriptions=Localised(en="First line\r\nsecond line"),
        field="music",
        audience="delegates",
        languages=("en", "pl"),
        people=(("speaker", "Ada Nowak"), ("chair", "Jan Kowalski")),
        organiser="NOSPR",
        website="https://nospr.example/",
        stream_url="https://stream.example/1",
        ends_at=None,
        place=Place(
            city="katowice", city_names=Localised(en="Katowice"), venue="nospr", venue_names=Localised(en="NOSPR"),
            room="hall", room_names=Localised(en="Great Hall"), address="plac Wojciecha Kilara 1",
        ),
    )  # fmt: skip
    number = uuid.UUID(entry.uid).int % (2**31 - 1) + 1

    assert the_event(entry) == {
        "guid": entry.uid,
        "id": number,
        "code": "00000N",
        "date": "2018-06-12T09:00:00+02:00",
        "start": "09:00",
        "duration": "01:00",
        "room": "Great Hall, NOSPR, Katowice",
        "slug": f"krakowice2018-{number}-opening-ceremony",
        "url": "https://congress.example/krakowice2018/programme/P022",
        "title": "Opening ceremony",
        "subtitle": "",
        "track": "Music",
        "type": "plenary",
        "language": "en",
        "abstract": "First line\nsecond line",
        "description": "Delegates only\nThe end is open.\nNOSPR",
        "persons": [{"name": "Ada Nowak"}, {"name": "Jan Kowalski"}],
        "links": [
            {"url": "https://nospr.example/", "title": "Website"},
            {"url": "https://stream.example/1", "title": "Live stream"},
        ],
        "attachments": [],
    }


@pytest.mark.parametrize(
    "entry",
    [
        make_entry(is_listed=False),
        make_entry(status="cancelled"),
        make_entry(timing="all_day", starts_on=date(2018, 6, 7), ends_on=date(2018, 6, 10)),
        make_entry(timing="to_be_confirmed", status="tentative", starts_on=date(2018, 6, 12)),
        make_entry(timing="to_be_confirmed", status="tentative"),
    ],
    ids=["not listed", "cancelled", "days", "day to be confirmed", "nothing known"],
)
def test_what_cannot_stand_in_a_grid_or_is_not_for_everybody_is_left_out(entry):
    document = made(entry)

    assert (all_events(document), document["schedule"]["conference"]["rooms"], faults(document)) == ([], [], [])


def test_the_online_room_of_those_who_take_part_is_nowhere():
    document = made(make_entry(join_url="https://rooms.example/secret", website="javascript:alert(1)"))

    assert b"secret" not in schedule.to_json(document) + schedule.to_xml(document)
    assert all_events(document)[0]["links"] == []


@pytest.mark.parametrize(
    ("starts_at", "day"),
    [
        (utc(2018, 6, 12, 21, 59), "2018-06-12"),
        (utc(2018, 6, 12, 22, 30), "2018-06-12"),  # half past midnight
        (utc(2018, 6, 13, 1, 59), "2018-06-12"),
        (utc(2018, 6, 13, 2, 0), "2018-06-13"),  # four in the morning
        (utc(2018, 2, 27, 17, 0), "2018-02-27"),  # months before the congress
        (utc(2018, 10, 28, 2, 59), "2018-10-27"),  # in the night of 25 hours
        (utc(2018, 10, 28, 3, 0), "2018-10-28"),
    ],
)
def test_a_day_lasts_until_four_in_the_morning(starts_at, day):
    document = made(make_entry(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)))

    assert [each["date"] for each in document["schedule"]["conference"]["days"] if each["rooms"]] == [day]
    assert faults(document) == []


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(minutes=90), "01:30"),
        (timedelta(seconds=1), "00:01"),
        (timedelta(hours=24), "24:00"),
        (timedelta(days=30), "99:59"),
        (None, "01:00"),
    ],
)
def test_a_length_is_hours_and_minutes(length, written):
    start = utc(2018, 6, 12, 7)

    assert the_event(make_entry(ends_at=start + length if length else None))["duration"] == written


def test_a_session_across_a_clock_change_is_as_long_as_it_lasts():
    assert the_event(make_entry(starts_at=utc(2018, 10, 27, 23), ends_at=utc(2018, 10, 28, 3)))["duration"] == "04:00"


def test_the_conference_begins_and_ends_with_what_is_shown_and_its_own_days_are_all_there():
    conference = made(make_entry(starts_at=utc(2018, 2, 27, 17), ends_at=None))["schedule"]["conference"]

    assert (conference["start"], conference["end"], conference["daysCount"]) == ("2018-02-27", "2018-06-15", 5)
    assert [day["date"] for day in conference["days"]] == ["2018-02-27", "2018-06-12", "2018-06-13", "2018-06-14", "2018-06-15"]


def test_a_congress_without_a_release_has_a_schedule_of_empty_days():
    document = schedule.schedule(CONFERENCE, 0, [], ENGLISH)

    assert (document["schedule"]["version"], all_events(document), faults(document)) == ("0", [], [])
    assert read_xml(schedule.to_xml(document)) == as_in_xml(document)


def test_rooms_of_one_name_are_told_apart_and_keep_their_identity_in_every_language():
    def hall(slug: str, **more: str) -> Place:
        return Place(venue=slug, venue_names=Localised(en="Hall", pl="Sala"), city="krakow", city_names=Localised(more))

    first, second = (make_entry(**NUMBERS[n], place=hall(slug, en="Kraków")) for n, slug in enumerate(("a", "b")))
    rooms = made(first, second)["schedule"]["conference"]["rooms"]
    in_polish = made(first, second, words=POLISH)["schedule"]["conference"]["rooms"]

    assert [room["name"] for room in rooms] == ["Hall, Kraków (a/krakow)", "Hall, Kraków (b/krakow)"]
    assert [room["name"] for room in in_polish] == ["Sala, Kraków (a/krakow)", "Sala, Kraków (b/krakow)"]
    assert [room["guid"] for room in rooms] == [room["guid"] for room in in_polish]


def test_a_transfer_is_between_its_cities_and_what_has_no_place_says_so():
    cities = Place(city="a", city_names=Localised(en="Kraków"), other_city="b", other_city_names=Localised(en="Katowice"))

    assert the_event(make_entry(place=cities))["room"] == "Kraków – Katowice"
    assert the_event(make_entry())["room"] == "Place to be confirmed"


def test_an_id_stays_when_another_entry_comes_whose_own_would_be_the_same():
    same = 2**31 - 1  # uids this far apart have the same remainder
    first = make_entry(uid=str(uuid.UUID(int=5 + same)), created_at=utc(2018, 5, 2))
    later = make_entry(uid=str(uuid.UUID(int=5)), created_at=utc(2018, 5, 3))

    before = {event["guid"]: event["id"] for event in all_events(made(first))}
    after = {event["guid"]: event["id"] for event in all_events(made(later, first))}
    hidden = {event["guid"]: event["id"] for event in all_events(made(later, first.cancelled()))}

    assert (before, after, hidden) == ({first.uid: 6}, {first.uid: 6, later.uid: 7}, {later.uid: 7})


def test_signs_that_xml_cannot_hold_are_in_neither_form():
    bad = "a\x00b\x08c\x0bd\x1fe\ud800f\ufffeg\uffffh\U0001f3b5\x85"
    document = made(make_entry(titles=Localised(en=bad), descriptions=Localised(en=bad), people=(("speaker", bad),)))

    event = all_events(document)[0]
    assert (event["title"], event["abstract"]) == ("abcdefgh\U0001f3b5", "abcdefgh\U0001f3b5")
    assert read_xml(schedule.to_xml(document)) == as_in_xml(document)


@pytest.mark.parametrize(("slug", "acronym"), [("icc", "icc_"), ("lodz-2019", "lodz_2019"), ("krakowice2018", "krakowice2018")])
def test_the_acronym_has_four_signs_and_no_hyphen(slug, acronym):
    document = made(conference=replace(CONFERENCE, slug=slug))

    assert (document["schedule"]["conference"]["acronym"], faults(document)) == (acronym, [])


def test_a_thousand_entries_at_once_keep_the_rules():
    many = [
        make_entry(uid=str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))), code=f"P{n}", starts_at=utc(2018, 6, 12 + n % 4, n % 24), ends_at=None)
        for n in range(1000)
    ]  # fmt: skip
    document = made(*many)

    assert (faults(document), len(all_events(document))) == ([], 1000)
