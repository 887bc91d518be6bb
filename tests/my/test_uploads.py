"""Files sent with the form, given back to the person and to organisers who may see them."""

from __future__ import annotations

import io
import sqlite3
import uuid
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from congress.accounts.rules import RoleKind
from congress.core import files, vault
from congress.core.db import db
from congress.registration import services
from congress.registration.models import Registration, SensitiveLook
from congress.registration.questions.models import Upload
from congress.registration.vocabulary import QuestionKind, Retention
from tests.conftest import csrf_token, sign_in_as
from tests.factories import NOW, make_registration
from tests.registration.asking import PDF, PNG, make_question

DESK = "/desk/krakowice2018/uploads"


def arrange(app: Flask, **changes: Any) -> str:
    """Somebody whom a question asks for a file; the address of the pages behind the link."""
    with app.app_context():
        make_question(code="letter", kind=QuestionKind.FILE, **changes)
        person = make_registration()
        db.session.commit()
        return f"/my/registration/{services.link_token(person, current_app.config['SECRET_KEY'])}"


def body(client: FlaskClient, page: str, content: bytes, name: str) -> bytes:
    """What a browser sends; the test client's own way leaves files open."""
    part = b"--b\r\nContent-Disposition: form-data; name="
    token = csrf_token(client, page).encode()
    file = part + f'"q_letter"; filename="{name}"\r\n\r\n'.encode() + content
    return part + b'"csrf_token"\r\n\r\n' + token + b"\r\n" + file + b"\r\n--b--\r\n"


def send(
    client: FlaskClient, home: str, content: bytes = PDF, name: str = "Zgłoszenie.pdf", kind: Any = io.BytesIO
) -> TestResponse:
    page = f"{home}/form/needs"
    sent = body(client, page, content, name)
    return client.post(
        page, input_stream=kind(sent), content_length=len(sent), content_type="multipart/form-data; boundary=b"
    )  # fmt: skip


def the_upload(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Upload.public_id)).one()


def test_a_file_comes_back_to_be_saved_and_never_runs(app: Flask, client: FlaskClient):
    home = arrange(app)
    assert send(client, home).status_code == 303

    given = client.get(f"{home}/uploads/{the_upload(app)}")

    names = (
        "Content-Type",
        "Content-Disposition",
        "X-Content-Type-Options",
        "Content-Security-Policy",
        "Cache-Control",
        "X-Robots-Tag",
    )
    assert (given.status_code, given.data) == (200, PDF)
    assert [given.headers[name].strip() for name in names] == [
        "application/pdf",
        "attachment; filename=Zgoszenie.pdf; filename*=UTF-8''Zg%C5%82oszenie.pdf",
        "nosniff",
        "default-src 'none'; frame-ancestors 'none'; sandbox",
        "private, no-store",
        "noindex",
    ]


def test_a_page_with_a_file_says_which_one_is_kept_and_replaces_it(app: Flask, client: FlaskClient):
    home = arrange(app)
    send(client, home)
    assert "Zgłoszenie.pdf" in client.get(f"{home}/form/needs").text

    send(client, home, PNG, "photo.png")

    assert client.get(f"{home}/uploads/{the_upload(app)}").data == PNG


@pytest.mark.parametrize(
    ("content", "name", "status", "sentence"),
    [
        (b"%PDF-" + bytes(files.LARGEST), "a.pdf", 422, "The file is larger than 10 MB. Choose a smaller one."),
        (PNG, "a.pdf", 422, "Give it the ending .png and choose it again."),
        (bytes(4 * files.LARGEST), "a.pdf", 413, "What you sent is too large"),
    ],
    ids=["large", "wrong", "huge"],
)
def test_what_may_not_be_kept_is_refused_and_nothing_is_written(app: Flask, client: FlaskClient, content, name, status, sentence):
    home = arrange(app)

    answer = send(client, home, content, name)

    assert (answer.status_code, sentence in answer.text) == (status, True)
    with app.app_context():
        assert (db.session.scalars(select(Upload)).all(), vault.files()) == ([], [])


def test_an_address_without_files_takes_no_more_than_before(app: Flask, client: FlaskClient):
    token = csrf_token(client, "/krakowice2018/registration/")

    sent = f"csrf_token={token}&given_name=".encode() + b"x" * 1_100_000
    answer = client.post("/krakowice2018/registration/", data=sent, content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, "What you sent is too large" in answer.text) == (413, True)


def test_other_links_open_nothing(app: Flask, client: FlaskClient):
    home = arrange(app)
    send(client, home)
    number = the_upload(app)
    with app.app_context():
        other = make_registration()
        db.session.commit()
        elsewhere = f"/my/registration/{services.link_token(other, current_app.config['SECRET_KEY'])}"

    wrong = [
        f"{elsewhere}/uploads/{number}",
        f"{home}x/uploads/{number}",
        f"{home}/uploads/{uuid.uuid4()}",
        f"{home}/uploads/..%2Fsecret.key",
    ]
    assert [client.get(path).status_code for path in wrong] == [404] * 4
    with app.app_context():
        services.withdraw(db.session.scalars(select(Registration).join(Upload)).one(), actor=services.PERSON, now=NOW)
        db.session.commit()
    ended = client.get(f"{home}/uploads/{number}")
    assert (ended.status_code, b"PDF" in ended.data) == (410, False)


def test_a_file_that_is_lost_says_so(app: Flask, client: FlaskClient):
    home = arrange(app)
    send(client, home)
    next(iter(vault.files())).unlink()

    answer = client.get(f"{home}/uploads/{the_upload(app)}")

    assert (answer.status_code, "is no longer here. Please send it again." in answer.text) == (404, True)


def test_at_the_desk_who_may_see_registrations_gets_it_and_others_do_not(app: Flask, client: FlaskClient):
    home = arrange(app)
    send(client, home)
    number = the_upload(app)

    assert sign_in_as(app, RoleKind.REGISTRATION_DESK).get(f"{DESK}/{number}").data == PDF
    assert sign_in_as(app, RoleKind.PROGRAMME_READER).get(f"{DESK}/{number}").status_code == 403
    assert client.get(f"{DESK}/{number}").status_code == 302


def test_a_sensitive_file_needs_the_right_and_each_look_is_written_down(app: Flask, client: FlaskClient, organiser: FlaskClient):
    home = arrange(app, retention=Retention.PASSPORT)
    send(client, home)
    number = the_upload(app)

    assert sign_in_as(app, RoleKind.REGISTRATION_DESK).get(f"{DESK}/{number}").status_code == 403
    assert [organiser.get(f"{DESK}/{number}").data for _ in range(2)] == [PDF, PDF]
    assert organiser.get(f"{DESK}/{uuid.uuid4()}").status_code == 404
    with app.app_context():
        assert [each.what for each in db.session.scalars(select(SensitiveLook))] == ["file", "file"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_while_a_file_arrives_others_can_write(app: Flask, client: FlaskClient):
    """On SQLite one writer holds the whole database, and a file comes as slowly as its sender likes."""
    home = arrange(app)
    written = []

    class Slow(io.BytesIO):
        def readinto(self, buffer: Any) -> int:
            self.try_to_write()
            return super().readinto(buffer)

        def read(self, size: int | None = -1) -> bytes:
            self.try_to_write()
            return super().read(size)

        def try_to_write(self) -> None:
            path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
            other = sqlite3.connect(path, timeout=0, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            other.close()
            written.append(1)

    assert (send(client, home, kind=Slow).status_code, len(written) > 0) == (303, True)
