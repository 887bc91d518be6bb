"""``/desk/<congress>/imports/`` and the lists that go out: tables in, tables out."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from congress.core import sheets
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.vocabulary import Step
from congress.outbox.models import Message
from congress.registration.models import Registration, SensitiveLook
from congress.registration.organising import imports
from congress.registration.questions.models import Answer, Question
from congress.registration.vocabulary import QuestionKind, Retention
from tests.conftest import DELEGATES, csrf_token
from tests.factories import NOW, make_registration, the_congress

PAGE = "/desk/krakowice2018/imports/"
LIST = "/desk/krakowice2018/registrations/"
TABLE = """First name;Nazwisko;E-mail;Miasto;Kategoria
Jan;Kowalski;jan@lodz.example;Łódź;delegat
Ewa;;bad;Nowhere;king
Jan;Kowalski;JAN@lodz.example;lodz;mayor
=HYPERLINK("http://x");Ünal;ue@press.example;;press
"""
FORM = {"category": "delegate", "language": "pl", "confirmed": "1"} | {
    f"column-{place}": name for place, name in enumerate(["given_name", "family_name", "email", "city", "category"])
}


def upload(client: FlaskClient, content: bytes, name: str = "people.csv") -> tuple[int, str]:
    file = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart({"csrf_token": csrf_token(client, PAGE), "file": file})
    answer = client.post(PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return answer.status_code, answer.location or html.unescape(answer.text)


def send(client: FlaskClient, page: str, **values: str) -> tuple[int, str]:
    answer = client.post(page, data={"csrf_token": csrf_token(client, page), **FORM, **values})
    return answer.status_code, html.unescape(answer.text if answer.status_code != 303 else client.get(answer.location).text)


def people(app: Flask) -> list[tuple[str, str, str, str, str]]:
    """Who is registered beyond those of the loaded congress: name, mail, city, category, state."""
    with app.app_context():
        found = db.session.scalars(select(Registration).order_by(Registration.id).offset(DELEGATES)).all()
        return [
            (each.delegate.person.name, each.delegate.person.email, each.delegate.city.slug if each.delegate.city else "",
             each.delegate.category.value, each.state.value)
            for each in found
        ]  # fmt: skip


def test_nothing_is_written_before_one_has_seen_what_would_be(organiser: FlaskClient, app: Flask):
    status, page = upload(organiser, TABLE.encode())
    text = html.unescape(organiser.get(page).text)
    matched = re.findall(r'<option value="(\w+)" selected>', text.partition("What would be registered")[0])[:5]
    rows = re.findall(r'<td class="is-number">(\d+)</td>\s*<td>.*?</svg> (.*?)</span>', text)
    wrong = re.findall(r'<span class="cell-wrong">(.*?)</span>', text)
    assert (status, matched) == (303, ["given_name", "family_name", "email", "city", "category"])
    assert rows == [("3", "Errors"), ("4", "The same as line 2"), ("2", "New"), ("5", "New")]
    assert wrong == [
        "Empty.", "This is not an e-mail address.",
        "“Nowhere” is not a member city. Other cities are welcome at the public events.",
        "“king” is none of the words that are known here.",
    ]  # fmt: skip
    assert (send(organiser, page, do="check")[0], people(app)) == (200, [])


def test_what_was_shown_is_written_once_however_often_it_is_sent(organiser: FlaskClient, app: Flask):
    _status, page = upload(organiser, TABLE.encode())
    _status, same = upload(organiser, TABLE.encode())
    first = send(organiser, page, do="write", good="2")
    again = send(organiser, same, do="write", good="2")  # a second upload of the same file: there are none any more
    assert (first[0], "2 people are registered." in first[1]) == (303, True)
    assert (again[0], "Look at the rows again." in again[1]) == (200, True)
    assert organiser.get(page).status_code == 404  # the file is gone
    assert people(app) == [
        ("Jan Kowalski", "jan@lodz.example", "lodz", "delegate", "confirmed"),
        ('=HYPERLINK("http://x") Ünal', "ue@press.example", "", "press", "confirmed"),
    ]
    with app.app_context():
        mails = db.session.scalars(select(Message.template).order_by(Message.id.desc()).limit(2)).all()
    assert mails == ["registration_confirmed"] * 2


def test_columns_are_matched_by_hand_where_no_heading_helps(organiser: FlaskClient, app: Flask):
    _status, page = upload(organiser, "A,B,C,D\nMaria,Rossi,maria@bologna.example,Bologna\n".encode("utf-16"))
    asked = html.unescape(organiser.post(page, data={"csrf_token": csrf_token(organiser, page), "do": "write", "good": "0"}).text)
    assert re.findall(r"Choose which column is “(.*?)”", asked) == ["Given name", "Family name", "E-mail address"]
    twice = send(organiser, page, do="check", **{"column-3": "email"})
    assert "“E-mail address” is chosen for two columns." in twice[1]
    send(organiser, page, do="write", good="1", confirmed="0")
    assert people(app) == [("Maria Rossi", "maria@bologna.example", "bologna", "delegate", "submitted")]


def test_who_is_registered_already_is_shown_and_left_out(organiser: FlaskClient, app: Flask):
    with app.app_context():
        known = make_registration(given_name="Jan", family_name="Kowalski", email="jan@lodz.example", city="lodz").id
        db.session.commit()
    _status, page = upload(organiser, TABLE.encode())
    text = html.unescape(organiser.get(page).text)
    assert ("Registered already" in text, f'href="{LIST}{known}/"' in text, 'name="good" value="1"' in text) == (True, True, True)


def test_a_file_of_somebody_else_or_of_nobody_is_not_shown(organiser: FlaskClient, client: FlaskClient, app: Flask):
    _status, page = upload(organiser, TABLE.encode())
    wrong = [f"{PAGE}{'0' * 32}", f"{PAGE}..%2f..%2fetc", f"{page}x", page.upper()]
    assert [organiser.get(each).status_code for each in wrong] == [404] * len(wrong)
    assert client.get(page).status_code == 302  # to the door
    [kept] = list((Path(app.instance_path) / "imports").iterdir())
    assert b"Kowalski" not in kept.read_bytes()


def test_files_that_are_no_tables_are_refused_with_a_sentence(organiser: FlaskClient, app: Flask):
    lines = b"given name,family name,e-mail\n" + b"a,b,c@d.example\n" * (imports.MOST + 1)
    sent = {
        "empty": b"", "text": b"\x00\x01\x02\x03", "no zip": b"PK\x03\x04 broken", "cut": b'a,b\n"x', "long": lines,
        "large": b"x" * (sheets.MOST_BYTES + 1), "xls": b"\xd0\xcf\x11\xe0rest",
    }  # fmt: skip
    answers = {name: upload(organiser, content, f"{name}.xlsx") for name, content in sent.items()}
    assert {name: status for name, (status, _text) in answers.items()} == dict.fromkeys(sent, 422)
    assert all('id="file-error"' in text for _status, text in answers.values())
    assert organiser.post(PAGE, data={"csrf_token": csrf_token(organiser, PAGE)}).status_code == 422
    assert people(app) == []


def test_a_list_goes_out_with_its_filter_and_columns_and_no_formula(organiser: FlaskClient, app: Flask):
    with app.app_context():
        make_registration(given_name="=1+1", family_name="Żak", city="lodz", email="+x@lodz.example")
        db.session.commit()
    query = "?q=zak&columns=city&columns=email"
    csv = organiser.get(f"{LIST}export.csv{query}")
    assert csv.data.decode("utf-8-sig").splitlines() == [
        "Number,Family name,Given name,City,E-mail address",
        f"{DELEGATES + 1},Żak,'=1+1,Łódź,'+x@lodz.example",
    ]
    assert csv.headers["Content-Disposition"] == 'attachment; filename="krakowice2018-registrations.csv"'
    page = openpyxl.load_workbook(io.BytesIO(organiser.get(f"{LIST}export.xlsx{query}&lang=pl").data)).active
    [cells] = list(page.iter_rows(min_row=2))
    assert [(cell.value, cell.data_type) for cell in cells[1:]] == [
        ("Żak", "s"), ("=1+1", "s"), ("Łódź", "s"), ("+x@lodz.example", "s"),
    ]  # fmt: skip
    assert organiser.get(f"{LIST}export.pdf").status_code == 404


def test_answers_go_out_and_sensitive_ones_only_after_the_look_is_written_down(organiser: FlaskClient, app: Flask):
    with app.app_context():
        made = make_registration(family_name="Żak", city="lodz")
        for code, retention, value in [("shirt", Retention.KEPT, "XL"), ("allergy", Retention.NEEDS, "walnuts")]:
            question = Question(
                congress_id=the_congress().id, code=code, step=Step.NEEDS, kind=QuestionKind.TEXT, retention=retention,
                labels=Localised(en=code.title(), pl=code), helps=Localised(),
            )  # fmt: skip
            db.session.add(question)
            db.session.flush()
            db.session.add(Answer(registration_id=made.id, question_id=question.id, value=value, answered_at=NOW))
        db.session.commit()

    def exported(query: str) -> list[list[str]]:
        lines = organiser.get(f"{LIST}export.csv?q=zak&columns=city{query}").data.decode("utf-8-sig").splitlines()
        return [line.split(",")[3:] for line in lines]

    def looks() -> int:
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(SensitiveLook))

    assert exported("") == [["City"], ["Łódź"]]
    assert (exported("&answers=1"), looks()) == ([["City", "Shirt"], ["Łódź", "XL"]], 0)
    found = exported("&answers=1&sensitive=1")
    assert (sorted(found[0]), sorted(found[1]), looks()) == (["Allergy", "City", "Shirt"], ["XL", "walnuts", "Łódź"], 1)
