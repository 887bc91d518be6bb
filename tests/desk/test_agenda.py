"""``/desk/<congress>/speakers/``, ``agenda/``, ``documents/`` and ``offerings/``."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.programme.documents.models import Document
from congress.programme.models import Contributor, ProgrammeItem
from congress.programme.people.models import Speaker
from congress.programme.vocabulary import Audience
from congress.registration.models import Booking
from tests.conftest import csrf_token, sign_in_as
from tests.factories import the_item
from tests.registration.asking import PDF
from tests.speaking import MAYORS, document, picture, put, speaker
from tests.statements import statements

DESK = "/desk/krakowice2018"
AGENDA = f"{DESK}/agenda/{MAYORS}/"


def send(client: FlaskClient, path: str, page: str = AGENDA, **data: object) -> tuple[int, str]:
    """What comes of a form of a page, and what the page then says of it."""
    shown = client.get(page).text
    version = re.search(r'name="version" value="(\d+)"', shown)
    form = {"csrf_token": csrf_token(client, page), "version": version[1] if version else "", **data}
    answer = client.post(path, data=form, content_type="multipart/form-data")
    return answer.status_code, answer.text


def people(app: Flask) -> list[tuple[str, int | None]]:
    with app.app_context():
        chosen = select(Contributor.name, Contributor.minutes).where(Contributor.item_id == the_item(MAYORS).id)
        return [(name, minutes) for name, minutes in db.session.execute(chosen.order_by(Contributor.position))][1:]


@pytest.fixture
def three(app: Flask) -> list[int]:
    """Ids of three who stand in the mayors' session behind those who stand there already."""
    with app.app_context():
        for name in ("A First", "B Second", "C Third"):
            put(speaker(name)[0])
        return [each.id for each in the_item(MAYORS).contributors][1:]


def test_the_order_is_changed_by_buttons_and_by_dragging_and_shows_whose_turn_it_is_when(
    app: Flask, organiser: FlaskClient, three: list[int]
):
    first = send(organiser, f"{AGENDA}{three[2]}/move", direction="up")[0]
    send(organiser, f"{AGENDA}{three[0]}/change", part="mayor", minutes="200")
    by_buttons = people(app)
    with app.app_context():
        other = the_item(MAYORS).contributors[0].id
    send(organiser, f"{AGENDA}order", order=[other, three[2], three[1], three[0]])
    page = organiser.get(AGENDA).text

    assert (first, by_buttons) == (303, [("A First", 200), ("C Third", 5), ("B Second", 5)])
    assert people(app) == [("C Third", 5), ("B Second", 5), ("A First", 200)]
    assert re.findall(r'order-time">([^<]*)<', page) == ["–", "14:00–14:05", "14:05–14:10", "14:10–17:30"]
    assert "60 minutes too long" in page
    send(organiser, f"{AGENDA}{three[0]}/remove")
    assert people(app) == [("C Third", 5), ("B Second", 5)]


def test_a_stale_or_wrong_order_changes_nothing_and_says_so(app: Flask, organiser: FlaskClient, three: list[int]):
    before = people(app)
    for data in ({"version": "0", "order": three}, {"order": [three[0], "x", "-1"]}, {"order": ["9" * 30]}):
        assert send(organiser, f"{AGENDA}order", **data)[0] == 303
        assert "Somebody else has changed this" in organiser.get(AGENDA).text
    assert send(organiser, f"{AGENDA}{2**31 - 1}/move", direction="up")[0] == 404
    assert send(organiser, f"{AGENDA}{three[0]}/change", part="king", minutes="5")[0] == 422
    assert send(organiser, f"{AGENDA}{three[0]}/change", part="mayor", minutes="-3")[0] == 422
    assert people(app) == before


