"""When a mail leaves: once, in order, never to somebody who has left, over a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select, update

from congress.core.db import begin_writing, db
from congress.outbox.models import Message, MessageState
from congress.registration import notices, queries, services
from congress.registration.bookings import services as bookings
from congress.registration.models import Registration
from congress.web import mail
from tests.factories import NOW, make_registration, the_item, the_placement, utc
from tests.listening import free_port
from tests.web.mailbox import LATER, calendars, deliver, move, only_of, release, rename, shape, text


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


def state(key: str) -> tuple[MessageState, str]:
    db.session.rollback()
    message = db.session.scalars(select(Message).where(Message.key == key)).one()
    return message.state, message.last_error


def test_who_leaves_before_the_digest_leaves_gets_only_the_last_mail(context, person):
    rename("P022", "Grand opening")
    release()
    begin_writing()
    services.withdraw(person, now=LATER)
    db.session.commit()
    letters = deliver(context)
    assert [each["subject"] for each in letters] == ["Your registration for #Krakowice2018 was withdrawn"]
    assert state(f"release-2-{person.id}") == (MessageState.DROPPED, "the registration has ended")


def test_who_leaves_at_once_gets_no_confirmation(context):
    made = make_registration()
    services.withdraw(made, now=NOW)
    only_of(made.delegate.person.email)
    db.session.commit()
    assert [each["subject"] for each in deliver(context)] == ["Your registration for #Krakowice2018 was withdrawn"]
    assert state(f"registration-received-{made.id}")[0] is MessageState.DROPPED


def test_whose_registration_was_ended_otherwise_gets_nothing(context, person):
    rename("P022", "Grand opening")
    release()
    db.session.execute(update(Registration).where(Registration.id == person.id).values(state="cancelled", holds_place=False))
    db.session.commit()
    assert deliver(context) == []


def test_the_last_mail_takes_every_entry_to_come_out_of_calendars_once(context, person):
    bookings.choose(person, the_item("P037"), now=NOW)
    whole = {each.uid: each for each in queries.own_programme(person) if each.is_confirmed_time}
    for _again in range(2):
        services.withdraw(person, now=LATER)
    db.session.commit()
    letters = deliver(context) + deliver(context)
    assert len(letters) == 1
    found = {str(event["uid"]): event for _root, event in calendars(letters[0])}
    assert {str(root["method"]) for root, _event in calendars(letters[0])} == {"CANCEL"}
    assert (set(found), the_placement("P037").uid in found) == (set(whole), True)
    for uid, event in found.items():
        assert (event["status"], event["sequence"]) == ("CANCELLED", whole[uid].sequence + 1)
        assert (event.decoded("dtstamp"), event["attendee"]) == (LATER, "mailto:zoe@kanazawa.example")
    assert "the attached files remove what is still to come" in text(letters[0])


def test_the_last_mail_after_the_congress_carries_nothing(context, person):
    services.withdraw(person, now=utc(2018, 7, 1))
    db.session.commit()
    with time_machine.travel(utc(2018, 7, 1), tick=False):
        (letter,) = deliver(context)
    assert (shape(letter), "attached" in text(letter)) == ({"alternative": ["text/plain", "text/html"]}, False)


def test_of_two_releases_before_delivery_the_first_digest_tells_the_state_of_now_and_the_second_only_the_rest(context, person):
    move("P022")
    release()
    rename("P022", "Grand opening")
    rename("P024", "Reports")
    release(now=LATER)
    letters = deliver(context)
    assert [each["subject"].split(" in ")[0] for each in letters] == ["1 change", "1 change"]
    found = [[(str(event["summary"]), event["sequence"]) for _root, event in calendars(each)] for each in letters]
    assert found == [[("Grand opening", 2)], [("Reports", 1)]]


def test_a_later_digest_with_nothing_left_to_tell_is_dropped(context, person):
    move("P022")
    release()
    rename("P022", "Grand opening")
    release(now=LATER)
    assert len(deliver(context)) == 1
    assert state(f"release-3-{person.id}") == (MessageState.DROPPED, "nothing is left to tell")


def test_what_was_taken_back_before_delivery_is_never_told(context, person):
    old = the_item("P022").titles["en"]
    rename("P022", "Grand opening")
    release()
    rename("P022", old)
    release(now=LATER)
    assert deliver(context) == []
    assert [state(f"release-{number}-{person.id}")[0] for number in (2, 3)] == [MessageState.DROPPED] * 2


def test_a_later_digest_does_not_overtake_an_earlier_one_that_failed_once(context, person, monkeypatch):
    move("P022")
    release()
    rename("P022", "Grand opening")
    release(now=LATER)
    refuse_first(monkeypatch)
    assert deliver(context) == []
    with time_machine.travel(LATER + timedelta(minutes=2), tick=False):  # a minute after the first attempt, however slow that was
        letters = deliver(context)
    assert [event["sequence"] for each in letters for _root, event in calendars(each)] == [2]


def refuse_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first mail that is to leave does not."""
    real, seen = mail.carriers.write_to_folder, []

    def write(*values: object) -> object:
        seen.append(values)
        if len(seen) == 1:
            raise OSError("the disk is full")
        return real(*values)

    monkeypatch.setattr(mail.carriers, "write_to_folder", write)


def test_no_link_and_no_personal_text_stands_in_the_database(context, person):
    rename("P022", "Grand opening")
    release()
    stored = db.session.scalars(select(Message).where(Message.template == notices.TEMPLATE)).all()
    assert {tuple(sorted(each.facts)) for each in stored} == {("registration", "release")}


class Inbox:
    """Keeps what comes to whom."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def inbox(context: Flask) -> Iterator[Inbox]:
    made = Inbox()
    server = Controller(made, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    server.start()
    context.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.port}"
    yield made
    server.stop()


def test_a_digest_arrives_over_smtp_as_it_was_composed(context, person, inbox):
    move("P022")
    release()
    assert mail.deliver_due(context) == 1
    assert mail.deliver_due(context) == 0
    ((recipients, letter),) = inbox.mails
    assert (recipients, letter["to"]) == (["zoe@kanazawa.example"], "zoe@kanazawa.example")
    assert shape(letter) == {
        "mixed": [
            {"alternative": ["text/plain", "text/html", "text/calendar REQUEST"]},
            "application/ics 2018-06-12-opening-ceremony-with-welcome-concert.ics",
        ]
    }
    ((_root, event),) = calendars(letter)
    assert (event["sequence"], event.decoded("dtstart")) == (1, utc(2018, 6, 12, 8))
    assert "Now: Tuesday 12 June 2018, 10:00–11:30" in text(letter)


def test_a_mail_reaches_an_address_with_letters_of_every_language(context):
    made = make_registration(email="żółć@przykład.example")
    only_of(made.delegate.person.email)
    db.session.commit()
    (letter,) = deliver(context)
    (to,) = letter["to"].addresses
    assert f"{to.username}@{to.domain}".encode(errors="surrogateescape").decode() == "żółć@przykład.example"  # as it was sent
    assert state(f"registration-received-{made.id}") == (MessageState.SENT, "")
