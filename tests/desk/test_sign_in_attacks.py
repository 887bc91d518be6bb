"""What somebody tries who wants to be somebody else: links, keys, codes and invitations of others, old ones, and two at once."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress import demo
from congress.accounts.models import Account
from congress.accounts.signing.models import SignIn
from congress.core.db import db
from congress.outbox.models import Message
from tests.conftest import csrf_token
from tests.desk.signing import (
    ACCOUNT,
    ACCOUNTS,
    CODE,
    FORGOTTEN,
    LOGIN,
    NEW,
    NEWCOMER,
    PAPER,
    ROLES,
    SECOND,
    SENT,
    STRANGER,
    add_stranger,
    begin_app,
    code_of,
    is_in,
    last,
    mails,
    make_codes,
    organiser,
    password_of,
    post,
    set_up_app,
    signed_in,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("clock")


def address(app: Flask) -> str:
    with app.app_context():
        return str(db.session.scalars(select(Account.email).order_by(Account.id)).first())


def stranger(app: Flask) -> FlaskClient:
    """Somebody else who works here, signed in."""
    add_stranger(app)
    return signed_in(app, email=STRANGER)


@pytest.mark.parametrize(
    ("who", "method", "status", "location"),
    [
        ("owner", "HEAD", 200, None),
        ("owner", "OPTIONS", 200, None),
        ("nobody", "HEAD", 302, "sign-in"),
        ("nobody", "GET", 302, "sign-in"),
        ("nobody", "POST", 403, None),
        ("other", "GET", 303, ACCOUNT),
        ("other", "POST", 303, ACCOUNT),
    ],
)
def test_an_address_is_changed_by_a_button_and_by_its_owner_only(app: Flask, who: str, method: str, status: int, location):
    owner = signed_in(app)
    post(owner, f"{ACCOUNT}address", email="olga@krakow.example")
    link = last(app, "account_address")
    client = {"owner": lambda: owner, "nobody": app.test_client, "other": lambda: stranger(app)}[who]()
    answer = post(client, link) if method == "POST" else client.open(link, method=method)
    back = f"{LOGIN}?next={link}" if location == "sign-in" else location
    assert (answer.status_code, answer.location, address(app)) == (status, back, demo.ORGANISER)


def test_after_signing_in_the_link_to_a_new_address_goes_on(app: Flask, client: FlaskClient):
    post(signed_in(app), f"{ACCOUNT}address", email="olga@krakow.example")
    link = last(app, "account_address")
    answer = post(client, client.get(link).location, email=demo.ORGANISER, password=password_of(app))
    assert (answer.location, client.get(link).status_code) == (link, 200)


@pytest.mark.parametrize("kind", ["address", "password"])
def test_a_newer_link_ends_the_older_one(app: Flask, client: FlaskClient, clock, kind: str):
    owner = signed_in(app) if kind == "address" else client
    path = f"{ACCOUNT}address" if kind == "address" else FORGOTTEN
    links = []
    for typed in ("typo@krakow.example", "right@krakow.example") if kind == "address" else (demo.ORGANISER,) * 2:
        post(owner, path, email=typed)
        links.append(last(app, f"account_{kind}"))
        clock.shift(timedelta(seconds=1))  # within one the link is the same
    answers = [owner.get(link).status_code for link in links]
    post(owner, links[0], password=NEW)
    assert (answers, address(app), is_in(signed_in(app, NEW))) == ([410, 200], demo.ORGANISER, False)
    assert [each[2] for each in mails(app)] == links[1:]  # the older one is not even mailed, if it has not left yet


def count_anew(app: Flask) -> None:
    app.config["RATE_LIMITS"] = True
    app.extensions["limits"].limiter.reset()


def wide(n: int) -> str:
    """The organiser's address with letters that are normalised to those of the address."""
    name, _at, host = demo.ORGANISER.partition("@")
    return f"{name}@" + "".join(chr(ord(sign) + 0xFEE0) if sign.isalpha() and n >> i & 1 else sign for i, sign in enumerate(host))


