"""Many people at once, on real connections: first that the race is real without the lock, then that the lock ends it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from congress.core.db import begin_writing, db
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.outbox.models import Message
from congress.programme import services as programme
from congress.programme.models import Release, ReleasedEntry
from congress.registration import notices, places, queries
from congress.registration import services as registration
from congress.registration.bookings import services as bookings
from congress.registration.models import Booking, Registration
from congress.registration.states import State
from tests.conftest import DELEGATES
from tests.factories import NOW, make_applicant, make_registration, the_congress, the_item, the_placement

KEY = "test-only-key-0123456789-abcdefghijklmnop"


def at_once(app: Flask, number: int, act: Callable[[int], object]) -> Counter[str]:
    """``act(0)`` to ``act(number - 1)``, each in a thread and a connection of its own, begun together; how they ended."""
    barrier, ends = threading.Barrier(number), []

    def run(which: int) -> None:
        with app.app_context():
            try:
                barrier.wait(30)
                act(which)
                db.session.commit()
                ends.append("done")
            except (CongressError, SQLAlchemyError) as problem:
                db.session.rollback()
                ends.append(type(problem).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(which,)) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(ends)


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Takes our locks away, and lets so many threads meet where a service has read and is about to write."""

    def take(module: ModuleType, place: str, number: int) -> None:
        barrier, real = threading.Barrier(number), getattr(module, place)

        def read_and_wait(*values: Any) -> Any:
            found = real(*values)
            barrier.wait(30)
            return found

        for each in (registration, bookings, places, programme):
            monkeypatch.setattr(each, "lock", lambda row: row)
        monkeypatch.setattr(module, place, read_and_wait)

    return take


@pytest.fixture
def refusal(context: Flask) -> str:
    """What the slower ones meet without our locks, where a constraint stands in the way.

    PostgreSQL refuses the second row. SQLite lets nobody write who read before another one wrote ("database is locked"),
    whatever they wanted to write: nothing is ever sold twice there, but people see an error instead of a sentence.
    """
    return "OperationalError" if is_sqlite(context) else "IntegrityError"


def is_sqlite(app: Flask) -> bool:
    return app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")


def sell_three_places(app: Flask, people: int, begin: Callable[[], None]) -> tuple[Counter[str], int]:
    """People choose the last 3 places of a session; how they ended, and how many places were sold."""
    the_item("P037").places = 3
    ids = [make_registration().id for _each in range(people)]
    db.session.commit()

    def choose(which: int) -> None:
        begin()
        bookings.choose(queries.get_registration(ids[which]), the_item("P037"), now=NOW)

    return at_once(app, people, choose), db.session.scalar(select(func.count()).select_from(Booking))


def test_without_the_lock_places_are_sold_too_often_or_people_see_errors(context, unlocked):
    unlocked(queries, "places_taken", 10)
    sold = {"done": 1, "OperationalError": 9} if is_sqlite(context) else {"done": 10}
    assert sell_three_places(context, 10, lambda: None) == (sold, sold["done"])


def test_the_last_three_places_are_sold_three_times(context):
    assert sell_three_places(context, 20, begin_writing) == ({"done": 3, "SessionFull": 17}, 3)


def register_ten_times(app: Flask, begin: Callable[[], None]) -> tuple[Counter[str], int, int]:
    """One person sends ten different forms; how they ended, live registrations, mails of receipt."""

    def register(_which: int) -> None:
        begin()
        applicant = make_applicant(family_name="Doubled", email="doubled@kanazawa.example")
        registration.register(the_congress(), applicant, key=KEY, now=NOW)

    ends = at_once(app, 10, register)
    live = select(func.count()).where(Registration.identity.contains("doubled"), Registration.state != State.CANCELLED)
    letters = select(func.count()).where(
        Message.recipient == "doubled@kanazawa.example", Message.template == "registration_received"
    )
    return ends, db.session.scalar(live), db.session.scalar(letters)


def test_without_the_lock_people_see_errors_though_the_index_holds(context, unlocked, refusal):
    unlocked(registration, "member_city", 10)
    assert register_ten_times(context, lambda: None) == ({"done": 1, refusal: 9}, 1, 1)


