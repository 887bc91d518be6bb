"""Many editors of one delegation at once, on real connections: first without the locks, then with them."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from congress.core.db import begin_writing, db
from congress.delegates.models import Delegate, Delegation
from congress.delegates.services import delegation_of
from congress.registration import places
from congress.registration.delegations import edits as delegation_edits
from congress.registration.delegations import people
from congress.registration.delegations.edits import ChangedMeanwhile, Edit
from congress.registration.models import Registration
from tests.concurrency.test_races import KEY, at_once
from tests.factories import NOW, make_applicant, the_city, the_congress

EDITORS = 8


@pytest.fixture
def number(context: Flask) -> int:
    """The id of a delegation with three places and nobody in it."""
    made = delegation_of(the_congress(), the_city("ostersund"))
    db.session.commit()
    return made.id


def add(number: int, which: int) -> None:
    """Somebody opens the page, then adds a person of their own; who is told of a change loads the page again."""
    applicant = make_applicant(given_name=f"Editor{which}", city="ostersund", consents=[])
    while True:
        begin_writing()
        delegation = db.session.get_one(Delegation, number)
        edit = Edit(delegation.version, f"editor {which}", NOW)
        db.session.rollback()  # the page is on its way
        begin_writing()
        try:
            people.add(db.session.get_one(Delegation, number), applicant, edit=edit, key=KEY)
        except ChangedMeanwhile:
            db.session.rollback()
        else:
            return


def add_unlocked(number: int, which: int) -> None:
    delegation = db.session.get_one(Delegation, number)
    applicant = make_applicant(given_name=f"Editor{which}", city="ostersund", consents=[])
    people.add(delegation, applicant, edit=Edit(1, f"editor {which}", NOW), key=KEY)


def found(number: int) -> Counter[tuple[str, bool]]:
    db.session.rollback()
    of_delegation = select(Registration).join(Registration.delegate).where(Delegate.delegation_id == number)
    return Counter((each.state.value, each.holds_place) for each in db.session.scalars(of_delegation))


def test_without_locks_more_people_get_places_than_there_are_or_the_database_refuses(
    context: Flask, number: int, monkeypatch: pytest.MonkeyPatch
):
    barrier, real = threading.Barrier(EDITORS), places.has_room

    def read_and_wait(delegate: Delegate) -> bool:
        room = real(delegate)
        barrier.wait(30)
        return room

    monkeypatch.setattr(places, "lock", lambda row: row)
    monkeypatch.setattr(delegation_edits, "lock", lambda row: row)
    monkeypatch.setattr(places, "has_room", read_and_wait)

    ends = at_once(context, EDITORS, lambda which: add_unlocked(number, which))

    if db.engine.name == "postgresql":
        assert (ends, found(number)) == (Counter(done=EDITORS), Counter({("invited", True): EDITORS}))
    else:  # nobody may write who read before another one wrote
        assert ends == Counter(done=1, OperationalError=EDITORS - 1)


def test_eight_editors_of_a_delegation_with_three_places_fill_three_and_the_others_wait(context: Flask, number: int):
    ends = at_once(context, EDITORS, lambda which: add(number, which))

    assert ends == Counter(done=EDITORS)
    assert found(number) == Counter({("invited", True): 3, ("waiting", False): EDITORS - 3})
    assert db.session.get_one(Delegation, number).version == 1 + EDITORS
