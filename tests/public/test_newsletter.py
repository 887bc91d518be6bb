"""The newsletter: asked for, confirmed by the mailed link, left with one click, exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.events import newsletter
from congress.events.models import Subscriber
from congress.events.states import SubscriberState
from congress.outbox.models import Message
from congress.registration.vocabulary import ConsentKind
from tests.conftest import csrf_token
from tests.events.arranged import link_in
from tests.factories import NOW, make_registration, the_congress
from tests.web import mailbox

PATH, DESK = "/krakowice2018/newsletter/", "/desk/krakowice2018/newsletter/"
ADDRESS = "ada@mail.example"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ask(client: FlaskClient, **changes: str) -> tuple[int, str | None]:
    data = {"csrf_token": csrf_token(client, PATH), "email": ADDRESS, "language": "en"}
    answer = client.post(PATH, data={**data, **changes})
    return answer.status_code, answer.location


def subscribers(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Subscriber).order_by(Subscriber.id))
        return [(each.email, each.language, each.state.value) for each in rows]


def letters(app: Flask) -> list[tuple[str, str, str | None, str | None]]:
    """Subject, link and how to leave of what is mailed now."""
    with app.app_context():
        mailbox.only_of(ADDRESS)
        db.session.commit()
    found = mailbox.deliver(app)
    return [
        (each["Subject"], link_in(mailbox.text(each)), _unfolded(each["List-Unsubscribe"]), each["List-Unsubscribe-Post"])
        for each in found
    ]


def _unfolded(value: str | None) -> str | None:
    return value and value.strip()  # a long value begins on a line of its own


@pytest.fixture
def listed(app: Flask, client: FlaskClient) -> str:
    """The page of somebody who is on the list."""
    ask(client)
    [(_subject, path, *_leave)] = letters(app)
    client.post(f"{path}confirm", data={"csrf_token": csrf_token(client, path)})
    return path


def test_nobody_is_on_the_list_before_the_mailed_link_was_followed_and_its_button_pressed(app: Flask, client: FlaskClient):
    assert ask(client) == (303, f"{PATH}received")
    [(subject, path, leave, post)] = letters(app)
    assert (subject, leave, post) == ("Please confirm the newsletter of #Krakowice2018", None, None)
    assert (client.get(path).status_code, subscribers(app)) == (200, [(ADDRESS, "en", "asked")])

    answer = client.post(f"{path}confirm", data={"csrf_token": csrf_token(client, path)})

    assert (answer.status_code, subscribers(app)) == (303, [(ADDRESS, "en", "listed")])
    [(subject, link, leave, post)] = letters(app)
    assert (subject, link) == ("You receive the newsletter of #Krakowice2018", path)
    assert (leave, post) == (f"<http://127.0.0.1:8000{path}leave>", "List-Unsubscribe=One-Click")


def test_the_answer_is_the_same_whether_the_address_is_on_the_list_or_not(app: Flask, client: FlaskClient, listed: str):
    letters(app)
    visitor = app.test_client()
    known, new = ask(visitor, email="ADA@mail.example"), ask(app.test_client(), email="new@mail.example")

    assert known == new == (303, f"{PATH}received")
    assert [subject for subject, *_rest in letters(app)] == ["You receive the newsletter of #Krakowice2018 already"]


def test_a_form_sent_twice_is_one_mail(app: Flask, client: FlaskClient):
    ask(client)
    ask(client)
    assert (len(letters(app)), subscribers(app)) == (1, [(ADDRESS, "en", "asked")])


def test_a_mail_program_leaves_the_list_for_the_reader_without_a_token_of_ours(app: Flask, client: FlaskClient, listed: str):
    answer = app.test_client().post(f"{listed}leave", data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, answer.data, answer.headers.get("Set-Cookie")) == (200, b"", None)
    assert subscribers(app) == [("", "en", "left")]


def test_opening_the_address_of_the_mail_program_only_shows_the_button(app: Flask, client: FlaskClient, listed: str):
    answer = client.get(f"{listed}leave")
    assert (answer.status_code, answer.location, subscribers(app)) == (302, listed, [(ADDRESS, "en", "listed")])


def test_who_has_left_is_told_so_and_may_come_back(app: Flask, client: FlaskClient, listed: str):
    client.post(f"{listed}leave", data={"csrf_token": csrf_token(client, listed)})

    page = client.get(listed)
    assert (page.status_code, "You have left the list" in page.text, ADDRESS in page.text) == (410, True, False)
    assert client.post(f"{listed}leave").status_code == 303
    ask(client)
    assert subscribers(app) == [("", "en", "left"), (ADDRESS, "en", "asked")]


def test_only_leaving_needs_no_token_of_the_browser(app: Flask, client: FlaskClient, listed: str):
    assert client.post(f"{listed}confirm").status_code == 400
    assert client.post(PATH, data={"email": ADDRESS, "language": "en"}).status_code == 400


@pytest.mark.parametrize("act", ["", "confirm", "leave"])
def test_a_wrong_link_opens_nothing(app: Flask, client: FlaskClient, listed: str, act: str):
    wrong = [
        f"{listed[:-2]}{'a' if listed[-2] != 'a' else 'b'}/",
        listed.replace("newsletter", "sign-ups"),
        "/my/newsletter/%00/",
    ]
    wrong += [f"/my/newsletter/{'y' * 3000}/"]
    method = client.post if act else client.get
    answers = [method(f"{path}{act}", data={"csrf_token": csrf_token(client, listed)}) for path in wrong]
    assert {answer.status_code for answer in answers} <= {404, 405}
    assert subscribers(app) == [(ADDRESS, "en", "listed")]


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b.example, c@d.example", f"{'x' * 300}@b.example", "a@b.example\r\nBcc: c@d.example"]
)
def test_what_is_no_address_is_refused(app: Flask, client: FlaskClient, email: str):
    assert (ask(client, email=email)[0], subscribers(app)) == (422, [])
    assert ask(client, language="xx")[0] == 422


def test_who_never_confirms_is_forgotten_after_thirty_days_and_who_did_is_not(app: Flask, client: FlaskClient, listed: str):
    ask(client, email="other@mail.example")
    with app.app_context():
        assert newsletter.never_confirmed(NOW + timedelta(days=30) - timedelta(seconds=1)) == []
        for number in [*newsletter.never_confirmed(NOW + timedelta(days=30)), 1]:
            newsletter.forget(number, NOW + timedelta(days=30))
        db.session.commit()
    assert subscribers(app) == [(ADDRESS, "en", "listed")]


def test_the_file_holds_each_address_once_with_where_it_comes_from(
    app: Flask, client: FlaskClient, organiser: FlaskClient, listed: str
):
    ask(client, email="waiting@mail.example")
    with app.app_context():
        agreed = [ConsentKind.PRIVACY, ConsentKind.NEWSLETTER]
        make_registration(email="delegate@kanazawa.example", consents=agreed)
        make_registration(email="Ada@mail.example", consents=agreed)
        withdrawn = make_registration(email="gone@kanazawa.example", consents=agreed)
        for consent in withdrawn.consents:
            consent.withdrawn_at = NOW
        make_registration(email="quiet@kanazawa.example")
        db.session.commit()
        assert newsletter.counts(the_congress()) == {
            SubscriberState.ASKED: 1, SubscriberState.LISTED: 1, SubscriberState.LEFT: 0,
        }  # fmt: skip

    answer = organiser.post(f"{DESK}newsletter.csv", data={"csrf_token": csrf_token(organiser, DESK)})

    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head == ["E-mail address", "Language", "From", "Since", "Link to leave with one click"]
    mine = [row for row in rows if not row[0].startswith("demo") and row[3] == "2018-05-10"]
    assert mine == [
        [ADDRESS, "en", "newsletter form", "2018-05-10", f"http://localhost{listed}leave"],
        ["delegate@kanazawa.example", "en", "registration", "2018-05-10", ""],
    ]


def test_both_languages_are_served(app: Flask, client: FlaskClient, listed: str):
    pages = [client.get(f"{path}?lang=pl").status_code for path in (PATH, f"{PATH}received", listed)]
    assert pages == [200, 200, 200]
    ask(client, email="pl@mail.example", language="pl")
    with app.app_context():
        message = db.session.scalar(select(Message).where(Message.recipient == "pl@mail.example"))
        assert (message.language, message.template) == ("pl", "newsletter_confirm")
