"""What finds the database in other hands says so, and when to send it again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from congress.core import db as database
from congress.core.db import db
from congress.registration import services
from tests.conftest import csrf_token
from tests.factories import make_registration


def test_who_waits_too_long_for_others_is_asked_to_try_again(
    new_app: Callable[[str], Flask], loaded: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 200)
    app = new_app(loaded)
    with app.app_context():
        path = f"/my/registration/{services.link_token(make_registration(), app.config['SECRET_KEY'])}/"
        db.session.commit()
    client = app.test_client()
    token = csrf_token(client, path)
    other = sa.create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=sa.NullPool)
    with other.connect() as connection:
        connection.execute(sa.text("UPDATE registrations SET link_version = link_version"))
        answers = [client.post(f"{path}choose/P037?lang={lang}", data={"csrf_token": token}) for lang in ("en", "pl")]
        connection.rollback()
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "5")] * 2
    assert "What you sent was not saved. Go back and send it again in a few seconds." in answers[0].text
    assert client.post(f"{path}choose/P037", data={"csrf_token": token}).status_code == 303
