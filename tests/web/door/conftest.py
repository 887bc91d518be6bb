"""Calendars as programs get them, over HTTP: at the door and behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from congress.accounts.queries import find_account
from congress.congresses.models import Congress
from congress.core.db import begin_writing, db
from congress.demo import ORGANISER
from congress.feeds import services as feeds
from congress.feeds.models import Purpose
from congress.registration.bookings import services as bookings
from congress.registration.states import State
from tests.conftest import LOADED_AT
from tests.factories import NOW, make_registration, the_congress, the_item
from tests.web.door.said import AddressOf


@pytest.fixture(autouse=True)
def _at_the_time_of_the_tests(app: Flask) -> Iterator[None]:
    """It is a week after the first release, and the congress was not changed since."""
    with app.app_context():
        db.session.execute(sa.update(Congress).values(changed_at=LOADED_AT))
        db.session.commit()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def address_of(app: Flask) -> AddressOf:
    """Registers somebody; the path of the calendar for a purpose."""

    def register(purpose: Purpose = Purpose.OWN, *, chosen: tuple[str, ...] = (), **changes: object) -> str:
        with app.app_context():
            begin_writing()
            person = make_registration(**changes)
            if purpose is not Purpose.OWN:  # those are for whom the hosts have confirmed
                person.state = State.CONFIRMED
            for code in chosen:
                bookings.choose(person, the_item(code), now=NOW)
            token = feeds.calendar_token(person, purpose, key=app.config["SECRET_KEY"], now=NOW)
            db.session.commit()
            return f"/my/calendar/{token}/{purpose.file_name('krakowice2018')}.ics"

    return register


@pytest.fixture
def draft(app: Flask) -> str:
    """The path of an organiser's calendar of the draft."""
    with app.app_context():
        begin_writing()
        token = feeds.draft_token(find_account(ORGANISER), the_congress(), key=app.config["SECRET_KEY"], now=NOW)
        db.session.commit()
        return f"/my/calendar/{token}/krakowice2018-draft.ics"
