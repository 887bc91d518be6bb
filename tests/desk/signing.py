"""What a browser does on the pages of signing in, and codes as an authenticator app shows them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from datetime import UTC, datetime

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from congress import demo
from congress.accounts import queries
from congress.accounts.models import Account
from congress.core.db import db
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.web.mail import compose
from tests.conftest import csrf_token

AT = datetime(2018, 5, 10, 9, 0, tzinfo=UTC)  # the time of tests that use ``clock``
LOGIN, CODE, SENT, SECOND = "/desk/sign-in", "/desk/sign-in/code", "/desk/sign-in/code/sent", "/desk/sign-in/second-factor"
PAPER, FORGOTTEN, ACCOUNT = "/desk/sign-in/recovery-code", "/desk/password", "/desk/account/"
ROLES, ACCOUNTS = "/desk/krakowice2018/roles/", "/desk/krakowice2018/accounts/"
NEW = "correct horse battery staple"
NEWCOMER, STRANGER = "nowa@krakow.example", "x@krakow.example"
STEP = 30


def token_of(client: FlaskClient) -> str:
    """The token of this browser's forms. What its cookie holds already is signed here, as the next form would; else a page is asked."""
    app, cookie, kept = client.application, client.get_cookie("session"), {}
    if cookie is not None:
        reader = SecureCookieSessionInterface.get_signing_serializer(app.session_interface, app)
        kept = reader.loads(cookie.value)
    if "csrf_token" in kept:
        return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(kept["csrf_token"]))
    return csrf_token(client, ACCOUNT if "_user_id" in kept else LOGIN)


def post(client: FlaskClient, path: str, **fields: str):
    return client.post(path, data={**fields, "csrf_token": token_of(client)})


def password_of(app: Flask) -> str:
    return demo.organiser_password(app.config["SECRET_KEY"])


def signed_in(app: Flask, password: str = "", email: str = demo.ORGANISER) -> FlaskClient:
    client = app.test_client()
    post(client, LOGIN, email=email, password=password or password_of(app))
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk/").status_code == 200


def organiser() -> Account:
    account = queries.find_account(demo.ORGANISER)
    assert account is not None
    return account


def add_stranger(app: Flask) -> None:
    """Somebody else with an account, no role and the organiser's password."""
    with app.app_context():
        made = Account(email=STRANGER, name="X", password=organiser().password, fs_uniquifier="x", created_at=AT)
        db.session.add(made)
        db.session.commit()


def code_of(key: str, at: float | None = None) -> str:
    """What an app shows (RFC 6238), written here once more, so that both sides have to agree."""
    counter = int(time.time() if at is None else at) // STEP
    mac = hmac.new(base64.b32decode(key), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 15
    return str((int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF) % 10**6).zfill(6)


def begin_app(client: FlaskClient) -> tuple[str, str]:
    """The key of a new app that the page shows, and where its first code goes."""
    page = post(client, f"{ACCOUNT}app", setup="authenticator").text
    key, action = re.search(r'class="key">([A-Z2-7 ]+)<', page), re.search(r'action="(/desk/account/app/[^"]+)"', page)
    assert key and action, page
    return key[1].replace(" ", ""), action[1]


def set_up_app(client: FlaskClient) -> str:
    """Set up an app as somebody does who types the key from the page; the key."""
    secret, action = begin_app(client)
    answer = post(client, action, code=code_of(secret))
    assert (answer.status_code, answer.location) == (302, ACCOUNT)
    return secret


def make_codes(client: FlaskClient) -> list[str]:
    """New codes on paper."""
    return re.findall(r"<code>([0-9a-f-]{14})</code>", post(client, f"{ACCOUNT}codes").text)


def mails(app: Flask) -> list[tuple[str, str, str]]:
    """To whom, which, and the path of its link or its code, of those that want to leave now."""
    with app.app_context():
        chosen = select(Message).where(Message.template.like("account_%")).order_by(Message.id)
        return [
            (each.recipient, each.template, said) for each in db.session.scalars(chosen) if (said := opened(each)) is not None
        ]


def last(app: Flask, template: str) -> str:
    """The link or the code of the last of such mails; nothing where there is none."""
    with app.app_context():
        chosen = select(Message).where(Message.template == template).order_by(Message.id.desc())
        return next((said for each in db.session.scalars(chosen) if (said := opened(each)) is not None), "")


def opened(message: Message) -> str | None:
    """The path of the link or the code in a mail; None if it is not to leave any more."""
    try:
        body = compose(message).get_body(("plain",))
    except NotWanted:
        return None
    assert body is not None
    text = body.get_content()
    found = re.search(r"https?://[^/]+(/desk/\S+)", text) or re.search(r"^(\d{6})$", text, re.MULTILINE)
    return found[1] if found else ""
