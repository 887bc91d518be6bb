"""Mails as they leave: their texts, and the calendars that they carry."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from icalendar import Calendar, Component
from sqlalchemy import select, update

from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.outbox.models import Message, MessageState
from congress.programme import services as programmes
from congress.registration import notices, queries, services
from congress.registration.models import Registration
from congress.web import mail
from tests.factories import NOW, make_registration, the_congress, the_item, the_placement, utc

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def person(context: Flask) -> Registration:
    """Somebody who speaks English and has every other message behind them."""
    made = make_registration(given_name="Zoë", family_name="O'Neil, MA", email="zoe@kanazawa.example")
    db.session.execute(update(Message).values(state=MessageState.SENT))
    db.session.commit()
    return made


def release(*, note: str = "", now=NOW) -> None:
    made, _changes = programmes.release_programme(the_congress(), note=Localised(en=note, pl=note), by="", now=now)
    notices.tell_people(the_congress(), made, now=now)
    only_of("zoe@kanazawa.example")
    db.session.commit()


def only_of(address: str) -> None:
    db.session.execute(
        update(Message).where(Message.recipient != address, Message.state == MessageState.QUEUED).values(state=MessageState.SENT)
    )


def rename(code: str, title: str, polish: str = "") -> None:
    the_item(code).titles = Localised(en=title, pl=polish or the_item(code).titles["pl"])


def move(code: str) -> None:
    programmes.place_session(the_placement(code), starts_at=utc(2018, 6, 12, 8), ends_at=utc(2018, 6, 12, 9, 30))


def deliver(app: Flask) -> list[EmailMessage]:
    """What leaves now, as a mail program reads it."""
    folder = Path(app.instance_path) / "mail"
    before = set(folder.glob("*.eml"))
    mail.deliver_due(app)
    return [message_from_bytes(each.read_bytes(), policy=policy.default) for each in sorted(set(folder.glob("*.eml")) - before)]


def shape(part: EmailMessage) -> object:
    """The tree of a mail: types, methods, dispositions."""
    if part.is_multipart():
        return {part.get_content_subtype(): [shape(each) for each in part.iter_parts()]}
    method = part["content-type"].params.get("method")
    said = [part.get_content_type(), *([method] if method else []), *([part.get_filename()] if part.get_filename() else [])]
    return " ".join(said)


def calendars(letter: EmailMessage) -> list[tuple[Calendar, Component]]:
    """The attached calendars with the first event of each."""
    found = []
    for part in letter.iter_attachments():
        root = Calendar.from_ical(part.get_payload(decode=True))
        found.append((root, root.walk("VEVENT")[0]))
    return found


def text(letter: EmailMessage) -> str:
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_a_confirmation_carries_the_programme_as_a_published_file(context, person):
    db.session.execute(update(Message).where(Message.recipient == "zoe@kanazawa.example").values(state=MessageState.QUEUED))
    db.session.commit()
    (letter,) = deliver(context)
    assert shape(letter) == {"mixed": [{"alternative": ["text/plain", "text/html"]}, "application/ics krakowice2018.ics"]}
    ((root, _first),) = calendars(letter)
    events = root.walk("VEVENT")
    own = {each.uid: each for each in queries.own_programme(person) if each.is_confirmed_time}
    assert (root["method"], {str(each["uid"]) for each in events}, len(own) > 10) == ("PUBLISH", set(own), True)
    for event in events:
        entry = own[event["uid"]]
        assert (event["summary"], event["sequence"], event.decoded("dtstamp"), event["organizer"], "attendee" in event) == (
            entry.titles["en"], entry.sequence, entry.last_modified, "mailto:congress@congress.example", False,
        )  # fmt: skip
    assert "open the attached file" in text(letter)


def test_a_confirmation_speaks_the_persons_language(context, person):
    make_registration(email="zoe@kanazawa.example", language="pl")
    db.session.commit()
    (letter,) = deliver(context)
    ((root, _first),) = calendars(letter)
    assert "Uroczyste otwarcie i koncert powitalny" in {str(event["summary"]) for event in root.walk("VEVENT")}


def test_one_change_is_told_in_outlooks_shape(context, person):
    before = the_placement("P022").uid
    move("P022")
    release(note="The hall is free only later.")
    (letter,) = deliver(context)
    assert shape(letter) == {
        "mixed": [
            {"alternative": ["text/plain", "text/html", "text/calendar REQUEST"]},
            "application/ics P022.ics",
        ]
    }
    ((root, event),) = calendars(letter)
    assert (root["method"], event["uid"], event["sequence"], event["status"]) == ("REQUEST", before, 1, "CONFIRMED")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (utc(2018, 6, 12, 8), utc(2018, 6, 12, 9, 30))
    assert (event.decoded("dtstamp"), event.decoded("last-modified")) == (NOW, NOW)
    assert (event["organizer"], event["attendee"]) == ("mailto:congress@congress.example", "mailto:zoe@kanazawa.example")
    assert (letter["from"], event["organizer"].params["CN"]) == ("congress@congress.example", "#Krakowice2018")
    assert (event["attendee"].params["CN"], event["attendee"].params["RSVP"]) == ("Zoë O'Neil, MA", "TRUE")


def test_the_calendar_parts_are_base64_with_the_method_of_their_body_and_end_at_once(context, person):
    rename("P022", "Grand opening")
    the_placement("P024").is_cancelled = True
    release()
    rename("P022", "Splendid opening")
    release(now=LATER)
    parts = [part for letter in deliver(context) for part in letter.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 2
    for part in parts:
        body = part.get_payload(decode=True)
        assert (part["content-transfer-encoding"], part.get_content_charset()) == ("base64", "utf-8")
        assert f"\r\nMETHOD:{part['content-type'].params['method']}\r\nBEGIN:".encode() in body
        assert body.endswith(b"\r\nEND:VCALENDAR\r\n")
        assert b"\r\n\r\n" not in body


def test_both_copies_of_one_change_are_the_same_bytes(context, person):
    rename("P022", "Grand opening")
    release()
    (letter,) = deliver(context)
    copies = [part.get_payload(decode=True) for part in letter.walk() if part.get_content_subtype() in {"calendar", "ics"}]
    assert copies[0] == copies[1]


def test_several_changes_are_one_mail_with_a_part_for_each(context, person):
    move("P022")
    rename("P024", "Reports")
    the_placement("P025").is_cancelled = True
    release()
    (letter,) = deliver(context)
    assert shape(letter) == {
        "mixed": [
            {"alternative": ["text/plain", "text/html"]},
            "text/calendar REQUEST P022.ics",
            "text/calendar REQUEST P024.ics",
            "text/calendar CANCEL P025.ics",
        ]
    }
    found = [(root["method"], event["status"], event["sequence"], len(root.walk("VEVENT"))) for root, event in calendars(letter)]
    assert found == [("REQUEST", "CONFIRMED", 1, 1)] * 2 + [("CANCEL", "CANCELLED", 1, 1)]


def test_the_digest_says_old_and_new(context, person):
    move("P022")
    rename("P022", "Grand opening")
    the_item("P024").descriptions = Localised(en="Of the Secretariat.")
    the_item("P024").join_url = "https://rooms.example/secret"
    the_placement("P025").is_cancelled = True
    release(note="The hall is free only later.")
    (letter,) = deliver(context)
    assert letter["subject"] == "3 changes in your programme: #Krakowice2018"
    said = text(letter).partition("Dear Zoë O'Neil, MA,\n\n")[2].partition("\n\nYour personal page")[0]
    titles = {code: the_item(code).titles["en"] for code in ("P024", "P025")}
    place = "ICE Kraków Congress Centre, Kraków"
    assert said == (
        "3 things have changed in your programme of the XII Annual Meeting of the UNESCO Creative Cities Network.\n\n"
        "The hosts say: The hall is free only later.\n\n"
        "* Grand opening\n  New time or place\n  New title\n  Old title: Opening ceremony with welcome concert\n"
        f"  Before: Tuesday 12 June 2018, 09:00–10:30, {place}\n  Now: Tuesday 12 June 2018, 10:00–11:30, {place}\n\n"
        f"* {titles['P024']}\n  New details: description, online room\n  Tuesday 12 June 2018, 11:00–12:30, {place}\n\n"
        f"* {titles['P025']}\n  Cancelled\n  Before: Tuesday 12 June 2018, 12:30–14:00, {place}\n\n"
        "If your calendar app subscribes to your calendar, you need do nothing: it has the new programme already or fetches it "
        "by itself.\nIf it does not, open the attached calendar files: there is one for each entry."
    )
    page = letter.get_body(("html",)).get_content()
    assert "<del>Opening ceremony with welcome concert</del>" in page
    assert "<strong>Grand opening</strong>" in page


def test_what_lost_its_time_is_told_and_taken_out_of_calendars(context, person):
    uid = the_placement("P022").uid
    programmes.place_on_days(the_placement("P022"), timing="to_be_confirmed", starts_on=None, ends_on=None)
    release()
    (letter,) = deliver(context)
    ((root, event),) = calendars(letter)
    assert (root["method"], event["uid"], event["sequence"]) == ("CANCEL", uid, 1)
    assert event.decoded("dtstart") == utc(2018, 6, 12, 7)
    assert "Now: date to be confirmed" in text(letter)


def test_what_has_no_time_is_told_in_words_only(context, person):
    programmes.place_on_days(the_placement("P022"), timing="to_be_confirmed", starts_on=None, ends_on=None)
    release()
    deliver(context)
    rename("P022", "Grand opening")
    release(now=LATER)
    (letter,) = deliver(context)
    assert shape(letter) == {"alternative": ["text/plain", "text/html"]}
    assert ("Grand opening" in text(letter), "attached" in text(letter)) == (True, False)


def test_a_title_that_changed_in_the_other_language_only_is_not_told_as_old_and_new(context, person):
    rename("P022", the_item("P022").titles["en"], polish="Nowe otwarcie")
    release()
    (letter,) = deliver(context)
    assert "  New details\n" in text(letter)
    assert "Old title" not in text(letter)


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
    db.session.execute(update(Registration).where(Registration.id == person.id).values(state="cancelled"))
    db.session.commit()
    assert deliver(context) == []


def test_the_last_mail_takes_every_entry_to_come_out_of_calendars_once(context, person):
    services.choose(person, the_item("P037"), now=NOW)
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
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(made, hostname="127.0.0.1", port=port, ready_timeout=10)
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
            "application/ics P022.ics",
        ]
    }
    ((_root, event),) = calendars(letter)
    assert (event["sequence"], event.decoded("dtstart")) == (1, utc(2018, 6, 12, 8))
    assert "Now: Tuesday 12 June 2018, 10:00–11:30" in text(letter)
