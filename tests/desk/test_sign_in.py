"""Signing in: address and password, second factor, mailed code; how guesses are slowed down; how long it lasts."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress import demo
from congress.accounts import audit
from congress.accounts.signing.models import SignIn
from congress.core.db import db
from congress.outbox.models import Message
from congress.web.security import CLOSED
from tests.conftest import csrf_token
from tests.desk.signing import (
    AT,
    CODE,
    FORGOTTEN,
    LOGIN,
    PAPER,
    SECOND,
    SENT,
    STEP,
    code_of,
    is_in,
    last,
    make_codes,
    organiser,
    password_of,
    post,
    set_up_app,
    signed_in,
    token_of,
)  # fmt: skip
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("clock")
WRONG = "Wrong e-mail address or password."
DESK, PASSKEY = "/desk/", "/desk/sign-in/passkey"


@pytest.fixture
def password(app: Flask) -> str:
    return password_of(app)


def sign_in(client: FlaskClient, password: str, email: str = demo.ORGANISER, path: str = LOGIN):
    return post(client, path, email=email, password=password)


def second(client: FlaskClient, code: str, path: str = SECOND):
    return post(client, path, code=code)


def test_whoever_signs_in_is_in_and_the_row_says_since_when(app: Flask, client: FlaskClient, password: str):
    answer = sign_in(client, password, path=f"{LOGIN}?next=/desk/krakowice2018/roles/")
    assert (answer.status_code, answer.location, is_in(client)) == (302, "/desk/krakowice2018/roles/", True)
    with app.app_context():
        rows = [(row.browser, row.network, row.began_at) for row in db.session.scalars(select(SignIn))]
        deeds = list(db.session.scalars(select(audit.AuditEntry.what).where(audit.AuditEntry.page == "security.login")))
    assert (rows, deeds) == ([("", "127.0.0.0/24", AT)], ["signed_in"])
    assert client.get_cookie("remember_token") is None


ELSEWHERE = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "/desk//evil.example", "/desk/\\evil", "javascript:alert(1)",
    "/krakowice2018/", "/desk/a#b", "%2f%2fevil.example", "/desk/\r\nSet-Cookie: a=b", "public.home.index",
]  # fmt: skip


def test_nobody_is_led_elsewhere_after_signing_in(client: FlaskClient, password: str):
    """Such an address was made by somebody else: nothing of what was sent is used, and signing in begins without it."""
    form, found = {"email": demo.ORGANISER, "password": password, "csrf_token": token_of(client)}, []
    for wanted in ELSEWHERE:
        found += [
            client.get(LOGIN, query_string={"next": wanted}),
            client.post(LOGIN, query_string={"next": wanted}, data=form),
            client.post(LOGIN, data=form | {"next": wanted}),
        ]
    assert [(answer.status_code, answer.location) for answer in found] == [(303, LOGIN)] * 3 * len(ELSEWHERE)
    assert (is_in(client), client.post(LOGIN, data=form).location) == (False, DESK)  # all else of it was right


def test_the_answer_and_the_work_are_the_same_for_an_address_that_nobody_has(app: Flask, client: FlaskClient):
    found = {}
    for email in (demo.ORGANISER, "nobody@krakowice.example"):
        token = csrf_token(client, LOGIN)
        with app.app_context(), statements() as asked:
            answer = client.post(LOGIN, data={"email": email, "password": "not the password", "csrf_token": token})
        written = [statement.split("(")[0] for statement in asked if not statement.startswith("SELECT")]
        found[email] = (answer.status_code, WRONG in answer.text, written)
    assert found[demo.ORGANISER] == found["nobody@krakowice.example"]
    assert found[demo.ORGANISER][:2] == (422, True)


@pytest.mark.parametrize("email", [demo.ORGANISER, "nobody@krakowice.example"])
def test_after_ten_wrong_tries_nothing_is_looked_at_for_a_while(
    app: Flask, client: FlaskClient, password: str, clock, email: str
):
    app.config["RATE_LIMITS"] = True
    assert [sign_in(client, "wrong", email).status_code for _try in range(11)] == [422] * 10 + [429]
    assert sign_in(client, password, email).status_code == 429
    clock.shift(timedelta(minutes=20))
    assert sign_in(client, password, email).status_code == (302 if email == demo.ORGANISER else 422)


def test_a_code_of_the_app_is_asked_for_and_good_once(app: Flask, client: FlaskClient, password: str, clock):
    secret = set_up_app(signed_in(app))
    used = code_of(secret)
    answer = sign_in(client, password, path=f"{LOGIN}?next=/desk/krakowice2018/")
    assert (urlsplit(answer.location).path, is_in(client)) == (SECOND, False)
    assert [second(client, code).status_code for code in ("000000", "", "٠١٢٣٤٥", "zażółć", used)] == [422] * 5
    clock.shift(timedelta(seconds=STEP))
    code = code_of(secret)
    answer = post(client, answer.location, code=f"{code[:3]} {code[3:]}")
    assert (answer.location, is_in(client)) == ("/desk/krakowice2018/", True)
    other = app.test_client()
    sign_in(other, password)
    assert (second(other, code).status_code, is_in(other)) == (422, False)
    clock.shift(timedelta(seconds=2 * STEP + 1))
    assert [second(other, code_of(secret, AT.timestamp() + at)).status_code for at in (STEP, 5 * STEP)] == [422, 422]


def test_guesses_of_a_second_factor_are_counted_by_the_account(app: Flask, password: str):
    set_up_app(signed_in(app))
    app.config["RATE_LIMITS"] = True
    found = []
    for number in range(11):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"  # from another place each time
        sign_in(client, password)
        found.append(second(client, "000000", SECOND if number % 2 else PAPER).status_code)
    assert found == [422] * 10 + [429]


def test_a_recovery_code_is_good_once(app: Flask, password: str):
    owner = signed_in(app)
    set_up_app(owner)
    codes = make_codes(owner)
    found = []
    for typed in (codes[0].upper(), codes[0], "0000-0000-0000"):
        client = app.test_client()
        sign_in(client, password)
        found.append((second(client, f" {typed} ", PAPER).status_code, is_in(client)))
    assert (len(set(codes)), found) == (10, [(302, True), (422, False), (422, False)])


@pytest.mark.parametrize("path", [SECOND, PAPER, f"{SECOND}/choose"])
def test_the_second_factor_alone_opens_nothing(app: Flask, client: FlaskClient, path: str):
    set_up_app(signed_in(app))
    answer = client.get(path)
    assert (answer.status_code, urlsplit(answer.location).path) == (302, LOGIN)


@pytest.mark.parametrize("why", ["new identity", "too late"])
def test_what_was_begun_with_an_old_password_or_long_ago_cannot_be_finished(app, client, password, clock, why: str):
    secret = set_up_app(signed_in(app))
    sign_in(client, password)
    token = csrf_token(client, SECOND)
    clock.shift(timedelta(minutes=15) if why == "too late" else timedelta(seconds=STEP))
    if why == "new identity":
        with app.app_context():
            organiser().fs_uniquifier = "another"
            db.session.commit()
    answer = client.post(SECOND, data={"code": code_of(secret), "csrf_token": token})
    assert (answer.status_code, answer.location, is_in(client)) == (302, LOGIN, False)


def test_somebody_who_is_signed_in_stays_so_at_the_page_of_the_second_factor(app: Flask):
    client = signed_in(app)
    assert [client.get(path).status_code for path in (SECOND, PAPER, CODE, LOGIN)] == [303, 302, 302, 302]
    assert is_in(client)


def test_a_mailed_code_signs_in_only_the_browser_that_asked_and_once(app: Flask, client: FlaskClient):
    assert "Write the code" in post(client, f"{SENT}?next=/desk/krakowice2018/", identity=demo.ORGANISER.upper()).text
    code = last(app, "account_code")
    with app.app_context():
        stored = [repr(message.facts) + message.key for message in db.session.scalars(select(Message))]
        row = db.session.execute(db.text("SELECT us_totp_secrets FROM accounts WHERE us_totp_secrets IS NOT NULL")).scalar_one()
    assert ([text for text in stored if code in text], row[:6], len(code)) == ([], "gAAAAA", 6)
    other = app.test_client()
    assert post(other, CODE, identity=demo.ORGANISER, passcode=code).status_code == 422
    answer = post(client, f"{CODE}?next=/desk/krakowice2018/", identity=demo.ORGANISER, passcode=f" {code[:3]} {code[3:]}")
    assert (answer.location, is_in(client)) == ("/desk/krakowice2018/", True)
    post(other, SENT, identity=demo.ORGANISER)
    assert post(other, CODE, identity=demo.ORGANISER, passcode=code).status_code == 422


def test_a_mailed_code_does_not_spare_the_second_factor(app: Flask, client: FlaskClient):
    set_up_app(signed_in(app))
    post(client, SENT, identity=demo.ORGANISER)
    answer = post(client, CODE, identity=demo.ORGANISER, passcode=last(app, "account_code"))
    page = client.get(answer.location, follow_redirects=True)
    assert (page.status_code, page.request.path, is_in(client)) == (200, SECOND, False)


@pytest.mark.parametrize(("wrong", "later", "status"), [(4, 0, 302), (5, 0, 422), (0, 599, 302), (0, 600, 422)])
def test_a_mailed_code_ends_after_five_wrong_tries_or_ten_minutes(app, client, clock, wrong, later, status):
    post(client, SENT, identity=demo.ORGANISER)
    code = last(app, "account_code")
    bad = "000000" if code != "000000" else "000001"
    for _try in range(wrong):
        assert post(client, CODE, identity=demo.ORGANISER, passcode=bad).status_code == 422
    clock.shift(timedelta(seconds=later))
    assert post(client, CODE, identity=demo.ORGANISER, passcode=code).status_code == status


@pytest.mark.parametrize(("path", "field"), [(SENT, "identity"), (FORGOTTEN, "email")])
def test_asking_for_a_mail_does_the_same_for_an_address_that_nobody_has(app: Flask, path: str, field: str):
    found = {}
    for email in (demo.ORGANISER, "nobody@krakowice.example"):
        client = app.test_client()
        token = csrf_token(client, LOGIN)
        with app.app_context(), statements() as asked:
            answer = client.post(path, data={field: email, "csrf_token": token})
        found[email] = (answer.status_code, answer.location, len(asked))
    with app.app_context():
        message = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
        kept = (message.recipient, "nobody" in repr(message.facts))
    assert found[demo.ORGANISER] == found["nobody@krakowice.example"]
    assert kept == ("", False)  # what was typed is kept nowhere


def test_what_is_no_address_is_told_on_its_field(client: FlaskClient):
    found = {}
    for path, field in ((SENT, "identity"), (FORGOTTEN, "email"), (LOGIN, "email")):
        for typed in ("", "no address", "a@b.example, c@d.example"):
            answer = post(client, path, **{field: typed, "password": "x"})
            found[path, typed] = (answer.status_code, f'href="#{field}"' in answer.text, WRONG in answer.text)
    assert found == dict.fromkeys(found, (422, True, False))


@pytest.mark.parametrize(("minutes", "stays"), [(100, True), (126, False)])
def test_a_browser_that_is_not_used_is_signed_out_and_told(client: FlaskClient, password: str, clock, minutes: int, stays: bool):
    sign_in(client, password)
    clock.shift(timedelta(minutes=100))
    assert is_in(client)  # noted as seen
    clock.shift(timedelta(minutes=minutes))
    answer = client.get(DESK, follow_redirects=True)
    assert ("You were signed out" in answer.text, is_in(client)) == (not stays, stays)


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
    post_out = post(client, "/desk/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert (post_out.status_code, is_in(client), is_in(thief)) == (302, False, False)


def test_an_account_that_was_switched_off_is_out_at_once(app: Flask, client: FlaskClient, password: str):
    sign_in(client, password)
    with app.app_context():
        organiser().active = False
        db.session.commit()
    assert (is_in(client), sign_in(app.test_client(), password).status_code) == (False, 422)


def test_no_token_and_no_json_signs_in(app: Flask, client: FlaskClient, password: str):
    with app.app_context():
        token = organiser().get_auth_token()
    assert client.get(f"/desk/?auth_token={token}", headers={"Authentication-Token": token}).status_code == 302
    form = {"email": demo.ORGANISER, "password": password}
    answer = client.post(LOGIN, json=form, headers={"X-CSRFToken": csrf_token(client, LOGIN)})
    assert (answer.status_code, is_in(client)) == (415, False)


def test_pages_of_flask_security_are_ours_and_those_that_nobody_needs_are_closed(app: Flask, client: FlaskClient):
    """Each page that it would draw has a template of ours under its name; what is not drawn answers 404."""
    own = set(app.jinja_loader.list_templates())
    drawn = {value for name, value in app.config.items() if name.startswith("SECURITY_") and name.endswith("_TEMPLATE")}
    missing = {each.removeprefix("security/") for each in drawn if not each.startswith("security/email/")} - {
        each.removeprefix("security/") for each in own
    }
    assert missing == {
        "change_username.html", "logout_user.html", "recover_username.html", "register_user.html", "send_confirmation.html", "send_login.html",
        "us_setup.html", "us_verify.html",
    }  # fmt: skip
    closed = [
        rule.rule.replace("<token>", "x")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.removeprefix("security.") in CLOSED
    ]
    member = signed_in(app)
    assert {member.get(path).status_code for path in closed} | {client.get(path).status_code for path in closed} == {404, 405}
    assert {post(member, path).status_code for path in closed} == {404, 405}


NO_ANSWERS = [
    "", "null", "[]", '"x"', "{", "1e999", "{}", '{"id":"a","rawId":"a","type":"public-key","response":{}}',
    '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"AAAA","authenticatorData":"AAAA","signature":"AAAA"}}',
    '{"id":1,"rawId":[],"type":{},"response":7}', '{"id":"ł","rawId":"ł","type":"public-key","response":null}', "[" * 5000,
]  # fmt: skip


def test_an_answer_that_no_passkey_gives_signs_nobody_in(client: FlaskClient):
    found = {}
    for credential in NO_ANSWERS:
        asked = post(client, PASSKEY).text
        action = asked.split(f'action="{PASSKEY}/')[1].partition('"')[0].partition("?")[0]
        answer = post(client, f"{PASSKEY}/{action}", credential=credential)
        said = "The passkey was not accepted" in client.get(answer.location).text
        found[credential] = (answer.status_code, answer.location, said)
    assert (found, is_in(client)) == (dict.fromkeys(NO_ANSWERS, (302, PASSKEY, True)), False)
