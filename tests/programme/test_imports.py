"""The 58 rows of 2018, and rows that cannot be used."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from congress.core.db import db
from congress.core.tables import BadFile, Imported
from congress.data import FOLDER
from congress.networks.vocabulary import Field
from congress.programme import queries
from congress.programme.imports import import_programme, import_venues
from congress.programme.models import Placement, Venue
from congress.programme.vocabulary import Audience, Kind, Part, Timing
from tests.factories import everything, the_congress, the_item, the_placement, utc

FILE = FOLDER / "programme_2018.csv"


def placed(code: str) -> tuple[object, ...]:
    placement = the_placement(code)
    times = (placement.starts_at, placement.ends_at, placement.starts_on, placement.ends_on)
    return placement.item.code, placement.timing, *times


def test_58_rows_become_40_sessions_and_11_events_in_52_placements(undone):
    placements = queries.placements(the_congress())
    items = {placement.item.code: placement.item for placement in placements}
    assert (Counter(item.type for item in items.values()), len(placements)) == ({"session": 40, "event": 11}, 52)


def test_every_row_is_an_item_of_its_code_but_for_days_and_occurrences_of_one_event(undone):
    codes = {placement.code: placement.item.code for placement in queries.placements(the_congress())}
    rows = {f"P{number:03}" for number in range(1, 59)}
    joined = {f"P{number:03}" for number in range(5, 11)}  # further days of the festival and of the Days of Bread
    assert codes == {**{code: code for code in rows - joined}, "P057": "P053"}


def test_items_are_of_these_kinds(undone):
    kinds = Counter(placement.item.kind for placement in queries.placements(the_congress()) if placement.code != "P057")
    assert kinds == {
        Kind.SUBGROUP: 14, Kind.ACCOMPANYING: 8, Kind.BREAK: 5, Kind.WORKSHOP: 6, Kind.PLENARY: 5, Kind.DEBATE: 2,
        Kind.CEREMONY: 2, Kind.STEERING: 2, Kind.NETWORKING: 2, Kind.REGISTRATION: 1, Kind.INTEGRATION: 1,
        Kind.MAYORS: 1, Kind.SOCIAL: 1, Kind.TRANSFER: 1,
    }  # fmt: skip


@pytest.mark.parametrize("code", ["P003", "P004"])
def test_a_festival_without_times_is_one_placement_of_four_whole_days(undone, code):
    assert placed(code) == (code, Timing.ALL_DAY, None, None, date(2018, 6, 7), date(2018, 6, 10))


def test_gardens_of_sounds_is_one_event_of_two_evenings(undone):
    assert placed("P053") == ("P053", Timing.TIMED, utc(2018, 6, 15, 17), utc(2018, 6, 15, 21), None, None)
    assert placed("P057") == ("P053", Timing.TIMED, utc(2018, 6, 16, 17), utc(2018, 6, 16, 21), None, None)
    assert the_item("P053").titles == {
        "en": "Gardens of Sounds World Music Festival",
        "pl": "Festiwal Muzyki Świata Ogrody Dźwięków",
    }


def test_a_debate_without_a_time_is_to_be_confirmed_on_its_day(undone):
    assert placed("P002") == ("P002", Timing.TO_BE_CONFIRMED, None, None, date(2018, 3, 6), date(2018, 3, 6))


def test_a_fair_without_a_date_is_to_be_confirmed(undone):
    assert placed("P058") == ("P058", Timing.TO_BE_CONFIRMED, None, None, None, None)


def test_a_concert_without_an_end_has_an_open_one(undone):
    assert placed("P048") == ("P048", Timing.TIMED, utc(2018, 6, 14, 19), None, None, None)


def test_a_transfer_stands_in_both_cities(undone):
    transfer = the_placement("P041")
    assert (transfer.city.slug, transfer.other_city.slug) == ("krakow", "katowice")


def test_a_room_is_made_with_its_polish_name(undone):
    room = the_placement("P001").room
    assert (room.slug, room.names, room.venue.slug) == (
        "room-211",
        {"en": "room 211", "pl": "sala 211"},
        "katowice-city-of-gardens",
    )


def test_a_meeting_of_a_field_is_for_its_delegates(undone):
    item = the_item("P029")
    assert (item.kind, item.field, item.audience, item.is_plausible) == (Kind.SUBGROUP, Field.LITERATURE, Audience.FIELD, True)


def test_who_takes_part_stands_in_the_order_of_the_source_with_the_chair(undone):
    people = [(person.part, person.name[:22]) for person in the_item("P001").contributors]
    assert people == [(Part.SPEAKER, "Wojciech Brzoska (lite"), (Part.CHAIR, "Bogna Świątkowska")]


def test_a_second_import_changes_no_row(undone):
    before = everything()
    assert import_programme(FILE, the_congress()) == Imported(added=0, changed=0, unchanged=51)
    assert import_venues(FOLDER / "venues_2018.csv") == Imported(added=0, changed=0, unchanged=5)
    assert everything() == before


def test_an_import_moved_by_weeks_keeps_uids_and_moves_every_date(undone):
    before = {each.code: (each.uid, each.starts_at, each.starts_on) for each in queries.placements(the_congress())}
    weeks = timedelta(weeks=52)
    import_programme(FILE, the_congress(), shift=weeks)
    after = {each.code: (each.uid, each.starts_at, each.starts_on) for each in queries.placements(the_congress())}
    assert after == {code: (uid, at and at + weeks, on and on + weeks) for code, (uid, at, on) in before.items()}


COLUMNS = "id,date,start,end,city,venue,room,title_en,title_pl,type,creative_field,access,people,status"
LINKS = ",stream_url,join_url"


def make_file(folder: Path, *rows: dict[str, str], columns: str = COLUMNS) -> Path:
    """A programme of rows that are a good workshop but for what is given."""
    good = {
        "id": "X001", "date": "2018-06-13", "start": "09:00", "end": "10:00", "city": "Kraków", "title_en": "Workshop",
        "type": "workshop", "access": "closed",
    }  # fmt: skip
    path = folder / "new.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns.split(","), restval="")
        writer.writeheader()
        writer.writerows({**good, **row} for row in rows)
    return path


FIELDS = "literature, music, film, media_arts, design, crafts_and_folk_art, gastronomy"
KINDS = ", ".join(sorted([*Kind, "subnetwork"]))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"id": ""}, "column id: write 1 to 20 letters, digits and hyphens"),
        ({"id": "X 1"}, "column id: write 1 to 20 letters, digits and hyphens"),
        ({"id": "X" * 21}, "column id: write 1 to 20 letters, digits and hyphens"),
        ({"title_en": ""}, "column title_en: is empty"),
        ({"title_pl": "ż" * 301}, "column title_pl: is longer than 300 characters"),
        ({"city": "Atlantis"}, "column city: “Atlantis” is not a known city (or two with “ / ” between them)"),
        (
            {"city": "Kraków / Katowice / Łódź"},
            "column city: “Kraków / Katowice / Łódź” is not a known city (or two with “ / ” between them)",
        ),
        ({"type": ""}, "column type: is empty"),
        ({"type": "party"}, f"column type: “party” is not one of: {KINDS}"),
        ({"creative_field": "dance"}, f"column creative_field: “dance” is not one of: {FIELDS}"),
        ({"access": "secret"}, "column access: write public, closed or invitation"),
        ({"date": "13.06.2018"}, "column date: “13.06.2018” is no date; write it as 2018-06-12"),
        ({"date": ""}, "column date: is empty, but there is a start"),
        ({"start": ""}, "column start: is empty, but there is an end"),
        ({"start": "9am"}, "column start: “9am” is no time of day; write it as 09:30"),
        ({"start": "30:00"}, "column start: “30:00” is no time of day; write it as 09:30"),
        ({"end": "09:60"}, "column end: “09:60” is no time of day; write it as 09:30"),
        ({"end": "09:00"}, "column end: 09:00 is not after the start 09:00; write 01:30 of the next day as 25:30"),
        ({"date": "2018-03-25", "start": "02:30", "end": "04:00"}, "column start: 02:30 does not exist on 2018-03-25: the clocks go forward"),
        ({"venue": "Bagatela"}, "column venue: “Bagatela” is not known in this city; import it first (congress import-venues)"),
        ({"city": "Katowice", "venue": "plac Wolnica"}, "column venue: “plac Wolnica” is not known in this city; import it first (congress import-venues)"),
        ({"people": "x" * 501}, "column people: a name is longer than 500 characters"),
        ({"room": "大ホール"}, "column room: “大ホール” has no Latin letters or digits, of which its address is made"),
        ({"venue": "plac Wolnica", "room": "r" * 81}, "column room: is longer than 80 characters"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_and_nothing_is_written(undone, tmp_path, row, problem):
    before = everything()
    with pytest.raises(BadFile) as refused:
        import_programme(make_file(tmp_path, row), the_congress())
    assert str(refused.value) == f"new.csv, line 2, {problem}"
    assert everything() == before


@pytest.mark.parametrize("column", ["stream_url", "join_url"])
def test_a_link_that_is_none_is_told_and_nothing_is_written(undone, tmp_path, column):
    before = everything()
    with pytest.raises(BadFile) as refused:
        import_programme(make_file(tmp_path, {column: "javascript:alert(1)"}, columns=COLUMNS + LINKS), the_congress())
    assert str(refused.value) == (
        f"new.csv, line 2, column {column}: “javascript:alert(1)” is no web address; write it as https://live.example/stream"
    )
    assert everything() == before


def test_links_are_read_emptied_and_left_as_they_are_by_a_file_without_them(undone, tmp_path):
    seen = []
    for row, columns in (
        ({"stream_url": "https://live.example/ż", "join_url": "https://rooms.example/1"}, COLUMNS + LINKS),
        ({}, COLUMNS),
        ({"join_url": "https://rooms.example/2"}, COLUMNS + LINKS),
    ):
        done = import_programme(make_file(tmp_path, row, columns=columns), the_congress())
        seen.append((done, the_item("X001").stream_url, the_item("X001").join_url))
    assert seen == [
        (Imported(added=1), "https://live.example/%C5%BC", "https://rooms.example/1"),
        (Imported(unchanged=1), "https://live.example/%C5%BC", "https://rooms.example/1"),
        (Imported(changed=1), "", "https://rooms.example/2"),
    ]


def test_all_problems_of_a_file_are_told_at_once(undone, tmp_path):
    before = everything()
    with pytest.raises(BadFile) as refused:
        import_programme(make_file(tmp_path, {}, {"id": "X002", "access": ""}, {"title_en": "Other"}), the_congress())
    assert str(refused.value).split("\n") == [
        "new.csv, line 3, column access: write public, closed or invitation",
        "new.csv, line 4, column id: “X001” is already in line 2",
    ]
    assert everything() == before


@pytest.mark.parametrize(
    ("row", "starts_at", "ends_at"),
    [
        ({"start": "9.30", "end": ""}, utc(2018, 6, 13, 7, 30), None),
        ({"start": "22:00", "end": "25:30"}, utc(2018, 6, 13, 20), utc(2018, 6, 13, 23, 30)),
        ({"date": "2018-10-27", "start": "23:00", "end": "26:30"}, utc(2018, 10, 27, 21), utc(2018, 10, 28, 0, 30)),
        ({"date": "2018-12-13"}, utc(2018, 12, 13, 8), utc(2018, 12, 13, 9)),
    ],
)
def test_times_of_day_are_those_of_the_congress(undone, tmp_path, row, starts_at, ends_at):
    assert import_programme(make_file(tmp_path, row), the_congress()) == Imported(added=1)
    assert placed("X001") == ("X001", Timing.TIMED, starts_at, ends_at, None, None)


def test_a_changed_row_changes_its_item_and_keeps_its_uid(undone, tmp_path):
    import_programme(make_file(tmp_path, {}), the_congress())
    uid = the_placement("X001").uid
    assert import_programme(make_file(tmp_path, {"title_en": "Other", "start": ""} | {"end": ""}), the_congress()) == Imported(
        changed=1
    )
    assert (the_placement("X001").uid, the_item("X001").titles, placed("X001")) == (
        uid, {"en": "Other"}, ("X001", Timing.TO_BE_CONFIRMED, None, None, date(2018, 6, 13), date(2018, 6, 13)),
    )  # fmt: skip


def test_rows_that_are_not_in_the_file_stay(undone, tmp_path):
    import_programme(make_file(tmp_path, {}), the_congress())
    assert db.session.query(Placement).count() == 53


def test_a_closed_session_of_days_stays_one_row_each(undone, tmp_path):
    rows = [
        {"id": f"X00{day}", "date": f"2018-06-1{day}", "start": "", "end": "", "title_en": f"Visit, day {day}"} for day in (1, 2)
    ]
    assert import_programme(make_file(tmp_path, *rows), the_congress()) == Imported(added=2)


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (",Kraków,,", ["line 2, column name_en: is empty or unknown"]),
        ("Bagatela,Atlantis,,", ["line 2, column city: “Atlantis” is not a known city; import it first", "line 2, column city: is empty or unknown"]),
        ("Bagatela,Kraków,north,20", ["line 2, column lat: “north” is not a number of degrees"]),
        ("Bagatela,Kraków,95,20", ["line 2, column lat: 95 is not between -90 and 90 degrees"]),
        ("Bagatela,Kraków,50,nan", ["line 2, column lon: nan is not between -180 and 180 degrees"]),
        ("劇場,Kraków,50,20", ["line 2, column name_en: “劇場” has no Latin letters, of which its address is made"]),
        (f"{'B' * 81},Kraków,50,20", ["line 2, column name_en: is longer than 80 characters"]),
    ],
)  # fmt: skip
def test_a_bad_venue_is_told_and_nothing_is_written(undone, tmp_path, row, problems):
    before = everything()
    path = tmp_path / "venues.csv"
    path.write_text(f"name_en,city,lat,lon\n{row}\n", encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        import_venues(path)
    assert str(refused.value).split("\n") == [f"venues.csv, {problem}" for problem in problems]
    assert everything() == before


def test_directions_are_read_and_left_as_they_are_by_a_file_without_them(undone, tmp_path):
    path = tmp_path / "venues.csv"
    seen = []
    for text in (
        "name_en,city,directions_en,directions_pl\nBagatela,Kraków,Tram 4.,Tramwaj 4.\n",
        "name_en,city\nBagatela,Kraków\n",
        "name_en,city,directions_pl\nBagatela,Kraków,Tramwaj 8.\n",
    ):
        path.write_text(text, encoding="utf-8")
        done = import_venues(path)
        seen.append((done, db.session.query(Venue).filter_by(slug="bagatela").one().directions))
    assert seen == [
        (Imported(added=1), {"en": "Tram 4.", "pl": "Tramwaj 4."}),
        (Imported(unchanged=1), {"en": "Tram 4.", "pl": "Tramwaj 4."}),
        (Imported(changed=1), {"en": "Tram 4.", "pl": "Tramwaj 8."}),
    ]


def test_directions_that_are_too_long_are_told(undone, tmp_path):
    path = tmp_path / "venues.csv"
    path.write_text(f"name_en,city,directions_en\nBagatela,Kraków,{'x' * 1001}\n", encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        import_venues(path)
    assert str(refused.value) == "venues.csv, line 2, column directions_en: is longer than 1000 characters"


def test_a_venue_of_the_same_name_in_another_city_is_another_venue(undone, tmp_path):
    path = tmp_path / "venues.csv"
    path.write_text("name_en,city\nplac Wolnica,Katowice\n", encoding="utf-8")
    import_venues(path)
    assert sorted(venue.city.slug for venue in db.session.query(Venue) if venue.names["en"] == "plac Wolnica") == [
        "katowice",
        "krakow",
    ]
