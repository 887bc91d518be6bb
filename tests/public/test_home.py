"""The first page of a congress: what, when, where, may I come, what is open to me today."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from congress.congresses.models import CongressKind
from congress.core.db import db
from congress.programme.models import ReleasedEntry
from tests.factories import the_congress

HOME = "/krakowice2018/?lang=en"


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


@pytest.mark.parametrize(
    ("at", "countdown", "buttons", "open_to_all"),
    [
        (datetime(2018, 5, 2, tzinfo=UTC), "41 days to go", ["Register as a delegate", "Programme"], "Next events open to everybody"),
        (datetime(2018, 6, 11, 12, tzinfo=UTC), "1 day to go", ["Register as a delegate", "Programme"], "Next events open to everybody"),
        (datetime(2018, 6, 13, 8, tzinfo=UTC), "day 2 of 4", ["Now and next", "Programme"], "Open to everybody today"),
        (datetime(2018, 7, 1, tzinfo=UTC), "is over; the programme stays here", ["Programme"], "Public events of the congress"),
    ],
)  # fmt: skip
def test_the_first_page_speaks_of_the_day_on_which_it_is_read(
    client: FlaskClient, at: datetime, countdown: str, buttons: list[str], open_to_all: str
):
    with time_machine.travel(at):
        page = client.get(HOME).text

    hero = page.partition('<div class="hero">')[2].partition('<svg class="crossing"')[0]
    found = (
        words("".join(re.findall(r'hero-countdown">(.*?)</span>', hero, re.DOTALL))),
        [words(each) for each in re.findall(r'<a class="btn[^>]*>.*?</a>', hero, re.DOTALL)],
        words("".join(re.findall(r'<h2 id="open">(.*?)</h2>', page, re.DOTALL))),
    )
    assert found == (countdown, buttons, open_to_all)
    assert ("12–15 June 2018" in hero, "Kraków · Katowice" in words(hero), "Sessions: delegates" in hero) == (
        True,
        True,
        at.month < 7,
    )


def test_the_page_for_the_press_leads_to_the_form_with_its_role(client: FlaskClient):
    door = "/krakowice2018/registration/?category=press"
    with time_machine.travel(datetime(2018, 5, 2, tzinfo=UTC)):
        assert 'href="/krakowice2018/press/"' in client.get(HOME).text
        assert f'href="{door}"' in client.get("/krakowice2018/press/").text
        roles = [client.get(address).text.partition('name="city"')[0] for address in (door, door.replace("press", "nobody"))]
    assert [re.findall(r'<option selected value="(\w+)">', each) for each in roles] == [["press"], []]


def test_a_study_visit_without_public_events_says_nothing_of_the_public_and_the_press(app: Flask, client: FlaskClient):
    with app.app_context():
        congress = the_congress()
        congress.kind, congress.slug = CongressKind.STUDY_VISIT, "visit"
        db.session.execute(delete(ReleasedEntry))
        db.session.commit()
    with time_machine.travel(datetime(2018, 5, 2, tzinfo=UTC)):
        page = client.get("/visit/?lang=en").text
    headings = [words(each) for each in re.findall(r"<h2.*?</h2>", page, re.DOTALL)]
    assert [each for each in headings if each in {"I am a delegate", "I take part", "Open to everybody", "Press", "In numbers"}] == [
        "I take part", "In numbers",
    ]  # fmt: skip
