"""``/desk/<congress>/mails/<id>/address``: an address that a mail server refused is put right, and later mails find it, too."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.delegates import chasing
from congress.events.models import SignUp
from congress.outbox.models import Message, MessageState
from congress.registration.models import Move, Registration
from congress.web import mail
from tests.conftest import csrf_token, sign_in_as
from tests.events.arranged import make_sign_up, the_event
from tests.factories import NOW, make_contact, make_registration, the_city, the_congress
from tests.listening import free_port
from tests.statements import statements

PAGE, HOME = "/desk/krakowice2018/mails/", "/desk/krakowice2018/"
WRONG, RIGHT = "zoe@kanazwa.example", "zoe@kanazawa.example"


class Picky:
    """Knows nobody of one domain, and keeps to whom the rest went."""

    def __init__(self) -> None:
        self.delivered: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.endswith("@kanazwa.example"):
            return f"550 5.1.1 <{address}>: no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.delivered += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture(autouse=True)
def _in_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def server(app: Flask) -> Iterator[Picky]:
    """A mail server, and no mail from before."""
    picky = Picky()
    controller = Controller(picky, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    controller.start()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{controller.port}"
    with app.app_context():
        db.session.execute(update(Message).values(state=MessageState.SENT))
        db.session.commit()
    yield picky
    controller.stop()


@pytest.fixture
def zoe(app: Flask, server: Picky) -> int:
    """The id of somebody whose address was typed wrong."""
    with app.app_context():
        made = make_registration(given_name="Zoë", family_name="Baumann", email=WRONG)
        db.session.commit()
        return made.id


def messages(app: Flask) -> list[tuple[str, str, int, str]]:
    """Those of the people of these tests."""
    with app.app_context():
        found = db.session.scalars(select(Message).where(Message.recipient.in_((WRONG, RIGHT))).order_by(Message.id))
        return [(each.recipient, each.state.value, each.attempts, each.last_error) for each in found]


def last(app: Flask, recipient: str = WRONG) -> int:
    with app.app_context():
        return db.session.scalars(select(Message.id).where(Message.recipient == recipient).order_by(Message.id.desc())).first()


def put_right(client: FlaskClient, number: int, address: str = RIGHT):
    return client.post(f"{PAGE}{number}/address", data={"csrf_token": csrf_token(client, PAGE + "new"), "address": address})


def test_a_refused_mail_is_given_up_at_once_told_and_sent_to_the_right_address(
    app: Flask, organiser: FlaskClient, server: Picky, zoe: int
):
    assert mail.deliver_due(app) == 0
    assert messages(app) == [(WRONG, "refused", 1, "refused address: 550 5.1.1 …: no such person")]
    assert "Address refused: 550 5.1.1 …: no such person" in organiser.get(f"{PAGE}?state=refused").text
    assert "1 e-mail was refused for good" in organiser.get(HOME).text
    assert f'{PAGE}{last(app)}/"><span class="badge' in organiser.get(f"/desk/krakowice2018/registrations/{zoe}/").text
    answer = put_right(organiser, last(app))
    assert (answer.status_code, messages(app)) == (303, [(RIGHT, "queued", 0, "")])
    assert (mail.deliver_due(app), server.delivered) == (1, [RIGHT])
    with app.app_context():
        registration = db.session.get_one(Registration, zoe)
        assert (registration.delegate.person.email, RIGHT in registration.identity) == (RIGHT, True)
        assert db.session.scalars(select(Move.name).where(Move.registration_id == zoe).order_by(Move.id.desc())).first() == (
            "organiser@krakowice.example"
        )
    assert "refused" not in organiser.get(f"/desk/krakowice2018/registrations/{zoe}/").text


def test_the_others_leave_although_one_is_refused(app: Flask, server: Picky, zoe: int):
    with app.app_context():
        make_registration(given_name="Haruki", email="haruki@kanazawa.example")
        db.session.commit()
    assert (mail.deliver_due(app), server.delivered) == (1, ["haruki@kanazawa.example"])


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "Write the address to which the e-mail should go."),
        ("zoe", "This is not an e-mail address."),
        ("a@b.example, c@d.example", "Write one e-mail address only"),
        (f"{'x' * 300}@city.example", "This is too long"),
        ("zoe@city.example\r\nBcc: all@city.example", "Write one e-mail address only"),
    ],
)
def test_an_address_that_is_none_changes_nothing(app: Flask, organiser: FlaskClient, zoe: int, address: str, sentence: str):
    mail.deliver_due(app)
    answer = put_right(organiser, last(app), address)
    assert (answer.status_code, sentence in html.unescape(answer.text)) == (422, True)
    assert [each[:2] for each in messages(app)] == [(WRONG, "refused")]


def test_nobody_takes_the_name_and_address_of_somebody_else(app: Flask, organiser: FlaskClient, server: Picky, zoe: int):
    with app.app_context():
        other = make_registration(given_name="Zoë", family_name="Baumann", email=RIGHT)
        db.session.commit()
        number = other.id
    mail.deliver_due(app)
    answer = put_right(organiser, last(app))
    assert (answer.status_code, f"Number {number} is registered by this name and address already." in answer.text) == (422, True)
    with app.app_context():
        assert db.session.get_one(Registration, zoe).delegate.person.email == WRONG


def test_a_sign_up_moves_to_the_right_address_unless_that_has_signed_up(app: Flask, organiser: FlaskClient, server: Picky):
    with app.app_context():
        event = the_event()
        made = make_sign_up(event, email=WRONG)
        make_sign_up(event, email="Taken@mail.example")
        db.session.commit()
        number = made.id
    mail.deliver_due(app)
    assert "has signed up for the event already" in put_right(organiser, last(app), "taken@mail.example").text
    assert put_right(organiser, last(app), "Zoe@kanazawa.example").status_code == 303
    with app.app_context():
        sign_up = db.session.get_one(SignUp, number)
        assert (sign_up.email, sign_up.address) == ("Zoe@kanazawa.example", RIGHT)
    assert (mail.deliver_due(app), server.delivered) == (1, ["Taken@mail.example", "Zoe@kanazawa.example"])


def test_the_mail_of_a_city_goes_only_to_its_contacts_and_the_chase_list_shows_the_refusal(
    app: Flask, organiser: FlaskClient, server: Picky
):
    chase = "/desk/krakowice2018/delegations/"
    with app.app_context():
        make_contact("kanazawa")
        chasing.invite(the_congress(), [the_city("kanazawa")], by="x", now=NOW)
        db.session.commit()
        number, address = db.session.execute(
            select(Message.id, Message.recipient).where(Message.template == "delegation_invited").order_by(Message.id.desc())
        ).first()
        db.session.execute(update(Message).where(Message.id == number).values(state=MessageState.REFUSED))
        db.session.commit()
    assert f">: {address}</span>" in organiser.get(chase).text
    answer = put_right(organiser, number, "mallory@elsewhere.example")
    assert (answer.status_code, "none of the city’s contacts" in html.unescape(answer.text)) == (422, True)
    assert put_right(organiser, number, address).status_code == 303
    assert (mail.deliver_due(app) > 0, address in server.delivered) == (True, True)
    assert f">: {address}</span>" not in organiser.get(chase).text


def test_what_is_not_refused_keeps_its_address(app: Flask, organiser: FlaskClient, zoe: int):
    answer = put_right(organiser, last(app))
    assert (answer.status_code, messages(app)) == (303, [(WRONG, "queued", 0, "")])


def test_only_those_who_may_edit_registrations_put_addresses_right(app: Flask, client: FlaskClient, zoe: int):
    mail.deliver_due(app)
    reader = sign_in_as(app, RoleKind.PROGRAMME_READER)
    answer = reader.post(
        f"{PAGE}{last(app)}/address", data={"csrf_token": csrf_token(reader, "/desk/krakowice2018/calendar/"), "address": RIGHT}
    )
    assert (answer.status_code, messages(app)[0][0]) == (403, WRONG)


def test_the_chase_list_asks_no_more_for_more_refusals(app: Flask, organiser: FlaskClient, server: Picky):
    def asked() -> int:
        with app.app_context(), statements() as seen:
            assert organiser.get("/desk/krakowice2018/delegations/").status_code == 200
        return len(seen)

    with app.app_context():
        for city in ("kanazawa", "fabriano"):
            make_contact(city)
        chasing.invite(the_congress(), [the_city("kanazawa"), the_city("fabriano")], by="x", now=NOW)
        db.session.commit()
    before = asked()
    with app.app_context():
        db.session.execute(update(Message).where(Message.template == "delegation_invited").values(state=MessageState.REFUSED))
        db.session.commit()
    assert asked() == before
