"""``/desk/<congress>/limits/``: how many may come."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import TestConfig
from congress import create_app, demo
from congress.core.db import db
from congress.delegates import queries, services
from congress.delegates.vocabulary import Category
from congress.outbox.models import Message
from congress.registration.models import Registration
from congress.registration.states import State
from tests.conftest import csrf_token
from tests.factories import make_registration, the_congress

PAGE = "/desk/krakowice2018/limits/"


def values(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    """What the page would send, with these changes."""
    page = client.get(PAGE).text
    found = dict(re.findall(r'name="([^"]+)" type="(?:text|hidden)" value="([^"]*)"', page))
    ticked = {f"terms_{category}-is_offered": "y" for category in Category}
    return {**found, **ticked, "csrf_token": csrf_token(client, PAGE), **changes}


def save(client: FlaskClient, **changes: Any) -> tuple[int, str]:
    answer = client.post(PAGE, data=values(client, **changes))
    return answer.status_code, answer.text


def limits(app: Flask) -> tuple[int, int, int | None, int | None, int]:
    with app.app_context():
        each = the_congress()
        return each.min_delegates, each.max_delegates, each.max_people, each.offer_hours, each.silent_days


@pytest.fixture
def press(app: Flask) -> list[int]:
    """Three journalists, of whom the last one waits: there are two places."""
    with app.app_context():
        services.set_terms(the_congress(), {Category.PRESS: services.Terms(max_people=2)})
        made = [make_registration(category=Category.PRESS, city="").id for _number in range(3)]
        db.session.commit()
    return made


def states(app: Flask, ids: list[int]) -> list[State]:
    with app.app_context():
        return [db.session.get_one(Registration, each).state for each in ids]


def test_limits_of_the_congress_and_of_a_category_are_saved_and_shown(app, organiser):
    assert "terms_press-is_offered" in organiser.get(PAGE).text
    changes = {"min_delegates": "2", "max_delegates": "5", "max_people": "400", "offer_hours": "48", "silent_days": "10"}
    press = {"terms_press-is_offered": "", "terms_press-max_per_city": "1", "terms_press-max_people": "40"}
    sent = values(organiser, **changes, **press)
    del sent["terms_press-is_offered"]
    assert organiser.post(PAGE, data=sent).status_code == 303
    assert limits(app) == (2, 5, 400, 48, 10)
    with app.app_context():
        found = queries.terms(the_congress())
        assert {kind: (each.is_offered, each.max_per_city, each.max_people) for kind, each in found.items()} == {
            Category.PRESS: (False, 1, 40)
        }
    page = organiser.get(PAGE).text
    assert [bool(re.search(rf'<input[^>]*checked[^>]*id="terms_{each}-is_offered"', page)) for each in ("delegate", "press")] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("max_delegates", "0"), ("max_delegates", "many"), ("max_delegates", ""), ("min_delegates", "-1"), ("max_people", "0"),
        ("max_people", "1" * 30), ("offer_hours", "0"), ("silent_days", ""), ("silent_days", "٣"), ("terms_press-max_people", "1.5"),
    ],
)  # fmt: skip
def test_what_is_no_limit_is_told_at_its_field_and_changes_nothing(shared_desk, field, typed):
    app, organiser = shared_desk
    before = limits(app)
    status, page = save(organiser, **{field: typed})
    assert (status, limits(app)) == (422, before)
    assert f'id="{field}-error"' in page


@pytest.fixture(scope="module")
def shared_desk(databases, loaded, tmp_path_factory):
    """One application and organiser for requests that change nothing."""
    url = databases.make(loaded)
    app = create_app(TestConfig.make(url, tmp_path_factory.mktemp("limits")))
    client = app.test_client()
    form = {"email": demo.ORGANISER, "password": demo.organiser_password(app.config["SECRET_KEY"])}
    client.post("/desk/sign-in", data={**form, "csrf_token": csrf_token(client, "/desk/sign-in")})
    yield app, client
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def test_who_waits_gets_at_once_what_a_higher_limit_allows(app, organiser, press):
    assert states(app, press) == [State.SUBMITTED, State.SUBMITTED, State.WAITING]
    save(organiser, **{"terms_press-max_people": "3"})
    assert states(app, press) == [State.SUBMITTED] * 3
    with app.app_context():
        told = db.session.scalars(select(Message.about).where(Message.template == "registration_received"))
        assert list(told).count(f"registration:{press[-1]}") == 1


def test_a_lower_limit_takes_nobodys_place_and_says_so(app, organiser, press):
    save(organiser, **{"terms_press-max_people": "1"})
    assert states(app, press) == [State.SUBMITTED, State.SUBMITTED, State.WAITING]
    assert "Nobody loses a place by it" in organiser.get(PAGE).text


def test_who_saves_what_somebody_else_has_changed_meanwhile_is_told(app, organiser):
    old = values(organiser)
    assert save(organiser, max_delegates="7")[0] == 303
    answer = organiser.post(PAGE, data={**old, "max_delegates": "9"})
    assert (answer.status_code, limits(app)[1]) == (409, 7)
    assert 'value="9"' in answer.text