@pytest.mark.parametrize(
    ("path", "fields", "found"),
    [
        (SENT, lambda n: {"identity": wide(n)}, [200] * 10 + [429] * 2),
        (LOGIN, lambda n: {"email": wide(n), "password": "wrong"}, [422] * 10 + [429] * 2),
        (SENT, lambda n: {"identity": demo.ORGANISER, "email": f"{n}@a.example"}, [400] * 12),
        (SENT, lambda _n: {"identity": demo.ORGANISER, "email": f" {demo.ORGANISER.upper()}"}, [200] * 10 + [429] * 2),
    ],
)
def test_an_address_is_counted_however_it_is_typed(app: Flask, client: FlaskClient, path: str, fields, found):
    count_anew(app)
    assert [post(client, path, **fields(n)).status_code for n in range(12)] == found


def test_a_letter_box_gets_forty_mails_of_signing_in_a_day(app: Flask, client: FlaskClient, clock):
    count_anew(app)
    found = []
    for _quarter in range(9):
        for _each in range(5):
            client.environ_base["REMOTE_ADDR"] = f"203.0.113.{len(found)}"
            found.append(post(client, SENT if len(found) % 2 else FORGOTTEN, identity=demo.ORGANISER, email=demo.ORGANISER))
        clock.shift(timedelta(minutes=21))
    assert [answer.status_code for answer in found] == [200] * 40 + [429] * 5


@pytest.mark.parametrize(("whose", "minutes"), [("another's", 1), ("the own one of before", 1), ("the own one", 16)])
def test_an_app_is_set_up_only_where_its_key_was_just_shown(app: Flask, clock, whose: str, minutes: int):
    victim = signed_in(app)
    key, action = begin_app(stranger(app) if whose == "another's" else victim)
    if whose == "the own one of before":
        post(victim, action, code=code_of(key))
        post(victim, f"{ACCOUNT}app", setup="disable")
    clock.shift(timedelta(minutes=minutes))
    post(victim, action, code=code_of(key))
    with app.app_context():
        assert organiser().tf_totp_secret is None


def test_a_key_that_was_shown_ends_when_a_secret_is_asked_for_once_more(app: Flask, clock):
    client = signed_in(app)
    keys = [begin_app(client)[0], begin_app(client)[0]]
    clock.shift(timedelta(minutes=16))
    post(client, f"{ACCOUNT}confirm", password=password_of(app))
    keys.append(begin_app(client)[0])
    assert (keys[0] == keys[1], keys[1] == keys[2]) == (True, False)


def test_a_new_app_takes_the_place_of_the_old_one_at_once_and_wrong_codes_spare_the_old_one(app: Flask, client: FlaskClient):
    owner = signed_in(app)
    old = set_up_app(owner)
    _key, action = begin_app(owner)
    post(owner, action, code="000000")
    post(client, LOGIN, email=demo.ORGANISER, password=password_of(app))
    assert post(client, SECOND, code=code_of(old)).status_code == 422  # it was used
    assert set_up_app(owner) != old


def test_recovery_codes_are_shown_once_and_told_by_mail_and_removing_a_factor_signs_others_out(app: Flask):
    owner = signed_in(app)
    set_up_app(owner)
    codes, other = make_codes(owner), signed_in(app)
    page = owner.get(f"{ACCOUNT}codes?show_codes=1").text
    assert ([code for code in codes if code in page], mails(app)[-1][:2]) == ([], (demo.ORGANISER, "account_changed"))
    with app.app_context():
        told = [row.facts["what"] for row in db.session.scalars(select(Message)) if row.template == "account_changed"]
    post(other, PAPER, code=codes[0])
    before = is_in(other)
    post(owner, f"{ACCOUNT}app", setup="disable")
    assert (told, before, is_in(other), is_in(owner)) == (["app", "codes"], True, False, True)


