"""``/desk/<congress>/field-documents/`` and ``document-proposals/``: coordinators propose documents, organisers decide."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.rules import RoleKind
from congress.core import vault
from congress.core.db import begin_writing, db
from congress.core.files import Checked
from congress.core.localised import Localised
from congress.outbox.models import Message
from congress.programme.documents import services
from congress.programme.documents.models import Document, StoredFile
from congress.programme.vocabulary import Audience, ProposalState
from congress.web.mail import compose
from tests.conftest import csrf_token, sign_in_as
from tests.core.test_files import DOCX
from tests.factories import NOW, the_item
from tests.registration.asking import PDF
from tests.speaking import document

DESK = "/desk/krakowice2018"
LITERATURE, MUSIC = "P029", "P030"
MINE = f"{DESK}/field-documents/of/{LITERATURE}/"
SECOND = PDF.replace(b"%PDF-1.7", b"%PDF-1.6", 1) + b"\n"


@pytest.fixture
def coordinator(app: Flask) -> FlaskClient:
    return sign_in_as(app, RoleKind.FIELD_COORDINATOR, field="literature")


def send(client: FlaskClient, path: str, content: bytes = PDF, name: str = "agenda.pdf", title: str = "Agenda") -> int:
    data = {
        "csrf_token": csrf_token(client, path),
        "title_en": title,
        "title_pl": "Porządek",
        "audience": "everyone",
        "language": "en",
    }
    file = {"file": (io.BytesIO(content), name)} if content else {}
    return client.post(path, data={**data, **file}, content_type="multipart/form-data").status_code


def press(client: FlaskClient, page: str, path: str, **data: str) -> int:
    return client.post(path, data={"csrf_token": csrf_token(client, page), **data}).status_code


def kept(app: Flask) -> list[tuple[int, int, str | None, bool]]:
    """Id, number, state and whether it was taken back, of all documents."""
    with app.app_context():
        found = db.session.scalars(select(Document).order_by(Document.id))
        return [(each.id, each.number, each.proposal, each.is_withdrawn) for each in found]


def read(app: Flask, client: FlaskClient) -> list[bytes]:
    """What the public page of the session gives."""
    page = client.get(f"/krakowice2018/programme/{LITERATURE}").text
    return [client.get(path).data for path in re.findall(r'href="(/krakowice2018/documents/[^"]+)"', page)]


def test_nobody_reads_what_a_coordinator_proposes_before_organisers_approve_it(
    app: Flask, coordinator: FlaskClient, organiser: FlaskClient, client: FlaskClient
):
    assert send(coordinator, MINE) == 303
    [(number, _one, state, _withdrawn)] = kept(app)
    page = f"{DESK}/document-proposals/{number}/"
    assert (state, read(app, client)) == (ProposalState.WAITING, [])
    assert "Agenda" in organiser.get(f"{DESK}/proposals/").text
    assert "1 proposal of a coordinator waits" in organiser.get(f"{DESK}/").text
    assert organiser.get(f"{DESK}/documents/{number}/file").data == PDF
    assert [organiser.get(f"{DESK}/documents/{number}/edit").status_code, coordinator.get(page).status_code] == [404, 403]

    assert press(organiser, page, f"{page}approve") == 303

    assert read(app, client) == [PDF]
    with app.app_context():
        message = db.session.scalars(select(Message).where(Message.template == "document_approved")).one()
        assert compose(message)["Subject"] == "Approved: Agenda"
    # Decided once.
    press(organiser, page, f"{page}reject", reason="No.")
    assert kept(app) == [(number, 1, ProposalState.APPROVED, False)]


def test_a_new_version_leaves_readers_the_old_one_until_it_is_approved_and_comes_after_what_organisers_sent_meanwhile(
    app: Flask, coordinator: FlaskClient, organiser: FlaskClient, client: FlaskClient
):
    with app.app_context():
        document(LITERATURE)
        first = db.session.scalars(select(Document.id)).one()
    assert send(coordinator, f"{DESK}/field-documents/{first}/edit", SECOND) == 303
    waiting = kept(app)[1][0]
    assert (read(app, client), kept(app)[1]) == ([PDF], (waiting, 2, ProposalState.WAITING, False))
    between = PDF + b"\n\n"
    assert send(organiser, f"{DESK}/documents/{first}/edit", between) == 303
    assert read(app, client) == [between]

    page = f"{DESK}/document-proposals/{waiting}/"
    press(organiser, page, f"{page}approve")

    assert read(app, client) == [SECOND]
    assert [number for _id, number, _state, _withdrawn in kept(app)] == [1, 4, 3]


def test_what_was_rejected_says_why_and_makes_room_for_another_version(
    app: Flask, coordinator: FlaskClient, organiser: FlaskClient, client: FlaskClient
):
    send(coordinator, MINE)
    number = kept(app)[0][0]
    page = f"{DESK}/document-proposals/{number}/"
    assert press(organiser, page, f"{page}reject", reason="") == 422
    assert press(organiser, page, f"{page}reject", reason="The date is wrong.") == 303
    assert "The date is wrong." in coordinator.get(MINE).text
    with app.app_context():
        message = db.session.scalars(select(Message).where(Message.template == "document_rejected")).one()
        assert "The date is wrong." in compose(message).get_body(("plain",)).get_content()

    assert send(coordinator, f"{DESK}/field-documents/{number}/edit", SECOND) == 303
    again = kept(app)
    assert ([state for _id, _number, state, _withdrawn in again], read(app, client)) == ([ProposalState.WAITING], [])
    assert press(coordinator, MINE, f"{DESK}/field-documents/{again[0][0]}/take-back") == 303
    with app.app_context():
        assert (kept(app), db.session.query(StoredFile).count(), vault.files()) == ([], 0, [])


def test_a_coordinator_reaches_nothing_of_another_field_and_can_delete_nothing_that_readers_have(
    app: Flask, coordinator: FlaskClient, client: FlaskClient
):
    with app.app_context():
        document(MUSIC)
        document(LITERATURE)
        foreign, own = db.session.scalars(select(Document.id).order_by(Document.id)).all()
    before = kept(app)
    paths = [f"of/{MUSIC}/", "of/X999/", f"{foreign}/edit", f"{foreign}/file", f"{2**31 - 1}/file"]
    assert {coordinator.get(f"{DESK}/field-documents/{path}").status_code for path in paths} == {404}
    for number in (foreign, own):
        press(coordinator, MINE, f"{DESK}/field-documents/{number}/take-back")
        press(coordinator, MINE, f"{DESK}/documents/{number}/withdraw")
    assert send(coordinator, MINE, b"") == 422
    assert send(coordinator, MINE, b"MZ\x90\x00", "agenda.docx") == 422
    assert kept(app) == before


def test_a_new_version_of_what_was_taken_back_stays_taken_back_until_it_is_given_again(
    app: Flask, coordinator: FlaskClient, organiser: FlaskClient, client: FlaskClient
):
    with app.app_context():
        begin_writing()
        checked = Checked("a.pdf", "application/pdf", PDF)
        made = services.add(
            the_item(LITERATURE),
            checked,
            titles=Localised(en="Agenda", pl="Porządek"),
            audience=Audience.EVERYONE,
            language="",
            by="x",
            now=NOW,
        )
        services.set_withdrawn(made, the_item(LITERATURE), True)
        db.session.commit()
        first = made.id
    assert send(organiser, f"{DESK}/documents/{first}/edit", SECOND) == 303
    second = kept(app)[1][0]
    assert "stays taken back" in organiser.get(f"{DESK}/documents/of/{LITERATURE}/").text
    send(coordinator, f"{DESK}/field-documents/{second}/edit", PDF + b"\n\n")
    third = kept(app)[2][0]
    page = f"{DESK}/document-proposals/{third}/"
    press(organiser, page, f"{page}approve")

    assert ([withdrawn for _id, _number, _state, withdrawn in kept(app)], read(app, client)) == ([True] * 3, [])
    assert press(organiser, f"{DESK}/documents/of/{LITERATURE}/", f"{DESK}/documents/{third}/restore") == 303
    assert read(app, client) == [PDF + b"\n\n"]


def test_an_office_document_is_only_ever_saved_and_never_sniffed(app: Flask, organiser: FlaskClient, client: FlaskClient):
    assert send(organiser, f"{DESK}/documents/of/{LITERATURE}/", DOCX, "agenda.docx") == 303
    page = client.get(f"/krakowice2018/programme/{LITERATURE}").text
    answer = client.get(re.search(r'href="(/krakowice2018/documents/[^"]+)"', page)[1])
    names = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    assert [answer.headers[name].strip() for name in names] == [
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "attachment; filename=agenda.docx",
        "nosniff",
        "default-src 'none'; frame-ancestors 'none'; sandbox",
    ]
    assert answer.data == DOCX
