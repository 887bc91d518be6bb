"""Somebody who gets mail."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from congress.core.db import db
from congress.outbox.models import Message, MessageState
from congress.registration.models import Registration
from tests.factories import make_registration


@pytest.fixture
def person(context: Flask) -> Registration:
    """Somebody who speaks English and has every other message behind them."""
    made = make_registration(given_name="Zoë", family_name="O'Neil, MA", email="zoe@kanazawa.example")
    db.session.execute(update(Message).values(state=MessageState.SENT))
    db.session.commit()
    return made