@pytest.mark.parametrize("used", ["code", "code, then address", "passkey page, then password by link"])
def test_an_invitation_ends_when_the_account_is_used(app: Flask, client: FlaskClient, used: str):
    post(signed_in(app), ROLES, email=NEWCOMER, kind="organiser")
    link = last(app, "account_invited")
    if used.startswith("code"):
        post(client, SENT, identity=NEWCOMER)
        post(client, CODE, identity=NEWCOMER, passcode=last(app, "account_code"))
        if used.endswith("address"):
            post(client, f"{ACCOUNT}address", email="nina@krakow.example")
            post(client, last(app, "account_address"))
        assert is_in(client)
    else:
        post(client, link, name="Nina", passkey="1")
        assert app.test_client().get(link).status_code == 200
        client = app.test_client()
        post(client, FORGOTTEN, email=NEWCOMER)
        new = last(app, "account_password")
        post(client, new, password=NEW)
    thief = app.test_client()
    assert (thief.get(link).status_code, post(thief, link, name="T", password=NEW).status_code) == (410, 410)


def test_whoever_was_in_before_an_invitation_was_used_in_the_same_browser_is_out(app: Flask):
    client, thief = signed_in(app), app.test_client()
    post(client, ROLES, email=NEWCOMER, kind="organiser")
    cookie = client.get_cookie("session")
    assert cookie is not None
    thief.set_cookie("session", cookie.value)
    before = is_in(thief)
    post(client, last(app, "account_invited"), name="Nina", password=NEW)
    assert (before, is_in(client), is_in(thief)) == (True, True, False)


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("way", ["revoked", "over"])
def test_after_an_invitation_that_nobody_used_no_code_and_no_link_is_mailed(
    app: Flask, client: FlaskClient, clock, way: str, begun: bool
):
    owner = signed_in(app)
    post(owner, ROLES, email=NEWCOMER, kind="organiser")
    link = last(app, "account_invited")
    if begun:
        post(client, link, name="Nina", passkey="1")
    if way == "revoked":
        [revoke] = re.findall(r"/\S+/revoke", owner.get(ACCOUNTS).text)
        post(owner, revoke)
        assert not is_in(client)
    else:
        clock.shift(timedelta(days=7))
    for path in (SENT, FORGOTTEN):
        post(app.test_client(), path, identity=NEWCOMER, email=NEWCOMER)
    kinds = {"account_code", "account_password"} if begun and way == "over" else set()  # who was in once comes back
    assert {kind for to, kind, _found in mails(app) if to == NEWCOMER} - {"account_changed"} == kinds


def test_who_is_switched_off_between_two_factors_begins_nothing(app: Flask, client: FlaskClient, clock):
    key = set_up_app(signed_in(app))
    post(client, LOGIN, email=demo.ORGANISER, password=password_of(app))
    token = csrf_token(client, SECOND)
    clock.shift(timedelta(seconds=30))
    with app.app_context():
        organiser().active = False
        db.session.commit()
        before = len(db.session.scalars(select(SignIn)).all())
    answer = client.post(SECOND, data={"code": code_of(key), "csrf_token": token})
    with app.app_context():
        assert (answer.status_code, len(db.session.scalars(select(SignIn)).all())) == (302, before)


def test_what_was_begun_for_signing_in_makes_no_passkey(app: Flask):
    client = signed_in(app)
    with app.app_context():
        state = app.extensions["security"].wan_serializer.dumps({"challenge": "c", "user_verification": True})
    assert post(client, f"{ACCOUNT}passkeys/{state}", credential="{}").status_code == 404


def test_the_cookie_is_signed_with_sha_256(app: Flask, client: FlaskClient):
    client.get(LOGIN)
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert len(base64.urlsafe_b64decode(cookie.value.rpartition(".")[2] + "==")) == 32
