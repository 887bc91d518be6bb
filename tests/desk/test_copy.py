"""``/desk/<congress>/copy/``: this congress as the start of the next one."""

from __future__ import annotations

import html
import re

from flask import Flask
from flask.testing import FlaskClient

from congress.accounts.rules import RoleKind
from congress.programme import queries
from tests.conftest import csrf_token, sign_in_as
from tests.factories import everything, the_congress

PAGE = "/desk/krakowice2018/copy/"
FORM = {"name_en": "Krakowice 2019", "name_pl": "Krakowice 2019", "slug": "krakowice2019", "starts_on": "2019-06-11"}


def send(client: FlaskClient, **changes: str) -> tuple[int, str]:
    answer = client.post(PAGE, data={"csrf_token": csrf_token(client, PAGE), **FORM, **changes})
    return answer.status_code, answer.location or html.unescape(answer.text)


def test_whoever_makes_a_copy_works_on_it_and_nobody_else_sees_it(organiser: FlaskClient, client: FlaskClient, app: Flask):
    assert send(organiser) == (303, "/desk/krakowice2019/")
    with app.app_context():
        entries = len(queries.placements(the_congress()))
    assert f"with {entries} entries in its draft" in organiser.get("/desk/krakowice2019/").text
    assert organiser.get("/desk/krakowice2019/placements/").status_code == 200
    pages = [
        client.get(f"/krakowice2019/{each}").status_code for each in ("", "programme/", "calendar/krakowice2019-programme.ics")
    ]
    assert (pages, "krakowice2019" in client.get("/").text) == ([404] * 3, False)


def test_what_is_wrong_stands_at_its_field_and_nothing_is_made(organiser: FlaskClient, app: Flask):
    with app.app_context():
        before = everything()
    wrong = {
        "slug": "There is a congress with this address already.",
        "starts_on": "The copy begins after the congress that it is made of, and within thirty years.",
    }
    for (name, said), value in zip(wrong.items(), ("krakowice2018", "2018-06-12"), strict=True):
        status, text = send(organiser, **{name: value})
        assert (status, re.search(rf'id="{name}-error"[^>]*>.*?{said}', text, re.DOTALL) is not None) == (422, True)
    assert [send(organiser, **{name: ""})[0] for name in FORM] == [422] * len(FORM)
    assert send(organiser, starts_on="2019-06-31")[0] == 422
    with app.app_context():
        assert everything() == before


def test_only_organisers_copy(app: Flask, organiser: FlaskClient):
    reader = sign_in_as(app, RoleKind.PROGRAMME_READER)
    token = csrf_token(reader, "/krakowice2018/newsletter/")
    assert (reader.get(PAGE).status_code, reader.post(PAGE, data={**FORM, "csrf_token": token}).status_code) == (403, 403)
