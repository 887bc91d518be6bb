"""What of the timetable is shown: several days, a city, a house; lanes; what one would take back."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from congress.congresses.models import Congress
from congress.core.db import db
from congress.desk.timetable_shown import Shown
from congress.programme import services
from congress.programme.models import Room
from tests.conftest import csrf_token
from tests.desk.test_timetable import DAY, TIMETABLE, day, event, moved, send
from tests.factories import the_placement, utc


def june(number: int) -> date:
    return date(2018, 6, number)


@pytest.mark.parametrize(
    ("asked", "dates"),
    [
        ({"day": DAY}, [13]),
        ({"day": DAY, "days": "3"}, [13, 14, 15]),
        ({"day": "2018-06-15", "days": "3"}, [13, 14, 15]),  # the congress ends on the 15th
        ({"day": "2018-06-20", "days": "3"}, [20, 21, 22]),
        ({"day": "2018-06-20", "days": "all"}, [11, 12, 13, 14, 15]),
        ({"day": DAY, "days": "99999"}, [13]),
        ({"day": "never"}, [11]),
        ({}, [11]),
    ],
)
def test_the_days_side_by_side(asked: dict[str, str], dates: list[int]):
    congress = Congress(starts_on=june(11), ends_on=june(15))
    shown = Shown.of(MultiDict(asked), congress, [june(11)], today=date(2026, 1, 1))
    assert shown.dates == [june(each) for each in dates]


@pytest.mark.parametrize("asked", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_have_days_around_them(asked: str):
    congress = Congress(starts_on=june(11), ends_on=june(15))
    for span in ("", "3", "all"):
        assert Shown.of(MultiDict({"day": asked, "days": span}), congress, [], today=june(1)).dates


def test_three_days_of_one_house_and_nothing_else(app: Flask, organiser: FlaskClient):
    with app.app_context():
        venue = the_placement("P036").venue_id
    found = day(organiser, days="3", city="krakow", venue=str(venue))
    assert {each["extendedProps"]["column"] for each in found["events"]} == {f"venue-{venue}"}
    assert {each["id"].partition("~")[0] for each in found["resources"]} == {f"venue-{venue}"}
    elsewhere = day(organiser, days="3", city="katowice", venue=str(venue))  # a house of another city is none
    assert {each["extendedProps"]["city"] for each in elsewhere["resources"]} == {"Katowice"}


def test_what_takes_several_days_stands_on_those_that_are_shown(app: Flask, organiser: FlaskClient):
    found = day(organiser, day="2018-06-09", days="3")  # the fair goes from the 7th to the 10th
    fair = next(each for each in found["events"] if each["extendedProps"]["code"] == "P003")
    assert (fair["allDay"], fair["start"], fair["end"]) == (True, "2018-06-09", "2018-06-11")


def test_pages_lead_to_the_same_days_and_back(organiser: FlaskClient):
    page = organiser.get(f"{TIMETABLE}/?day={DAY}&days=3&city=krakow").text
    assert re.findall(r"<caption>\s*(\w+ \d+ \w+)", page) == ["Wednesday 13 June", "Thursday 14 June"]
    assert "Friday 15 June: nothing yet" in page
    assert {each["start"][:10] for each in day(organiser, days="3", city="krakow")["events"]} == {DAY, "2018-06-14"}
    path = f"{TIMETABLE}/{event(organiser)['id']}/?day={DAY}&amp;days=3&amp;city=krakow"
    assert path in page
    assert f'href="{TIMETABLE}/?day={DAY}&amp;days=3&amp;city=krakow"' in organiser.get(path.replace("&amp;", "&")).text


def test_what_is_at_once_in_one_room_stands_side_by_side(app: Flask, organiser: FlaskClient):
    with app.app_context():
        room = db.session.scalars(select(Room)).first()
        assert room is not None
        for code, hour in (("P022", 9), ("P023", 9), ("P036", 10)):
            services.move_to(the_placement(code), city=None, venue=None, room=room)
            services.place_session(the_placement(code), starts_at=utc(2018, 6, 20, hour), ends_at=utc(2018, 6, 20, hour + 1))
        number = room.id
        db.session.commit()
    found = day(organiser, day="2018-06-20")
    lanes = {each["extendedProps"]["code"]: each["resourceIds"] for each in found["events"]}
    assert lanes == {"P022": [f"room-{number}"], "P023": [f"room-{number}~2"], "P036": [f"room-{number}"]}
    assert {each["extendedProps"]["column"] for each in found["events"]} == {f"room-{number}"}


def test_what_would_be_taken_back_is_named(organiser: FlaskClient):
    assert day(organiser)["steps"] == ["", ""]
    moved(organiser, starts_at=f"{DAY}T13:00")
    token = csrf_token(organiser, f"{TIMETABLE}/")
    cancel = f"/desk/krakowice2018/placements/{event(organiser)['id']}/cancel"
    organiser.post(cancel, data={"csrf_token": token, "version": event(organiser)["extendedProps"]["version"]})
    steps = [day(organiser)["steps"]]
    for _each in range(2):
        assert send(organiser, "undo", None).status_code == 200
        steps.append(day(organiser)["steps"])
    assert steps == [["Cancelled: Lunch", ""], ["Moved: Lunch", "Cancelled: Lunch"], ["", "Moved: Lunch"]]
    assert event(organiser)["start"] == f"{DAY}T12:30"
    said = [each["said"] for each in organiser.get(f"{TIMETABLE}/changes.json?since=0").json["changes"]]
    assert said[1:3] == [
        "organiser@krakowice.example: Lunch. Cancelled",
        "organiser@krakowice.example: Lunch. Took a step back. Cancelled: yes → no",
    ]
