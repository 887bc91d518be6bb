"""Two tabs, or two people, on one page of one person's form: nothing is written over unseen."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from congress.core.db import db
from congress.delegates import services as delegations
from congress.registration.details import Needs, Passport, Stay
from congress.registration.models import Registration
from tests.registration_form import begin, link_of, save

_SAID = "saved now: "


@pytest.fixture
def link(client: FlaskClient) -> str:
    return link_of(begin(client))


def seen(client: FlaskClient, link: str, page: str) -> str:
    """What a tab carries that has just been opened."""
    return marks(client.get(f"{link}form/{page}"))


def marks(answer: TestResponse) -> str:
    return re.search(r'name="seen" value="([^"]*)"', answer.text)[1]  # type: ignore[index]


def told(answer: TestResponse) -> list[str]:
    """What the page says has changed: field, there, yours."""
    lines = re.findall(r"<li><strong>(.*?)</strong>: (.*?)</li>", answer.text)
    return [html.unescape(f"{name}: {said}") for name, said in lines]


def stored(app: Flask, table: type) -> object:
    with app.app_context():
        return db.session.get(table, newest())


def newest() -> int:
    return db.session.scalars(select(Registration.id).order_by(Registration.id.desc())).first()  # type: ignore[return-value]


def test_the_second_tab_is_told_what_changed_keeps_what_was_typed_and_saves_when_sent_again(
    app: Flask, client: FlaskClient, link: str
):
    save(client, link, "travel", hotel="Wanda", arrival_on="2018-06-11", room="single")
    tab = seen(client, link, "travel")
    typed = {"arrival_on": "2018-06-12", "arrival_time": "9:05", "room": "twin", "hotel": "Wanda", "days": ["2018-06-13"]}
    save(client, link, "travel", hotel="Logos", arrival_on="2018-06-10", room="single")

    refused = save(client, link, "travel", seen=tab, **typed)
    kept = stored(app, Stay)
    again = save(client, link, "travel", seen=marks(refused), **typed)

    assert (refused.status_code, told(refused)) == (
        409,
        [
            "Day of arrival: saved now: 10 June 2018; yours: 12 June 2018",
            "Hotel: saved now: Logos; yours: Wanda",
        ],
    )
    assert "what you typed is below" in refused.text
    assert ['value="2018-06-12"' in refused.text, 'value="9:05"' in refused.text] == [True, True]
    assert (kept.hotel, kept.days, again.status_code) == ("Logos", [], 303)  # type: ignore[attr-defined]
    written = stored(app, Stay)
    assert (written.hotel, written.room.value, written.arrival_time, written.days) == ("Wanda", "twin", "09:05", ["2018-06-13"])  # type: ignore[attr-defined]


def test_the_same_form_sent_twice_is_saved_once_and_nobody_is_alarmed(app: Flask, client: FlaskClient, link: str):
    answers = {"seen": seen(client, link, "needs"), "diets": ["vegan", "halal"], "allergies": "orzechy\r\ni ryby"}
    assert [save(client, link, "needs", **answers).status_code for _twice in range(2)] == [303, 303]
    assert stored(app, Needs).content == {"diets": ["vegan", "halal"], "allergies": "orzechy\ni ryby"}  # type: ignore[attr-defined]


def test_what_the_other_tab_did_not_touch_is_no_conflict(client: FlaskClient, link: str):
    tab = seen(client, link, "role")
    save(client, link, "role", working_language="en", organisation="Muzeum")
    assert (
        save(client, link, "role", seen=tab, working_language="en", organisation="Muzeum", function="kustosz").status_code == 303
    )


def test_a_mistake_does_not_make_one_forget_what_the_page_had_shown(client: FlaskClient, link: str):
    tab = seen(client, link, "travel")
    save(client, link, "travel", hotel="Logos")
    wrong = save(client, link, "travel", seen=tab, hotel="Wanda", arrival_time="25:00")
    right = save(client, link, "travel", seen=marks(wrong), hotel="Wanda")
    assert (wrong.status_code, right.status_code, told(right)) == (422, 409, ["Hotel: saved now: Logos; yours: Wanda"])


def test_a_consent_withdrawn_meanwhile_is_not_given_again_unseen(client: FlaskClient, link: str):
    save(client, link, "consents", consent_privacy="y", consent_photos="y")
    tab = seen(client, link, "consents")
    save(client, link, "consents", consent_privacy="y")
    refused = save(client, link, "consents", seen=tab, consent_privacy="y", consent_photos="y")
    assert (refused.status_code, [each.partition(_SAID)[2] for each in told(refused)]) == (409, ["No; yours: Yes"])


def test_the_focal_point_is_told_of_the_hotel_and_not_of_the_passport(app: Flask, client: FlaskClient, link: str):
    with app.app_context():
        registration = db.session.get_one(Registration, newest())
        token = delegations.link_token(registration.delegate.delegation, app.config["SECRET_KEY"])
        db.session.commit()
        path = f"/my/delegation/{token}/people/{registration.id}/"
    theirs = seen(client, path, "travel")
    save(client, link, "travel", hotel="Logos", needs_letter="y", passport_name="Z", born_on="1980-02-29", nationality="PL",
         passport_number="AB 123", passport_expires_on="2030-01-01", consulate="Kyiv")  # fmt: skip

    refused = save(client, path, "travel", seen=theirs, hotel="Wanda")

    assert (refused.status_code, told(refused)) == (
        409,
        ["Hotel: saved now: Logos; yours: Wanda", "I need an invitation letter for a visa: saved now: Yes; yours: No"],
    )
    assert ("AB 123" in refused.text, stored(app, Passport).content["number"]) == (False, "AB 123")  # type: ignore[attr-defined]


def test_it_is_said_in_polish_too(client: FlaskClient, link: str):
    tab = seen(client, link, "role")
    save(client, link, "role", working_language="fr")
    client.get(f"{link}form/role?lang=pl")
    refused = save(client, link, "role", seen=tab, working_language="en", organisation="<b>")
    assert (refused.status_code, '<html lang="pl"' in refused.text, len(told(refused))) == (409, True, 1)


@pytest.mark.parametrize("sent", ["", "x", "hotel:zzz", "hotel:" + "0" * 12 + "\x00<script>", "a:" * 30_000])
def test_marks_that_are_none_break_nothing(client: FlaskClient, link: str, sent: str):
    answer = save(client, link, "travel", seen=sent, hotel="Wanda", arrival_time="25:00")
    assert (answer.status_code, "<script>" in marks(answer), len(marks(answer)) < 30) == (422, False, True)
