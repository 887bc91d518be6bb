"""Visits and joined addresses, on both databases; the mailed link followed by many at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from congress.belongings import queries, rules, services
from congress.belongings.models import Visit
from congress.core.db import begin_writing, db
from tests.concurrency.test_races import at_once, is_sqlite
from tests.factories import NOW

KEY = "test-only-key-0123456789-abcdefghijklmnop"


def asked(email: str, **more: object) -> Visit:
    visit = services.ask(email, language="en", key=KEY, now=NOW, **more)  # type: ignore[arg-type]
    assert visit is not None
    return visit


def joined(one: str, other: str) -> None:
    """What who reads both mailboxes does in one browser."""
    here = asked(one)
    services.begin(here, now=NOW)
    services.join(asked(other, joins=here), here, now=NOW)


def of(email: str) -> set[str]:
    return set(queries.addresses(asked(email)))


def test_joining_brings_together_all_that_either_had_and_parting_lets_one_go(context: Flask):
    for one, other in (("a@x.example", "b@x.example"), ("c@x.example", "D@x.example"), ("b@x.example", "c@x.example")):
        joined(one, other)
    everybody = {f"{name}@x.example" for name in "abcd"}
    assert [of(each) for each in sorted(everybody)] == [everybody] * 4
    services.part(asked("a@x.example"), "c@x.example")
    services.part(asked("e@x.example"), "a@x.example")  # of somebody else
    assert (of("c@x.example"), of("d@x.example")) == ({"c@x.example"}, everybody - {"c@x.example"})


def test_nobody_joins_an_address_from_another_visit(context: Flask):
    here, other = asked("a@x.example"), asked("e@x.example")
    for current in (None, other):
        with pytest.raises(services.OtherBrowser):
            services.join(asked("b@x.example", joins=here), current, now=NOW)
    assert of("a@x.example") == {"a@x.example"}


@pytest.mark.parametrize(
    ("after", "opened", "is_open"),
    [(0, False, True), (30, False, False), (29, False, True), (1, True, False)],
)
def test_a_link_is_followed_once_within_thirty_minutes(after: int, opened: bool, is_open: bool):
    assert rules.may_be_followed(NOW, NOW if opened else None, NOW + timedelta(minutes=after)) is is_open


def follow(app: Flask, begin) -> tuple[dict[str, int], int]:
    """Six browsers follow one link at once: how they ended, and whether the last one who was let in is on a visit."""
    number = asked("a@x.example").id
    db.session.commit()
    sessions: list[str] = []

    def act(_which: int) -> None:
        begin()
        sessions.append(services.begin(db.session.get_one(Visit, number), now=NOW))

    ends = at_once(app, 6, act)
    opened = select(func.count()).select_from(Visit).where(Visit.session_digest.is_not(None))
    return dict(ends), db.session.scalar(opened) or 0


def test_without_the_lock_one_link_opens_several_browsers_or_people_see_errors(context: Flask, monkeypatch: pytest.MonkeyPatch):
    barrier, real = threading.Barrier(6), rules.may_be_followed

    def all_look_first(*values):
        found = real(*values)
        barrier.wait(30)
        return found

    monkeypatch.setattr(services, "lock", lambda row: row)
    monkeypatch.setattr(rules, "may_be_followed", all_look_first)
    assert follow(context, lambda: None)[0] == ({"done": 1, "OperationalError": 5} if is_sqlite(context) else {"done": 6})


def test_one_link_opens_one_browser(context: Flask):
    assert follow(context, begin_writing) == ({"done": 1, "LinkIsOver": 5}, 1)
