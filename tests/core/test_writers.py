"""Who writes waits in turn: on SQLite, which tells nobody that it is free again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from congress.core import db as database
from congress.core.db import begin_writing, db


def in_thread(app: Flask, work: Callable[[], None]) -> threading.Thread:
    def go() -> None:
        with app.app_context():
            try:
                work()
            finally:
                db.session.remove()

    thread = threading.Thread(target=go)
    thread.start()
    return thread


@pytest.fixture(autouse=True)
def only_sqlite(context: Flask) -> None:
    if db.engine.name != "sqlite":
        pytest.skip("PostgreSQL has many writers")


def test_a_writer_begins_as_soon_as_the_one_before_has_ended(context: Flask):
    began: list[float] = []

    def write() -> None:
        begin_writing()
        began.append(time.monotonic())
        db.session.commit()

    waited: list[float] = []
    for end in (db.session.commit, db.session.rollback):
        begin_writing()
        other = in_thread(context, write)
        time.sleep(0.25)  # by now SQLite's own waiting looks only every 25 ms or more
        assert len(began) == len(waited)
        end()
        ended = time.monotonic()
        other.join(10)
        waited.append(began[-1] - ended)
    assert [each < 1 for each in waited] == [True, True]


def test_whoever_could_not_begin_lets_the_next_one_on(context: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 50)
    with db.engine.connect() as another:  # as another process would: it stands in no line of ours
        another.exec_driver_sql("PRAGMA busy_timeout=50")
        another.exec_driver_sql("ROLLBACK")
        another.exec_driver_sql("BEGIN IMMEDIATE")
        with db.engine.connect() as ours:
            ours.exec_driver_sql("PRAGMA busy_timeout=50")
        with pytest.raises(OperationalError, match="locked"):
            begin_writing()
        db.session.rollback()
        another.exec_driver_sql("ROLLBACK")
    begin_writing()
    assert db.session.scalar(text("SELECT 1")) == 1
    db.session.rollback()
