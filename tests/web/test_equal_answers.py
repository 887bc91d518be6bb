"""Pages where one could try out addresses: what is answered, and where it is claimed the work as well, is the same for known and unknown ones."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress import demo
from congress.core.db import begin_writing, db
from congress.events import newsletter
from tests.conftest import csrf_token
from tests.factories import NOW, the_congress
from tests.statements import statements

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
READER = "ada@mail.example"
PAGES = {
    # address: what is sent besides, whose address is known there, whether the same is asked of the database
    "/desk/sign-in": ({"password": "a wrong password"}, demo.ORGANISER, False),  # what is written: tests/desk/test_sign_in.py
    "/desk/sign-in/code": ({}, demo.ORGANISER, True),
    "/desk/password": ({}, demo.ORGANISER, True),
    "/sign-in/": ({}, READER, True),
    "/krakowice2018/newsletter/": ({"language": "en", "agrees": "y"}, READER, False),
}


def answered(app: Flask, path: str, fields: dict[str, str], email: str) -> tuple[object, int]:
    """Status, where it leads, what both pages say without what is different at each request; and how many statements were executed."""
    client = app.test_client()
    token = csrf_token(client, path)
    sent_to = f"{path}/sent" if path == "/desk/sign-in/code" else path
    with app.app_context(), statements() as seen:
        answer = client.post(sent_to, data={**fields, "email": email, "identity": email, "csrf_token": token})
    count = len(seen)
    where = answer.headers.get("Location", "")
    text = answer.text + (client.get(where).text if where else "")
    text = re.sub(r'value="[^"]*"|challenge&#34;: ?&#34;[^&]*|\b[0-9a-f]{12}\b', "", text.replace(email, "(address)"))
    cookies = sorted(each.partition("=")[0] for each in answer.headers.getlist("Set-Cookie"))
    return (answer.status_code, where, text, cookies), count


@pytest.mark.parametrize("path", PAGES)
def test_whether_an_address_is_known_is_not_said(app: Flask, client: FlaskClient, path: str):
    fields, known, is_same_work = PAGES[path]
    with app.app_context():
        begin_writing()
        newsletter.confirm(newsletter.subscribe(the_congress(), READER, "en", key=app.config["SECRET_KEY"], now=NOW), now=NOW)
        db.session.commit()
    answered(app, path, fields, "first@mail.example")  # what is compiled and loaded once is so by now
    of_known, asked_of_known = answered(app, path, fields, known)
    of_unknown, asked_of_unknown = answered(app, path, fields, "nobody@mail.example")

    assert of_known == of_unknown
    assert not is_same_work or asked_of_known == asked_of_unknown
    assert asked_of_known > 0
