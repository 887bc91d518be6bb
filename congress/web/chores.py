"""What waits for its time: offers that end, then mails. Done by ``congress worker``, and by the demo in its one process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from congress.belongings import queries as belonging_queries
from congress.belongings import services as visits
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.errors import CongressError
from congress.events import newsletter
from congress.events import queries as sign_up_queries
from congress.events import services as sign_ups
from congress.programme.models import ProgrammeItem
from congress.programme.publishing import queries as publishing
from congress.registration import places
from congress.registration.bookings import offers
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.web import mail
from congress.web import publishing as releasing

_SEEN = "worker.seen"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    """``due`` only reads: ids of what has something to be done (of a congress, an item …). ``do`` is done for each, in a transaction of its own."""

    name: str
    due: Callable[[datetime], Sequence[int]]
    do: Callable[[int, datetime], object]


def _lapse_offers(congress_id: int, moment: datetime) -> None:
    offers.lapse_offers(db.session.get_one(Congress, congress_id), now=moment)


def _lapse_bookings(item_id: int, moment: datetime) -> None:
    bookings.lapse_offers(db.session.get_one(ProgrammeItem, item_id), now=moment)


CHORES = (
    Chore("offers of places", places.congresses_with_lapsed_offers, _lapse_offers),
    Chore("offers in sessions", booking_queries.items_with_lapsed_offers, _lapse_bookings),
    Chore("sign-ups of the public", sign_up_queries.items_with_due, sign_ups.lapse_due),
    Chore("planned releases", publishing.due_plans, releasing.carry_out),
    Chore("mails about releases", publishing.congresses_with_due_mails, releasing.tell_due),
    Chore("newsletter never confirmed", newsletter.never_confirmed, newsletter.forget),
    Chore("visits that are over", belonging_queries.over, visits.forget),
)


def seen_at(app: Flask) -> datetime | None:
    """When a worker last looked for something to do, on any machine that shares the instance folder."""
    try:
        return datetime.fromtimestamp((Path(app.instance_path) / _SEEN).stat().st_mtime, UTC)
    except OSError:
        return None


def _be_seen(app: Flask) -> None:
    try:
        Path(app.instance_path).mkdir(parents=True, exist_ok=True)
        (Path(app.instance_path) / _SEEN).touch()
    except OSError as problem:  # a full disk stops no mail
        _log.warning("the instance folder cannot be written (%s)", problem.strerror)


def do_due(app: Flask, *, is_ending: Callable[[], bool] = lambda: False) -> int:
    """Do what is due, so that its mails leave at once too; how many mails left.

    Once ``is_ending`` says so, what is being done is finished and nothing else is begun. What goes wrong with one thing is told to the log and tried again the next time; it never stops the others.
    """
    _be_seen(app)
    with app.app_context():
        for chore in CHORES:
            _do(chore, now(), is_ending)
    return mail.deliver_due(app, is_ending=is_ending)


def _do(chore: Chore, moment: datetime, is_ending: Callable[[], bool]) -> None:
    try:
        due = chore.due(moment)
    except SQLAlchemyError as problem:
        due = []
        _log.warning("%s: not looked for (%s)", chore.name, type(problem).__name__)
    db.session.rollback()  # nothing is held, nor the database of SQLite taken, where there is nothing to do
    for each in due:
        if is_ending():
            return
        try:
            begin_writing()
            chore.do(each, moment)
            db.session.commit()
        except (CongressError, SQLAlchemyError) as problem:
            db.session.rollback()
            _log.warning("%s: %s not done (%s)", chore.name, each, type(problem).__name__)
