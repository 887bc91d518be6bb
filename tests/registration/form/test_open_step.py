"""Whoever saves a page reads under the lock what somebody else has saved just before."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from congress.core.db import db
from congress.delegates.models import Delegate, Person
from congress.delegates.vocabulary import Step
from congress.registration.form import steps
from tests.factories import NOW, make_registration


def test_a_page_is_compared_with_what_was_saved_since_its_request_began(context: Flask):
    if db.engine.name == "sqlite":
        pytest.skip("from the beginning of a POST nobody else can write there")
    made = make_registration(title="Dr")
    person, delegate = made.delegate.person.id, made.delegate.id
    db.session.commit()
    assert (made.delegate.person.title, made.delegate.badge_name) == ("Dr", "")  # this request has read it
    with db.engine.connect() as other:
        other.execute(update(Person).where(Person.id == person).values(title="Prof."))
        other.execute(update(Delegate).where(Delegate.id == delegate).values(badge_name="Ada"))
        other.commit()

    before = made.delegate.person.title, made.delegate.badge_name
    steps.open_step(made, Step.IDENTITY, now=NOW)

    assert before == ("Dr", "")  # what it would have compared without the lock
    assert (made.delegate.person.title, made.delegate.badge_name) == ("Prof.", "Ada")
