"""``/<congress>/registration/``."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegation, Person
from congress.outbox.models import Message, MessageState
from congress.registration.models import Consent, Registration
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind
from congress.web import mail
from tests.conftest import csrf_token

PATH = "/krakowice2018/registration/"
VALID = {
    "category": "delegate",
    "city": "lodz",
    "given_name": "Zażółć",
    "family_name": "Gęślą-Jaźń",
    "email": "zazolc@lodz.example",
    "language": "pl",
    "consent_privacy": "y",
}


def send(client: FlaskClient, **changes: str) -> TestResponse:
    return client.post(PATH, data={"csrf_token": csrf_token(client, PATH), **VALID, **changes})


def errors(answer: TestResponse) -> list[str]:
    """The sentences at the fields."""
    found = re.findall(r'class="field-error".*?Error:</span> (.*?)</span>', answer.text, re.DOTALL)
    return [html.unescape(sentence) for sentence in found]


def counted(app: Flask) -> tuple[int, int, int, int]:
    with app.app_context():
        tables = (Registration, Person, Delegation, Message)
        return tuple(db.session.scalar(select(func.count()).select_from(table)) for table in tables)


def test_a_delegate_of_a_member_city_is_registered_with_consents_and_a_mail(app: Flask, client: FlaskClient):
    before = counted(app)

    answer = send(client, consent_photos="y")

    assert (answer.status_code, answer.location) == (303, "/krakowice2018/registration/received")
    assert [after - old for after, old in zip(counted(app), before, strict=True)] == [1, 1, 1, 1]
    with app.app_context():
        made = db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()
        assert (made.state, made.delegate.person.name, made.delegate.city.slug) == (State.SUBMITTED, "Zażółć Gęślą-Jaźń", "lodz")
        assert {consent.kind for consent in made.consents} == {ConsentKind.PRIVACY, ConsentKind.PHOTOS}
        message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert (message.recipient, message.template, message.language, message.state) == (
            "zazolc@lodz.example",
            "registration_received",
            "pl",
            MessageState.QUEUED,
        )


@pytest.mark.parametrize("typed", ["lodz", "Łódź", "Lodz", "ŁÓDŹ, Polska", "łódź"])
def test_the_city_may_be_written_in_any_spelling(app: Flask, client: FlaskClient, typed: str):
    assert send(client, city=typed).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("category", "", "Choose your role at the congress."),
        ("category", "emperor", "Choose one of the roles in the list."),
        ("city", "", "Choose your city."),
        ("given_name", "", "Write your given name."),
        ("given_name", "  \t ", "Write your given name."),
        ("family_name", "", "Write your family name."),
        ("family_name", "x" * 100_000, "This is too long: 100000 characters. Shorten it to at most 100."),
        ("family_name", "Kow\x00alski", "There are invisible control characters in this text. Please type it again."),
        ("given_name", "\x1b[31mJan", "There are invisible control characters in this text. Please type it again."),
        ("email", "", "Write your e-mail address."),
        ("email", "jan", "This is not an e-mail address. Write it as name@city.example."),
        ("email", "jan@", "This is not an e-mail address. Write it as name@city.example."),
        ("email", "a@lodz.example, b@lodz.example", "Write one e-mail address only, such as name@city.example."),
        ("email", "a@lodz.example;b@lodz.example", "Write one e-mail address only, such as name@city.example."),
        ("email", "a@b@lodz.example", "Write one e-mail address only, such as name@city.example."),
        ("email", "x" * 300 + "@lodz.example", "This is too long: 313 characters. Shorten it to at most 254."),
        ("language", "tlh", "Choose one of the languages in the list."),
        ("language", "", "Choose a language."),
        ("consent_privacy", "", "Without this consent we cannot take your registration."),
        ("organisation", "x" * 201, "This is too long: 201 characters. Shorten it to at most 200."),
    ],
)
def test_a_wrong_field_gets_a_sentence_and_nothing_is_written(
    app: Flask, client: FlaskClient, field: str, value: str, sentence: str
):
    before = counted(app)

    answer = send(client, **{field: value})

    assert (answer.status_code, errors(answer)) == (422, [sentence])
    assert counted(app) == before


def test_what_was_typed_is_kept_beside_an_error(client: FlaskClient):
    answer = send(client, email="jan", organisation="Muzeum <b>„Kino”</b>", consent_newsletter="y")

    assert 'value="Muzeum &lt;b&gt;„Kino”&lt;/b&gt;"' in answer.text
    assert 'value="Gęślą-Jaźń"' in answer.text
    assert re.search(r'<option selected value="lodz">', answer.text)
    assert re.search(r"<input[^>]*checked[^>]*consent_newsletter", answer.text)


def test_an_empty_form_names_everything_that_is_needed(client: FlaskClient):
    answer = client.post(PATH, data={"csrf_token": csrf_token(client, PATH)})

    assert answer.status_code == 422
    assert errors(answer) == [
        "Choose your role at the congress.",
        "Write your given name.",
        "Write your family name.",
        "Write your e-mail address.",
        "Without this consent we cannot take your registration.",
    ]


@pytest.mark.parametrize("city", ["warszawa", "Atlantis", "<script>alert(1)</script>", "wroclaw"])
def test_a_city_that_is_no_member_is_told_so_politely(app: Flask, client: FlaskClient, city: str):
    before = counted(app)

    answer = send(client, city=city)

    assert answer.status_code == 422
    assert errors(answer) == [
        f"“{city}” is not a member city of UCCN. Choose a city from the list. "
        "Other cities are welcome at the public events, which need no registration."
    ]
    assert counted(app) == before


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("محمد", "محمد"),
        ("\u202eeman\u202c", "eman"),
        ("Ko\u0301s", "Kós"),
        ("José\u00a0 María\n", "José María"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("O'Brien <x>", "O'Brien <x>"),
    ],
)
def test_names_of_any_script_are_stored_clean(app: Flask, client: FlaskClient, typed: str, stored: str):
    assert send(client, family_name=typed).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Person.family_name).order_by(Person.id.desc())).first() == stored


def test_one_form_sent_twice_makes_one_registration_and_one_mail(app: Flask, client: FlaskClient):
    token = csrf_token(client, PATH)
    data = {"csrf_token": token, **VALID, "submission": "6f1e3c1e-0000-4000-8000-000000000001"}
    first = client.post(PATH, data=data)
    after_first = counted(app)

    second = client.post(PATH, data=data)

    assert (first.status_code, second.status_code, second.location) == (303, 303, first.location)
    assert counted(app) == after_first


def test_a_person_who_is_registered_gets_the_link_again_and_the_page_says_nothing(app: Flask, client: FlaskClient):
    first = send(client)
    before = counted(app)

    second = send(client, given_name="ZAZOLC", email="Zazolc@lodz.example")

    assert (second.status_code, second.location) == (first.status_code, first.location)
    assert [after - old for after, old in zip(counted(app), before, strict=True)] == [0, 0, 0, 1]
    with app.app_context():
        assert db.session.scalars(select(Message.template).order_by(Message.id.desc())).first() == "registration_again"


def test_the_same_address_may_register_two_people(app: Flask, client: FlaskClient):
    before = counted(app)
    send(client)
    send(client, given_name="Ewa")

    assert counted(app)[0] == before[0] + 2


def test_a_closed_registration_says_when_it_closed_and_takes_nothing(app: Flask, client: FlaskClient):
    token = csrf_token(client, PATH)
    with app.app_context():
        congress = db.session.scalars(select(Congress)).one()
        congress.registration_closes_at = datetime(2018, 5, 15, 22, 0, tzinfo=UTC)
        db.session.commit()
    before = counted(app)

    page, answer = client.get(PATH), client.post(PATH, data={"csrf_token": token, **VALID})

    assert (page.status_code, answer.status_code) == (200, 409)
    assert "Registration closed on 16 May 2018, 00:00." in page.text
    assert counted(app) == before


def test_a_form_without_its_token_is_refused_with_a_page(app: Flask, client: FlaskClient):
    before = counted(app)

    answer = client.post(PATH, data=VALID)

    assert (answer.status_code, "The form could not be checked" in answer.text) == (400, True)
    assert counted(app) == before


def test_a_body_over_the_limit_is_refused_with_a_page(app: Flask, client: FlaskClient):
    before = counted(app)

    answer = send(client, organisation="x" * 1_100_000)

    assert (answer.status_code, "What you sent is too large" in answer.text) == (413, True)
    assert counted(app) == before


def test_the_mail_holds_a_link_that_opens_the_registration(app: Flask, client: FlaskClient):
    send(client)
    assert mail.deliver_due(app) == 1
    written = sorted((Path(app.instance_path) / "mail").glob("*.eml"))

    link = re.search(r"/my/registration/\w+/", written[-1].read_text())[0]

    page = client.get(link)
    assert (page.status_code, "Zażółć Gęślą-Jaźń" in page.text) == (200, True)


def test_other_categories_need_no_city(app: Flask, client: FlaskClient):
    assert send(client, category="press", city="").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Registration).order_by(Registration.id.desc())).first().delegate.city is None


def test_consents_that_were_not_given_are_not_stored(app: Flask, client: FlaskClient):
    send(client)
    with app.app_context():
        newest = db.session.scalars(select(Registration.id).order_by(Registration.id.desc())).first()
        assert db.session.scalars(select(Consent.kind).where(Consent.registration_id == newest)).all() == [ConsentKind.PRIVACY]


def test_a_database_without_tables_is_told_as_a_page(new_app: Callable[[str], Flask]):
    client = new_app().test_client()

    answer = client.get(PATH)

    assert (answer.status_code, "The service is not available at the moment" in answer.text) == (503, True)
