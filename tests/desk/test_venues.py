"""``/desk/<congress>/venues/``: what is known of houses and rooms, and of speakers who are not there."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.programme.conflicts import ConflictKind
from congress.programme.models import Placement, Room, Venue
from congress.programme.people.models import Speaker
from congress.programme.planning import availability, checks
from congress.programme.planning.spans import Span
from tests.conftest import csrf_token, sign_in_as
from tests.factories import NOW, the_city, the_congress, utc
from tests.statements import statements

PAGE = "/desk/krakowice2018/venues/"
ROOM = {"name_en": "Hall", "name_pl": "Sala", "capacity": "80", "equipment": "projector; booth; projector", "step_free": "yes"}


def the_venue(slug: str = "krakow") -> int:
    return db.session.scalars(select(Venue.id).where(Venue.city_id == the_city(slug).id).order_by(Venue.id)).first()


def send(client: FlaskClient, path: str, **values: str) -> tuple[int, str]:
    page = client.get(path).text
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', page)
    data = {"csrf_token": csrf_token(client, path), "seen": seen[1] if seen else "", **values}
    answer = client.post(path, data=data)
    return answer.status_code, answer.text


def make_room(app: Flask, client: FlaskClient, **values: str) -> int:
    with app.app_context():
        venue = the_venue()
    assert send(client, f"{PAGE}{venue}/rooms/new", **{**ROOM, **values})[0] == 303
    with app.app_context():
        return db.session.scalars(select(Room.id).order_by(Room.id.desc())).first()


def test_a_room_is_added_with_what_it_holds_and_when_it_cannot_be_used(app, organiser):
    number = make_room(app, organiser, away="2018-06-12 09:00–12:00 rehearsal")
    with app.app_context():
        room = db.session.get_one(Room, number)
        assert (room.slug, room.capacity, room.equipment, room.step_free) == ("hall", 80, ["projector", "booth"], True)
        away = availability.absences(the_congress(), room)
        assert away == [Span(utc(2018, 6, 12, 7), utc(2018, 6, 12, 10), "rehearsal")]
        assert checks.read_desk(the_congress(), now=NOW).draft.facts.rooms_closed == {
            number: ((away[0].starts_at, away[0].ends_at),)
        }


def test_a_name_twice_in_a_venue_is_refused(app, organiser):
    number = make_room(app, organiser)
    with app.app_context():
        venue = db.session.get_one(Room, number).venue_id
    status, page = send(organiser, f"{PAGE}{venue}/rooms/new", **ROOM)
    assert (status, "This venue has a room of this name" in page) == (422, True)


def test_opening_hours_are_kept_by_day_and_found_as_conflicts(app, organiser):
    with app.app_context():
        venue = db.session.scalars(
            select(Placement.venue_id)
            .where(
                Placement.starts_at > utc(2018, 6, 12, 5),
                Placement.starts_at < utc(2018, 6, 12, 20),
                Placement.venue_id.is_not(None),
            )
            .order_by(Placement.id)
        ).first()
    assert send(organiser, f"{PAGE}{venue}/hours", hours="2018-06-12 closed\n2018-06-13 08:00–20:00")[0] == 303
    assert send(organiser, f"{PAGE}{venue}/hours", hours="2018-06-12 closed\n2018-06-13 09:00–20:00")[0] == 303
    page = organiser.get(PAGE).text
    assert (": closed</li>" in page, ': <span class="held">09:00–20:00</span></li>' in page) == (True, True)
    with app.app_context():
        found = availability.hours(the_congress())[venue]
        assert [(day.day, each and each[0].hour) for day, each in sorted(found.items())] == [(12, None), (13, 9)]
        kinds = {each.kind for each in checks.findings(the_congress(), now=NOW)}
        assert ConflictKind.OUTSIDE_HOURS in kinds


def test_who_saw_an_older_state_writes_nothing(app, organiser):
    number = make_room(app, organiser)
    status, page = send(organiser, f"{PAGE}rooms/{number}", **{**ROOM, "capacity": "90", "seen": "older"})
    assert (status, "Somebody else has changed this" in page) == (409, True)
    with app.app_context():
        assert db.session.get_one(Room, number).capacity == 80


def test_what_says_no_time_is_named_and_nothing_is_written(app, organiser):
    number = make_room(app, organiser)
    status, page = send(organiser, f"{PAGE}rooms/{number}", **{**ROOM, "capacity": "90", "away": "on Tuesday"})
    assert (status, "on Tuesday" in page) == (422, True)
    with app.app_context():
        assert db.session.get_one(Room, number).capacity == 80


def test_the_team_of_one_city_changes_nothing_of_the_other_one(app):
    client = sign_in_as(app, RoleKind.ORGANISER)
    with app.app_context():
        db.session.scalars(select(Role).join(Account).where(Account.email.like("%@desk.example"))).one().city = "katowice"
        db.session.commit()
        krakow, katowice = the_venue("krakow"), the_venue("katowice")
    told = [send(client, f"{PAGE}{venue}/rooms/new", **ROOM) for venue in (krakow, katowice)]
    assert [(status, "team of the other city" in page) for status, page in told] == [(422, True), (303, False)]
    assert send(client, f"{PAGE}{krakow}/hours", hours="2018-06-12 closed")[0] == 422


def test_when_a_speaker_is_not_there_is_kept(app, organiser):
    with app.app_context():
        speaker = Speaker(congress_id=the_congress().id, name="Ada Nowa")
        db.session.add(speaker)
        db.session.commit()
        number = speaker.id
    path = f"/desk/krakowice2018/speakers/{number}/absences"
    assert send(organiser, path, away="2018-06-13")[0] == 303
    assert send(organiser, path, away="", seen="older")[0] == 409
    assert send(organiser, path, away="2018-06-13 25:00–26:00")[0] == 422
    with app.app_context():
        away = availability.absences(the_congress(), db.session.get_one(Speaker, number))
        assert away == [Span(utc(2018, 6, 12, 22), utc(2018, 6, 13, 22))]


def test_the_page_asks_as_much_for_three_rooms_as_for_one(app, organiser):
    counts = []
    for names in (("One",), ("Two", "Three")):
        for name in names:
            make_room(app, organiser, name_en=name)
        with app.app_context(), statements() as asked:
            assert organiser.get(PAGE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def send_way(client: FlaskClient, one: int, other: int, minutes: str, **values: str) -> tuple[int, str]:
    return send(client, f"{PAGE}ways", venue=str(one), other=str(other), minutes=minutes, **values)


def test_a_way_between_two_houses_is_kept_once_for_both_directions_changed_and_forgotten(app, organiser):
    with app.app_context():
        krakow, katowice = the_venue("krakow"), the_venue("katowice")
    known = []
    for one, other, minutes in ((krakow, katowice, "75"), (katowice, krakow, "80"), (krakow, katowice, "")):
        assert send_way(organiser, one, other, minutes)[0] == 303
        with app.app_context():
            known.append(dict(checks.read_desk(the_congress(), now=NOW).draft.facts.between_venues))
    pair = frozenset({krakow, katowice})
    assert known == [{pair: 75}, {pair: 80}, {}]


def test_a_way_that_is_known_stands_in_the_table_and_is_changed_from_there(app, organiser):
    with app.app_context():
        krakow, katowice = sorted((the_venue("krakow"), the_venue("katowice")))
    assert "none is known yet." in organiser.get(PAGE).text
    send_way(organiser, krakow, katowice, "75")
    assert "1 way is known." in organiser.get(PAGE).text
    (link,) = re.findall(r'href="[^"]*ways\?([^"#]*)#way"', organiser.get(f"{PAGE}ways").text)
    form = organiser.get(f"{PAGE}ways?{link.replace('&amp;', '&')}").text
    assert re.findall(r'<option selected value="(\d+)"', form) == [str(krakow), str(katowice)]
    assert 'value="75"' in form


def test_a_way_from_a_house_to_itself_to_a_foreign_house_or_of_a_strange_length_is_refused(app, organiser):
    with app.app_context():
        krakow, katowice = the_venue("krakow"), the_venue("katowice")
    wrong = [
        (krakow, krakow, "5"),
        (krakow, 10**6, "5"),
        (krakow, katowice, "-5"),
        (krakow, katowice, "1441"),
        (krakow, katowice, "x"),
    ]
    assert [send_way(organiser, *each)[0] for each in wrong] == [422] * 5
    assert send_way(organiser, krakow, katowice, "75", seen="older")[0] == 409
    with app.app_context():
        assert checks.read_desk(the_congress(), now=NOW).draft.facts.between_venues == {}


def test_the_team_of_one_city_sets_ways_from_its_own_houses_only(app):
    client = sign_in_as(app, RoleKind.ORGANISER)
    with app.app_context():
        db.session.scalars(select(Role).join(Account).where(Account.email.like("%@desk.example"))).one().city = "katowice"
        db.session.commit()
        krakow = db.session.scalars(select(Venue.id).where(Venue.city_id == the_city("krakow").id).order_by(Venue.id)).all()
        katowice = the_venue("katowice")
    assert [send_way(client, krakow[0], other, "30")[0] for other in (krakow[1], katowice)] == [422, 303]
