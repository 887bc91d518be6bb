"""Documents of sessions: who may read which."""

from __future__ import annotations

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import begin_writing, db
from congress.networks.vocabulary import Field
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Audience, Kind
from congress.registration import services
from tests.factories import HOSTS, make_registration, the_congress
from tests.registration.asking import PDF
from tests.speaking import MAYORS, document

PUBLIC = "/krakowice2018/documents/"


def subgroup(field: Field) -> str:
    """The code of the meeting of a field."""
    chosen = select(ProgrammeItem.code).where(
        ProgrammeItem.congress_id == the_congress().id, ProgrammeItem.kind == Kind.SUBGROUP, ProgrammeItem.field == field
    )
    return db.session.scalars(chosen.order_by(ProgrammeItem.code)).first() or ""


def person(*, confirmed: bool = True, **changes: object) -> str:
    begin_writing()
    made = make_registration(**changes)
    if confirmed:
        services.confirm(made, actor=HOSTS, now=made.submitted_at)
    token = services.link_token(made, current_app.config["SECRET_KEY"])
    db.session.commit()
    return f"/my/registration/{token}/documents/"


@pytest.fixture
def files(app: Flask) -> dict[str, str]:
    """For everybody, for delegates, for those of crafts and of literature; of an item that is not released."""
    with app.app_context():
        return {
            "everyone": document(),
            "delegates": document(audience=Audience.DELEGATES, title="Speeches"),
            "crafts": document(subgroup(Field.CRAFTS_AND_FOLK_ART), Audience.FIELD, "Minutes of crafts"),
            "literature": document(subgroup(Field.LITERATURE), Audience.FIELD, "Minutes of literature"),
        }


def read(client: FlaskClient, start: str, files: dict[str, str]) -> set[str]:
    """Which of the files are given there."""
    answers = {name: client.get(f"{start}{public_id}") for name, public_id in files.items()}
    assert {answer.status_code for answer in answers.values()} <= {200, 404}
    return {name for name, answer in answers.items() if answer.data == PDF}


def test_each_reader_gets_what_is_for_them_and_nothing_else(app: Flask, client: FlaskClient, files: dict[str, str]):
    with app.app_context():
        crafts, unsure = person(city="kanazawa"), person(city="kanazawa", confirmed=False)

    assert read(client, PUBLIC, files) == {"everyone"}
    assert read(client, crafts, files) == {"everyone", "delegates", "crafts"}
    assert read(client, unsure, files) == {"everyone"}
    page = client.get(crafts).text
    assert ["Agenda" in page, "Speeches" in page, "Minutes of crafts" in page, "Minutes of literature" in page] == [
        True,
        True,
        True,
        False,
    ]
    shown = client.get(f"/krakowice2018/programme/{MAYORS}").text
    assert ("Agenda" in shown, "Speeches" in shown) == (True, False)


def test_a_document_of_what_is_not_released_is_for_nobody(app: Flask, client: FlaskClient):
    with app.app_context():
        begin_writing()
        hidden = db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.code == "P022")).one()
        hidden.code = "X999"
        db.session.commit()
        public_id, mine = document("X999"), person()
    assert client.get(PUBLIC + public_id).status_code == 404
    assert client.get(mine + public_id).status_code == 404


def test_who_withdrew_reads_nothing(app: Flask, client: FlaskClient, files: dict[str, str]):
    with app.app_context():
        begin_writing()
        gone = make_registration()
        services.withdraw(gone, now=gone.submitted_at)
        token = services.link_token(gone, current_app.config["SECRET_KEY"])
        db.session.commit()
    paths = [f"/my/registration/{token}/documents/{each}" for each in ("", *files.values())]
    assert {client.get(path).status_code for path in paths} <= {404, 410}
