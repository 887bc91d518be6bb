"""``/desk/<congress>/calendar/``: the organiser's calendar of the draft."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.feeds.models import FeedToken, Purpose
from congress.programme.models import ProgrammeItem
from tests.conftest import csrf_token, sign_in_as

PAGE = "/desk/krakowice2018/calendar/"


def address(client: FlaskClient, query: str = "") -> str:
    return html.unescape(re.search(r'<code class="feed-address">(.*?)</code>', client.get(PAGE + query).text)[1])


def renew(client: FlaskClient) -> int:
    return client.post(f"{PAGE}new-link", data={"csrf_token": csrf_token(client, PAGE)}).status_code


def get(client: FlaskClient, url: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    answer = client.get(f"{parts.path}?{parts.query}")
    return answer.status_code, answer.data


def test_the_address_holds_a_secret_and_is_the_same_every_time(organiser: FlaskClient):
    first = address(organiser)

    assert re.fullmatch(r"http://localhost/my/calendar/\w{32,}/krakowice2018-draft\.ics", first)
    assert address(organiser) == first


def test_the_calendar_has_what_is_in_the_draft_only(app: Flask, client: FlaskClient, organiser: FlaskClient):
    url = address(organiser)
    with app.app_context():
        item = db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.code == "P022")).one()
        item.titles = {"en": "Secret plan", "pl": "Tajny plan"}
        db.session.commit()

    status, body = get(client, url)

    assert status == 200
    titles = [str(each["SUMMARY"]) for each in Calendar.from_ical(body).walk("VEVENT")]
    assert [title for title in titles if "Secret plan" in title] == ["DRAFT: Secret plan"]


def test_a_new_address_ends_the_old_one(client: FlaskClient, organiser: FlaskClient):
    old = address(organiser)

    assert renew(organiser) == 303

    new = address(organiser)
    assert old != new
    assert (get(client, old)[0], get(client, new)[0]) == (410, 200)


def test_looking_again_issues_nothing_more(app: Flask, organiser: FlaskClient):
    address(organiser)
    address(organiser)

    with app.app_context():
        found = db.session.scalars(select(FeedToken).where(FeedToken.purpose == Purpose.DRAFT)).all()
        assert [(each.version, each.revoked_at) for each in found] == [(1, None)]


def test_somebody_who_may_only_read_has_an_address_and_can_renew_it(app: Flask, client: FlaskClient):
    reader = sign_in_as(app, RoleKind.PROGRAMME_READER)
    old = address(reader)

    assert renew(reader) == 303

    assert (get(client, old)[0], get(client, address(reader))[0]) == (410, 200)


def test_each_organiser_has_an_address_of_their_own(app: Flask, organiser: FlaskClient):
    assert address(organiser) != address(sign_in_as(app, RoleKind.ORGANISER))


@pytest.mark.parametrize(
    ("query", "options"),
    [("", ""), ("?language=both&alarm=15&tbc=1", "?lang=en,pl&alarm=15&tbc=1"), ("?alarm=16&deadlines=1", "")],
)
def test_the_address_has_what_was_chosen_and_opens(client: FlaskClient, organiser: FlaskClient, query: str, options: str):
    url = address(organiser, query)

    assert url == address(organiser) + options
    assert get(client, url)[0] == 200


def test_the_buttons_lead_to_that_address(organiser: FlaskClient):
    text = organiser.get(PAGE).text
    links = [html.unescape(each) for each in re.findall(r'<a class="btn[^"]*" href="([^"]*)"', text)]
    url = address(organiser)

    assert links[0] == url.replace("http:", "webcal:")
    assert parse_qs(urlsplit(links[1]).query) == {"cid": [links[0]]}
    assert [parse_qs(urlsplit(each).query) for each in links[2:]] == [
        {"url": [url], "name": ["#Krakowice2018: DRAFT of the programme"]}
    ] * 2


def test_without_signing_in_there_is_only_the_way_to_the_door(client: FlaskClient):
    assert (client.get(PAGE).status_code, client.get(PAGE).location) == (302, f"/desk/sign-in?next={PAGE}")


def test_the_navigation_leads_here(organiser: FlaskClient):
    assert f'<a href="{PAGE}" aria-current="page">Draft calendar</a>' in organiser.get(PAGE).text
    assert f'<a href="{PAGE}">Draft calendar</a>' in organiser.get("/desk/krakowice2018/").text
