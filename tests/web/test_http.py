"""Headers, errors, health: what every answer has in common."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import TestConfig
from congress import create_app
from congress.congresses.queries import find_congress
from congress.core.clock import now
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme.models import Placement, ReleasedEntry
from congress.programme.services import release_programme

FEED = "/krakowice2018/calendar/krakowice2018-programme.ics"


def test_a_feed_is_answered_with_304_to_its_own_tag_and_date(client: FlaskClient):
    first = client.get(FEED)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]

    for asked in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": date},
    ):
        again = client.get(FEED, headers=asked)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag), asked
    for asked in (
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Tue, 01 May 2018 00:00:00 GMT"},
        {"If-Modified-Since": "nonsense"},
    ):
        assert client.get(FEED, headers=asked).status_code == 200, asked
    both = {"If-None-Match": '"other"', "If-Modified-Since": date}
    assert client.get(FEED, headers=both).status_code == 200


def test_a_feed_has_the_headers_that_calendar_programs_need(client: FlaskClient):
    answer = client.get(FEED)

    chosen = ("Content-Type", "Content-Disposition", "Cache-Control", "Access-Control-Allow-Origin")
    assert [answer.headers.get(name) for name in chosen] == [
        "text/calendar; charset=utf-8",
        'inline; filename="krakowice2018-programme.ics"',
        "public, max-age=300",
        "*",
    ]
    assert "Set-Cookie" not in answer.headers
    head = client.head(FEED)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])


def test_a_feed_is_the_same_bytes_whoever_asks_and_in_its_own_language(client: FlaskClient):
    plain = client.get(FEED).data

    assert client.get(FEED, headers={"Accept-Language": "pl", "Cookie": "language=pl"}).data == plain
    assert client.get(FEED + "?lang=pl").data != plain


@pytest.mark.parametrize("query", ["?lang=xx", "?lang=", "?tbc=yes", "?unknown=1", "?lang=en&x"])
def test_a_feed_with_a_wrong_option_is_refused(client: FlaskClient, query: str):
    assert client.get(FEED + query).status_code == 400


@pytest.mark.parametrize(("method", "path"), [("post", "/krakowice2018/programme/"), ("put", FEED), ("delete", "/")])
def test_a_wrong_method_has_a_page(organiser: FlaskClient, method: str, path: str):
    answer = getattr(organiser, method)(path, headers={"X-CSRFToken": "x"})

    assert answer.status_code in {400, 405}
    assert "<h1" in answer.text


def test_an_error_of_ours_has_a_page_with_a_number_and_a_log_line_without_personal_data(
    new_app: Callable[[str], Flask], loaded: str, caplog: pytest.LogCaptureFixture
):
    app = new_app(loaded)

    @app.get("/boom/<secret>")
    def boom(secret: str) -> str:
        raise RuntimeError("broken")

    app.testing = False
    with caplog.at_level(logging.INFO, logger="congress"):
        answer = app.test_client().get("/boom/very-secret-token?mail=a@b.example")

    number = answer.headers["X-Request-ID"]
    assert (answer.status_code, number in answer.text) == (500, True)
    assert number in caplog.text
    assert "very-secret-token" not in caplog.text
    assert "a@b.example" not in caplog.text


def test_health_says_that_the_process_lives_and_readiness_that_the_database_is_current(client: FlaskClient):
    assert (client.get("/healthz").status_code, client.get("/readyz").get_json()) == (200, {"status": "ok", "reason": ""})


def test_readiness_names_an_empty_database_and_a_newer_one(app: Flask, new_app: Callable[[str], Flask]):
    empty = new_app().test_client().get("/readyz")
    with app.app_context():
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = 'ffff'"))
        db.session.commit()
    newer = app.test_client().get("/readyz")

    assert (empty.status_code, empty.get_json()["reason"]) == (
        503,
        "The database is empty or of an older version. Run: congress init",
    )
    assert (newer.status_code, newer.get_json()["reason"]) == (
        503,
        "The database is of a newer version than this program. Install the newer program.",
    )


@pytest.mark.parametrize("content", [None, b"this is no database, it is a letter" * 100])
def test_a_database_that_cannot_be_used_is_a_page_not_a_traceback(tmp_path: Path, content: bytes | None):
    path = tmp_path / "missing" / "x.sqlite3"
    if content is not None:
        path = tmp_path / "x.sqlite3"
        path.write_bytes(content)
    client = create_app(TestConfig.make(f"sqlite:///{path}", tmp_path)).test_client()

    page, ready = client.get("/krakowice2018/"), client.get("/readyz")

    assert (page.status_code, "The service is not available at the moment" in page.text) == (503, True)
    assert (ready.status_code, ready.get_json()["reason"].startswith("The database cannot be reached")) == (503, True)


def test_an_open_redirect_after_sign_in_is_impossible(app: Flask):
    client = app.test_client()

    page = client.get("/desk/sign-in?next=https://evil.example/")

    assert "https://evil.example/" not in page.headers.get("Location", "")


def test_a_release_in_another_process_shows_at_once(app: Flask, client: FlaskClient, tmp_path: Path):
    """Two applications on one database; what one releases the other one shows with the next request."""
    other = create_app(TestConfig.make(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path))
    before = client.get(FEED)
    with other.app_context():
        db.session.scalars(select(Placement).where(Placement.code == "P022")).one().is_cancelled = True
        release_programme(find_congress("krakowice2018"), note=Localised(), by="x", now=now())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()

    after = client.get(FEED, headers={"If-None-Match": before.headers["ETag"]})

    assert (after.status_code, after.data.count(b"STATUS:CANCELLED")) == (200, 1)
    with app.app_context():
        assert db.session.scalar(select(sa.func.count()).select_from(ReleasedEntry).where(ReleasedEntry.sequence == 1)) == 1
