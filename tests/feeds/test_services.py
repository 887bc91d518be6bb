"""Tokens of personal calendars."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from congress.core.db import db
from congress.core.tokens import derive_token, digest
from congress.feeds import queries, services
from congress.feeds.models import FeedToken
from congress.registration.models import Registration
from tests.factories import NOW, make_registration

KEY = "test-only-key-0123456789-abcdefghijklmnop"
LATER = NOW + timedelta(days=1)


def rows(registration: Registration) -> list[tuple[int, object, object]]:
    found = db.session.scalars(select(FeedToken).where(FeedToken.registration_id == registration.id).order_by(FeedToken.version))
    return [(row.version, row.issued_at, row.revoked_at) for row in found]


def test_a_token_is_issued_once_and_can_be_shown_again(undone):
    made = make_registration()
    tokens = {services.calendar_token(made, key=KEY, now=now) for now in (NOW, LATER)}
    assert tokens == {derive_token(KEY, "calendar", made.public_id, 1)}
    assert rows(made) == [(1, NOW, None)]


def test_the_database_holds_only_the_digest(undone):
    made = make_registration()
    token = services.calendar_token(made, key=KEY, now=NOW)
    row = queries.find_token(token)
    assert (row.registration, row.digest, queries.find_token(row.digest)) == (made, digest(token), None)


def test_a_renewed_token_ends_the_one_before(undone):
    made = make_registration()
    old = services.calendar_token(made, key=KEY, now=NOW)
    new = services.renew_calendar_token(made, key=KEY, now=LATER)
    assert rows(made) == [(1, NOW, LATER), (2, LATER, None)]
    assert (queries.find_token(old).revoked_at, queries.find_token(new).revoked_at) == (LATER, None)
    assert services.calendar_token(made, key=KEY, now=LATER) == new


def test_a_revoked_token_is_found_as_revoked_and_never_comes_back(undone):
    made = make_registration()
    old = services.calendar_token(made, key=KEY, now=NOW)
    for now in (LATER, LATER + timedelta(days=1)):
        services.revoke_calendar_tokens(made, now=now)
    assert (rows(made), queries.live_token(made)) == ([(1, NOW, LATER)], None)
    assert services.calendar_token(made, key=KEY, now=LATER) != old


def test_revoking_without_a_token_changes_nothing(undone):
    made = make_registration()
    services.revoke_calendar_tokens(made, now=NOW)
    assert rows(made) == []


def test_after_a_change_of_the_key_a_new_token_is_issued(undone):
    made = make_registration()
    services.calendar_token(made, key=KEY, now=NOW)
    token = services.calendar_token(made, key=KEY[::-1], now=LATER)
    assert (rows(made), queries.find_token(token).version) == ([(1, NOW, LATER), (2, LATER, None)], 2)


def test_a_token_that_was_never_issued_is_not_found(undone):
    assert [queries.find_token(token) for token in ("", "a" * 32)] == [None, None]


def test_a_person_has_one_live_token(undone):
    made = make_registration()
    services.calendar_token(made, key=KEY, now=NOW)
    db.session.add(FeedToken(registration_id=made.id, version=2, digest="d" * 64, issued_at=NOW))
    with pytest.raises(IntegrityError):
        db.session.flush()
