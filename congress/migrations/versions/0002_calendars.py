"""what calendars need: when a row changed, online rooms, directions, and a token for each purpose

Revision ID: 0002
Revises: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
# Table, column, type, value of the rows that are there.
_NEW: list[tuple[str, str, Any, Any]] = [
    ("congresses", "version", sa.Integer(), sa.text("1")),
    ("congresses", "changed_at", _MOMENT, sa.func.current_timestamp()),
    ("contributors", "may_be_named", sa.Boolean(), sa.true()),  # so far all were printed
    ("placements", "changed_at", _MOMENT, sa.func.current_timestamp()),
    ("programme_items", "stream_url", sa.String(length=500), sa.literal("")),
    ("programme_items", "join_url", sa.String(length=500), sa.literal("")),
    ("programme_items", "version", sa.Integer(), sa.text("1")),
    ("programme_items", "changed_at", _MOMENT, sa.func.current_timestamp()),
    ("releases", "are_people_told", sa.Boolean(), sa.false()),
    ("venues", "directions", sa.JSON(), None),
]
_PURPOSES = ("own", "delegation", "field", "draft")
_LIVE = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    for table, column, kind, _value in _NEW:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column(column, kind, nullable=True))
    for table, column, _kind, value in _NEW:
        if value is not None:
            op.execute(sa.update(sa.table(table, sa.column(column))).values({column: value}))
    op.execute("UPDATE venues SET directions = '{}'")
    for table in dict.fromkeys(table for table, *_rest in _NEW):
        with op.batch_alter_table(table) as batch_op:
            for name, column, kind, _value in _NEW:
                if name == table:
                    batch_op.alter_column(column, existing_type=kind, nullable=False)

    purpose = sa.Enum(*_PURPOSES, name="purpose", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("feed_tokens") as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("congress_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.drop_index("uq_feed_tokens_live")
        batch_op.drop_constraint(op.f("uq_feed_tokens_registration_id_version"), type_="unique")
        batch_op.alter_column("registration_id", existing_type=sa.Integer(), nullable=True)
    op.execute(
        "UPDATE feed_tokens SET purpose = 'own', congress_id ="
        " (SELECT registrations.congress_id FROM registrations WHERE registrations.id = feed_tokens.registration_id)"
    )
    with op.batch_alter_table("feed_tokens") as batch_op:
        batch_op.alter_column("purpose", existing_type=sa.String(length=32), type_=purpose, nullable=False)
        batch_op.alter_column("congress_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(op.f("fk_feed_tokens_congress_id_congresses"), "congresses", ["congress_id"], ["id"])
        batch_op.create_foreign_key(
            op.f("fk_feed_tokens_account_id_accounts"), "accounts", ["account_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_check_constraint(
            op.f("ck_feed_tokens_registration_where_needed"), "(purpose = 'draft') = (registration_id IS NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_feed_tokens_account_where_needed"), "(purpose = 'draft') = (account_id IS NOT NULL)"
        )
        batch_op.create_unique_constraint(
            op.f("uq_feed_tokens_registration_id_purpose_version"), ["registration_id", "purpose", "version"]
        )
        batch_op.create_unique_constraint(
            op.f("uq_feed_tokens_account_id_congress_id_version"), ["account_id", "congress_id", "version"]
        )
        batch_op.create_index(
            "uq_feed_tokens_live", ["registration_id", "purpose"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        )
        batch_op.create_index(
            "uq_feed_tokens_live_draft", ["account_id", "congress_id"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        )

    _set_states("queued", "sent", "failed", "dropped")


def downgrade() -> None:
    op.execute("UPDATE messages SET state = 'failed' WHERE state = 'dropped'")
    _set_states("queued", "sent", "failed")

    op.execute("DELETE FROM feed_tokens WHERE purpose <> 'own'")
    with op.batch_alter_table("feed_tokens") as batch_op:
        batch_op.drop_index("uq_feed_tokens_live_draft")
        batch_op.drop_index("uq_feed_tokens_live")
        batch_op.drop_constraint(op.f("uq_feed_tokens_account_id_congress_id_version"), type_="unique")
        batch_op.drop_constraint(op.f("uq_feed_tokens_registration_id_purpose_version"), type_="unique")
        batch_op.drop_constraint(op.f("ck_feed_tokens_account_where_needed"), type_="check")
        batch_op.drop_constraint(op.f("ck_feed_tokens_registration_where_needed"), type_="check")
        batch_op.drop_constraint(op.f("ck_feed_tokens_purpose"), type_="check")
        batch_op.drop_constraint(op.f("fk_feed_tokens_account_id_accounts"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_feed_tokens_congress_id_congresses"), type_="foreignkey")
        batch_op.drop_column("account_id")
        batch_op.drop_column("congress_id")
        batch_op.drop_column("purpose")
        batch_op.alter_column("registration_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_feed_tokens_registration_id_version"), ["registration_id", "version"])
        batch_op.create_index("uq_feed_tokens_live", ["registration_id"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)

    for table, column, _kind, _value in reversed(_NEW):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)


def _set_states(*states: str) -> None:
    kind = sa.String(length=32)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(op.f("ck_messages_messagestate"), type_="check")
        batch_op.alter_column("state", existing_type=kind, type_=kind)
        listed = ", ".join(f"'{state}'" for state in states)
        batch_op.create_check_constraint(op.f("ck_messages_messagestate"), f"state IN ({listed})")
