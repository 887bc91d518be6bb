"""Mails as they leave: their texts, and the calendars that they carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from sqlalchemy import update

from congress.core.db import db
from congress.core.localised import Localised
from congress.outbox.models import Message, MessageState
from congress.programme import services as programmes
from congress.registration import queries
from congress.registration import services as registrations
from tests.factories import HOSTS, NOW, make_registration, the_congress, the_item, the_placement, utc
from tests.web.mailbox import LATER, calendars, deliver, move, release, rename, shape, text


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


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


def test_the_hosts_confirmation_carries_the_programme_and_the_links(context, person):
    registrations.confirm(person, actor=HOSTS, now=LATER)
    db.session.commit()
    (letter,) = deliver(context)
    assert letter["subject"] == "Your registration for #Krakowice2018 is confirmed"
    assert shape(letter) == {"mixed": [{"alternative": ["text/plain", "text/html"]}, "application/ics krakowice2018.ics"]}
    ((root, _first),) = calendars(letter)
    own = {each.uid for each in queries.own_programme(person) if each.is_confirmed_time}
    assert (root["method"], {str(each["uid"]) for each in root.walk("VEVENT")}) == ("PUBLISH", own)
    for said in (
        "\n\nThe hosts have confirmed your registration",
        f"/my/registration/{registrations.link_token(person, context.config['SECRET_KEY'])}/",
        "/krakowice2018.ics",
        "open the attached file",
    ):
        assert said in text(letter)


def test_who_withdrew_before_the_hosts_confirmation_left_is_not_told_of_it(context, person):
    registrations.confirm(person, actor=HOSTS, now=LATER)
    registrations.withdraw(person, now=LATER)
    db.session.commit()
    assert [letter["subject"] for letter in deliver(context)] == ["Your registration for #Krakowice2018 was withdrawn"]


def test_one_change_is_told_in_outlooks_shape(context, person):
    before = the_placement("P022").uid
    move("P022")
    release(note="The hall is free only later.")
    (letter,) = deliver(context)
    assert shape(letter) == {
        "mixed": [
            {"alternative": ["text/plain", "text/html", "text/calendar REQUEST"]},
            "application/ics 2018-06-12-opening-ceremony-with-welcome-concert.ics",
        ]
    }
    ((root, event),) = calendars(letter)
    assert (root["method"], event["uid"], event["sequence"], event["status"]) == ("REQUEST", before, 1, "CONFIRMED")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (utc(2018, 6, 12, 8), utc(2018, 6, 12, 9, 30))
    assert (event.decoded("dtstamp"), event.decoded("last-modified")) == (NOW, NOW)
    assert (event["organizer"], event["attendee"]) == ("mailto:congress@congress.example", "mailto:zoe@kanazawa.example")
    sender = "#Krakowice2018 <congress@congress.example>"
    assert (letter["from"], event["organizer"].params["CN"]) == (sender, "#Krakowice2018")
    assert (event["attendee"].params["CN"], event["attendee"].params["RSVP"]) == ("Zoë O'Neil, MA", "TRUE")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Meeting, of “Cities” <x@y.example>", "Meeting, of “Cities” <x@y.example>"),
        ("Łódź 2018", "Łódź 2018"),
        ("A\r\nBcc: all@cities.example\r\n\r\nB", "A Bcc: all@cities.example B"),
        ("A\x00\u2028B", "A B"),
        ("", ""),
    ],
)
def test_a_mail_comes_from_the_congress_by_name_and_no_name_adds_to_the_head(context, person, name, shown):
    rename("P022", "Grand opening")
    release()
    the_congress().names = Localised(en=name)
    db.session.commit()
    (letter,) = deliver(context)
    (sender,) = letter["from"].addresses
    assert (sender.display_name, sender.addr_spec, letter["bcc"]) == (shown, "congress@congress.example", None)
    ((_root, event),) = calendars(letter)
    assert event["organizer"] == "mailto:congress@congress.example"


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
            "text/calendar REQUEST 2018-06-12-opening-ceremony-with-welcome-concert.ics",
            "text/calendar REQUEST 2018-06-12-reports.ics",
            "text/calendar CANCEL 2018-06-12-lunch.ics",
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
        "* Grand opening\n  New time\n  New title\n  Old title: Opening ceremony with welcome concert\n"
        f"  Before: Tuesday 12 June 2018, 09:00–10:30, {place}\n  Now: Tuesday 12 June 2018, 10:00–11:30, {place}\n\n"
        f"* {titles['P024']}\n  New details: description, online room\n  Tuesday 12 June 2018, 11:00–12:30, {place}\n\n"
        f"* {titles['P025']}\n  Cancelled\n  Before: Tuesday 12 June 2018, 12:30–14:00, {place}\n\n"
        "If your calendar app subscribes to your calendar, you need do nothing: it has the new programme already or fetches it "
        "by itself.\nIf it does not, open the attached calendar files: there is one for each entry."
    )
    page = letter.get_body(("html",)).get_content()
    assert "<del>Opening ceremony with welcome concert</del>" in page
    assert "<strong>Grand opening</strong>" in page


def test_of_a_move_only_what_is_new_is_called_new(context, person):
    elsewhere = the_placement("P048")
    for code in ("P022", "P024"):
        the_placement(code).city, the_placement(code).venue = elsewhere.city, elsewhere.venue
    move("P022")
    programmes.place_on_days(the_placement("P025"), timing="all_day", starts_on=date(2018, 6, 12), ends_on=date(2018, 6, 12))
    release()
    (letter,) = deliver(context)
    assert re.findall("^  (New .*)$", text(letter), re.MULTILINE) == ["New time", "New time and place", "New place"]


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
