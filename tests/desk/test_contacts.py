"""``/desk/<congress>/contacts/``: the standing contacts of the cities."""

from __future__ import annotations

import io
import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.networks.models import Contact
from tests.conftest import csrf_token
from tests.factories import make_contact
from tests.statements import statements

PAGE = "/desk/krakowice2018/contacts/"
EDIT = f"{PAGE}kanazawa/main/edit"
EMPTY = ("title", "given_name", "family_name", "function", "institution", "email", "phone", "address")
HARUKI = {
    "given_name": "Haruki", "family_name": "<b>Sato</b>", "email": "haruki@kanazawa.example", "language": "en", "may_be_shown": "y",
}  # fmt: skip


def post(client: FlaskClient, path: str, **values: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client, path), "was": was(client, path), **values})
    return answer.status_code, answer.text


def was(client: FlaskClient, path: str) -> str:
    """What stands for the contact that the page shows."""
    return "".join(re.findall(r'name="was" type="hidden" value="(\w+)"', client.get(path).text))


def stored(app: Flask) -> list[tuple[str, str, str, bool]]:
    with app.app_context():
        found = db.session.scalars(select(Contact).order_by(Contact.id))
        return [(each.kind.value, each.name, each.email, each.may_be_shown) for each in found]


def names(client: FlaskClient, query: str = "") -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]*">(.*?)</a>', client.get(PAGE + query).text)


def test_a_contact_is_added_changed_and_removed(app, organiser):
    assert post(organiser, EDIT, **HARUKI)[0] == 303
    assert stored(app) == [("main", "Haruki <b>Sato</b>", "haruki@kanazawa.example", True)]
    assert "&lt;b&gt;Sato&lt;/b&gt;" in organiser.get(f"{PAGE}kanazawa/").text
    assert 'value="haruki@kanazawa.example"' in organiser.get(EDIT).text
    assert post(organiser, EDIT, **{**HARUKI, "email": "new@kanazawa.example", "may_be_shown": ""})[0] == 303
    assert stored(app) == [("main", "Haruki <b>Sato</b>", "new@kanazawa.example", False)]
    assert post(organiser, EDIT, **dict.fromkeys(EMPTY, ""), language="en")[0] == 303
    assert stored(app) == []


def test_nobody_writes_over_what_somebody_else_has_written(app, organiser):
    before = was(organiser, EDIT)
    assert post(organiser, EDIT, **HARUKI)[0] == 303
    assert post(organiser, EDIT, was=before, **HARUKI)[0] == 303  # the same once more is no change
    status, page = post(organiser, EDIT, was=before, **{**HARUKI, "email": "other@kanazawa.example"})
    assert (status, "Somebody else has changed this contact" in page, 'value="other@kanazawa.example"' in page) == (
        422,
        True,
        True,
    )
    assert stored(app) == [("main", "Haruki <b>Sato</b>", "haruki@kanazawa.example", True)]
    assert post(organiser, EDIT, **{**HARUKI, "email": "other@kanazawa.example"})[0] == 303


def test_what_is_wrong_is_told_and_kept(app, organiser):
    status, page = post(organiser, EDIT, **{**HARUKI, "email": "a@b@c", "phone": "9" * 61})
    assert (status, stored(app)) == (422, [])
    assert ('value="a@b@c"' in page, "This is too long: 61 characters" in page) == (True, True)


def test_the_list_finds_names_and_cities_that_no_mail_reaches(app, organiser):
    with app.app_context():
        make_contact("lodz", given_name="Żofia", family_name="Zażółć")
        make_contact("kanazawa", email="")
        db.session.commit()
    assert names(organiser, "?q=LODZ") == names(organiser, "?q=zofia+zazolc") == ["Łódź"]
    mute = names(organiser, "?without=email")
    assert ("Kanazawa" in mute, "Łódź" in mute, len(mute)) == (True, False, 179)


def test_the_list_asks_as_much_for_one_contact_as_for_three(app, organiser):
    def asked() -> int:
        with app.app_context(), statements() as seen:
            organiser.get(PAGE)
        return len(seen)

    counts = []
    for slugs in (["lodz"], ["kanazawa", "dakar"]):
        with app.app_context():
            for slug in slugs:
                make_contact(slug)
            db.session.commit()
        counts.append(asked())
    assert counts[0] == counts[1]


def test_a_file_is_loaded_whole_or_not_at_all(app, organiser):
    path = f"{PAGE}import"

    def send(text: str) -> tuple[int, str]:
        return post(organiser, path, file=(io.BytesIO(text.encode()), "contacts.csv"))

    status, page = send("city,kind,email\nDakar,main,main@dakar.example\nAtlantis,main,x\n")
    assert (status, stored(app)) == (422, [])
    assert "Line 3, column city: “Atlantis” is not a city of the network." in page
    assert post(organiser, path)[0] == 422
    assert send("city,kind,email\nDakar,main,main@dakar.example\n")[0] == 303
    assert stored(app) == [("main", "", "main@dakar.example", False)]


def test_there_is_no_page_for_cities_and_contacts_that_there_are_not(organiser):
    paths = ["atlantis/", "wroclaw/", "kanazawa/boss/edit", "wroclaw/main/edit"]
    assert [organiser.get(PAGE + path).status_code for path in paths] == [404] * 4
