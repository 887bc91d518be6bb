"""What each category is asked, and that the review tells nothing that was never asked."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.delegates.models import Delegate, Person
from tests.registration_form import begin, errors, link_of, save

PRESS = {"category": "press", "city": "", "outlet": "Radio", "motive": "The opening"}
COMPANION = {"category": "companion", "comes_with": "Jan Kowalski"}


def rows(client: FlaskClient, link: str) -> dict[str, str]:
    """What the review shows of the role."""
    page = client.get(f"{link}form/review").text
    section = page.partition(f'href="{link}form/role">Change')[2].partition('class="form-section"')[0]
    return {html.unescape(name): html.unescape(said) for name, said in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", section)}


@pytest.mark.parametrize(
    ("who", "role", "expected"),
    [
        ({}, {"working_language": "fr", "function": "kustosz"}, {"Function": "kustosz", "Working language": "French"}),
        (
            {"category": "mayor"},
            {"working_language": "en"},
            {"Working language": "English", "Mayors’ session": "does not take part"},
        ),
        (COMPANION, {"organisation": "Muzeum"}, {"Institution": "Muzeum", "Comes with": "Jan Kowalski"}),
        (
            PRESS,
            {"organisation": "Radio", "remark": "The opening"},
            {"Medium": "Radio", "What you want to report on": "The opening"},
        ),
    ],
)
def test_the_review_shows_what_the_category_was_asked(client: FlaskClient, who, role, expected):
    link = link_of(begin(client, **who))
    before = rows(client, link)
    assert save(client, link, "role", **role).status_code == 303
    assert ("Working language" in before, rows(client, link)) == (False, expected)


def test_what_was_told_in_another_role_is_not_shown(app: Flask, client: FlaskClient):
    link = link_of(begin(client, category="mayor"))
    save(client, link, "role", working_language="en", in_mayors_session="y", speaks="y", speech_title="Music")
    with app.app_context():
        delegate = db.session.scalars(select(Delegate).order_by(Delegate.id.desc())).first()
        delegate.category, delegate.remark = "companion", "Jan Kowalski"
        db.session.commit()
    assert rows(client, link) == {"Comes with": "Jan Kowalski"}


def test_the_first_page_asks_for_the_phone_and_does_not_insist(app: Flask, client: FlaskClient):
    with_it = link_of(begin(client, phone=" +48 600 100 200 "))
    without = link_of(begin(client, given_name="Ewa"))
    too_long = begin(client, given_name="Ela", phone="1" * 61)

    with app.app_context():
        kept = list(db.session.scalars(select(Person.phone).order_by(Person.id.desc()).limit(2)))
    assert (kept, too_long.status_code, errors(too_long)) == (
        ["", "+48 600 100 200"],
        422,
        ["This is too long: 61 characters. Shorten it to at most 60."],
    )
    asks = "add a mobile phone number"
    assert [asks in client.get(f"{link}form/review").text for link in (with_it, without)] == [False, True]
