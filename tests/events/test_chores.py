"""What the worker does by itself."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from congress.core.db import db
from congress.events import newsletter, services
from congress.events.models import SignUp, Subscriber
from congress.events.states import SignUpState
from congress.web import chores
from tests.events.arranged import confirmed, mails, make_sign_up, states, the_event
from tests.factories import NOW, the_congress


def test_the_worker_ends_what_is_too_late_and_serves_the_next(context: Flask):
    event = the_event(2, offer_hours=24)
    holder, offered, next_one = confirmed(event), confirmed(event, 2), confirmed(event)
    forgotten = make_sign_up(event)
    newsletter.subscribe(the_congress(), "never@mail.example", "en", key="k" * 40, now=NOW - timedelta(days=30))
    services.cancel(holder, now=NOW)
    db.session.commit()
    made = [each.id for each in (offered, next_one, forgotten)]

    with time_machine.travel(NOW + timedelta(hours=48), tick=False):
        chores.do_due(context)

    db.session.rollback()
    offered, next_one, forgotten = (db.session.get_one(SignUp, each) for each in made)
    assert states(offered, next_one, forgotten) == [(SignUpState.LAPSED, 2), (SignUpState.OFFERED, 1), (SignUpState.LAPSED, 1)]
    assert mails(offered, forgotten) == [
        ["sign_up_confirm", "sign_up_waiting", "sign_up_offered", "sign_up_lapsed"],
        ["sign_up_confirm"],
    ]
    assert db.session.scalars(select(Subscriber)).all() == []
