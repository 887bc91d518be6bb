"""``/desk/<congress>/mails/``: the outbox, the congress's own words, and mails to many."""

from __future__ import annotations

import html
import re
import uuid
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.outbox.models import MailText, Message, MessageState
from congress.outbox.services import Letter, enqueue_all
from congress.registration import services
from congress.registration.models import Registration
from congress.web import mail
from tests.conftest import csrf_token, sign_in_as
from tests.factories import HOSTS, NOW, make_registration, the_congress
from tests.statements import statements
from tests.web.mailbox import deliver, text

PAGE = "/desk/krakowice2018/mails/"
DRAFT = "/desk/krakowice2018/calendar/"  # whose form's token is good for every role
KEY = "test-only-key-0123456789-abcdefghijklmnop"
ZOE = "zoe@kanazawa.example"


@pytest.fixture
def zoe(app: Flask) -> int:
    """The id of somebody registered whose only mail waits; every other mail is behind its reader."""
    with app.app_context():
        db.session.execute(update(Message).values(state=MessageState.SENT))
        made = make_registration(given_name="Zoë", family_name="<b>Bold</b>", email=ZOE)
        db.session.commit()
        return made.id


def post(client: FlaskClient, path: str, **values: str):
    return client.post(path, data={"csrf_token": csrf_token(client, DRAFT), **values})


def message_id(app: Flask, address: str = ZOE) -> int:
    with app.app_context():
        return db.session.scalars(select(Message.id).where(Message.recipient == address).order_by(Message.id.desc())).first()


def outbox(app: Flask, address: str = ZOE) -> list[tuple[str, str, str]]:
    with app.app_context():
        found = db.session.execute(
            select(Message.template, Message.state, Message.last_error).where(Message.recipient == address).order_by(Message.id)
        )
        return [(template, state.value, error) for template, state, error in found]


def rows(page: str) -> list[str]:
    return [found.replace("<wbr>", "") for found in re.findall(r'<th scope="row"><a href="[^"]+">(.*?)</a>', page)]


def test_the_outbox_is_filtered_by_state_template_and_recipient(organiser: FlaskClient, app: Flask, zoe: int):
    assert rows(organiser.get(f"{PAGE}?state=queued").text) == [ZOE]
    assert rows(organiser.get(f"{PAGE}?q=ZOE@kana&template=registration_received").text) == [ZOE]
    assert rows(organiser.get(f"{PAGE}?q=zoe%25&state=queued").text) == []
    assert rows(organiser.get(f"{PAGE}?about=registration:{zoe}").text) == [ZOE]
    assert rows(organiser.get(f"{PAGE}?state=queued&template=programme_changed").text) == []
    assert len(rows(organiser.get(f"{PAGE}?state=nonsense&page=x&q=%00").text)) > 1


@pytest.mark.parametrize("page", ["0", "-3", "99999999999999999999", "2"])
def test_any_page_number_shows_a_page(organiser: FlaskClient, zoe: int, page: str):
    assert organiser.get(f"{PAGE}?page={page}").status_code == 200


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(organiser: FlaskClient, app: Flask, zoe: int):
    def asked() -> int:
        with app.app_context(), statements() as seen:
            assert organiser.get(f"{PAGE}?q=zoe@").status_code == 200
        return len(seen)

    one = asked()
    with app.app_context():
        letters = [
            Letter(
                key=f"k{n}",
                to=ZOE,
                template="registration_again",
                language="en",
                facts={"registration": zoe},
                congress=the_congress().id,
            )
            for n in range(3)
        ]
        enqueue_all(letters, now=NOW)
        db.session.commit()
    assert asked() == one


def test_a_mail_is_read_without_its_secrets_and_looking_changes_nothing(organiser: FlaskClient, app: Flask, zoe: int):
    with app.app_context():
        token = services.link_token(db.session.get_one(Registration, zoe), KEY)
    page = organiser.get(f"{PAGE}{message_id(app)}/")
    said = html.unescape(page.text)
    assert (page.status_code, token in said, re.findall(r"[a-z2-7]{32}", said.partition("<pre")[2])) == (200, False, [])
    assert "/my/registration/…/" in said
    assert "Dear Zoë <b>Bold</b>," in said
    assert "<b>Bold</b>" not in page.text
    assert outbox(app) == [("registration_received", "queued", "")]


def test_what_nobody_would_get_now_says_why(organiser: FlaskClient, app: Flask, zoe: int):
    with app.app_context():
        services.withdraw(db.session.get_one(Registration, zoe), actor=HOSTS, now=NOW)
        db.session.commit()
        received = db.session.scalars(
            select(Message.id).where(Message.template == "registration_received", Message.recipient == ZOE)
        ).one()
    assert "The registration has ended." in organiser.get(f"{PAGE}{received}/").text


