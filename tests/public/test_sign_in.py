"""``/sign-in/``: a link to everything of an address, without telling whether anything belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from congress.belongings.models import Visit
from congress.belongings.rules import KEPT_FOR, LINKS_AT_ONCE
from congress.core.db import db
from congress.outbox.models import Message, MessageState
from congress.web import chores
from tests.conftest import csrf_token
from tests.events.arranged import link_in
from tests.factories import NOW, make_registration
from tests.statements import statements
from tests.web import mailbox

HARUKI, STRANGER = "haruki@kanazawa.example", "stranger@mail.example"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def haruki(app: Flask) -> str:
    with app.app_context():
        make_registration(email=HARUKI)
        mailbox.only_of("nobody")
        db.session.commit()
    return HARUKI


def ask(client: FlaskClient, email: str) -> tuple[int, str, str]:
    token = csrf_token(client, "/sign-in/")
    answer = client.post("/sign-in/", data={"csrf_token": token, "email": email})
    return answer.status_code, answer.location or "", client.get("/sign-in/received").text


def page_of(text: str, email: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text).replace(email, "…")


def test_known_and_unknown_addresses_cause_the_same_answer_and_the_same_work(app: Flask, client: FlaskClient, haruki: str):
    ask(client, "somebody.else@mail.example")  # what is only done once
    told, asked = [], []
    with app.app_context():
        for email in (haruki, STRANGER):
            with statements() as seen:
                status, location, page = ask(client, email)
            told.append((status, location, page_of(page, email)))
            asked.append(list(seen))
    assert told[0] == told[1]
    assert told[0][:2] == (303, "/sign-in/received")
    assert asked[0] == asked[1]


def test_only_an_address_with_something_gets_a_mail(app: Flask, client: FlaskClient, haruki: str):
    for email in (STRANGER, haruki.upper()):
        ask(client, email)
    [letter] = mailbox.deliver(app)
    assert (letter["To"].addresses[0].addr_spec.lower(), letter["Subject"]) == (
        haruki,
        "Your link to everything that you have with us",
    )
    with app.app_context():
        left = {each.recipient.lower(): each.state for each in db.session.scalars(select(Message)) if "visit-" in each.key}
    assert left == {STRANGER: MessageState.DROPPED, haruki: MessageState.SENT}


def test_the_mail_speaks_the_language_of_the_page(app: Flask, client: FlaskClient, haruki: str):
    client.get("/sign-in/?lang=pl")
    ask(client, haruki)
    assert [letter["Content-Language"] for letter in mailbox.deliver(app)] == ["pl"]


def test_a_mailbox_is_not_filled(app: Flask, client: FlaskClient, haruki: str, clock):
    answers = {page_of(ask(client, haruki)[2], haruki) for _ in range(LINKS_AT_ONCE + 2)}
    assert (len(answers), len(mailbox.deliver(app))) == (1, LINKS_AT_ONCE)
    clock.shift(timedelta(minutes=31))
    ask(client, haruki)
    assert len(mailbox.deliver(app)) == 1


def test_the_link_opens_once_and_in_time(app: Flask, client: FlaskClient, haruki: str, clock):
    for _ in range(2):
        ask(client, haruki)
    first, second = (link_in(mailbox.text(each)) for each in mailbox.deliver(app))
    assert client.get(first).status_code == client.get(first).status_code == 200  # scanners of mail follow links
    post = {"csrf_token": csrf_token(client, first)}
    answer = client.post(first, data=post)
    assert (answer.status_code, answer.location) == (303, "/my/everything/")
    cookie = answer.headers["Set-Cookie"] if "everything=" in answer.headers["Set-Cookie"] else str(answer.headers)
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800"))
    other = app.test_client()
    assert [other.post(first, data={"csrf_token": csrf_token(other, "/sign-in/")}).status_code, other.get(first).status_code] == [
        410,
        410,
    ]
    assert other.get("/my/everything/").location == "/sign-in/?ended=1"
    clock.shift(timedelta(minutes=30))
    late = client.get(second)
    assert (late.status_code, 'href="/sign-in/"' in late.text) == (410, True)


def test_a_late_mail_does_not_leave(app: Flask, client: FlaskClient, haruki: str, clock):
    ask(client, haruki)
    clock.shift(timedelta(minutes=31))
    assert mailbox.deliver(app) == []


def test_after_a_day_nothing_is_left_of_who_asked(app: Flask, client: FlaskClient, haruki: str, clock):
    for email in (haruki, STRANGER):
        ask(client, email)
    mailbox.deliver(app)
    clock.shift(KEPT_FOR)
    chores.do_due(app)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 0
        assert db.session.scalars(select(Message.id).where(Message.key.startswith("visit-"))).all() == []


@pytest.mark.parametrize("typed", ["", "no address", "a@b.example, c@d.example", "x" * 300 + "@mail.example"])
def test_what_is_no_address_is_said(client: FlaskClient, typed: str):
    answer = client.post("/sign-in/", data={"csrf_token": csrf_token(client, "/sign-in/"), "email": typed})
    assert (answer.status_code, 'href="#email"' in answer.text) == (422, True)


@pytest.mark.parametrize("path", ["/my/everything/link/nothing/", "/my/registration/nothing/", "/my/sign-ups/nothing/"])
def test_a_wrong_link_leads_to_the_door(client: FlaskClient, path: str):
    answer = client.get(path)
    assert (answer.status_code, 'href="/sign-in/"' in answer.text) == (404, True)
