"""``/desk/<congress>/privacy/``: who is to be erased, and who of them speaks."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.programme import queries as programme
from congress.programme.people.models import Speaker
from congress.registration import privacy
from congress.registration.models import Registration
from tests.conftest import csrf_token
from tests.factories import NOW, make_registration, the_congress
from tests.speaking import put, release, speaker
from tests.statements import statements

PAGE = "/desk/krakowice2018/privacy/"


def asks(name: str, email: str) -> Registration:
    given, family = name.split()
    made = make_registration(given_name=given, family_name=family, email=email)
    privacy.ask_for_erasure(made, now=NOW)
    db.session.commit()
    return made


def test_who_is_erased_here_is_named_in_the_programme_no_more_and_namesakes_are_pointed_out(
    context: Flask, organiser: FlaskClient
):
    number, _public_id, _token = speaker("Nomsa Sprecherin", agrees=True, email="nomsa@kanazawa.example")
    put(number)
    release()
    namesake = speaker("Nomsa Sprecherin", email="other@kanazawa.example")[0]
    asked = asks("Nomsa Sprecherin", "nomsa@kanazawa.example")
    page = organiser.get(PAGE).text
    assert ("Also erased as a speaker." in page, f'speakers/{namesake}">Speaker Nomsa Sprecherin' in page) == (True, True)

    path = f"{PAGE}erase/{asked.id}"
    assert organiser.post(path, data={"csrf_token": csrf_token(organiser, PAGE)}).status_code == 303

    db.session.rollback()
    assert db.session.scalars(select(Speaker.id).where(Speaker.name == "Nomsa Sprecherin")).all() == [namesake]
    assert "Nomsa" not in str([entry.people for entry in programme.released(the_congress()).entries])


def test_the_page_asks_the_same_of_the_database_for_one_person_and_for_three(context: Flask, organiser: FlaskClient):
    asked = []
    for name in ("Ada Erste", "Bea Zweite", "Cleo Dritte"):
        speaker(name, email="one@kanazawa.example")
        asks(name, "one@kanazawa.example")
        db.session.expire_all()
        with statements() as seen:
            assert organiser.get(PAGE).status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[2]