def test_a_mail_is_sent_once_more_and_only_once_for_one_form(organiser: FlaskClient, app: Flask, zoe: int):
    mail.deliver_due(app)
    first = message_id(app)
    form = str(uuid.uuid4())
    answers = [post(organiser, f"{PAGE}{first}/again", form=form) for _pressed_twice in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].location == answers[1].location == f"{PAGE}{message_id(app)}/"
    assert outbox(app) == [("registration_received", "sent", ""), ("registration_received", "queued", "")]
    assert mail.deliver_due(app) == 1
    assert len(list((Path(app.instance_path) / "mail").glob("*registration_received.eml"))) == 2


def test_a_mail_that_waits_can_be_stopped(organiser: FlaskClient, app: Flask, zoe: int):
    assert post(organiser, f"{PAGE}{message_id(app)}/cancel").status_code == 303
    assert (mail.deliver_due(app), outbox(app)) == (
        0,
        [("registration_received", "dropped", "cancelled by organiser@krakowice.example")],
    )
    post(organiser, f"{PAGE}{message_id(app)}/cancel")
    assert "cannot be cancelled" in organiser.get(PAGE).text
    assert "Cancelled by organiser@krakowice.example." in organiser.get(f"{PAGE}?q=zoe").text


def test_what_was_given_up_is_told_in_words_and_tried_anew(organiser: FlaskClient, app: Flask, zoe: int):
    with app.app_context():
        problem = "SMTPRecipientsRefused: {'zoe@kanazawa.example': (550, b'No such person')}"
        db.session.execute(
            update(Message).where(Message.recipient == ZOE).values(state="failed", attempts=14, last_error=problem)
        )
        db.session.commit()
    assert "The mail server refused the recipient’s address." in organiser.get(f"{PAGE}?state=failed").text
    post(organiser, f"{PAGE}{message_id(app)}/again", form=str(uuid.uuid4()))
    assert [state for _template, state, _error in outbox(app)] == ["queued"]


@pytest.mark.parametrize("form", ["", "x", "ü" * 36, "a" * 37])
def test_a_mail_is_not_sent_once_more_by_half_a_form(organiser: FlaskClient, app: Flask, zoe: int, form: str):
    assert post(organiser, f"{PAGE}{message_id(app)}/again", form=form).status_code == 400


@pytest.mark.parametrize("number", ["0", "2147483647", "2147483648", "x"])
def test_a_mail_that_is_not_there_is_not_found(organiser: FlaskClient, number: str):
    assert organiser.get(f"{PAGE}{number}/").status_code == 404
    assert post(organiser, f"{PAGE}{number}/again", form=str(uuid.uuid4())).status_code == 404


def test_a_mail_of_another_congress_is_not_found(organiser: FlaskClient, app: Flask, zoe: int):
    number = message_id(app)
    with app.app_context():
        db.session.execute(update(Message).where(Message.id == number).values(congress_id=9999))
        db.session.commit()
    answers = [
        organiser.get(f"{PAGE}{number}/"),
        post(organiser, f"{PAGE}{number}/cancel"),
        post(organiser, f"{PAGE}{number}/again", form=str(uuid.uuid4())),
    ]
    assert [each.status_code for each in answers] == [404] * 3
    assert outbox(app) == [("registration_received", "queued", "")]


TEXT = f"{PAGE}texts/registration_received/en"


def test_own_words_are_sent_with_real_links_and_the_calendar(organiser: FlaskClient, app: Flask, zoe: int):
    body = "Dear {person} of {city},\n\nyour page: {personal_link}\nand https://krakowice.example/map?a=1&b=2.\n\n{programme}"
    assert post(organiser, TEXT, subject="Welcome, {person}", body=body).status_code == 303
    with app.app_context():
        (letter,) = deliver(app)
        link = f"/my/registration/{services.link_token(db.session.get_one(Registration, zoe), KEY)}/"
    assert letter["subject"] == "Welcome, Zoë <b>Bold</b>"
    assert text(letter).startswith(
        f"Dear Zoë <b>Bold</b> of Kanazawa,\n\nyour page: http://127.0.0.1:8000{link}\nand https://krak"
    )
    assert "* " in text(letter)
    assert text(letter).rstrip().endswith("office@krakowice.example")
    page = letter.get_body(("html",)).get_content()
    assert f'<a href="http://127.0.0.1:8000{link}">' in page
    assert '<a href="https://krakowice.example/map?a=1&amp;b=2">' in page
    assert ("<b>" in page, "Dear Zoë &lt;b&gt;Bold&lt;/b&gt; of Kanazawa,</p>" in page) == (False, True)
    assert [each.get_filename() for each in letter.iter_attachments()] == ["krakowice2018.ics"]


