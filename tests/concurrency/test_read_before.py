"""Rows that somebody else changes between the first look and the lock: what holds then is what the lock reads, never an error.

On PostgreSQL, where others write meanwhile. On SQLite whoever will write is alone from the first look on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from congress.core.db import begin_writing, db, lock
from congress.delegates.vocabulary import Part, Step
from congress.registration import places, queries, services
from congress.registration.bookings import offers
from congress.registration.delegations import queries as people
from congress.registration.delegations import services as delegations
from congress.registration.delegations.edits import Edit
from congress.registration.form import steps
from congress.registration.models import Registration
from congress.registration.refusals import RegistrationEnded
from congress.registration.states import State
from tests.concurrency.test_places import KEY, cities, offers_that_end_now
from tests.factories import NOW, give_room, make_applicant, make_registration, the_congress, the_item

pytestmark = pytest.mark.parametrize("databases", ["postgresql"], indirect=True, scope="session")


def meanwhile(app: Flask, act: Callable[[], object]) -> None:
    """Somebody else does it, on a connection of their own, and is done."""

    def run() -> None:
        with app.app_context():
            begin_writing()
            act()
            db.session.commit()
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)


def after(app: Flask, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], object]) -> None:
    """Let somebody else do it as soon as this has been read."""
    read = getattr(module, name)

    def read_then_act(*values: Any) -> Any:
        found = read(*values)
        monkeypatch.setattr(module, name, read)
        meanwhile(app, act)
        return found

    monkeypatch.setattr(module, name, read_then_act)


def test_a_lock_reads_what_others_have_written_since(context: Flask):
    item = the_item("P037")
    seen = item.places, item.version
    meanwhile(context, lambda: setattr(the_item("P037"), "places", 7))
    assert (item.places, item.version) == seen
    assert (lock(item).places, item.version) == (7, seen[1] + 1)


def test_who_takes_an_offer_that_has_ended_since_the_page_was_opened_is_told_so(context: Flask):
    ((offered, behind),) = offers_that_end_now(0, of=1)
    ended_at = offered.offered_until
    number, next_one = offered.id, behind.id
    offered = queries.get_registration(number)
    meanwhile(context, lambda: offers.lapse_offers(the_congress(), now=ended_at))
    with pytest.raises(RegistrationEnded):
        offers.accept_offer(offered, now=ended_at - timedelta(milliseconds=1))
    db.session.rollback()
    assert [db.session.get_one(Registration, each).holds_place for each in (number, next_one)] == [False, True]


def someone_waits() -> tuple[Registration, Registration]:
    """Of one city somebody who has its only place, and the next one, who has filled in nothing yet."""
    slug = cities()[0]
    first = make_registration(city=slug)
    give_room(slug, 1)
    second = services.register(the_congress(), make_applicant(city=slug), key=KEY, now=NOW)
    second.steps_done = []
    db.session.commit()
    return first, second


def fill_in_a_page(number: int) -> None:
    registration = queries.get_registration(number)
    steps.open_step(registration, Step.TRAVEL, now=NOW)
    steps.done(registration, Step.TRAVEL, now=NOW)


def test_who_waits_may_fill_in_a_page_while_a_place_becomes_free(context: Flask, monkeypatch: pytest.MonkeyPatch):
    first, second = someone_waits()
    number = second.id
    after(context, monkeypatch, places, "_waiting", lambda: fill_in_a_page(number))
    services.withdraw(first, now=NOW)
    db.session.commit()
    assert (second.state, second.holds_place, second.steps_done) == (State.SUBMITTED, True, [Step.TRAVEL])


def test_who_waits_may_fill_in_a_page_while_the_city_sends_its_delegation(context: Flask, monkeypatch: pytest.MonkeyPatch):
    first, second = someone_waits()
    first.delegate.part, second.submitted_at = Part.HEAD, None
    delegation, number = second.delegate.delegation, second.id
    db.session.commit()
    after(context, monkeypatch, people, "people", lambda: fill_in_a_page(number))
    delegations.submit(delegation, edit=Edit(seen=delegation.version, by="", now=NOW))
    db.session.commit()
    assert (second.state, second.submitted_at, second.steps_done) == (State.WAITING, NOW, [Step.TRAVEL])
