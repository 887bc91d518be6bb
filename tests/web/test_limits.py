"""Who asks too often is told when to come back, in a way that who asks can read; nobody else notices."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from congress.core.db import db
from congress.events import newsletter
from congress.web import limits
from congress.web.limits import network_of
from congress.web.rates import RATES, Whose, kinds
from tests.conftest import csrf_token
from tests.factories import NOW, the_congress

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
pytestmark = ON_SQLITE
FEED = "/krakowice2018/calendar/krakowice2018-programme.ics"
NEWSLETTER = "/krakowice2018/newsletter/"
HALL = {"REMOTE_ADDR": "192.0.2.7"}  # the congress's wifi
HOME = {"REMOTE_ADDR": "198.51.100.1"}


@pytest.fixture(autouse=True)
def limited(app: Flask) -> None:
    app.config["RATE_LIMITS"] = True
    counters = app.extensions["limits"]
    counters.limiter.reset()
    counters.feeds.storage.reset()


def ask(app: Flask, path: str, times: int, method: str = "GET") -> None:
    """Ask as often from the hall, as far as it is counted before anything is read."""
    with app.test_request_context(path, method=method, environ_base=HALL):
        for _each in range(times):
            limits.check_asker()


def subscribe(client: FlaskClient, token: str, email: str, **environ: str) -> int:
    form = {"email": email, "language": "en", "agrees": "y", "csrf_token": token}
    return client.post(NEWSLETTER, data=form, environ_base=environ).status_code


def test_one_letter_box_gets_ten_mails_and_others_get_theirs(client: FlaskClient):
    token = csrf_token(client, NEWSLETTER)
    answers = [subscribe(client, token, "Ada@mail.example", **(HALL if number % 2 else HOME)) for number in range(12)]

    assert (answers[:10], answers[10:]) == ([303] * 10, [429, 429])
    assert subscribe(client, token, "bo@mail.example", **HALL) == 303


@pytest.mark.parametrize(
    ("language", "heading", "wait"),
    [("en", "Too many requests", "Please wait"), ("pl", "Zbyt wiele", None)],
)
def test_the_page_says_how_long_to_wait(client: FlaskClient, language: str, heading: str, wait: str | None):
    with time_machine.travel(NOW, tick=False):
        token = csrf_token(client, NEWSLETTER)
        for _each in range(10):
            subscribe(client, token, "ada@mail.example", **HALL)
        form = {"email": "ada@mail.example", "language": "en", "csrf_token": token}
        page = client.post(NEWSLETTER, data=form, headers={"Accept-Language": language}, environ_base=HALL)
    assert (page.status_code, page.headers["Cache-Control"], "Set-Cookie" in page.headers) == (429, "no-store", False)
    assert 0 < int(page.headers["Retry-After"]) <= 1200
    assert heading in page.text
    assert wait is None or wait in page.text


def test_wrong_passwords_end_from_one_place_and_not_from_another(app: Flask):
    client = app.test_client()
    form = {"email": "who@desk.example", "password": "wrong", "csrf_token": csrf_token(client, "/desk/sign-in")}
    answers = [client.post("/desk/sign-in", data=form, environ_base=HALL).status_code for _each in range(11)]
    assert (429 in answers[:10], answers[10]) == (False, 429)
    assert client.post("/desk/sign-in", data=form | {"email": "other@desk.example"}, environ_base=HALL).status_code != 429
    assert client.post("/desk/sign-in", data=form, environ_base=HOME).status_code != 429


def test_350_delegates_behind_one_address_sign_up_and_fetch_their_calendars(app: Flask, client: FlaskClient):
    """Each from one address: the page and the form of an event, and three calendars on two devices, within one minute."""
    with time_machine.travel(NOW, tick=False):
        needed = {"letter": 350, "link-change": 350 * 10, "feed": 350 * 2 * 3}
        allowed = {rate for name in needed for whose, rate in RATES[name] if whose is Whose.ADDRESS}
        assert {
            rate.name for rate in allowed if rate.count < needed[rate.name.removesuffix("-daily").removesuffix("-from")]
        } == set()
        ask(app, FEED, needed["feed"])
        assert client.get(FEED, environ_base=HALL).status_code == 200


def test_a_program_that_asks_for_a_calendar_without_end_gets_429_as_text(app: Flask, client: FlaskClient):
    [(_whose, rate)] = RATES["feed"]
    with time_machine.travel(NOW, tick=False):
        ask(app, FEED, rate.count)
        refused = client.get(FEED, environ_base=HALL)
        json = client.get("/krakowice2018/schedule.json", environ_base=HALL)
        other = client.get(FEED, environ_base=HOME)
    assert (refused.status_code, refused.mimetype, refused.text[:18]) == (429, "text/plain", "Too many requests.")
    assert (json.status_code, sorted(json.get_json())) == (429, ["advice", "error", "retry_after"])
    assert refused.headers["Retry-After"] == str(json.get_json()["retry_after"])
    assert other.status_code == 200


def test_wrong_links_are_refused_after_sixty_and_right_ones_go_on(app: Flask, client: FlaskClient):
    key = app.config["SECRET_KEY"]
    with app.app_context():
        reader = newsletter.subscribe(the_congress(), "ada@mail.example", "en", key=key, now=NOW)
        link = f"/my/newsletter/{newsletter.link_token(reader, key)}/"
        db.session.commit()
    answers = [client.get(f"/my/newsletter/{'a' * 31}{each % 10}/", environ_base=HALL).status_code for each in range(62)]
    assert (answers[:60], answers[60:]) == ([404] * 60, [429] * 2)
    assert client.get(link, environ_base=HALL).status_code == 200
    assert client.get("/my/newsletter/wrong/", environ_base=HOME).status_code == 404
    calendar = "/my/calendar/wrong/krakowice2018.ics"
    assert [client.get(calendar, environ_base=who).status_code for who in (HALL, HOME)] == [429, 404]


def test_a_link_is_counted_by_itself_wherever_it_is_opened(app: Flask, client: FlaskClient):
    link = f"/my/newsletter/{'a' * 32}/"
    [(_whose, rate)] = RATES["link"]
    with time_machine.travel(NOW, tick=False):
        ask(app, link, rate.count - 1)
        answers = [client.get(link, environ_base={"REMOTE_ADDR": f"2001:db8:{each}::1"}).status_code for each in range(2)]
        assert (answers, client.get(f"{link}leave", environ_base=HOME).status_code) == ([404, 429], 429)
        assert client.get(f"/my/newsletter/{'b' * 32}/", environ_base=HALL).status_code == 404


def test_a_body_is_not_read_and_nothing_locked_for_who_is_refused(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    read: list[str] = []
    monkeypatch.setattr("congress.web.requests.uploads.read_body", lambda: read.append("body"))
    monkeypatch.setattr("congress.web.requests.begin_writing", lambda: read.append("lock"))
    [(_whose, rate)] = RATES["code"]
    with time_machine.travel(NOW, tick=False):
        ask(app, "/krakowice2018/code/", rate.count, "POST")
        assert client.post("/krakowice2018/code/", data={"code": "X"}, environ_base=HALL).status_code == 429
    assert read == []


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_what_an_address_is_counted_as(address: str, counted: str):
    assert network_of(address) == counted


def test_what_a_proxy_says_counts_only_where_one_is_trusted(app: Flask, client: FlaskClient):
    """Without a trusted proxy, whoever writes another X-Forwarded-For each time is counted all the same."""
    answers = [
        client.post("/krakowice2018/code/", environ_base=HALL, headers={"X-Forwarded-For": f"203.0.113.{each}"}).status_code
        for each in range(61)
    ]
    assert (429 in answers[:60], answers[60]) == (False, 429)


def test_every_address_that_sends_mail_takes_files_or_opens_by_a_link_is_counted(app: Flask):
    """Found in the map of addresses, so that a new one is counted without anybody thinking of it."""
    uncounted, seen = set(), 0
    for rule in app.url_map.iter_rules():
        surface, methods = rule.endpoint.partition(".")[0], rule.methods or set()
        files = bool(getattr(app.view_functions[rule.endpoint], "takes_files", False))
        for is_change in {False, "POST" in methods}:
            found = kinds(rule.endpoint, rule.rule, is_change=is_change, takes_files=files)
            assert set(found) <= set(RATES)
            is_open = is_change and surface in {"public", "security", "my", "desk"}
            if is_open or "<token>" in rule.rule or (files and is_change):
                seen += 1
                if not found:
                    uncounted.add(rule.rule)
    assert (uncounted, seen > 150) == (set(), True)


def test_limits_can_be_switched_off(app: Flask, client: FlaskClient):
    app.config["RATE_LIMITS"] = False
    assert {client.post("/krakowice2018/code/", environ_base=HALL).status_code for _each in range(70)} == {400}
