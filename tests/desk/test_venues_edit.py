"""``/desk/<congress>/venues/<id>/edit``: houses, and what calendars say of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.core.clock import now
from congress.core.db import db
from congress.core.localised import Localised
from congress.core.point_fields import point
from congress.programme.models import Placement, Venue
from congress.programme.services import pending_changes, release_programme
from tests.conftest import sign_in_as
from tests.desk.test_settings import FEED, events
from tests.desk.test_venues import PAGE, send, the_venue
from tests.factories import the_city, the_congress

HOUSE = {
    "name_en": "New House", "name_pl": "Nowy Dom", "address": "ul. Krakowska 1", "point": "50.04, 19.95", "directions_en": "Tram 3.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("50.04783, 19.93144", (50.04783, 19.93144)),
        (" 50,04783; 19,93144 ", (50.04783, 19.93144)),
        ("-33.4 -70.6", (-33.4, -70.6)),
        ("50.04783,19.93144", (50.04783, 19.93144)),
        ("91, 19", None),
        ("50.04783", None),
        ("Kraków", None),
        ("50.04783, 19.93144, 7", None),
    ],
)
def test_a_point_is_read_as_maps_write_it(typed: str, wanted: tuple[float, float] | None):
    assert point(typed) == wanted


def test_a_house_is_added_and_named_once_in_its_city(app: Flask, organiser: FlaskClient):
    sent = [send(organiser, f"{PAGE}new", **HOUSE, city="katowice") for _twice in range(2)]
    assert ([status for status, _page in sent], "This city has a house of this name" in sent[1][1]) == ([303, 422], True)
    assert send(organiser, f"{PAGE}new", **HOUSE, city="krakow")[0] == 303
    assert send(organiser, f"{PAGE}new", **{**HOUSE, "point": "north"}, city="krakow")[0] == 422
    assert send(organiser, f"{PAGE}new", **HOUSE, city="lodz")[0] == 422
    with app.app_context():
        made = db.session.scalars(select(Venue).order_by(Venue.id.desc()).limit(2)).all()
        assert [(each.slug, each.city.slug, each.latitude) for each in made] == [
            ("new-house-krakow", "krakow", 50.04), ("new-house", "katowice", 50.04),
        ]  # fmt: skip
    assert "ul. Krakowska 1" in organiser.get(PAGE).text


def test_calendars_have_what_is_changed_of_a_house_from_the_next_release_on(
    app: Flask, organiser: FlaskClient, client: FlaskClient
):
    with app.app_context():
        used = select(Placement.venue_id).where(Placement.starts_at.is_not(None), Placement.is_cancelled.is_(False))
        number = db.session.scalars(used.order_by(Placement.id)).first()
        uids = set(db.session.scalars(select(Placement.uid).where(Placement.venue_id == number)))
        names = db.session.get_one(Venue, number).names
    before = client.get(FEED)
    seen = {"If-None-Match": before.headers["ETag"], "If-Modified-Since": before.headers["Last-Modified"]}
    status, _page = send(organiser, f"{PAGE}{number}/edit", **{**HOUSE, "name_en": names["en"], "name_pl": names["pl"]})
    assert (status, client.get(FEED, headers=seen).status_code, client.get(FEED).data) == (303, 304, before.data)

    released_at = now().replace(microsecond=0)
    with app.app_context():
        assert {change.after.uid for change in pending_changes(the_congress())} == uids
        release_programme(the_congress(), note=Localised(), by="somebody", now=released_at)
        db.session.commit()
    after = client.get(FEED, headers=seen)
    told, tells = events(before.data), events(after.data)
    assert (after.status_code, after.headers["ETag"] != before.headers["ETag"]) == (200, True)
    changed = {uid for uid in told if told[uid] != tells[uid]}
    assert changed == uids & told.keys()
    assert len(changed) > 0
    for uid in changed:
        was, is_now = told[uid], tells[uid]
        assert (int(is_now["SEQUENCE"]) - int(was["SEQUENCE"]), is_now["DTSTAMP"], is_now["GEO"], is_now["UID"]) == (
            1, f"{released_at:%Y%m%dT%H%M%SZ}", "50.04;19.95", was["UID"],
        )  # fmt: skip
        assert "ul. Krakowska 1" in is_now["LOCATION"]
    later = {
        "If-None-Match": after.headers["ETag"],
        "If-Modified-Since": (now() - timedelta(days=9)).strftime("%a, %d %b %Y %H:%M:%S GMT"),
    }
    assert client.get(FEED, headers=later).status_code == 304


def test_who_saw_an_older_state_or_is_of_another_city_writes_nothing(app: Flask, organiser: FlaskClient):
    with app.app_context():
        number, venue = the_venue(), dict(vars(db.session.get_one(Venue, the_venue())))
    status, page = send(organiser, f"{PAGE}{number}/edit", **HOUSE, seen="older")
    assert (status, "Somebody else has changed this" in page, "New House" in page) == (409, True, True)
    client = sign_in_as(app, RoleKind.ORGANISER)
    with app.app_context():
        db.session.scalars(select(Role).join(Account).where(Account.email.like("%@desk.example"))).one().city = "katowice"
        db.session.commit()
    assert send(client, f"{PAGE}{number}/edit", **HOUSE)[0] == 422
    assert send(client, f"{PAGE}new", **HOUSE, city="krakow")[0] == 422
    with app.app_context():
        assert db.session.get_one(Venue, number).address == venue["address"]
        assert {each.city_id for each in db.session.scalars(select(Venue).where(Venue.slug == "new-house"))} == set()
        assert the_city("krakow").id == venue["city_id"]
