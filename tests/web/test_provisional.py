"""While the programme is provisional, calendars and mails say so; what they hold stays the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import update

from congress.core.db import db
from congress.core.localised import Localised
from congress.feeds import services as feeds
from congress.outbox.models import Message, MessageState
from congress.programme import queries, services
from congress.registration.letters import mail as queue
from congress.registration.models import Registration
from tests.events.arranged import confirmed, the_event
from tests.factories import NOW, the_congress
from tests.web.mailbox import LATER, deliver, only_of, text

FEED = "/krakowice2018/calendar/krakowice2018-programme.ics"
SAID = "The programme is still provisional."


def label(hours: int, *, is_provisional: bool) -> None:
    """A release that changes the label only."""
    services.release_programme(
        the_congress(), note=Localised(), by="x", now=NOW + timedelta(hours=hours), is_provisional=is_provisional
    )
    db.session.commit()


def told(body: str) -> list[str]:
    calendar = Calendar.from_ical(body)
    return [str(calendar[name]) for name in ("NAME", "X-WR-CALNAME", "DESCRIPTION", "X-WR-CALDESC")]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("lang=en", "Provisional programme"),
        ("lang=pl", "Program wstępny"),
        ("lang=en,pl", "Provisional programme / Program wstępny"),
    ],
)
def test_a_public_calendar_says_so_in_its_languages_and_nothing_else_of_it_changes(
    context: Flask, client: FlaskClient, query, said
):
    final = client.get(f"{FEED}?{query}").text
    label(1, is_provisional=True)
    provisional = client.get(f"{FEED}?{query}").text
    label(2, is_provisional=False)
    name, same_name, about, same_about = told(final)

    assert told(provisional) == [name, same_name, f"{about}. {said}", f"{same_about}. {said}"]
    assert provisional.partition("BEGIN:VTIMEZONE")[2] == final.partition("BEGIN:VTIMEZONE")[2]
    assert client.get(f"{FEED}?{query}").text == final


def test_who_asks_whether_a_calendar_has_changed_gets_the_new_label(context: Flask, client: FlaskClient):
    tag = client.get(FEED).headers["ETag"]
    label(1, is_provisional=True)
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 200


def test_an_own_calendar_says_so(context: Flask, client: FlaskClient, person: Registration):
    key = context.config["SECRET_KEY"]
    own = f"/my/calendar/{feeds.calendar_token(person, key=key, now=NOW)}/krakowice2018.ics"
    db.session.commit()
    before = told(client.get(own).text)[2]
    label(1, is_provisional=True)
    assert told(client.get(own).text)[2] == f"{before}. Provisional programme"


@pytest.mark.parametrize("is_provisional", [True, False])
def test_mails_with_a_part_of_the_programme_say_so(context: Flask, person: Registration, is_provisional: bool):
    if is_provisional:
        label(1, is_provisional=True)
    db.session.execute(update(Message).values(state=MessageState.SENT))
    for template in ("registration_received", "registration_confirmed"):
        queue(person, template, f"{template}-again", LATER)
    only_of("zoe@kanazawa.example")
    confirmed(the_event(), email="v@mail.example", now=LATER)
    db.session.commit()
    with time_machine.travel(LATER, tick=False):
        letters = deliver(context)

    assert queries.released(the_congress()).is_provisional == is_provisional
    pages = [each.get_body(("html",)).get_content() for each in letters]
    assert (
        [text(each).count(SAID) for each in letters]
        == [page.count(SAID) for page in pages]
        == [int(is_provisional)] * len(letters)
    )
    assert len(letters) == 3  # who has confirmed a sign-up is not asked to any more
