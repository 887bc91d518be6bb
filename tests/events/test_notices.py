"""Who has signed up is told when a release moves or cancels the event, once, and reads what holds now."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from congress.core.db import db
from congress.core.localised import Localised
from congress.events import notices, services
from congress.events.models import SignUp
from congress.outbox.models import Message
from congress.programme import services as programmes
from congress.programme.models import Release
from congress.programme.vocabulary import Audience
from tests.events.arranged import EVENT, confirmed, link_in, mails, make_sign_up, the_event
from tests.factories import NOW, the_congress, the_item, the_placement, utc
from tests.web import mailbox


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def release(*, now=NOW) -> tuple[Release, int]:
    """Release the draft and tell those who have signed up; how many."""
    made, _changes = programmes.release_programme(the_congress(), note=Localised(), by="", now=now)
    return made, notices.tell_of_release(the_congress(), made, now=now)


def move(hour: int) -> None:
    programmes.place_session(the_placement(EVENT), starts_at=utc(2018, 6, 13, hour), ends_at=utc(2018, 6, 13, hour + 2))


def cancel(is_cancelled: bool = True) -> None:
    the_placement(EVENT).is_cancelled = is_cancelled


def deliver(app: Flask, *sign_ups: SignUp) -> list[tuple[str, str, list[str]]]:
    """Who is told what: address, subject and the lines of the changes, sorted by address."""
    db.session.commit()
    found = [each for each in mailbox.deliver(app) if each["Subject"].startswith(("Changed", "Cancelled"))]
    told = [
        (each["To"], each["Subject"], [line for line in mailbox.text(each).split("\n") if line.startswith("* ")])
        for each in found
    ]
    return sorted(told)


def test_those_with_places_and_those_who_wait_are_told_once(context: Flask):
    event = the_event(1)
    holder, waiting = confirmed(event, email="a@mail.example"), confirmed(event, email="b@mail.example")
    unconfirmed, gone = make_sign_up(event), confirmed(event)
    services.cancel(gone, now=NOW)
    confirmed(the_event(1, code="P048"))
    move(17)

    made, told = release()
    again = notices.tell_of_release(the_congress(), made, now=NOW)

    assert (told, again) == (2, 0)
    line = (
        "* New time or place: Wednesday 13 June 2018, 19:00–21:00, Kraków (before: Wednesday 13 June 2018, 18:00–20:00, Kraków)"
    )
    subject = "Changed: Gazeta Wyborcza Reporters' Debate"
    assert deliver(context, holder, waiting) == [("a@mail.example", subject, [line]), ("b@mail.example", subject, [line])]
    assert [each[-1] for each in mails(unconfirmed, gone)] == ["sign_up_confirm", "sign_up_waiting"]


def test_a_cancelled_event_and_one_that_delegates_keep_to_themselves_are_the_same_to_the_public(context: Flask):
    made = confirmed(the_event(), email="a@mail.example")
    the_item(EVENT).audience = Audience.DELEGATES

    assert release()[1] == 1

    line = "* Cancelled (before: Wednesday 13 June 2018, 18:00–20:00, Kraków)"
    assert deliver(context, made) == [("a@mail.example", "Cancelled: Gazeta Wyborcza Reporters' Debate", [line])]
    the_item(EVENT).audience = Audience.EVERYONE
    cancel()
    assert release()[1] == 0  # they know it as cancelled
    cancel(False)
    assert release()[1] == 1


def test_a_new_title_or_a_change_of_what_is_over_is_told_nobody(context: Flask):
    confirmed(the_event())
    mailbox.rename(EVENT, "Another title")
    assert release()[1] == 0
    move(17)
    assert release(now=utc(2018, 6, 20, 9))[1] == 0


def test_two_releases_before_the_mail_leaves_are_one_mail_that_says_what_holds_now(context: Flask):
    made = confirmed(the_event(), email="a@mail.example")
    move(17)
    release()
    move(18)
    release()

    line = (
        "* New time or place: Wednesday 13 June 2018, 20:00–22:00, Kraków (before: Wednesday 13 June 2018, 18:00–20:00, Kraków)"
    )
    assert deliver(context, made) == [("a@mail.example", "Changed: Gazeta Wyborcza Reporters' Debate", [line])]
    with time_machine.travel(mailbox.LATER.replace(day=12), tick=False):
        assert deliver(context, made) == []


def test_what_was_taken_back_before_the_mail_left_is_told_nobody(context: Flask):
    made = confirmed(the_event(), email="a@mail.example")
    cancel()
    release()
    cancel(False)
    release()
    assert deliver(context, made) == []


TEMPLATES = [
    "sign_up_confirm", "sign_up_taken", "sign_up_waiting", "sign_up_offered", "sign_up_lapsed", "sign_up_cancelled", "sign_up_again",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_mail_of_a_sign_up_can_be_read_in_both_languages_and_leads_to_its_page(context: Flask, language: str, clock):
    event = the_event(1, offer_hours=24)
    first, second, third = (confirmed(event, email=f"{name}@mail.example", language=language) for name in "abc")
    services.sign_up(event, _again(first), key=context.config["SECRET_KEY"], now=NOW)
    make_sign_up(event, email="d@mail.example", language=language, name="Buy\u2029 now http://spam.example")
    db.session.commit()
    letters = mailbox.deliver(context)
    services.cancel(first, now=NOW, by_organisers=True)
    db.session.commit()
    letters += mailbox.deliver(context)
    services.lapse(event, now=second.offered_until)
    services.accept(third, now=second.ended_at)
    db.session.commit()
    letters += mailbox.deliver(context)
    sent = {row.template: row for row in db.session.query(Message).where(Message.template.in_(TEMPLATES))}

    assert set(sent) == set(TEMPLATES)
    links = {each["To"]: link_in(mailbox.text(each)) for each in letters if "/my/sign-ups/" in mailbox.text(each)}
    assert {path.split("/")[2] for path in links.values()} == {"sign-ups"}
    assert not any("spam.example" in mailbox.text(each) for each in letters)  # a stranger's words go to nobody's address
    assert not any("{{" in mailbox.text(each) or "%(" in mailbox.text(each) for each in letters)


def _again(made: SignUp) -> services.Visitor:
    return services.Visitor(submission="x", name="x", email=made.email, people=1, language=made.language)
