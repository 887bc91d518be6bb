"""Tokens of personal calendars."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from congress.accounts.queries import find_account
from congress.core.db import db
from congress.core.tokens import derive_token, digest
from congress.demo import ORGANISER
from congress.feeds import queries, services
from congress.feeds.models import FeedToken, Purpose
from congress.registration import services as registrations
from congress.registration.bookings import services as bookings
from congress.registration.models import Registration
from congress.registration.queries import attendee
from tests.factories import NOW, make_registration, the_congress, the_item

KEY = "test-only-key-0123456789-abcdefghijklmnop"
LATER = NOW + timedelta(days=1)
OF_A_PERSON = (Purpose.OWN, Purpose.DELEGATION, Purpose.FIELD)


def rows(registration: Registration) -> list[tuple[int, object, object]]:
    found = db.session.scalars(select(FeedToken).where(FeedToken.registration_id == registration.id).order_by(FeedToken.version))
    return [(row.version, row.issued_at, row.revoked_at) for row in found]


def find(token: str) -> FeedToken | None:
    return db.session.scalar(select(FeedToken).where(FeedToken.digest == digest(token)))


def test_a_token_is_issued_once_and_can_be_shown_again(undone):
    made = make_registration()
    tokens = {services.calendar_token(made, key=KEY, now=now) for now in (NOW, LATER)}
    assert tokens == {derive_token(KEY, "calendar", made.public_id, 1)}
    assert rows(made) == [(1, NOW, None)]


def test_the_database_holds_only_the_digest(undone):
    made = make_registration()
    token = services.calendar_token(made, key=KEY, now=NOW)
    row = find(token)
    assert (row.registration, row.digest, find(row.digest)) == (made, digest(token), None)


def test_a_renewed_token_ends_the_one_before(undone):
    made = make_registration()
    old = services.calendar_token(made, key=KEY, now=NOW)
    new = services.renew_calendar_token(made, key=KEY, now=LATER)
    assert rows(made) == [(1, NOW, LATER), (2, LATER, None)]
    assert (find(old).revoked_at, find(new).revoked_at) == (LATER, None)
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
    assert (rows(made), find(token).version) == ([(1, NOW, LATER), (2, LATER, None)], 2)


def test_a_token_that_was_never_issued_is_not_found(undone):
    assert [find(token) for token in ("", "a" * 32)] == [None, None]


def test_a_person_has_one_live_token(undone):
    made = make_registration()
    services.calendar_token(made, key=KEY, now=NOW)
    db.session.add(
        FeedToken(
            purpose=Purpose.OWN, congress_id=made.congress_id, registration_id=made.id, version=2, digest="d" * 64, issued_at=NOW
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_each_purpose_has_a_token_of_its_own_and_all_end_together(undone):
    made = make_registration()
    tokens = {purpose: services.calendar_token(made, purpose, key=KEY, now=NOW) for purpose in OF_A_PERSON}
    assert len(set(tokens.values())) == 3
    assert {purpose: find(token).purpose for purpose, token in tokens.items()} == {each: each for each in OF_A_PERSON}
    services.renew_calendar_token(made, Purpose.FIELD, key=KEY, now=LATER)
    assert [find(tokens[each]).revoked_at for each in OF_A_PERSON] == [None, None, LATER]
    services.revoke_calendar_tokens(made, now=LATER)
    assert [queries.live_token(made, each) for each in OF_A_PERSON] == [None, None, None]


def test_an_organisers_token_is_for_one_congress_and_can_be_renewed(undone):
    account = find_account(ORGANISER)
    old = services.draft_token(account, the_congress(), key=KEY, now=NOW)
    assert services.draft_token(account, the_congress(), key=KEY, now=LATER) == old
    new = services.renew_draft_token(account, the_congress(), key=KEY, now=LATER)
    assert (find(old).revoked_at, find(new).revoked_at, find(new).account_id) == (LATER, None, account.id)


def read(token: str) -> queries.Reader | None:
    rows = queries.READER.rows(db.engine, digest=digest(token))
    return queries.reader(db.engine, rows) if rows else None


def test_what_a_reader_is_told_is_read_in_one_statement(context):
    made = make_registration(city="katowice", language="pl")
    bookings.choose(made, the_item("P048"), now=NOW)
    token = services.calendar_token(made, key=KEY, now=NOW)
    db.session.commit()
    reader = read(token)
    assert (reader.purpose, reader.is_live, reader.owner, reader.language) == (Purpose.OWN, True, made.public_id, "pl")
    assert reader.attendee == attendee(made)
    assert (reader.occasion.slug, reader.occasion.names) == ("krakowice2018", the_congress().names)
    registrations.withdraw(made, now=LATER)
    db.session.commit()
    assert (read(token).is_live, read("a" * 32)) == (False, None)
