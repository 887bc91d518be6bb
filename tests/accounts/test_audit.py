"""The audit log: what is written, what is masked, and that nobody changes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from congress.accounts import trail
from congress.accounts.audit import KEPT_DAYS, AuditEntry, network_of, record
from congress.core.db import db
from congress.core.sealed import Sealed


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


def entries(app) -> list[tuple[str, str, str, dict]]:
    with app.app_context():
        found = db.session.scalars(select(AuditEntry).where(AuditEntry.what.notin_(["signed_in"])).order_by(AuditEntry.id))
        return [(each.what, each.kind, each.label, each.changes) for each in found]
