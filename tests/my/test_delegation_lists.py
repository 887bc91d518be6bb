"""``/my/delegation/<token>/paste`` and the lists that one takes away."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.registration import services as registration
from congress.registration.models import Registration
from tests.factories import NOW, make_applicant, make_registration, the_congress
from tests.my.test_delegation import path, post, states, version, with_three
from tests.my.test_delegation_people import field

__all__ = ["path", "with_three"]
ROWS = "Given name\tFamily name\tE-mail\tRole at the congress\nDag\tTestsson\tdag@ostersund.example\tMayor or deputy mayor\nEva\tTestsson\teva@ostersund.example\t"


def confirmed(page: str) -> str:
    found = re.search(r'name="confirmed" value="(\w+)"', page)
    return found[1] if found else ""


def test_pasted_rows_are_shown_first_and_written_when_confirmed_and_only_once(app: Flask, client: FlaskClient, path: str):
    status, page = post(app, client, path, "paste", rows=ROWS)
    assert (status, "2 people can be added. Nothing is written yet." in page, states(app)) == (200, True, [])
    sent = {"rows": ROWS, "confirmed": confirmed(page), "submission": field(page, "submission"), "version": version(app)}

    assert [post(app, client, path, "paste", **sent)[0] for _time in range(2)] == [303, 303]

    assert states(app) == [("Dag", "invited"), ("Eva", "invited")]


def test_what_was_changed_after_the_check_is_checked_again(app: Flask, client: FlaskClient, path: str):
    _status, page = post(app, client, path, "paste", rows=ROWS)

    status, page = post(app, client, path, "paste", rows=ROWS.replace("Eva", "Evelyn"), confirmed=confirmed(page))

    assert (status, "Nothing is written yet" in page, states(app)) == (200, True, [])


def test_cells_that_cannot_be_used_are_marked_and_what_was_typed_stays(app: Flask, client: FlaskClient, path: str):
    rows = "Dag\t\tdag at ostersund\nEva\tTestsson\teva@ostersund.example\t\t\tking"
    status, page = post(app, client, path, "paste", rows=rows)

    assert status == 422
    assert [said in page for said in ("This is missing.", "This is not an e-mail address.", "This word is not known here.")] == [
        True
    ] * 3
    assert "dag at ostersund\nEva" in page
    assert confirmed(page) == ""


def test_roles_may_be_written_in_the_short_words_that_people_use(app: Flask, client: FlaskClient, path: str):
    rows = (
        "Imię\tNazwisko\tE-mail\tFunkcja\tRola\tFunkcja w delegacji\n"
        "Łucja\tTestowska\tlucja@ostersund.example\tkustosz\tdelegatka\tprzewodnicząca\n"
        "Jan\tTestowski\tjan@ostersund.example\tzastępca prezydenta\tWiceprezydent\t\n"
        "Ewa\tTestowska\tewa@ostersund.example\t\t\ttłumaczka"
    )
    _status, page = post(app, client, path, "paste", rows=rows)

    assert post(app, client, path, "paste", rows=rows, confirmed=confirmed(page), submission=field(page, "submission"))[0] == 303

    with app.app_context():
        people = [each.delegate for each in db.session.scalars(select(Registration).order_by(Registration.id))][-3:]
        assert [(each.person.given_name, each.function, each.category.value, each.part.value) for each in people] == [
            ("Łucja", "kustosz", "delegate", "head"),
            ("Jan", "zastępca prezydenta", "mayor", "member"),
            ("Ewa", "", "delegate", "interpreter"),
        ]


def test_more_people_than_places_are_told_before_that_some_will_wait(app: Flask, client: FlaskClient, path: str):
    rows = "".join(f"Ann\tTestsson {letter}\tann{letter}@ostersund.example\n" for letter in "abcd")
    interpreter = "Ewa\tTestsson\tewa@ostersund.example\t\t\t\tinterpreter"

    said = [
        "goes on the waiting list" in post(app, client, path, "paste", rows=text)[1]
        for text in (rows, rows[: rows.index("Ann\tTestsson d")] + interpreter)
    ]

    assert said == [True, False]


def test_who_is_there_already_is_shown_and_left_out(app: Flask, client: FlaskClient, with_three: str):
    with app.app_context():
        make_registration(city="lyon", given_name="Filip", family_name="Testsson", email="filip@ostersund.example")
        db.session.commit()
    rows = "\n".join(f"{name}\tTestsson\t{name.lower()}@ostersund.example" for name in ("ANNA", "Dag", "Dag", "Filip"))

    _status, page = post(app, client, with_three, "paste", rows=rows)

    assert [
        said in page
        for said in (
            "is in the delegation already",
            "is in the list twice",
            "registered for this congress already, elsewhere",
        )
    ] == [True] * 3
    assert "1 person can be added." in page
    sent = {"rows": rows, "confirmed": confirmed(page), "submission": field(page, "submission")}
    assert post(app, client, with_three, "paste", **sent)[0] == 303
    assert states(app)[3:] == [("Dag", "waiting")]


def test_what_is_no_table_is_refused_with_what_to_do(app: Flask, client: FlaskClient, path: str):
    refused = {"": "There is nothing here yet.", "a\tb\tc@d.example\n" * 101: "too many rows", 'a\t"b': "quotes in line 1",
               "x" * 60_001: "too long"}  # fmt: skip

    for rows, said in refused.items():
        status, page = post(app, client, path, "paste", rows=rows)
        assert (status, said in page) == (422, True), said


def test_a_delegation_that_changed_meanwhile_is_told_and_the_rows_stay(app: Flask, client: FlaskClient, with_three: str):
    _status, page = post(app, client, with_three, "paste", rows=ROWS)

    status, page = post(app, client, with_three, "paste", rows=ROWS, confirmed=confirmed(page), version=1)

    assert (status, "person added – Anna Testsson" in page, "dag@ostersund.example" in page) == (409, True, True)
    assert len(states(app)) == 3


def test_the_file_holds_everybody_and_no_cell_that_a_spreadsheet_would_run(app: Flask, client: FlaskClient, with_three: str):
    post(app, client, with_three, "people/add", given_name="=1+1", family_name="@x", email="x@ostersund.example", language="en",
         category="companion", part="member", function="-5", organisation="+48")  # fmt: skip

    answer = client.get(f"{with_three}people.csv?lang=en")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="krakowice2018-ostersund.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Given name", "Anna", "Berit", "Carl", "'=1+1"]
    assert rows[4][:10] == [
        "",
        "'=1+1",
        "'@x",
        "companion",
        "companion",
        "'-5",
        "'+48",
        "x@ostersund.example",
        "English",
        "invited",
    ]


def test_the_document_is_a_pdf_whatever_people_are_called(app: Flask, client: FlaskClient, with_three: str):
    post(app, client, with_three, "people/add", given_name='#panic("x") $', family_name='*_\\"]', email="x@ostersund.example",
         language="en", category="delegate", part="member")  # fmt: skip

    answer = client.get(f"{with_three}people.pdf?lang=pl")

    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")


def test_there_is_nothing_to_take_along_where_no_congress_was_before(client: FlaskClient, path: str):
    assert client.get(f"{path}copy").status_code == 404


def test_those_of_the_last_congress_who_are_ticked_are_added(app: Flask, client: FlaskClient, path: str):
    with app.app_context():
        this = the_congress()
        values = {name: getattr(this, name) for name in ("network_id", "names", "long_names", "themes", "descriptions")}
        before = Congress(
            slug="enghien2017", timezone=this.timezone, languages=["fr", "en"], registration_opens_at=this.registration_opens_at, registration_closes_at=this.registration_closes_at, starts_on=this.starts_on - timedelta(days=350),
            ends_on=this.ends_on - timedelta(days=350), **values,
        )  # fmt: skip
        db.session.add(before)
        db.session.flush()
        known = make_applicant(given_name="Ida", family_name="Testsson", city="ostersund", language="fr", function="Curator")
        ida = registration.register(before, known, key=app.config["SECRET_KEY"], now=NOW).id
        other = make_applicant(given_name="Jon", family_name="Testsson", city="ostersund")
        registration.register(before, other, key=app.config["SECRET_KEY"], now=NOW)
        db.session.commit()

    assert "Ida Testsson" in client.get(f"{path}copy").text
    assert [post(app, client, path, "copy")[0], post(app, client, path, "copy", person=[str(ida)])[0]] == [422, 303]

    assert states(app) == [("Ida", "invited")]
    rows = list(csv.reader(io.StringIO(client.get(f"{path}people.csv?lang=en").data.decode("utf-8-sig"))))
    assert [row[1:9] for row in rows[1:]] == [
        ["Ida", "Testsson", "delegate of a member city", "member", "Curator", "", known.email, "English"]
    ]
