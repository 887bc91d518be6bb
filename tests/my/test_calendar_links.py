"""The calendars on the personal page: who finds which, their addresses, and how each is renewed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from congress.core.db import db
from congress.delegates.vocabulary import Category
from congress.feeds.models import FeedToken
from congress.registration import services
from tests.conftest import csrf_token
from tests.factories import HOSTS, NOW, make_registration

PageOf = Callable[..., str]


@pytest.fixture
def page_of(app: Flask) -> PageOf:
    """Registers somebody, confirmed by the hosts if nothing else is asked for; the path of the personal page."""

    def register(*, is_confirmed: bool = True, **changes: object) -> str:
        with app.app_context():
            registration = make_registration(**changes)
            if is_confirmed:
                services.confirm(registration, actor=HOSTS, now=NOW)
            path = f"/my/registration/{services.link_token(registration, app.config['SECRET_KEY'])}/"
            db.session.commit()
            return path

    return register


def addresses(client: FlaskClient, path: str) -> dict[str, str]:
    """The addresses on a page by what they are of."""
    found = [html.unescape(each) for each in re.findall(r'<code class="feed-address">(.*?)</code>', client.get(path).text)]
    return {re.search(r"krakowice2018(?:-(\w+))?\.ics", each)[1] or "own": each for each in found}


def offered(client: FlaskClient, path: str) -> list[str]:
    """What can be created or renewed there."""
    return [each or "own" for each in re.findall(r'action="[^"]*/new-calendar-link/?(\w*)"', client.get(path).text)]


def create(client: FlaskClient, path: str, purpose: str) -> tuple[int, str]:
    answer = client.post(f"{path}new-calendar-link/{purpose}", data={"csrf_token": csrf_token(client, path)})
    return answer.status_code, answer.location or ""


def get(client: FlaskClient, url: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    answer = client.get(f"{parts.path}?{parts.query}")
    return answer.status_code, answer.data


def titles(client: FlaskClient, url: str) -> list[str]:
    return [str(each["SUMMARY"]) for each in Calendar.from_ical(get(client, url)[1]).walk("VEVENT")]


@pytest.mark.parametrize(
    ("category", "purposes"),
    [
        (Category.DELEGATE, ["own", "delegation"]),
        (Category.MAYOR, ["own", "delegation"]),
        (Category.COORDINATOR, ["own", "delegation", "field"]),
        (Category.COMPANION, ["own"]),
    ],
)
def test_the_page_offers_what_the_person_may_have(client: FlaskClient, page_of: PageOf, category: Category, purposes: list[str]):
    path = page_of(category=category)

    assert offered(client, path) == purposes
    assert list(addresses(client, path)) == ["own"]


@pytest.mark.parametrize("category", [Category.PRESS, Category.OBSERVER, Category.SPEAKER])
def test_who_is_of_no_city_has_the_own_calendar_only(client: FlaskClient, page_of: PageOf, category: Category):
    assert offered(client, page_of(category=category, city="")) == ["own"]


DELEGATION_LATER = "As soon as the hosts have confirmed your registration, you can also have your delegation’s calendar here."
BOTH_LATER = (
    "As soon as the hosts have confirmed your registration, "
    "you can also have your delegation’s calendar and the one of your field here."
)


@pytest.mark.parametrize(
    ("category", "city", "sentences"),
    [
        (Category.DELEGATE, "katowice", [DELEGATION_LATER]),
        (Category.MAYOR, "katowice", [DELEGATION_LATER]),
        (Category.COORDINATOR, "katowice", [BOTH_LATER]),
        (Category.COMPANION, "katowice", []),
        (Category.PRESS, "", []),
    ],
)
def test_until_the_hosts_confirm_only_the_own_calendar_is_offered(
    client: FlaskClient, page_of: PageOf, category: Category, city: str, sentences: list[str]
):
    path = page_of(category=category, city=city, is_confirmed=False)
    said = html.unescape(client.get(path).text)

    assert offered(client, path) == ["own"]
    assert [each for each in (DELEGATION_LATER, BOTH_LATER) if each in said] == sentences


@pytest.mark.parametrize("category", [Category.MAYOR, Category.COORDINATOR])
def test_once_confirmed_nothing_is_promised_for_later(client: FlaskClient, page_of: PageOf, category: Category):
    assert "As soon as the hosts" not in client.get(page_of(category=category)).text


@pytest.mark.parametrize("purpose", ["delegation", "field"])
def test_nobody_creates_a_calendar_of_others_before_the_hosts_confirm(
    app: Flask, client: FlaskClient, page_of: PageOf, purpose: str
):
    path = page_of(category=Category.COORDINATOR, is_confirmed=False)
    assert create(client, path, purpose)[0] == 404
    with app.app_context():
        assert db.session.scalars(select(FeedToken.purpose)).all() == ["own"]


def test_looking_at_the_page_issues_the_own_address_only(app: Flask, client: FlaskClient, page_of: PageOf):
    client.get(page_of(category=Category.COORDINATOR))
    with app.app_context():
        assert db.session.scalars(select(FeedToken.purpose).order_by(FeedToken.id.desc())).first() == "own"


def test_an_address_asked_for_opens_where_everybody_of_the_city_is(client: FlaskClient, page_of: PageOf):
    page_of(given_name="Aoi", family_name="Companion", category=Category.COMPANION)
    path = page_of(given_name="Ren", family_name="Mayor", category=Category.MAYOR)

    assert create(client, path, "delegation") == (303, f"{path}#calendar-delegation")

    url = addresses(client, path)["delegation"]
    assert re.fullmatch(r"http://localhost/my/calendar/\w{32}/krakowice2018-delegation\.ics", url)
    assert len([title for title in titles(client, url) if "Aoi Companion" in title and "Ren Mayor" in title]) == 1


def test_a_coordinators_address_opens_the_sessions_of_the_field(client: FlaskClient, page_of: PageOf):
    path = page_of(category=Category.COORDINATOR, city="katowice")
    create(client, path, "field")

    assert set(titles(client, addresses(client, path)["field"])) == set(
        titles(client, "http://localhost/krakowice2018/calendar/krakowice2018-field-music.ics")
    )


@pytest.mark.parametrize("purpose", ["own", "delegation", "field"])
def test_a_new_address_ends_the_old_one_and_leaves_the_others(client: FlaskClient, page_of: PageOf, purpose: str):
    path = page_of(category=Category.COORDINATOR)
    for each in ("delegation", "field"):
        create(client, path, each)
    before = addresses(client, path)

    action = "new-calendar-link" + (f"/{purpose}" if purpose != "own" else "")
    client.post(path + action, data={"csrf_token": csrf_token(client, path)})

    after = addresses(client, path)
    assert [name for name in after if after[name] != before[name]] == [purpose]
    assert (get(client, before[purpose])[0], get(client, after[purpose])[0]) == (410, 200)


@pytest.mark.parametrize("purpose", ["delegation", "field", "draft", "none"])
def test_nobody_creates_an_address_that_is_not_offered(app: Flask, client: FlaskClient, page_of: PageOf, purpose: str):
    path = page_of(category=Category.COMPANION)
    assert create(client, path, purpose)[0] == 404
    with app.app_context():
        assert purpose not in db.session.scalars(select(FeedToken.purpose)).all()


def test_the_options_stand_in_each_address_that_takes_them(client: FlaskClient, page_of: PageOf):
    path = page_of(category=Category.COORDINATOR)
    for each in ("delegation", "field"):
        create(client, path, each)

    found = addresses(client, path + "?language=both&alarm=30&deadlines=1")

    assert {name: urlsplit(each).query for name, each in found.items()} == {
        "own": "lang=en,pl&alarm=30&deadlines=1",
        "delegation": "lang=en,pl&alarm=30",
        "field": "lang=en,pl&alarm=30",
    }
    assert [get(client, each)[0] for each in found.values()] == [200, 200, 200]


def test_the_address_says_the_language_only_where_it_is_not_the_persons(client: FlaskClient, page_of: PageOf):
    path = page_of(language="pl")
    queries = [
        urlsplit(addresses(client, path + asked)["own"]).query for asked in ("?lang=pl", "?lang=en", "?lang=en&language=pl")
    ]
    assert queries == ["", "lang=en", ""]


def test_the_buttons_of_each_calendar_lead_to_it(client: FlaskClient, page_of: PageOf):
    path = page_of()
    create(client, path, "delegation")
    text = client.get(path).text
    buttons = [html.unescape(each) for each in re.findall(r'<a class="btn[^"]*" href="([^"]*)"', text)]
    links = [each for each in buttons if not each.startswith("/")]

    for number, (url, name) in enumerate(
        zip(
            addresses(client, path).values(),
            ["#Krakowice2018: my programme", "#Krakowice2018: our delegation"],
            strict=True,
        )
    ):
        webcal, google, *outlooks = links[4 * number : 4 * number + 4]
        assert webcal == url.replace("http:", "webcal:")
        assert parse_qs(urlsplit(google).query) == {"cid": [webcal]}
        assert [parse_qs(urlsplit(each).query) for each in outlooks] == [{"url": [url], "name": [name]}] * 2
        assert [urlsplit(each).netloc for each in outlooks] == ["outlook.live.com", "outlook.office.com"]


def test_the_page_says_who_may_see_it(client: FlaskClient, page_of: PageOf):
    text = html.unescape(client.get(page_of(category=Category.COORDINATOR)).text)
    assert "whoever has it can read your programme" in text
    assert "Everybody who stands for your city can have such an address of their own" in text
    assert "also sessions that are by invitation or not listed in the public programme" in text