def test_own_words_of_one_language_leave_the_other_alone_and_ours_come_back(organiser: FlaskClient, app: Flask, zoe: int):
    post(organiser, TEXT.replace("/en", "/pl"), subject="Witamy", body="Treść")
    with app.app_context():
        assert deliver(app)[0]["subject"] == "Your registration for #Krakowice2018"
        assert db.session.execute(select(MailText.language, MailText.changed_by)).all() == [("pl", "organiser@krakowice.example")]
    assert post(organiser, f"{TEXT.replace('/en', '/pl')}/ours").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(MailText)).all() == []


def test_nobody_writes_over_the_words_of_somebody_else(organiser: FlaskClient, app: Flask, zoe: int):
    assert post(organiser, TEXT, subject="Mine", body="My words").status_code == 303
    answer = post(organiser, TEXT, subject="Yours", body="Your words", was="")  # of a page that was opened before
    assert (answer.status_code, "Somebody else has changed these words" in answer.text) == (422, True)
    assert ("My words</pre>" in answer.text, "Your words</textarea>" in answer.text) == (True, True)
    was = re.findall(r'name="was" type="hidden" value="(\d+)"', answer.text)[0]
    assert post(organiser, TEXT, subject="Yours", body="Your words", was=was).status_code == 303
    with app.app_context():
        assert db.session.execute(select(MailText.subject, MailText.body)).all() == [("Yours", "Your words")]


def test_a_preview_shows_an_example_and_saves_nothing(organiser: FlaskClient, app: Flask):
    page = post(organiser, TEXT, subject="To {person}", body="See {personal_link} <script>", action="preview").text
    assert 'See <a href="http://localhost/my/registration/…/">http://localhost/my/registration/…/</a> &lt;script&gt;</p>' in page
    assert "To Maria Rossi" in page
    with app.app_context():
        assert db.session.scalars(select(MailText)).all() == []


@pytest.mark.parametrize(
    ("subject", "body", "sentence"),
    [
        ("", "x", "Write a subject."),
        ("x", "", "Write a text."),
        ("x", "{persona} and {link}", "{persona}, {link} is no placeholder of this e-mail."),
        ("{person.email}", "x", "There is a brace that belongs to no placeholder near “{person.email}”."),
        ("x", "Dear {person", "There is a brace that belongs to no placeholder near “Dear {person”."),
        ("x", "y" * 10_001, "This is too long: 10001 characters."),
        ("x\x00", "y", "There are invisible control characters in this text."),
    ],
)
def test_words_that_cannot_be_used_are_refused_and_kept_in_the_form(organiser: FlaskClient, app: Flask, subject, body, sentence):
    answer = post(organiser, TEXT, subject=subject, body=body)
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (422, True)
    with app.app_context():
        assert db.session.scalars(select(MailText)).all() == []


def test_a_subject_of_several_lines_becomes_one_line_of_the_head(organiser: FlaskClient, app: Flask, zoe: int):
    post(organiser, TEXT, subject="Hello\r\nBcc: all@cities.example", body="x")
    with app.app_context():
        (letter,) = deliver(app)
    assert (letter["subject"], letter["bcc"]) == ("Hello Bcc: all@cities.example", None)


@pytest.mark.parametrize("path", ["texts/nothing/en", "texts/registration_received/xx", "texts/_signature/en"])
def test_a_mail_that_has_no_own_words_is_not_found(organiser: FlaskClient, path: str):
    assert organiser.get(PAGE + path).status_code == 404


@pytest.mark.parametrize("path", ["", "1/", "texts/", "texts/registration_received/en", "new", "sent"])
def test_mails_are_for_those_who_may_see_registrations(app: Flask, client: FlaskClient, path: str):
    assert sign_in_as(app, RoleKind.PROGRAMME_READER).get(PAGE + path).status_code == 403
    assert client.get(PAGE + path).status_code == 302


@pytest.mark.parametrize(
    "path", ["1/again", "1/cancel", "texts/registration_received/en", "texts/registration_received/en/ours", "new"]
)
def test_nobody_else_changes_or_sends_anything(app: Flask, client: FlaskClient, path: str):
    assert post(sign_in_as(app, RoleKind.PROGRAMME_READER), PAGE + path).status_code == 403
    assert client.post(PAGE + path, data={"csrf_token": csrf_token(client, "/desk/sign-in")}).status_code == 403
