"""Schedules and calendars of others as tables, and files that are none."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from flask import Flask

from congress.core.sheets import BadSheet, Sheet
from congress.programme.exchange import calendars, columns, reading, schedules
from tests.factories import the_congress

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")  # no statement of these is our own


def read(content: bytes | str) -> Sheet:
    return reading.read(io.BytesIO(content.encode() if isinstance(content, str) else content), the_congress())


def refusal(content: bytes | str) -> str:
    with pytest.raises(BadSheet) as raised:
        read(content)
    return str(raised.value)


def rows(sheet: Sheet) -> list[dict[str, str]]:
    """The rows by column, without what is empty."""
    return [{name: cell for name, cell in zip(sheet.header, row, strict=True) if cell} for row in sheet.rows]


def calendar(*events: str, product: str = "-//Other//EN") -> str:
    inside = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:{product}\n{inside}END:VCALENDAR\n".replace("\n", "\r\n")


TALK = {
    "guid": "3a6f0c1e-7d3b-5b53-8a51-1f2a4f6b9c01", "date": "2018-06-13T10:00:00+02:00", "start": "10:00", "duration": "1:30",
    "room": "Great hall", "title": "A talk", "subtitle": "and more", "track": "Music", "type": "workshop", "language": "en",
    "abstract": "About", "description": "", "persons": [{"public_name": "Ewa; Nowak: [jr]"}, {"name": "Jan"}],
}  # fmt: skip
TOLD = {
    "uid": TALK["guid"], "title": "A talk – and more", "description": "About", "starts": "2018-06-13T10:00:00+02:00",
    "ends": "2018-06-13T11:30:00+02:00", "place": "Great hall", "kind": "workshop", "field": "Music", "languages": "en",
    "people": r"Ewa\; Nowak\: \[jr\]; Jan",
}  # fmt: skip


def schedule(*events: dict[str, object]) -> str:
    return json.dumps({"schedule": {"conference": {"days": [{"rooms": {"Great hall": list(events)}}]}}})


XML = """<?xml version="1.0" encoding="utf-8"?><schedule><day><room name="Great hall"><event guid="3a6f0c1e-7d3b-5b53-8a51-1f2a4f6b9c01">
<date>2018-06-13T10:00:00+02:00</date><start>10:00</start><duration>01:30</duration><title>A talk</title><subtitle>and more</subtitle>
<track>Music</track><type>workshop</type><language>en</language><abstract>About</abstract>
<persons><person>Ewa; Nowak: [jr]</person><person>Jan</person></persons></event></room></day></schedule>"""


def test_a_schedule_says_the_same_in_json_and_in_xml(undone: Flask):
    assert rows(read(schedule(TALK))) == rows(read(XML)) == [TOLD]


def test_times_of_a_calendar_are_those_of_its_zones(undone: Flask):
    sheet = read(
        calendar(
            "UID:a\nSUMMARY:In Tokyo’s time\nDTSTART;TZID=Asia/Tokyo:20180613T170000\nDTEND;TZID=Asia/Tokyo:20180613T180000",
            "UID:b\nSUMMARY:Floating\nDTSTART:20180613T100000\nDURATION:PT90M",
            "UID:c\nSUMMARY:Open\nDTSTART:20180613T080000Z",
            "UID:d\nSUMMARY:Days\nDTSTART;VALUE=DATE:20180613\nDTEND;VALUE=DATE:20180616",
            "UID:e\nSUMMARY:A day\nDTSTART;VALUE=DATE:20180613\nSTATUS:CANCELLED",
            "UID:f\nSUMMARY:Some time",
        )
    )
    assert [(row["starts"], row.get("ends"), row["timing"], row["is_cancelled"]) if "starts" in row else row["timing"] for row in rows(sheet)] == [
        ("2018-06-13T08:00:00+00:00", "2018-06-13T09:00:00+00:00", "timed", "no"),
        ("2018-06-13T08:00:00+00:00", "2018-06-13T09:30:00+00:00", "timed", "no"),
        ("2018-06-13T08:00:00+00:00", None, "timed", "no"),
        ("2018-06-13", "2018-06-15", "all_day", "no"),
        ("2018-06-13", "2018-06-13", "all_day", "yes"),
        "to_be_confirmed",
    ]  # fmt: skip


def test_what_recurs_is_told_one_by_one_by_the_clocks_of_its_zone(undone: Flask):
    weekly = "UID:w\nSUMMARY:Rehearsal\nDTSTART;TZID=Europe/Warsaw:20180310T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=5\nEXDATE;TZID=Europe/Warsaw:20180317T090000"
    moved = "UID:w\nSUMMARY:Rehearsal\nRECURRENCE-ID;TZID=Europe/Warsaw:20180324T090000\nDTSTART;TZID=Europe/Warsaw:20180324T110000\nDURATION:PT1H"
    found = rows(read(calendar(weekly, moved)))
    assert [row["starts"] for row in found] == [
        "2018-03-10T08:00:00+00:00", "2018-03-31T07:00:00+00:00", "2018-04-07T07:00:00+00:00", "2018-03-24T10:00:00+00:00",
    ]  # fmt: skip
    assert (len({row["item"] for row in found}), len({row["uid"] for row in found})) == (1, 4)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=SECONDLY", "cannot be read"),
        ("FREQ=DAILY;INTERVAL=0", "cannot be read"),
        ("FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "cannot be read"),
        ("FREQ=NEVER", "cannot be read"),
        ("FREQ=DAILY", "more than 100 times"),
        ("FREQ=DAILY;COUNT=100000000", "more than 100 times"),
    ],
)
def test_rules_without_end_or_meaning_are_refused(undone: Flask, rule: str, said: str):
    sentence = refusal(calendar(f"UID:x\nSUMMARY:X\nDTSTART:20180601T100000Z\nRRULE:{rule}"))
    assert sentence.startswith(("Event 1 ", "The rule by which event 1 ", "The calendar cannot be read")) and (
        said in sentence or "calendar" in sentence
    )


def test_a_rule_that_is_never_fulfilled_is_not_sought_for_ever(undone: Flask):
    never = calendar("UID:x\nSUMMARY:X\nDTSTART:20180601T100000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3")
    assert [row["starts"] for row in rows(read(never))] == ["2018-06-01T10:00:00+00:00"]
    assert "recurs since 1900-01-01" in refusal(calendar("UID:x\nSUMMARY:X\nDTSTART:19000101T100000Z\nRRULE:FREQ=YEARLY"))


def test_our_own_calendars_leave_out_what_they_put_together(undone: Flask):
    event = "UID:u\nSUMMARY:CANCELLED: Opening\nDTSTART:20180613T080000Z\nDESCRIPTION:With everything\nURL:https://x.example/\nSTATUS:CANCELLED"
    sheet = read(calendar(event, product="-//Congress//Congress 1//EN"))
    assert ("description" in sheet.header, "website" in sheet.header, rows(sheet)[0]["title"]) == (False, False, "Opening")


LAUGHS = '<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><schedule>&b;</schedule>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LAUGHS, "declares a document type or entities"),
        (LAUGHS.encode("utf-16"), "declares a document type or entities"),
        ('<?xml version="1.0"?><!DOCTYPE s SYSTEM "file:///etc/passwd"><schedule/>', "declares a document type or entities"),
        (XML[:-40], "This is no XML, or the file ends in the middle: line 4."),
        ("<?xml version='1.0'?><rss/>", "This XML is no schedule."),
        ("<schedule/>", "There are no events in this schedule."),
        (schedule(TALK)[:-9], "This is no JSON, or the file ends in the middle: line 1."),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
        ('{"schedule": {"conference": []}}', "This JSON is no schedule"),
        (schedule(*[TALK] * 5001), "more than 5000 rows"),
        (calendar("UID:a\nSUMMARY:A")[:-9], "The calendar is cut off: its end is missing."),
        (calendar(), "There are no events in this calendar."),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "RFC 5545"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (calendar("UID:a\nDTSTART:20180612", "UID:b\nDTSTART:99991231T235959Z\nDURATION:P1D"), "Event 2 takes place at no time"),
        (calendar("UID:a\nDTSTART;VALUE=DATE:99991231\nDURATION:P3D"), "Event 1 takes place at no time"),
        ("", "The file is empty."),
        ("Code,Title\n" + "P,T\n" * 100_000, "more than 5000 rows"),
        (b"\x00\x01\x02\x03" * 20, "its first line holds signs that cannot be read"),
        ("Code,Title\nP1,Łódź\n".encode()[:-2], "The file ends in the middle"),
        (b"\xd0\xcf\x11\xe0 old Excel", "This is an old Excel file"),
    ],
    ids=range(21),
)  # fmt: skip
def test_files_that_are_none_are_refused_with_a_sentence(undone: Flask, content: bytes | str, said: str):
    assert said in refusal(content)


def test_a_file_that_unpacks_to_far_more_is_refused(undone: Flask):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", b" " * 39_000_000)
        file.writestr("xl/workbook.xml", b"")
    assert "unpacks to far more" in refusal(packed.getvalue())


def test_the_columns_are_ours(undone: Flask):
    for header in (calendars.HEADER, schedules.HEADER):
        assert "" not in columns.guess(header, ["en", "pl"])
