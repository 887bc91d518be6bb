"""``/desk/<congress>/registrations/``: who has registered, and confirming it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.congresses.models import Congress
from congress.core.db import db
from congress.outbox.models import Message
from congress.registration import services
from congress.registration.models import Registration
from congress.registration.states import State
from tests.conftest import DELEGATES, csrf_token
from tests.factories import NOW, make_registration, the_congress

PAGE = "/desk/krakowice2018/registrations/"
WAITING = 5  # of those whom the loaded congress has


@pytest.fixture
def zoe(app: Flask) -> int:
    """The id of somebody who waits."""
    with app.app_context():
        made = make_registration(given_name="Zoë", family_name="Waits")
        db.session.commit()
        return made.id


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """The browser of somebody who may read the draft and nothing else."""
    with app.app_context():
        account = Account(
            email="reader@desk.example", name="Reader", password=hash_password("a long password"),
            fs_uniquifier="reader", created_at=NOW,
        )  # fmt: skip
        account.roles_held.append(Role(kind=RoleKind.PROGRAMME_READER, congress_id=the_congress().id))
        db.session.add(account)
        db.session.commit()
    client = app.test_client()
    form = {"email": "reader@desk.example", "password": "a long password"}
    client.post("/desk/sign-in", data={**form, "csrf_token": csrf_token(client, "/desk/sign-in")})
    return client


def post(client: FlaskClient, action: str, page: str = PAGE, **values: object) -> tuple[int, str]:
    answer = client.post(PAGE + action, data={"csrf_token": csrf_token(client, page), **values})
    return answer.status_code, answer.location or ""


def states(app: Flask) -> list[State]:
    with app.app_context():
        return list(db.session.scalars(select(Registration.state).order_by(Registration.id)))


def told(app: Flask) -> list[int]:
    """Whom a mail tells of the confirmation."""
    with app.app_context():
        found = db.session.scalars(select(Message).where(Message.template == "registration_confirmed").order_by(Message.id))
        return [each.facts["registration"] for each in found]


def buttons(client: FlaskClient, query: str = "") -> list[str]:
    return re.findall(rf'action="{PAGE}(.*?)"', client.get(PAGE + query).text)


def form_for_all(client: FlaskClient) -> tuple[str, str]:
    """The id up to which the page's button confirms, and the button's words."""
    text = client.get(PAGE).text.partition("confirm-all")[2]
    return re.search(r'name="up_to" value="(\d+)"', text)[1], re.search(r"<button[^>]*>(.*?)</button>", text)[1]


def test_the_loaded_congress_has_a_few_who_wait_and_told_nobody(app: Flask):
    assert states(app) == [State.CONFIRMED] * (DELEGATES - WAITING) + [State.SUBMITTED] * WAITING
    assert told(app) == []


def test_each_who_waits_has_a_button(organiser: FlaskClient, app: Flask, zoe: int):
    with app.app_context():
        waiting = set(db.session.scalars(select(Registration.id).where(Registration.state == State.SUBMITTED)))
    assert len(waiting) == WAITING + 1
    assert set(buttons(organiser)) == {"confirm-all", *(f"{each}/confirm" for each in waiting)}


def test_who_is_searched_for_is_confirmed_alone_and_the_search_stays(organiser: FlaskClient, app: Flask, zoe: int):
    before = states(app)
    assert buttons(organiser, "?q=waits") == [f"{zoe}/confirm"]

    found = post(organiser, f"{zoe}/confirm", page=f"{PAGE}?q=waits", q="waits")

    assert found == (303, f"{PAGE}?q=waits#registration-{zoe}")
    assert (states(app), told(app)) == ([*before[:-1], State.CONFIRMED], [zoe])
    text = organiser.get(f"{PAGE}?q=waits").text
    assert ("Zoë Waits is confirmed." in text, buttons(organiser, "?q=waits")) == (True, [])


def test_confirming_twice_tells_the_person_once(organiser: FlaskClient, app: Flask, zoe: int):
    assert [post(organiser, f"{zoe}/confirm")[0] for _again in range(2)] == [303, 303]
    assert told(app) == [zoe]


def test_who_has_withdrawn_in_the_meantime_is_not_confirmed(organiser: FlaskClient, app: Flask, zoe: int):
    with app.app_context():
        services.withdraw(db.session.get_one(Registration, zoe), now=NOW)
        db.session.commit()

    assert post(organiser, f"{zoe}/confirm")[0] == 303

    assert "This registration was withdrawn." in organiser.get(PAGE).text
    assert (states(app)[-1], told(app)) == (State.CANCELLED, [])


def test_all_whom_the_page_shows_are_confirmed_at_once(organiser: FlaskClient, app: Flask, zoe: int):
    up_to, words = form_for_all(organiser)
    with app.app_context():
        make_registration(family_name="Unseen")
        db.session.commit()

    assert (words, post(organiser, "confirm-all", up_to=up_to)) == (f"Confirm all {WAITING + 1} that wait", (303, PAGE))

    assert states(app) == [State.CONFIRMED] * (DELEGATES + 1) + [State.SUBMITTED]
    assert (len(told(app)), told(app)[-1]) == (WAITING + 1, zoe)
    assert f"{WAITING + 1} registrations are confirmed." in organiser.get(PAGE).text
    assert form_for_all(organiser)[1] == "Confirm the 1 that waits"


def test_where_nobody_waits_there_is_nothing_to_confirm(organiser: FlaskClient):
    post(organiser, "confirm-all", up_to=form_for_all(organiser)[0])
    assert buttons(organiser) == []


@pytest.mark.parametrize("values", [{}, {"up_to": ""}, {"up_to": "all"}])
def test_all_needs_to_know_up_to_whom(organiser: FlaskClient, app: Flask, values: dict[str, str]):
    assert post(organiser, "confirm-all", **values) == (400, "")
    assert told(app) == []


def test_a_number_of_any_size_is_no_error(organiser: FlaskClient, app: Flask):
    assert post(organiser, "confirm-all", up_to=10**30)[0] == 303
    assert len(told(app)) == WAITING


@pytest.mark.parametrize("number", ["0", "99999", "2147483647", "2147483648", "9" * 40, "x"])
def test_nobody_is_confirmed_who_is_not_there(organiser: FlaskClient, app: Flask, number: str):
    assert post(organiser, f"{number}/confirm")[0] == 404
    assert told(app) == []


def test_a_registration_of_another_congress_is_not_confirmed_here(organiser: FlaskClient, app: Flask, zoe: int):
    with app.app_context():
        here = the_congress()
        columns = {
            each.key: getattr(here, each.key) for each in Congress.__mapper__.column_attrs if each.key not in {"id", "slug"}
        }
        other = Congress(**columns, slug="elsewhere2018")
        db.session.add(other)
        db.session.flush()
        db.session.get_one(Registration, zoe).congress_id = other.id
        db.session.commit()

    assert post(organiser, f"{zoe}/confirm")[0] == 404
    assert post(organiser, "confirm-all", up_to=zoe)[0] == 303

    assert (states(app)[-1], zoe in told(app)) == (State.SUBMITTED, False)


@pytest.mark.parametrize("action", ["{zoe}/confirm", "confirm-all"])
def test_who_only_reads_the_programme_confirms_nobody(reader: FlaskClient, app: Flask, zoe: int, action: str):
    before = states(app)
    draft = "/desk/krakowice2018/calendar/"  # which this role may open: its form's token is good
    answer = post(reader, action.format(zoe=zoe), page=draft, up_to=zoe)
    assert (answer[0], states(app), told(app), reader.get(PAGE).status_code) == (403, before, [], 403)


@pytest.mark.parametrize("action", ["{zoe}/confirm", "confirm-all"])
def test_who_is_not_signed_in_confirms_nobody(client: FlaskClient, app: Flask, zoe: int, action: str):
    before = states(app)
    answer = post(client, action.format(zoe=zoe), page="/desk/sign-in", up_to=zoe)
    assert (answer[0], states(app), told(app)) == (403, before, [])


@pytest.mark.parametrize("action", ["{zoe}/confirm", "confirm-all"])
def test_confirming_needs_the_form_of_this_browser(organiser: FlaskClient, app: Flask, zoe: int, action: str):
    answer = organiser.post(PAGE + action.format(zoe=zoe), data={"up_to": zoe})
    assert (answer.status_code, told(app)) == (400, [])
