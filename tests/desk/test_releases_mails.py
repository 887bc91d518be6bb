"""Mails about releases that wait for their quiet time: they join, are looked at, sent, held back, dropped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from congress.core.db import db
from congress.outbox.models import Message
from congress.registration import notices
from congress.registration import queries as registrations
from congress.web import chores
from tests.conftest import DELEGATES, csrf_token
from tests.desk.test_releases import PATH, change, queued, release, send, told, words
from tests.factories import NOW, the_congress, utc

MAILS = f"{PATH}mails/"


@pytest.fixture(autouse=True)
def before_the_congress() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def quiet(client: FlaskClient, minutes: str) -> tuple[int, str]:
    answer = client.post(MAILS, data={"csrf_token": csrf_token(client, MAILS), "minutes": minutes}, follow_redirects=True)
    return answer.status_code, words(answer)


def at_work(app: Flask, moment) -> None:
    with time_machine.travel(moment, tick=False):
        chores.do_due(app)


def test_corrections_join_the_mail_that_waits_and_it_leaves_once_at_the_time_of_the_first(app: Flask, organiser: FlaskClient):
    assert "The quiet time is saved." in quiet(organiser, "30")[1]
    change(app, P022="Grand opening")
    first = words(release(organiser, send_mails="y"))
    with time_machine.travel(utc(2018, 5, 10, 9, 20), tick=False):
        change(app, P022="Splendid opening")
        release(organiser, send_mails="y")
        page = words(organiser.get(MAILS))

    at_work(app, utc(2018, 5, 10, 9, 29))
    early = queued(app)
    for _each in range(2):
        at_work(app, utc(2018, 5, 10, 9, 30))

    assert "The mails leave at 10 May 2018, 11:30." in first
    assert "They tell of 2 releases at once" in page
    assert "Title in English Opening ceremony with welcome concert Splendid opening" in page
    assert (early, queued(app), told(app)) == (0, DELEGATES, [False, True, True])


def test_what_is_corrected_away_while_it_waits_makes_no_mail(app: Flask, organiser: FlaskClient):
    quiet(organiser, "30")
    for title in ("Grand opening", "Opening ceremony with welcome concert"):
        change(app, P022=title)
        release(organiser, send_mails="y")
    assert "0 people get a mail" in words(organiser.get(MAILS))
    at_work(app, utc(2018, 5, 10, 10))
    assert (queued(app), told(app)) == (0, [False, True, True])


def test_mails_that_wait_are_held_back_then_sent_by_hand(app: Flask, organiser: FlaskClient):
    quiet(organiser, "30")
    change(app, P022="Grand opening")
    release(organiser, send_mails="y")

    stopped, again = words(send(organiser, 2, "stop")), words(send(organiser, 2, "stop"))
    at_work(app, utc(2018, 5, 10, 12))
    late = queued(app)

    assert ("The mails are held back." in stopped, "No mails wait any more." in again, late) == (True, True, 0)
    assert f"{DELEGATES} mails are on their way." in words(send(organiser, 2))


def test_of_what_is_dropped_nobody_is_told_even_by_a_later_mail(app: Flask, organiser: FlaskClient):
    change(app, P024="Reports")
    release(organiser)
    dropped = words(send(organiser, 2, "drop"))
    change(app, P022="Grand opening")
    release(organiser, send_mails="y")
    assert "Nobody gets a mail about these changes." in dropped
    with app.app_context():
        registration = registrations.get_registration(next(iter(registrations.attendees(the_congress()))))
        (message,) = [each for each in digests() if each.facts["registration"] == registration.id]
        told_of = notices.news(registration, message.facts, now=NOW).changes
        assert [each.after.code for each in told_of] == ["P022"]


def digests() -> list[Message]:
    return db.session.query(Message).filter(Message.template == notices.TEMPLATE).all()


@pytest.mark.parametrize("minutes", ["", "-1", "10081", "soon", "99999999999999999999"])
def test_a_quiet_time_that_is_none_is_refused(app: Flask, organiser: FlaskClient, minutes: str):
    assert quiet(organiser, minutes)[0] == 422
    with app.app_context():
        assert the_congress().quiet_minutes == 0


def test_what_came_out_after_somebody_looked_is_told_although_they_send_none_at_all(app: Flask, organiser: FlaskClient):
    quiet(organiser, "30")
    for code in ("P022", "P024"):
        change(app, **{code: "Another title"})
        release(organiser, send_mails="y")

    send(organiser, 2, "drop")
    after = told(app)
    send(organiser, 3, "drop")

    assert (after, told(app)) == ([False, True, False], [False, True, True])
