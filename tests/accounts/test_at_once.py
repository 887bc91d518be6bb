"""What is good once is good once, also for two who send it at the same time. PostgreSQL only: SQLite lets one write at a time."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from congress import demo
from congress.core.db import db
from tests.desk.signing import CODE, FORGOTTEN, NEWCOMER, ROLES, SENT, is_in, last, post, signed_in, token_of

pytestmark = pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")

_WAITING = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def sent_at_once(app: Flask, sent: list[tuple[FlaskClient, str, dict[str, str]]]) -> list[tuple[int, str | None]]:
    """The answers to forms that all wait for the accounts, which somebody else holds."""
    found: list[tuple[int, str | None]] = []
    with app.app_context():
        url = db.engine.url
    holder = sa.create_engine(url, poolclass=sa.NullPool)

    def send(client: FlaskClient, path: str, fields: dict[str, str]) -> None:
        answer = client.post(path, data=fields)
        found.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=send, args=each) for each in sent]
    with holder.connect() as connection, holder.connect() as watcher:
        connection.execute(sa.text("SELECT id FROM accounts FOR UPDATE"))
        for thread in threads:
            thread.start()
        for _try in range(50):
            if watcher.execute(_WAITING).scalar_one() == len(threads):
                break
            time.sleep(0.02)
        connection.rollback()
    for thread in threads:
        thread.join()
    return sorted(found, key=str)


@pytest.mark.parametrize(("kind", "wrong"), [("code", (422, None)), ("invitation", (410, None)), ("password", (410, None))])
def test_what_signs_in_once_is_taken_from_one_of_two(app: Flask, kind: str, wrong: tuple[int, str | None]):
    clients, fields = [app.test_client() for _each in range(2)], [{"password": f"correct horse battery {n}"} for n in "ab"]
    if kind == "code":
        post(clients[0], SENT, identity=demo.ORGANISER)
        cookie = clients[0].get_cookie("session")
        assert cookie is not None
        clients[1].set_cookie("session", cookie.value)
        path, fields = CODE, [{"identity": demo.ORGANISER, "passcode": last(app, "account_code")}] * 2
    elif kind == "invitation":
        post(signed_in(app), ROLES, email=NEWCOMER, kind="organiser")
        path, fields = last(app, "account_invited"), [{"name": "N", **each} for each in fields]
    else:
        post(clients[0], FORGOTTEN, email=demo.ORGANISER)
        path = last(app, "account_password")
    token = [token_of(client) for client in clients]
    sent = [
        (client, path, {**each, "csrf_token": token[n]}) for n, (client, each) in enumerate(zip(clients, fields, strict=True))
    ]
    answers = sent_at_once(app, sent)
    assert (wrong in answers, len({answer for answer in answers if answer != wrong})) == (True, 1)
    assert sum(map(is_in, clients)) == (kind != "password")
