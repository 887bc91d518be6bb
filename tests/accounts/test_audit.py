"""The audit log: what is written, what is masked, and that nobody changes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from congress.accounts import audit, trail
from congress.accounts.audit import KEPT_DAYS, MASK, AuditEntry, Origin, network_of, record
from congress.core.db import begin_writing, db
from congress.core.sealed import Sealed
from congress.delegates.vocabulary import Category
from congress.outbox.models import Message
from congress.registration.models import SensitiveLook
from tests.factories import make_full_registration, the_congress, the_item


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET account = 'x'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_the_log(undone, change):
    record("changed", label="a room")
    with pytest.raises(DBAPIError, match="audit log"):
        db.session.execute(sa.text(change))


def test_what_was_kept_for_three_years_may_be_deleted(undone):
    old = datetime.now(UTC) - timedelta(days=KEPT_DAYS + 1)
    record("changed", label="old", now=old)
    assert db.session.execute(sa.text("DELETE FROM audit_entries WHERE label = 'old'")).rowcount == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_the_log_holds_the_network_and_not_the_machine(address, network):
    assert network_of(address) == network


def test_every_sealed_column_and_every_digest_is_masked():
    """Whoever adds a column with a secret in it finds it masked, or this test red."""
    shown = [
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if table.name not in trail.UNHEARD and not trail.is_masked(column, table.name)
        and (isinstance(column.type, Sealed) or column.name.endswith(("digest", "_token", "password", "_secret", "_key", "codes")))
    ]  # fmt: skip
    assert shown == []


@pytest.fixture
def at_the_desk(context):
    """Somebody works here."""
    begin_writing()
    audit.begin(Origin("olga@krakowice.example", 7, "desk.venues.room", "r1", "203.0.113.0/24", the_congress().id))
    return context


def noted() -> list[tuple[str, str, str, dict[str, list[object]]]]:
    """What the log says after the commit: deed, kind, label, old and new."""
    db.session.commit()
    return [
        (each.what, each.kind, each.label, each.changes)
        for each in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


def test_a_row_has_one_entry_from_its_oldest_to_its_newest_value(at_the_desk):
    item = the_item("P037")
    before = item.places
    for places in (31, 32, 33):
        item.places = places
        db.session.flush()
    found = noted()
    assert [each[:3] for each in found] == [("changed", "programme_items", "P037")]
    assert found[0][3]["places"] == [before, 33]
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.account, entry.account_id, entry.page, entry.request_id, entry.address, entry.congress_id) == (
        "olga@krakowice.example", 7, "desk.venues.room", "r1", "203.0.113.0/24", the_congress().id,
    )  # fmt: skip


def test_what_is_written_over_without_having_been_read_stands_in_the_log_all_the_same(at_the_desk):
    item = the_item("P037")
    before, titles = item.places, item.titles
    db.session.commit()  # from here on nothing of it is known
    begin_writing()
    item.places, item.titles = 55, titles
    assert noted() == [("changed", "programme_items", "P037", {"places": [before, 55]})]


def test_of_people_the_log_holds_no_words(at_the_desk):
    made = make_full_registration()
    made.delegate.person.email = "other@kanazawa.example"
    made.delegate.category = Category.MAYOR
    found = noted()
    said = str(found)
    assert [word for word in ("Nomsa", "kanazawa.example", "halal", "ZA0123456", "nuts", "Hotel Wanda") if word in said] == []
    changes = {kind: changed for _what, kind, _label, changed in found}
    assert (changes["people"]["email"], changes["delegates"]["category"]) == ([None, MASK], [None, "mayor"])
    assert changes["passports"]["content"] == [None, MASK]


def test_what_is_undone_up_to_a_savepoint_is_not_in_the_log(at_the_desk):
    item = the_item("P037")
    with pytest.raises(ZeroDivisionError), db.session.begin_nested():
        item.places = 31
        db.session.flush()
        _ = 1 / 0
    with db.session.begin_nested():
        the_item("P038").places = 32
    assert [(what, label) for what, _kind, label, _changes in noted()] == [("changed", "P038")]
    the_item("P037").places = 40
    db.session.flush()
    db.session.rollback()
    assert len(noted()) == 1


def test_a_statement_for_many_rows_leaves_an_entry_too(at_the_desk):
    db.session.execute(delete(SensitiveLook))
    db.session.execute(update(Message).values(attempts=3))
    assert [each[:3] for each in noted()] == [("changed", "messages", "× 1")]  # the first one met nothing


def test_who_has_no_account_leaves_no_entry(context):
    begin_writing()
    make_full_registration()
    assert noted() == []
