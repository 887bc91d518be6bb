"""Many people at once for the last seats: first that the race is real without the lock, then that the lock ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from congress.core.db import begin_writing, db
from congress.events import queries, services
from congress.events.models import SignUp
from congress.events.states import SignUpState
from congress.outbox.models import Message
from tests.concurrency.test_races import at_once, is_sqlite
from tests.events.arranged import EVENT, a_visitor, confirmed, states, the_event
from tests.factories import NOW, the_item

KEY = "test-only-key-0123456789-abcdefghijklmnop"
SEATS, VISITORS = 5, 10


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Takes our lock away, and lets all visitors meet where a service has read and is about to write."""

    def take(read: str) -> None:
        barrier, real = threading.Barrier(VISITORS), getattr(queries, read)

        def read_and_wait(*values: Any) -> Any:
            found = real(*values)
            barrier.wait(30)
            return found

        monkeypatch.setattr(services, "lock", lambda row: row)
        monkeypatch.setattr(queries, read, read_and_wait)

    return take


def come_at_once(app: Flask, begin: Callable[[], None]) -> tuple[dict[str, int], int, list[int]]:
    """Groups of one and two sign up for the last seats: how they ended, seats given away, mails for each sign-up."""
    the_event(SEATS)
    db.session.commit()

    def come(which: int) -> None:
        begin()
        services.sign_up(the_item(EVENT), a_visitor(1 + which % 2), key=KEY, now=NOW)

    ends = at_once(app, VISITORS, come)
    written = db.session.execute(select(Message.about, func.count()).group_by(Message.about).where(Message.about != "")).all()
    mails = [number for about, number in written if about.startswith("sign-up:")]
    held = db.session.scalar(select(func.coalesce(func.sum(SignUp.people), 0)).where(SignUp.queued_at.is_(None)))
    return dict(ends), held or 0, mails


def test_without_the_lock_seats_are_given_twice_or_people_see_errors(context: Flask, unlocked):
    unlocked("seats")
    ends, held, _mails = come_at_once(context, lambda: None)
    if is_sqlite(context):
        assert (ends, held <= 2) == ({"done": 1, "OperationalError": VISITORS - 1}, True)
    else:
        assert (ends, held) == ({"done": VISITORS}, 15)


def test_the_last_seats_are_given_once_and_the_others_wait(context: Flask):
    ends, held, mails = come_at_once(context, begin_writing)

    made = db.session.scalars(select(SignUp).order_by(SignUp.id)).all()
    assert (ends, len(made), mails) == ({"done": VISITORS}, VISITORS, [1] * VISITORS)
    assert held == sum(each.people for each in made if each.queued_at is None)
    assert SEATS - 1 <= held <= SEATS  # one seat stays free only where all the others came in pairs


def one_address_ten_times(app: Flask, begin: Callable[[], None]) -> tuple[dict[str, int], list[tuple[SignUpState, int]]]:
    the_event(None)
    db.session.commit()

    def come(_which: int) -> None:
        begin()
        services.sign_up(the_item(EVENT), a_visitor(1, email="same@mail.example"), key=KEY, now=NOW)

    ends = at_once(app, VISITORS, come)
    return dict(ends), states(*db.session.scalars(select(SignUp)))


def test_without_the_lock_one_address_meets_an_error_though_the_index_holds(context: Flask, unlocked):
    unlocked("find_live")
    refusal = "OperationalError" if is_sqlite(context) else "IntegrityError"
    expected = ({"done": 1, refusal: VISITORS - 1}, [(SignUpState.UNCONFIRMED, 1)])
    assert one_address_ten_times(context, lambda: None) == expected


def test_one_address_that_signs_up_ten_times_at_once_is_one_sign_up(context: Flask):
    assert one_address_ten_times(context, begin_writing) == ({"done": VISITORS}, [(SignUpState.UNCONFIRMED, 1)])


def test_an_offer_is_either_taken_or_has_ended_whoever_is_first(context: Flask):
    event = the_event(1, offer_hours=1)
    holder, offered, next_one = confirmed(event), confirmed(event), confirmed(event)
    services.cancel(holder, now=NOW)
    db.session.commit()
    ids, until = (offered.id, next_one.id), offered.offered_until

    def act(which: int) -> None:
        begin_writing()
        if which:
            services.lapse_due(the_item(EVENT).id, until)
        else:
            services.accept(db.session.get_one(SignUp, ids[0]), now=until - timedelta(seconds=1))

    assert at_once(context, 2, act) == {"done": 2}
    db.session.rollback()
    ended = [state for state, _people in states(*(db.session.get_one(SignUp, each) for each in ids))]
    assert ended in ([SignUpState.TAKEN, SignUpState.WAITING], [SignUpState.LAPSED, SignUpState.OFFERED])
    assert queries.seats(the_item(EVENT)).held == 1
