"""``/desk/<congress>/timetable/``: its pages, what they send and what they take."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.programme.models import Placement, ProgrammeItem, Room, Venue
from congress.programme.planning.models import DraftChange
from congress.programme.vocabulary import Kind, Timing
from tests.conftest import csrf_token
from tests.factories import the_city, the_placement, utc
from tests.statements import statements

TIMETABLE = "/desk/krakowice2018/timetable"
DAY = "2018-06-13"


def lunch() -> Placement:
    """The break at midday of the 13th."""
    return db.session.scalars(
        select(Placement).join(ProgrammeItem).where(ProgrammeItem.kind == Kind.BREAK, Placement.code == "P036")
    ).one()


def day(client: FlaskClient, **asked: str) -> dict[str, Any]:
    answer = client.get(f"{TIMETABLE}/day.json", query_string={"day": DAY, **asked})
    assert answer.status_code == 200
    return answer.json  # type: ignore[no-any-return]


def event(client: FlaskClient, code: str = "P036") -> dict[str, Any]:
    return next(each for each in day(client)["events"] if each["extendedProps"]["code"] == code)


def send(client: FlaskClient, path: str, sent: object, **more: Any) -> Any:
    token = csrf_token(client, f"{TIMETABLE}/")
    return client.post(f"{TIMETABLE}/{path}", json=sent, headers={"X-CSRFToken": token, "Accept": "application/json"}, **more)


def moved(client: FlaskClient, **changes: object) -> Any:
    """Lunch, sent with these changes to where it stands."""
    seen = event(client)
    usual = {
        "version": seen["extendedProps"]["version"], "column": seen["extendedProps"]["column"],
        "starts_at": seen["start"], "ends_at": seen["end"],
    }  # fmt: skip
    return send(client, f"{seen['id']}/move", {**usual, **changes})


def test_a_day_is_sent_with_its_columns_and_only_its_own_entries(app: Flask, organiser: FlaskClient):
    found = day(organiser)
    with app.app_context():
        placement = lunch()
        assert event(organiser) == {
            "id": str(placement.id), "title": "Lunch", "start": f"{DAY}T12:30", "end": f"{DAY}T14:00", "allDay": False,
            "resourceIds": [f"venue-{placement.venue_id}"], "editable": True,
            "classNames": ["kind-break", "field-none", "is-closed"],
            "extendedProps": {
                "id": placement.id, "uid": placement.uid, "version": placement.version, "code": "P036", "title": "Lunch",
                "column": f"venue-{placement.venue_id}", "place": "ICE Kraków Congress Centre, Kraków", "kind": "Break", "field": "",
                "access": "closed to the public", "cancelled": "", "end_is_open": False, "other": "",
            },
        }  # fmt: skip
    assert (found["day"], found["offset"], found["number"]) == (DAY, "+02:00", 0)
    assert {each["start"][:10] for each in found["events"] if not each["allDay"]} == {DAY}
    cities = [each["extendedProps"]["city"] for each in found["resources"]]
    assert cities == sorted(cities, reverse=True)  # each city's columns stand together
    assert {each["extendedProps"]["city"] for each in day(organiser, city="katowice")["resources"]} == {"Katowice"}


def test_what_happens_at_once_in_a_house_without_rooms_stands_in_lanes(organiser: FlaskClient):
    meetings = [each for each in day(organiser)["events"] if "kind-subgroup" in each["classNames"]]
    lanes = [each["resourceIds"][0] for each in meetings]
    assert len(lanes) == len(set(lanes)) == 7
    assert set(lanes) <= {each["id"] for each in day(organiser)["resources"]}


def test_a_transfer_stands_in_both_cities(app: Flask, organiser: FlaskClient):
    with app.app_context():
        placement = lunch()
        placement.other_city = the_city("katowice")
        other = f"city-{placement.other_city.id}"
        db.session.commit()
    assert event(organiser)["resourceIds"][1] == other
    assert "P036" in {each["extendedProps"]["code"] for each in day(organiser, city="katowice")["events"]}


def test_a_move_is_saved_said_and_seen_by_others(app: Flask, organiser: FlaskClient):
    answer = moved(organiser, starts_at=f"{DAY}T13:05", ends_at=f"{DAY}T14:05")
    assert (answer.status_code, answer.json["said"]) == (
        200, "Lunch: Wednesday 13 June, 13:05–14:05; ICE Kraków Congress Centre, Kraków",
    )  # fmt: skip
    assert (event(organiser)["start"], event(organiser)["extendedProps"]["version"]) == (f"{DAY}T13:05", answer.json["version"])
    news = organiser.get(f"{TIMETABLE}/changes.json?since=0").json
    assert news == {
        "number": answer.json["number"],
        "changes": [
            {
                "is_own": True, "placement": int(event(organiser)["id"]),
                "said": "organiser@krakowice.example: Lunch. Moved. Start: 13 June 2018, 12:30 → 13 June 2018, 13:05; End: 13 June 2018, 14:00 → 13 June 2018, 14:05",
            }
        ],
    }  # fmt: skip
    assert organiser.get(f"{TIMETABLE}/changes.json?since={news['number']}").status_code == 204
    assert organiser.get(f"{TIMETABLE}/changes.json?since=x").status_code == 200


def test_a_stale_move_changes_nothing_and_says_what_was_changed_by_whom(app: Flask, organiser: FlaskClient):
    seen = event(organiser)["extendedProps"]["version"]
    assert moved(organiser, starts_at=f"{DAY}T13:00").status_code == 200
    answer = moved(organiser, version=seen, starts_at=f"{DAY}T11:00")
    assert (answer.status_code, answer.json) == (
        409,
        {
            "error": "Somebody else has changed this in the meantime.",
            "changed": "organiser@krakowice.example: Lunch. Moved. Start: 13 June 2018, 12:30 → 13 June 2018, 13:00",
            "version": event(organiser)["extendedProps"]["version"],
        },
    )
    assert event(organiser)["start"] == f"{DAY}T13:00"
    assert moved(organiser, version=answer.json["version"], starts_at=f"{DAY}T11:00").status_code == 200


NO_TIME = "This time does not exist. Choose a day and a time such as 09:30."
NO_LENGTH = "The end must come after the start, and within 24 hours."
NO_PLACE = "This place is not in the host cities of the congress. Choose one of the places in the list."


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"starts_at": f"{DAY}T12:00", "ends_at": f"{DAY}T12:00"}, NO_LENGTH),
        ({"starts_at": f"{DAY}T12:00", "ends_at": f"{DAY}T11:55"}, NO_LENGTH),
        ({"starts_at": f"{DAY}T12:00", "ends_at": "2019-07-18T12:00"}, NO_LENGTH),
        ({"starts_at": "2018-03-25T02:30", "ends_at": None}, "This time does not exist on that day: the clocks go forward."),
        ({"starts_at": "2018-06-31T12:00"}, NO_TIME),
        ({"starts_at": "x" * 10_000}, NO_TIME),
        ({"starts_at": 5}, NO_TIME),
        ({"version": "1"}, NO_TIME),
        ({"version": True}, NO_TIME),
        ({"starts_at": None, "ends_at": None, "day": "never"}, NO_TIME),
        ({"column": None}, NO_TIME),
        ({"column": "room-999999"}, NO_PLACE),
        ({"column": "venue-"}, NO_PLACE),
        ({"column": "x" * 10_000}, NO_PLACE),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(organiser: FlaskClient, sent: dict[str, object], sentence: str):
    before = event(organiser)
    answer = moved(organiser, **sent)
    assert (answer.status_code, answer.json) == (422, {"error": sentence})
    assert event(organiser) == before


@pytest.mark.parametrize("body", [[], "text", None, 5, {}])
def test_a_body_of_another_shape_is_refused(organiser: FlaskClient, body: object):
    answer = send(organiser, f"{event(organiser)['id']}/move", body)
    assert (answer.status_code, answer.json) == (422, {"error": NO_TIME})


def test_a_room_of_a_city_that_is_no_host_is_refused(app: Flask, organiser: FlaskClient):
    with app.app_context():
        room = Room(venue=Venue(slug="x", city=the_city("lodz"), names={"en": "X"}), slug="y", names={"en": "Y"})
        db.session.add(room)
        db.session.commit()
        column = f"room-{room.id}"
    assert moved(organiser, column=column).json == {"error": NO_PLACE}


def test_undo_and_redo_answer_plain_forms_and_the_calendar(organiser: FlaskClient):
    moved(organiser, starts_at=f"{DAY}T13:00")
    assert send(organiser, "undo", None).json["said"].startswith("Lunch: Wednesday 13 June, 12:30–14:00;")
    token = csrf_token(organiser, f"{TIMETABLE}/")
    page = organiser.post(
        f"{TIMETABLE}/redo", data={"csrf_token": token, "day": DAY}, headers={"Accept": "text/html"}, follow_redirects=True
    )
    assert (page.request.query_string, "Lunch: Wednesday 13 June, 13:00–14:00" in page.text) == (b"day=2018-06-13", True)
    assert send(organiser, "redo", None).json == {"error": "There is nothing to do again."}


def fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page)
    chosen = re.search(r'<option selected value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found} | {"place": chosen[1] if chosen else ""}


def form(client: FlaskClient, path: str, **changes: str) -> Any:
    return client.post(path, data={**fields(client.get(path).text), **changes})


def test_the_plain_form_moves_and_keeps_what_was_typed_when_it_is_stale(app: Flask, organiser: FlaskClient):
    path = f"{TIMETABLE}/{event(organiser)['id']}/"
    seen = fields(organiser.get(path).text)
    assert (seen["day"], seen["starts_at"], seen["minutes"]) == (DAY, "12:30", "90")
    assert form(organiser, path, starts_at="13:00", minutes="45").status_code == 303
    assert (event(organiser)["start"], event(organiser)["end"]) == (f"{DAY}T13:00", f"{DAY}T13:45")

    stale = organiser.post(path, data={**seen, "starts_at": "10:00"})
    assert stale.status_code == 409
    assert "Start: 13 June 2018, 12:30 → 13 June 2018, 13:00" in stale.text
    assert (fields(stale.text)["starts_at"], event(organiser)["start"]) == ("10:00", f"{DAY}T13:00")
    assert organiser.post(path, data=fields(stale.text)).status_code == 303
    assert form(organiser, path, day="", starts_at="", minutes="").status_code == 303
    with app.app_context():
        assert (lunch().timing, lunch().starts_on) == ("to_be_confirmed", None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": "2018-02-30"}, "This day does not exist. Write it as 2018-06-12."),
        ({"day": ""}, "Give the day, or leave the start empty."),
        ({"starts_at": "25:00"}, "This is no time of day. Write it as 09:30."),
        ({"day": "2018-03-25", "starts_at": "02:30"}, "This time does not exist on that day: the clocks go forward."),
        ({"minutes": "0"}, "Write a whole number from 5 to 1440."),
        ({"minutes": "576000"}, "Write a whole number from 5 to 1440."),
        ({"place": "room-99999"}, "Choose one of the places in the list."),
    ],
)
def test_the_plain_form_says_what_is_wrong(organiser: FlaskClient, changes: dict[str, str], sentence: str):
    answer = form(organiser, f"{TIMETABLE}/{event(organiser)['id']}/", **changes)
    assert (answer.status_code, sentence in answer.text, event(organiser)["start"]) == (422, True, f"{DAY}T12:30")


def test_a_break_is_copied_into_all_rooms_of_its_house(app: Flask, organiser: FlaskClient):
    with app.app_context():
        venue = db.session.get(Venue, lunch().venue_id)
        db.session.add_all(Room(venue=venue, slug=name, names={"en": name}) for name in ("blue", "green"))
        db.session.commit()
    number = event(organiser)["id"]
    token = csrf_token(organiser, f"{TIMETABLE}/{number}/")
    said = [
        organiser.post(f"{TIMETABLE}/{number}/copy", data={"csrf_token": token, "rooms": rooms}, follow_redirects=True).text
        for rooms in ("venue", "city")
    ]
    assert "It is now in 2 more rooms." in said[0]
    assert [each["start"] for each in day(organiser)["events"] if each["title"] == "Lunch"] == [f"{DAY}T12:30"] * 3
    with app.app_context():
        others = len(db.session.scalars(select(Room).join(Venue).where(Venue.city_id == lunch().city_id)).all()) - 2
        assert ("It is already in every one of these rooms." in said[1]) is (others == 0)


def test_the_history_of_an_item_says_who_did_what(organiser: FlaskClient):
    moved(organiser, starts_at=f"{DAY}T13:00")
    send(organiser, "undo", None)
    page = organiser.get(f"{TIMETABLE}/{event(organiser)['id']}/history").text
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert words.index("Took a step back") < words.index("Moved P036")
    assert "Start: 13 June 2018, 12:30 → became 13 June 2018, 13:00" in words
    assert words.count("organiser@krakowice.example") >= 2
    polish = organiser.get(f"{TIMETABLE}/{event(organiser)['id']}/history", headers={"Accept-Language": "pl"})
    assert polish.status_code == 200


@pytest.mark.parametrize(
    ("path", "status"), [("999999/", 404), ("0/history", 404), ("?day=0001-01-01", 200), ("?day=x&city=y&q=%00", 200)]
)
def test_wrong_addresses_show_nothing_wrong(organiser: FlaskClient, path: str, status: int):
    assert organiser.get(f"{TIMETABLE}/{path}").status_code == status


def test_more_entries_on_a_day_ask_no_more_of_the_database(app: Flask, organiser: FlaskClient):
    asked = []
    for codes in (["P030"], ["P036"], ["P022", "P023"]):  # the first one reads what is then kept
        with app.app_context():
            for code in codes:
                placement = the_placement(code)
                placement.starts_at, placement.ends_at = utc(2018, 6, 20, 9), utc(2018, 6, 20, 10)
            db.session.commit()
        with app.app_context(), statements() as seen:
            day(organiser)
            organiser.get(f"{TIMETABLE}/?day=2018-06-20")
        asked.append(len(seen))
    assert asked[1] == asked[2]
    with app.app_context():
        assert db.session.scalars(select(DraftChange)).all() == []


def test_search_finds_what_has_no_time_without_its_diacritics(organiser: FlaskClient):
    assert moved(organiser, starts_at=None, ends_at=None, day=None).status_code == 200
    assert [each["code"] for each in day(organiser, q="LÚNCH")["unplaced"]] == ["P036"]
    assert day(organiser, q="nothing like it")["unplaced"] == []


def test_what_takes_whole_days_still_does_after_a_move_by_the_form(app: Flask, organiser: FlaskClient):
    with app.app_context():
        number = the_placement("P003").id
        before = the_placement("P003").starts_on, the_placement("P003").ends_on
    path = f"{TIMETABLE}/{number}/"
    form = {"csrf_token": csrf_token(organiser, path), "version": "1", "starts_at": "", "minutes": "", "place": ""}

    organiser.post(path, data={**form, "day": "2018-06-08"})
    with app.app_context():
        found = the_placement("P003")
        moved_to = found.timing, found.starts_on, found.ends_on
        version = str(found.version)
    organiser.post(path, data={**form, "version": version, "day": ""})

    assert before == (date(2018, 6, 7), date(2018, 6, 10))
    assert moved_to == (Timing.ALL_DAY, date(2018, 6, 8), date(2018, 6, 11))
    with app.app_context():
        found = the_placement("P003")
        assert (found.timing, found.starts_on, found.ends_on) == (Timing.TO_BE_CONFIRMED, None, None)


def test_a_step_out_of_a_room_that_is_gone_cannot_be_taken_back(app: Flask, organiser: FlaskClient):
    with app.app_context():
        room = Room(venue=db.session.get_one(Venue, lunch().venue_id), slug="blue", names={"en": "Blue", "pl": "Błękitna"})
        db.session.add(room)
        db.session.commit()
        number = room.id
    moved(organiser, column=f"room-{number}")
    moved(organiser, column="")
    with app.app_context():
        db.session.delete(db.session.get_one(Room, number))
        db.session.commit()

    answer = send(organiser, "undo", None)

    assert (answer.status_code, answer.json["error"]) == (409, "The place where this entry stood is no longer there.")