def test_ten_forms_of_one_person_are_one_registration_and_one_mail(context):
    assert register_ten_times(context, begin_writing) == ({"done": 10}, 1, 1)


CODES = ["P022", "P023", "P024", "P025", "P026"]


def change_title(code: str) -> None:
    the_item(code).titles = Localised(en=f"Changed {code}")


def release_five_times(app: Flask, prepare: Callable[[str], None]) -> tuple[Counter[str], list[int]]:
    """Five organisers release, each after ``prepare`` of a session; how they ended, and the numbers of all releases."""

    def release(which: int) -> None:
        prepare(CODES[which])
        programme.release_programme(the_congress(), note=Localised(), by=str(which), now=NOW)

    ends = at_once(app, 5, release)
    return ends, list(db.session.scalars(select(Release.number).order_by(Release.number)))


def test_without_the_lock_releases_collide(context, unlocked, refusal):
    for code in CODES:
        change_title(code)
    db.session.commit()
    unlocked(programme.queries, "latest_release", 5)
    assert release_five_times(context, lambda _code: None) == ({"done": 1, refusal: 4}, [1, 2])


def test_five_releases_at_once_are_numbered_without_gap(context):
    def change_own(code: str) -> None:
        begin_writing()
        change_title(code)

    assert release_five_times(context, change_own) == ({"done": 5}, [1, 2, 3, 4, 5, 6])
    uids = {the_placement(code).uid for code in CODES}
    rows = db.session.execute(select(ReleasedEntry.uid, ReleasedEntry.sequence, ReleasedEntry.is_current)).all()
    assert sorted((row.sequence, row.is_current) for row in rows if row.uid in uids) == [(0, False)] * 5 + [(1, True)] * 5
    assert Counter(row.uid for row in rows if row.is_current) == dict.fromkeys((row.uid for row in rows), 1)
    assert programme.pending_changes(the_congress()) == []


def tell_five_times(app: Flask, begin: Callable[[], None]) -> tuple[Counter[str], int, int]:
    """Five organisers send the mails of one release; how they ended, mails that were queued, people who get one."""
    make_registration()
    change_title("P022")
    programme.release_programme(the_congress(), note=Localised(), by="", now=NOW)
    db.session.commit()

    def tell(_which: int) -> None:
        begin()
        congress = the_congress()
        release = programme.queries.latest_release(congress)
        assert release is not None
        notices.tell_people(congress, release, now=NOW)

    ends = at_once(app, 5, tell)
    digests = list(db.session.scalars(select(Message.recipient).where(Message.template == notices.TEMPLATE)))
    return ends, len(digests), len(set(digests))


def test_even_without_the_lock_no_mail_is_queued_twice_though_people_see_errors(context, unlocked, monkeypatch):
    """On PostgreSQL the others wait at the row of the release, which each of them marks before it looks for the messages."""
    monkeypatch.setattr(notices, "lock", lambda row: row)
    unlocked(notices.queries, "attendees", 5)
    ends, digests, people = tell_five_times(context, lambda: None)
    expected = {"done": 1, "OperationalError": 4} if is_sqlite(context) else {"done": 5}
    assert (ends, digests, people) == (expected, DELEGATES + 1, DELEGATES + 1)


def test_five_who_send_the_mails_of_one_release_send_one_to_each(context):
    ends, digests, people = tell_five_times(context, begin_writing)
    assert (ends, digests, people) == ({"done": 5}, DELEGATES + 1, DELEGATES + 1)


def test_five_releases_at_once_with_their_mails_tell_each_person_once_for_each_release(context):
    make_registration()
    db.session.commit()

    def release(which: int) -> None:
        begin_writing()
        change_title(CODES[which])
        made, _changes = programme.release_programme(the_congress(), note=Localised(), by=str(which), now=NOW)
        notices.tell_people(the_congress(), made, now=NOW)

    assert at_once(context, 5, release) == {"done": 5}
    found = db.session.execute(select(Message.recipient, Message.facts).where(Message.template == notices.TEMPLATE)).all()
    each_once = Counter((address, facts["release"]) for address, facts in found)
    assert each_once == dict.fromkeys(each_once, 1)
    assert Counter(release for _address, release in each_once) == dict.fromkeys(
        db.session.scalars(select(Release.id).where(Release.number > 1)), DELEGATES + 1
    )
