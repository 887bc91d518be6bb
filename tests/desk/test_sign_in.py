"""Signing in: address and password, second factor, mailed code; how guesses are slowed down; how long it lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress import demo
from congress.accounts import queries
from congress.accounts.models import Account
from congress.accounts.signing import factors, totp
from congress.accounts.signing.models import SignIn
from congress.core.db import db
from congress.outbox.models import Message
from congress.web.mail import compose
from tests.conftest import csrf_token
from tests.statements import statements

AT = datetime(2018, 5, 10, 9, 0, tzinfo=UTC)
WRONG = "Wrong e-mail address or password."
LOGIN, DESK = "/desk/sign-in", "/desk/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as moving:
        yield moving


@pytest.fixture
def password(app: Flask) -> str:
    return demo.organiser_password(app.config["SECRET_KEY"])


def post(client: FlaskClient, path: str, **fields: str):
    return client.post(path, data={**fields, "csrf_token": csrf_token(client, LOGIN)})


def sign_in(client: FlaskClient, password: str, email: str = demo.ORGANISER, path: str = LOGIN):
    return post(client, path, email=email, password=password)


def organiser() -> Account:
    account = queries.find_account(demo.ORGANISER)
    assert account is not None
    return account


def with_app(app: Flask) -> tuple[str, list[str]]:
    """The organiser has an authenticator app: its secret, and the codes on paper."""
    secret = totp.new_secret()
    with app.app_context():
        account = organiser()
        account.totp_secret = secret
        codes = factors.new_recovery_codes(account)
        db.session.commit()
    return secret, codes


def is_in(client: FlaskClient) -> bool:
    return client.get(DESK).status_code == 200


def last_mail(app: Flask) -> Message:
    with app.app_context():
        return db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()


def text_of(app: Flask, message: Message) -> str:
    with app.app_context():
        body = compose(db.session.get_one(Message, message.id)).get_body(("plain",))
        assert body is not None
        return str(body.get_content())


def test_whoever_signs_in_is_in_and_the_row_says_since_when(app: Flask, client: FlaskClient, password: str):
    answer = sign_in(client, password, path=f"{LOGIN}?next=/desk/krakowice2018/roles/")
    assert (answer.status_code, answer.location, is_in(client)) == (302, "/desk/krakowice2018/roles/", True)
    with app.app_context():
        rows = [(row.way, row.browser, row.network, row.began_at) for row in db.session.scalars(select(SignIn))]
    assert rows == [("password", "", "127.0.0.0/24", AT)]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "/desk//evil.example", "/desk/\\evil", "javascript:alert(1)",
        "/krakowice2018/", "/desk/a#b", "%2f%2fevil.example", "/desk/\r\nSet-Cookie: a=b",
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere_after_signing_in(client: FlaskClient, password: str, wanted: str):
    answer = client.post(
        LOGIN,
        query_string={"next": wanted},
        data={"email": demo.ORGANISER, "password": password, "csrf_token": csrf_token(client, LOGIN)},
    )
    assert (answer.status_code, answer.location) == (302, DESK)


def test_the_answer_and_the_work_are_the_same_for_an_address_that_nobody_has(app: Flask, client: FlaskClient):
    found = {}
    for email in (demo.ORGANISER, "nobody@krakowice.example"):
        token = csrf_token(client, LOGIN)
        with app.app_context(), statements() as asked:
            answer = client.post(LOGIN, data={"email": email, "password": "not the password", "csrf_token": token})
        kinds = [statement.split("FROM")[0].split("(")[0] for statement in asked]
        found[email] = (answer.status_code, WRONG in answer.text, kinds)
    assert found[demo.ORGANISER] == found["nobody@krakowice.example"]
    assert found[demo.ORGANISER][:2] == (422, True)


@pytest.mark.parametrize("email", [demo.ORGANISER, "nobody@krakowice.example"])
def test_after_five_wrong_tries_nothing_is_looked_at_for_a_growing_while(client, password, clock, email):
    assert [WRONG in sign_in(client, "wrong", email).text for _try in range(5)] == [True] * 5
    assert "too many wrong tries" in sign_in(client, password, email).text
    clock.shift(timedelta(seconds=31))
    assert WRONG in sign_in(client, "wrong", email).text
    clock.shift(timedelta(seconds=31))
    assert "too many wrong tries" in sign_in(client, password, email).text  # now it is a minute
    clock.shift(timedelta(seconds=30))
    assert (sign_in(client, password, email).status_code == 302) == (email == demo.ORGANISER)


def test_a_code_of_the_app_is_asked_for_and_good_once(app: Flask, client: FlaskClient, password: str, clock):
    secret, _codes = with_app(app)
    code = totp.code(secret, int(AT.timestamp()) // totp.STEP)
    answer = sign_in(client, password, path=f"{LOGIN}?next=/desk/krakowice2018/")
    assert (urlsplit(answer.location).path, is_in(client)) == ("/desk/sign-in/second-factor", False)
    assert post(client, answer.location, code="000000").status_code == 422
    answer = post(client, answer.location, code=f"{code[:3]} {code[3:]}")
    assert (answer.location, is_in(client)) == ("/desk/krakowice2018/", True)
    other = app.test_client()
    sign_in(other, password)
    assert (post(other, "/desk/sign-in/second-factor", code=code).status_code, is_in(other)) == (422, False)


def test_a_recovery_code_is_good_once(app: Flask, password: str):
    _secret, codes = with_app(app)
    found = []
    for _time in range(2):
        client = app.test_client()
        sign_in(client, password)
        found.append((post(client, "/desk/sign-in/second-factor", code=codes[0].lower()).status_code, is_in(client)))
    assert found == [(302, True), (422, False)]


def test_the_second_factor_alone_opens_nothing(app: Flask, client: FlaskClient):
    with_app(app)
    answer = client.get("/desk/sign-in/second-factor")
    assert (answer.status_code, urlsplit(answer.location).path) == (303, LOGIN)


def test_what_was_begun_with_an_old_password_cannot_be_finished(app: Flask, client: FlaskClient, password: str):
    secret, _codes = with_app(app)
    sign_in(client, password)
    with app.app_context():
        organiser().fs_uniquifier = "another"
        db.session.commit()
    code = totp.code(secret, int(AT.timestamp()) // totp.STEP)
    assert post(client, "/desk/sign-in/second-factor", code=code).status_code == 303
    assert not is_in(client)


def test_a_mailed_code_signs_in_only_the_browser_that_asked(app: Flask, client: FlaskClient):
    assert post(client, "/desk/sign-in/code", email=demo.ORGANISER.upper()).location.endswith(
        "/desk/sign-in/code/typed?next=/desk/"
    )
    message = last_mail(app)
    code = next(line for line in text_of(app, message).splitlines() if line.isdigit())
    stored = repr(message.facts) + message.key
    other = app.test_client()
    assert post(other, "/desk/sign-in/code/typed", code=code).status_code == 422
    assert (code in stored, len(code)) == (False, 6)
    assert (post(client, "/desk/sign-in/code/typed", code=code).status_code, is_in(client)) == (302, True)
    assert post(app.test_client(), "/desk/sign-in/code/typed", code=code).status_code == 422


@pytest.mark.parametrize(("wrong", "later", "status"), [(4, 0, 302), (5, 0, 422), (0, 599, 302), (0, 600, 422)])
def test_a_mailed_code_ends_after_five_wrong_tries_or_ten_minutes(app, client, clock, wrong, later, status):
    post(client, "/desk/sign-in/code", email=demo.ORGANISER)
    code = next(line for line in text_of(app, last_mail(app)).splitlines() if line.isdigit())
    bad = "000000" if code != "000000" else "000001"
    for _try in range(wrong):
        assert post(client, "/desk/sign-in/code/typed", code=bad).status_code == 422
    clock.shift(timedelta(seconds=later))
    assert post(client, "/desk/sign-in/code/typed", code=code).status_code == status


@pytest.mark.parametrize("path", ["/desk/sign-in/code", "/desk/password"])
def test_asking_for_a_mail_does_the_same_for_an_address_that_nobody_has(app: Flask, path: str):
    found = {}
    for email in (demo.ORGANISER, "nobody@krakowice.example"):
        client = app.test_client()
        token = csrf_token(client, LOGIN)
        with app.app_context(), statements() as asked:
            answer = client.post(path, data={"email": email, "csrf_token": token})
        found[email] = (answer.status_code, answer.location, len(asked))
    message = last_mail(app)
    assert found[demo.ORGANISER] == found["nobody@krakowice.example"]
    assert message.recipient == ""  # what was typed is kept nowhere


@pytest.mark.parametrize(("minutes", "stays"), [(100, True), (126, False)])
def test_a_browser_that_is_not_used_is_signed_out(client: FlaskClient, password: str, clock, minutes: int, stays: bool):
    sign_in(client, password)
    clock.shift(timedelta(minutes=100))
    assert is_in(client)  # noted as seen
    clock.shift(timedelta(minutes=minutes))
    assert is_in(client) is stays


def test_after_twelve_hours_everybody_signs_in_again(client: FlaskClient, password: str, clock):
    sign_in(client, password)
    found = []
    for _hour in range(12):
        clock.shift(timedelta(hours=1))
        found.append(is_in(client))
    assert found == [True] * 11 + [False]


def test_a_cookie_of_before_signing_out_opens_nothing(app: Flask, client: FlaskClient, password: str):
    sign_in(client, password)
    cookie = client.get_cookie("session")
    post_out = client.post("/desk/sign-out", data={"csrf_token": csrf_token(client, "/desk/account/")})
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert (post_out.status_code, is_in(client), is_in(thief)) == (302, False, False)


def test_an_account_that_was_switched_off_is_out_at_once(app: Flask, client: FlaskClient, password: str):
    sign_in(client, password)
    with app.app_context():
        organiser().active = False
        db.session.commit()
    assert (is_in(client), sign_in(app.test_client(), password).status_code) == (False, 422)


def test_no_token_in_a_head_or_an_address_signs_in(app: Flask, client: FlaskClient):
    with app.app_context():
        token = organiser().get_auth_token()
    assert client.get(f"/desk/?auth_token={token}", headers={"Authentication-Token": token}).status_code == 302


def test_no_page_of_flask_security_is_there(app: Flask):
    rules = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if app.view_functions[rule.endpoint].__module__.startswith("flask_security")
    }
    assert (rules, "security/login_user.html" in app.jinja_env.list_templates()) == (set(), False)


@pytest.mark.parametrize(
    "credential",
    [
        "", "null", "[]", '"x"', "{", "1e999", "{}", '{"id":"a","rawId":"a","type":"public-key","response":{}}',
        '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"AAAA","authenticatorData":"AAAA","signature":"AAAA"}}',
        '{"id":1,"rawId":[],"type":{},"response":7}', '{"id":"ł","rawId":"ł","type":"public-key","response":null}', "[" * 5000,
    ],
)  # fmt: skip
def test_an_answer_that_no_passkey_gives_signs_nobody_in(client: FlaskClient, credential: str):
    answer = post(client, "/desk/sign-in/passkey", credential=credential)
    assert (answer.status_code, urlsplit(answer.location).path, is_in(client)) == (303, LOGIN, False)
