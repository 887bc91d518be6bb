"""``/desk/networks/``: what secretariats say of networks and their cities, and new congresses."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.networks import queries
from congress.networks.models import City, Membership
from tests.conftest import csrf_token, sign_in_as
from tests.desk.test_settings import filled_in, send
from tests.factories import everything, the_city, the_network
from tests.statements import statements

PAGE = "/desk/networks/uccn/"
CITIES = f"{PAGE}cities/"
NEW = {
    "name_en": "Gdynia", "name_pl": "Gdynia", "kind": "city", "country": "PL", "point": "54.52, 18.53", "population": "246 000",
    "level": "member", "since": "2019-10-30", "field": "film", "field_since": "2019-10-30",
}  # fmt: skip


@pytest.fixture
def secretariat(app: Flask) -> FlaskClient:
    """The browser of the secretariat of one network."""
    client = sign_in_as(app, RoleKind.PROGRAMME_READER)
    with app.app_context():
        role = db.session.scalars(select(Role).join(Account).where(Account.email.like("%@desk.example"))).one()
        role.kind, role.congress_id, role.network_id = RoleKind.SECRETARIAT, None, the_network().id
        db.session.commit()
    return client


def history(app: Flask, slug: str) -> list[tuple]:
    """The memberships of a city in the network, with its fields."""
    with app.app_context():
        held = [each for each in queries.memberships_of(the_city(slug)) if each.network_id == the_network().id]
        return [(each.since, each.until, [(one.field, one.since, one.until) for one in each.designations]) for each in held]


def test_only_the_secretariat_of_the_network_opens_its_pages(app: Flask, organiser: FlaskClient, secretariat: FlaskClient):
    paths = ("/desk/networks/", CITIES, f"{CITIES}lodz/", f"{PAGE}edit", f"{PAGE}congresses/new", "/desk/networks/icc/cities/")
    assert [[client.get(path).status_code for path in paths] for client in (organiser, secretariat)] == [
        [403] * 6, [200] * 5 + [403],
    ]  # fmt: skip
    wrong = (
        "/desk/networks/nowhere/cities/",
        f"{CITIES}bern/",
        f"{CITIES}lodz/contacts/friend",
        f"{CITIES}lodz/memberships/999999",
    )
    assert [secretariat.get(path).status_code for path in wrong] == [404] * 4
    with app.app_context():
        before = everything()
        token = csrf_token(organiser, "/krakowice2018/newsletter/")
    assert organiser.post(f"{CITIES}new", data={**NEW, "csrf_token": token}).status_code == 403
    with app.app_context():
        after = everything()
    assert {table for table in before if before[table] != after[table]} <= {"sign_ins"}


def test_a_city_joins_changes_its_field_leaves_and_comes_back(app: Flask, secretariat: FlaskClient, client: FlaskClient):
    assert send(secretariat, NEW, f"{CITIES}new")[0] == 303
    assert history(app, "gdynia") == [(date(2019, 10, 30), None, [("film", date(2019, 10, 30), None)])]
    with app.app_context():
        city = the_city("gdynia")
        number = db.session.scalars(select(Membership.id).where(Membership.city_id == city.id)).one()
        assert (city.latitude, city.population, city.country_code) == (54.52, 246_000, "PL")
    one = f"{CITIES}gdynia/memberships/{number}"
    assert send(secretariat, filled_in(secretariat.get(one).text), one, field="music", field_since="2023")[0] == 303
    assert send(secretariat, filled_in(secretariat.get(one).text), one, field_since="2024-05-01")[0] == 303  # put right
    fields = [("film", date(2019, 10, 30), date(2023, 1, 1)), ("music", date(2024, 5, 1), None)]
    assert history(app, "gdynia") == [(date(2019, 10, 30), None, fields)]
    assert send(secretariat, filled_in(secretariat.get(one).text), one, until="2025-01-01")[0] == 303
    again = f"{CITIES}gdynia/memberships/new"
    assert send(secretariat, {"level": "member", "since": "2024", "field": ""}, again)[0] == 422
    assert send(secretariat, {"level": "partner", "since": ">2025", "field": ""}, again)[0] == 303
    assert [row[:2] for row in history(app, "gdynia")] == [(date(2019, 10, 30), date(2025, 1, 1)), (date(2026, 1, 1), None)]
    assert "Gdynia" in client.get("/networks/uccn/?on=2024-06-01").text
    assert "Gdynia" not in client.get("/networks/uccn/?on=2025-06-01").text


def test_a_city_known_from_another_network_is_that_city(app: Flask, secretariat: FlaskClient):
    with app.app_context():
        own = {each.city_id for each in queries.every_membership(the_network())}
        known = next(each.city for each in queries.every_membership(the_network("icc")) if each.city_id not in own)
        name, country, number = known.names["en"], known.country_code, known.id
        cities = len(everything()["cities"])
    assert send(secretariat, {**NEW, "name_en": name, "country": country}, f"{CITIES}new")[0] == 303
    with app.app_context():
        assert len(everything()["cities"]) == cities
        assert (
            db.session.scalars(
                select(Membership.network_id).where(Membership.city_id == number, Membership.until.is_(None))
            ).all()
            != []
        )
        assert db.session.get_one(City, number).names["en"] == name


def test_what_is_wrong_of_a_city_stands_at_its_field_and_nothing_is_written(app: Flask, secretariat: FlaskClient):
    with app.app_context():
        before = everything()
    for changes, name in (
        ({"name_en": ""}, "name_en"), ({"name_en": "!!!"}, "name_en"), ({"name_en": "Łódź"}, "name_en"), ({"country": ""}, "country"),
        ({"country": "XX"}, "country"), ({"point": "here"}, "point"), ({"level": "king"}, "level"), ({"since": "12.6.2014"}, "since"),
        ({"since": "2014-02-30"}, "since"), ({"until": "2019-01-01"}, "until"), ({"field_since": ""}, "field_since"),
    ):  # fmt: skip
        status, page = send(secretariat, {**NEW, **changes}, f"{CITIES}new")
        assert (status, f'id="{name}-error"' in page) == (422, True), (changes, re.findall(r'id="[^"]*-error"', page))
    with app.app_context():
        after = everything()
    assert {table for table in before if before[table] != after[table]} <= {"sign_ins"}


def test_a_city_its_focal_point_and_the_network_are_changed_and_the_second_is_told_of_the_first(
    app: Flask, secretariat: FlaskClient, client: FlaskClient
):
    for path, change, other in (
        (f"{CITIES}lodz/edit", {"population": "700000"}, {"population": "600000"}),
        (f"{CITIES}lodz/contacts/main", {"email": "film@lodz.example"}, {"email": "old@lodz.example"}),
        (f"{PAGE}edit", {"website": "https://network.example/"}, {"website": "https://other.example/"}),
    ):
        values = filled_in(secretariat.get(path).text)
        assert send(secretariat, values, path, **change)[0] == 303, path
        status, page = send(secretariat, values, path, **other)
        assert (status in {409, 422}, "changed" in page, next(iter(other.values())) in page) == (True, True, True), path
    with app.app_context():
        contacts = queries.contacts(the_network(), [the_city("lodz").id])[the_city("lodz").id]
        assert (the_city("lodz").population, the_network().website) == (700_000, "https://network.example/")
        assert [each.email for each in contacts if each.kind == "main"] == ["film@lodz.example"]
    assert "https://network.example/" in client.get("/networks/uccn/").text
    assert "film@lodz.example" in secretariat.get(f"{CITIES}?q=lodz").text


def test_the_list_asks_as_much_for_three_cities_as_for_one(app: Flask, secretariat: FlaskClient):
    counts = []
    for typed in ("Łódź", "Poland"):
        with app.app_context(), statements() as asked:
            found = secretariat.get(CITIES, query_string={"q": typed}).text
        counts.append((len(asked), len(re.findall(r'<th scope="row">', found)) >= (2 if counts else 1)))
    assert counts[0] == counts[1]


def test_a_new_congress_begins_empty_with_its_maker_as_organiser_and_unseen(
    app: Flask, secretariat: FlaskClient, client: FlaskClient
):
    path = f"{PAGE}congresses/new"
    values = {
        **filled_in(secretariat.get(path).text), "name_en": "Fabriano 2019", "name_pl": "Fabriano 2019", "long_name_en": "XIII Meeting",
        "long_name_pl": "XIII Kongres", "slug": "fabriano2019", "starts_on": "2019-06-10", "ends_on": "2019-06-15", "hosts": "Fabriano",
        "timezone": "Europe/Rome",
    }  # fmt: skip
    for changes, name in (
        ({"slug": "networks"}, "slug"),
        ({"slug": "krakowice2018"}, "slug"),
        ({"hosts": "Atlantis"}, "hosts"),
        ({"ends_on": ""}, "ends_on"),
    ):
        status, page = send(secretariat, values, path, **changes)
        assert (status, f'id="{name}-error"' in page) == (422, True), changes
    assert send(secretariat, values, path)[0] == 303
    settings = "/desk/fabriano2019/settings/"
    assert "XIII Meeting" in secretariat.get(settings).text
    assert [client.get(page).status_code for page in ("/fabriano2019/", "/fabriano2019/registration/")] == [404, 404]
    shown = {**filled_in(secretariat.get(settings).text), "is_published": "y"}
    assert send(secretariat, shown, settings)[0] == 303
    home = client.get("/fabriano2019/")
    assert (home.status_code, "Fabriano" in client.get("/").text) == (200, True)
    assert "Registration is not open yet" in client.get("/fabriano2019/registration/").text
    feed = client.get("/fabriano2019/calendar/fabriano2019-programme.ics")
    assert (feed.status_code, b"TZID:Europe/Rome" in feed.data) == (200, True)
    assert secretariat.get("/desk/fabriano2019/placements/").status_code == 200