def test_a_speaker_is_added_changed_put_into_a_session_and_deleted(app: Flask, organiser: FlaskClient):
    page = f"{DESK}/speakers/new"
    form = {
        "name": "Nomsa Sprecherin",
        "language": "pl",
        "email": "nomsa@kanazawa.example",
        "city": "kanazawa",
        "biography_pl": "Pisze.",
    }
    assert send(organiser, page, page, **{**form, "name": ""})[0] == 422
    assert send(organiser, page, page, **form)[0] == 303
    with app.app_context():
        made = db.session.scalars(select(Speaker)).one()
        number, kept = (
            made.id,
            (made.name, made.language, made.city.slug if made.city else "", dict(made.biographies), made.may_be_named),
        )
    one = f"{DESK}/speakers/{number}"
    assert kept == ("Nomsa Sprecherin", "pl", "kanazawa", {"pl": "Pisze."}, False)

    assert send(organiser, f"{one}/edit", f"{one}/edit", **form, version="99")[0] == 409
    assert send(organiser, f"{AGENDA}add", speaker=str(number), part="chair", city="", minutes="")[0] == 303
    assert send(organiser, f"{AGENDA}add", speaker=str(number), part="chair", city="", minutes="")[0] == 422
    assert people(app) == [("Nomsa Sprecherin", None)]
    assert send(organiser, f"{one}/photo", one, photo=(io.BytesIO(picture()), "a.jpg"))[0] == 303
    assert organiser.get(f"{one}/photo").headers["Content-Type"] == "image/jpeg"
    assert send(organiser, f"{one}/photo", one, photo=(io.BytesIO(PDF), "a.pdf"))[0] == 422
    assert send(organiser, f"{one}/send-link", one)[0] == 303
    assert "nomsa@kanazawa.example" in organiser.get(one).text
    assert send(organiser, f"{one}/delete", one)[0] == 303
    assert (people(app), organiser.get(one).status_code) == ([], 404)


def test_a_name_is_linked_to_the_speaker_whose_it_is(app: Flask, organiser: FlaskClient):
    with app.app_context():
        number = speaker("Nomsa Sprecherin", agrees=True)[0]
        named = next(each for each in the_item(MAYORS).contributors if each.name and not each.speaker_id)
        page, version = f"{AGENDA}{named.id}/link", the_item(MAYORS).version
    refused = [send(organiser, page, page, speaker=who)[0] for who in ("", "99999", "x")]
    assert (refused, send(organiser, page, page, speaker=str(number), version=str(version))[0]) == (
        [422] * 3, 303,
    )  # fmt: skip
    with app.app_context():
        assert [(each.speaker_id, each.name) for each in the_item(MAYORS).contributors] == [(number, "Nomsa Sprecherin")]
        assert the_item(MAYORS).version == version


def test_a_new_version_takes_the_place_of_the_old_one_which_organisers_still_read(
    app: Flask, organiser: FlaskClient, client: FlaskClient
):
    page = f"{DESK}/documents/of/{MAYORS}/"
    form = {"title_en": "Agenda", "title_pl": "Porządek", "audience": "everyone", "language": "en"}
    assert send(organiser, page, page, **form)[0] == 422
    assert send(organiser, page, page, **form, file=(io.BytesIO(b"MZ"), "a.pdf"))[0] == 422
    assert send(organiser, page, page, **{**form, "audience": "field"}, file=(io.BytesIO(PDF), "a.pdf"))[0] == 422  # has no field
    assert send(organiser, page, page, **form, file=(io.BytesIO(PDF), "a.pdf"))[0] == 303
    with app.app_context():
        first = db.session.scalars(select(Document)).one()
        edit, old = f"{DESK}/documents/{first.id}/edit", first.file.public_id
    newer = PDF + b"% second\n"
    assert send(organiser, edit, edit, **form, file=(io.BytesIO(newer), "b.pdf"))[0] == 303
    with app.app_context():
        ids = [
            (each.number, each.id, each.file.public_id) for each in db.session.scalars(select(Document).order_by(Document.number))
        ]

    def read(public_id: str) -> int:
        return client.get(f"/krakowice2018/documents/{public_id}").status_code

    assert [number for number, _id, _file in ids] == [1, 2]
    assert [organiser.get(f"{DESK}/documents/{each}/file").data for _number, each, _file in ids] == [PDF, newer]
    assert (read(old), read(ids[1][2])) == (404, 200)
    send(organiser, f"{DESK}/documents/{ids[1][1]}/withdraw", page)
    assert (read(old), read(ids[1][2])) == (404, 404)
    send(organiser, f"{DESK}/documents/{ids[1][1]}/restore", page)
    assert read(ids[1][2]) == 200


