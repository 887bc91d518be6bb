"""``/my/delegation/<token>/offerings/``: a city offers, organisers decide, the city and the session show it."""

from __future__ import annotations

import re

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import begin_writing, db
from congress.delegates import services as delegations
from congress.outbox.models import Message
from congress.programme.offerings.models import Offering
from congress.web.mail import compose
from tests.conftest import csrf_token
from tests.factories import give_room
from tests.speaking import MAYORS, release

DESK = "/desk/krakowice2018/offerings"
FORM = {
    "kind": "project",
    "title_en": "Letters to a city",
    "description_en": "People wrote.",
    "field": "literature",
    "minutes": "10",
}


@pytest.fixture
def link(app: Flask) -> str:
    with app.app_context():
        begin_writing()
        delegation = give_room("kanazawa")
        delegation.focal_name, delegation.focal_email, delegation.focal_language = "Kenji", "focal@kanazawa.example", "pl"
        token = delegations.link_token(delegation, current_app.config["SECRET_KEY"])
        db.session.commit()
        return f"/my/delegation/{token}/offerings/"


def send(client: FlaskClient, path: str, page: str, **data: str) -> int:
    version = re.search(r'name="version" (?:type="hidden" )?value="(\d+)"', client.get(page).text)
    form = {"csrf_token": csrf_token(client, page), "version": version[1] if version else "", **data}
    return client.post(path, data=form).status_code


def offered(app: Flask) -> list[tuple[int, str, str]]:
    with app.app_context():
        return [
            (each.id, each.titles["en"], each.state.value) for each in db.session.scalars(select(Offering).order_by(Offering.id))
        ]


def mails(app: Flask) -> list[str]:
    """The texts of what would leave to the city."""
    with app.app_context():
        found = db.session.scalars(select(Message).where(Message.template.startswith("offering_")).order_by(Message.id)).all()
        texts = [compose(each).get_body(("plain",)) for each in found]
        return [str(each.get_content()) for each in texts if each is not None]


def test_from_the_offer_of_a_city_to_the_page_of_the_session(app: Flask, client: FlaskClient, organiser: FlaskClient, link: str):
    assert send(client, f"{link}new", f"{link}new", **{**FORM, "kind": "song", "minutes": "900"}) == 422
    assert send(client, f"{link}new", f"{link}new", **FORM) == 303
    ((number, title, state),) = offered(app)
    assert (title, state) == ("Letters to a city", "offered")
    one = f"{DESK}/{number}"

    assert send(organiser, f"{one}/decline", one, reason="") == 422
    assert send(organiser, f"{one}/choose", one, item="X999", minutes="10") == 422
    assert send(organiser, f"{one}/choose", one, item=MAYORS, minutes="15") == 303
    before = client.get(f"/krakowice2018/programme/{MAYORS}").text
    with app.app_context():
        release()
    after = client.get(f"/krakowice2018/programme/{MAYORS}").text

    assert ["Letters to a city" in page for page in (before, after, client.get(link).text)] == [False, True, True]
    assert "14:00–14:15" in after
    (said,) = mails(app)
    assert ("Letters to a city" in said, "/my/delegation/" in said) == (True, True)


def test_a_refusal_reaches_the_city_with_its_reason(app: Flask, client: FlaskClient, organiser: FlaskClient, link: str):
    send(client, f"{link}new", f"{link}new", **FORM)
    number = offered(app)[0][0]
    assert send(organiser, f"{DESK}/{number}/decline", f"{DESK}/{number}", reason="All places are taken.") == 303

    assert "All places are taken." in mails(app)[0]
    assert "All places are taken." in client.get(link).text
    assert send(client, f"{link}{number}/edit", f"{link}{number}/edit", **FORM, title_pl="Listy") == 303
    assert offered(app) == [(number, "Letters to a city", "declined")]


def test_nobody_reaches_the_offers_of_another_city(app: Flask, client: FlaskClient, link: str):
    send(client, f"{link}new", f"{link}new", **FORM)
    number = offered(app)[0][0]
    with app.app_context():
        begin_writing()
        token = delegations.link_token(give_room("fabriano"), current_app.config["SECRET_KEY"])
        db.session.commit()
    other = f"/my/delegation/{token}/offerings/"
    assert client.get(f"{other}{number}/edit").status_code == 404
    assert send(client, f"{other}{number}/withdraw", f"{other}new") == 404
    assert ("Letters" in client.get(other).text, client.get(f"/my/delegation/{'a' * 32}/offerings/").status_code) == (False, 404)
    assert offered(app)[0][2] == "offered"
