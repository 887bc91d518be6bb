"""How much is asked of the database when a registration is sent, and that what is not asked again is still right."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, current_app

from congress.core.db import begin_writing, db, lock
from congress.delegates.models import Window
from congress.delegates.vocabulary import Category
from congress.registration import queries, services
from congress.registration.circumstances import Circumstances, around
from congress.registration.form import steps
from congress.registration.models import Registration
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind
from tests.factories import NOW, give_room, make_applicant, make_registration, the_congress
from tests.statements import statements

STEPS = ["identity", "role", "travel", "needs"]


def begun(**changes: object) -> tuple[Registration, str]:
    """A registration that can be sent, and the token of its link."""
    key = current_app.config["SECRET_KEY"]
    applicant = make_applicant(consents=[ConsentKind.PRIVACY], **changes)
    made = services.start(the_congress(), applicant, key=key, now=NOW)
    made.steps_done = list(STEPS)
    db.session.flush()
    return made, services.link_token(made, key)


def test_sending_takes_few_statements_however_many_are_registered(undone: Flask):
    """Five on SQLite; on PostgreSQL the locks of congress, delegation and person come to it, and what they read afresh."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    counted = []
    for others in (0, 3):
        begin_writing()
        give_room("lodz")
        for _each in range(others):
            make_registration(city="lodz")
        _made, token = begun(city="lodz", given_name=f"Ada{others}")
        db.session.expire_all()
        with statements() as seen:
            registration = queries.find_by_link(token, to_send=True)
            assert registration is not None
            steps.send(registration, key=current_app.config["SECRET_KEY"], now=NOW)
        assert (registration.state, registration.holds_place) == (State.SUBMITTED, True)
        counted.append(len(seen))
    assert counted[0] == counted[1] <= (5 if is_sqlite else 10), counted


def test_circumstances_say_what_there_is(undone: Flask):
    one = {"city": "lodz", "given_name": "Ada", "family_name": "Nowak", "email": "ada@lodz.example"}
    first, _token = begun(**one)
    nothing = Circumstances(
        known=None, agrees=True, has_windows=False, has_questions=False, is_awaited=False, has_chosen=False, has_room=True
    )
    assert around(first) == nothing
    services.submit(first, actor=services.PERSON, now=NOW)
    db.session.add(Window(congress_id=first.congress_id, category=Category.PRESS, opens_at=NOW, closes_at=None))
    first.consents.clear()
    second, _token = begun(**one)
    assert around(second) == replace(nothing, known=first.id, has_windows=True)
    assert around(first) == replace(nothing, known=first.id, agrees=False, has_windows=True)


def test_a_row_that_was_read_since_nobody_else_writes_needs_not_be_read_again(undone: Flask):
    begin_writing()
    registration, _token = begun(city="lodz")
    db.session.refresh(registration)
    with statements() as seen:
        lock(registration)
    assert len(seen) == (0 if db.engine.dialect.name == "sqlite" else 1)


def test_a_row_that_the_session_has_let_go_is_read_when_it_is_locked(undone: Flask):
    begin_writing()
    registration, _token = begun(city="lodz")
    number, table = registration.id, Registration.__table__
    db.session.expire(registration)
    db.session.connection().execute(table.update().where(table.c.id == number).values(badge_code="CHANGED"))
    assert lock(registration).badge_code == "CHANGED"


def test_a_transaction_that_has_not_said_that_it_writes_always_reads(undone: Flask):
    registration, _token = begun(city="lodz")
    with statements() as seen:
        lock(registration)
    assert len(seen) == 1