def test_what_is_said_of_a_version_that_is_no_longer_the_newest_is_not_written(app: Flask, organiser: FlaskClient):
    with app.app_context():
        document()
        first = db.session.scalars(select(Document)).one()
        edit = f"{DESK}/documents/{first.id}/edit"
    form = {"title_en": "Agenda", "title_pl": "Porządek", "audience": "everyone", "language": "en"}
    assert send(organiser, edit, edit, **form, file=(io.BytesIO(PDF + b"%2"), "b.pdf"))[0] == 303

    send(organiser, edit, edit, **{**form, "audience": "delegates"})
    send(organiser, edit, edit, **form, file=(io.BytesIO(PDF + b"%3"), "c.pdf"))

    assert "in the meantime" in organiser.get(f"{DESK}/documents/of/{MAYORS}/?lang=en").text
    with app.app_context():
        found = db.session.scalars(select(Document).order_by(Document.number))
        assert [(each.number, each.audience) for each in found] == [(1, Audience.EVERYONE), (2, Audience.EVERYONE)]


def test_these_pages_are_for_organisers_only(app: Flask, client: FlaskClient):
    with app.app_context():
        number = speaker()[0]
        document(audience=Audience.DELEGATES)
        kept = db.session.scalars(select(Document.id)).one()
    reader = sign_in_as(app, RoleKind.PROGRAMME_READER)
    paths = [
        "speakers/",
        f"speakers/{number}",
        f"speakers/{number}/photo",
        f"agenda/{MAYORS}/",
        f"documents/{kept}/file",
        "offerings/",
    ]
    assert [reader.get(f"{DESK}/{path}").status_code for path in paths] == [403] * len(paths)
    assert [client.get(f"{DESK}/{path}").status_code for path in paths] == [302] * len(paths)


def test_what_is_of_no_such_speaker_item_or_document_is_not_found(organiser: FlaskClient):
    wrong = ["speakers/2147483647", "agenda/X999/", "documents/of/X999/", "documents/2147483647/file", "offerings/2147483647"]
    assert [organiser.get(f"{DESK}/{path}").status_code for path in wrong] == [404] * len(wrong)


def test_names_are_text_on_every_page(app: Flask, organiser: FlaskClient):
    with app.app_context():
        put(speaker("<b>Bo</b> Bobson")[0])
    for path in ("speakers/", f"agenda/{MAYORS}/"):
        page = organiser.get(f"{DESK}/{path}").text
        assert ("<b>Bo" in page, html.escape("<b>Bo</b>") in page) == (False, True)


def test_the_list_of_items_asks_the_same_number_of_questions_however_many_there_are(app: Flask, organiser: FlaskClient):
    def asked() -> tuple[int, int]:
        with app.app_context(), statements() as seen:
            page = organiser.get(f"{DESK}/agenda/").text
        return len(seen), page.count('href="/desk/krakowice2018/agenda/')

    many = asked()
    with app.app_context():
        for item in db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.code.not_in([MAYORS, "P027"]))).all():
            if db.session.scalar(select(Booking.id).where(Booking.item_id == item.id).limit(1)) is None:
                db.session.delete(item)
        db.session.commit()
    few = asked()
    assert many[1] > few[1] + 10
    assert many[0] == few[0]
