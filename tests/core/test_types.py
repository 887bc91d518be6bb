"""Column types on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError, StatementError

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from tests.factories import the_congress, utc


def test_an_instant_of_any_zone_comes_back_in_utc(context):
    the_congress().registration_closes_at = datetime(2018, 6, 1, 23, 59, tzinfo=timezone(timedelta(hours=2)))
    db.session.commit()
    stored = the_congress().registration_closes_at
    assert (stored, stored.tzinfo) == (utc(2018, 6, 1, 21, 59), UTC)


def test_a_time_without_zone_is_refused(context):
    the_congress().registration_closes_at = datetime(2018, 6, 1, 23, 59)  # noqa: DTZ001
    with pytest.raises(StatementError, match="a time without zone cannot be stored"):
        db.session.flush()


def test_no_time_stays_no_time(context):
    the_congress().registration_closes_at = None
    db.session.commit()
    assert the_congress().registration_closes_at is None


def test_a_localised_text_comes_back_as_one(context):
    the_congress().themes = Localised(en="Crossroads", pl="Skrzyżowania")
    db.session.commit()
    stored = the_congress().themes
    assert (type(stored), stored) == (Localised, Localised(en="Crossroads", pl="Skrzyżowania"))


def test_an_equal_localised_text_is_no_change(context):
    congress = the_congress()
    congress.themes = Localised(dict(congress.themes))
    db.session.flush()
    assert db.session.is_modified(congress) is False


def test_a_word_that_is_not_in_the_list_is_refused(context):
    with pytest.raises(StatementError, match="not among the defined enum values"):
        db.session.execute(update(Congress).values(kind="party"))


def test_the_database_itself_refuses_a_word_that_is_not_in_the_list(context):
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE congresses SET kind = 'party'"))
