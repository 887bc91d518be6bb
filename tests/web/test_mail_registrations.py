"""The mails of a registration's moves: waiting, an offer, its end, a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from congress.core.db import db
from congress.outbox.models import Message, MessageState
from congress.registration import services
from congress.registration.bookings import offers
from congress.registration.letters import mail as queue
from congress.registration.models import Registration
from congress.registration.services import PERSON
from congress.registration.states import State
from congress.web import chores
from tests.factories import HOSTS, NOW, make_applicant, make_registration, the_congress
from tests.web.mailbox import LATER, deliver, only_of, shape, text

KEY = "test-only-key-0123456789-abcdefghijklmnop"
ZOE = "zoe@kanazawa.example"


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def holder(context, person) -> Registration:
    """Somebody who has the last place."""
    holder = make_registration(city="fabriano")
    the_congress().max_people = 13 + 1  # those of the loaded congress, Zoë, who takes part, and this one
    db.session.flush()
    return holder


def wait(**changes: object) -> Registration:
    made = make_registration(email="ada@kanazawa.example", given_name="Ada", city="fabriano", **changes)
    assert made.state is State.WAITING
    return made


def told(address: str, app) -> list[tuple[str, str]]:
    """Subject and text of the mails that leave now to an address; those to others count as sent."""
    only_of(address)
    db.session.commit()
    return [(each["subject"], text(each)) for each in deliver(app)]


def test_who_begins_gets_the_link_to_go_on(context):
    begun = services.start(the_congress(), make_applicant(email=ZOE), key=KEY, now=NOW)
    queue(begun, "registration_started", f"started-{begun.id}", NOW)
    ((subject, said),) = told(ZOE, context)
    assert subject == "Go on with your registration for #Krakowice2018"
    assert f"/my/registration/{services.link_token(begun, KEY)}/" in said
    assert "Your registration counts only when you have sent it at the last step." in said


def test_who_has_sent_in_the_meantime_is_not_asked_to_go_on(context):
    begun = services.start(the_congress(), make_applicant(email=ZOE), key=KEY, now=NOW)
    queue(begun, "registration_started", f"started-{begun.id}", NOW)
    services.submit(begun, actor=PERSON, now=NOW)
    assert [subject for subject, _said in told(ZOE, context)] == ["Your registration for #Krakowice2018"]


def test_who_waits_is_told_the_number(context, holder):
    wait()
    second = make_registration(email="bo@kanazawa.example", city="fabriano", now=NOW + timedelta(seconds=1))
    ((subject, said),) = told(second.delegate.person.email, context)
    assert subject == "You are on the waiting list: #Krakowice2018"
    assert "Your number on the waiting list: 2." in said


def test_who_got_a_place_before_the_mail_left_is_told_of_the_place_only(context, holder):
    wait()
    services.withdraw(holder, now=NOW)
    ((subject, said),) = told("ada@kanazawa.example", context)
    assert subject == "Your registration for #Krakowice2018"
    assert "A place has become free for you" in said


def test_an_offer_says_until_when_in_the_congresss_time_and_its_end_is_told(context, holder):
    the_congress().offer_hours = 24
    ada = wait()
    services.withdraw(holder, now=LATER)
    ((subject, said),) = told("ada@kanazawa.example", context)
    assert subject == "A place is free for you until 11 May 2018, 12:00: #Krakowice2018"
    assert "The time is that of the congress, Europe/Warsaw." in said
    with time_machine.travel(LATER + timedelta(hours=24), tick=False):
        chores.do_due(context)
        chores.do_due(context)
    db.session.rollback()
    messages = db.session.scalars(select(Message).where(Message.recipient == "ada@kanazawa.example").order_by(Message.id)).all()
    assert [(each.template, each.state) for each in messages] == [
        ("registration_waiting", MessageState.DROPPED),
        ("registration_offered", MessageState.SENT),
        ("registration_offer_ended", MessageState.SENT),
    ]
    assert ada.state is State.CANCELLED


def test_an_offer_that_was_taken_before_the_mail_left_is_not_made(context, holder):
    the_congress().offer_hours = 24
    ada = wait()
    services.withdraw(holder, now=LATER)
    offers.accept_offer(ada, now=LATER)
    assert [subject for subject, _said in told("ada@kanazawa.example", context)] == ["Your registration for #Krakowice2018"]


def test_who_is_not_accepted_reads_the_reason_and_keeps_the_public_events(context, person):
    services.reject(person, actor=HOSTS, now=LATER, why="The session\nis <full>.")
    only_of(ZOE)
    db.session.commit()
    (letter,) = deliver(context)
    assert "The hosts say: The session is <full>." in " ".join(text(letter).split())
    assert "is &lt;full&gt;." in letter.get_body(("html",)).get_content()
    assert "/krakowice2018/events/" in text(letter)
    assert "text/calendar" not in str(shape(letter)["mixed"][0])


@pytest.mark.parametrize("language", ["en", "pl"])
def test_each_mail_has_both_parts_in_both_languages(context, holder, language):
    the_congress().offer_hours = 24
    wait(language=language)
    services.withdraw(holder, now=LATER)
    db.session.commit()
    for letter in deliver(context):
        assert (letter["content-language"] or "").strip() in {"en", "pl"}
        assert [each.get_content_type() for each in letter.walk() if not each.is_multipart()][:2] == ["text/plain", "text/html"]
