"""What a browser does on the pages of signing in, and codes as an authenticator app shows them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress import demo
from congress.accounts import queries
from congress.accounts.models import Account
from congress.core.db import db
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.web.mail import compose
from tests.conftest import csrf_token

LOGIN, ACCOUNT, SECOND = "/desk/sign-in", "/desk/account/", "/desk/sign-in/second-factor"
STEP = 30


def post(client: FlaskClient, path: str, page: str = LOGIN, **fields: str):
    return client.post(path, data={**fields, "csrf_token": csrf_token(client, page)})


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


def code_of(key: str, at: float | None = None) -> str:
    """What an app shows (RFC 6238), written here once more, so that both sides have to agree."""
    counter = int(time.time() if at is None else at) // STEP
    mac = hmac.new(base64.b32decode(key), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 15
    return str((int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF) % 10**6).zfill(6)


def set_up_app(client: FlaskClient) -> str:
    """Set up an app as somebody does who types the key from the page; the key."""
    page = post(client, f"{ACCOUNT}app", ACCOUNT, setup="authenticator").text
    key, action = re.search(r'class="key">([A-Z2-7 ]+)<', page), re.search(r'action="(/desk/account/app/[^"]+)"', page)
    assert key and action, page
    secret = key[1].replace(" ", "")
    answer = post(client, action[1], ACCOUNT, code=code_of(secret))
    assert (answer.status_code, answer.location) == (302, ACCOUNT)
    return secret


def make_codes(client: FlaskClient) -> list[str]:
    """New codes on paper."""
    return re.findall(r"<code>([0-9a-f-]{14})</code>", post(client, f"{ACCOUNT}codes", ACCOUNT).text)


def mails(app: Flask) -> list[tuple[str, str, str]]:
    """To whom, which, and the path of its link or its code, of those that want to leave now."""
    found = []
    with app.app_context():
        for message in db.session.scalars(select(Message).where(Message.template.like("account_%")).order_by(Message.id)):
            try:
                body = compose(message).get_body(("plain",))
            except NotWanted:
                continue
            assert body is not None
            text = body.get_content()
            link = re.search(r"https?://[^/]+(/desk/\S+)", text) or re.search(r"^(\d{6})$", text, re.MULTILINE)
            found.append((message.recipient, message.template, link[1] if link else ""))
    return found
