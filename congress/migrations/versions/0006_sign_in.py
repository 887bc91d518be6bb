"""sign-in: second factors, passkeys, sessions, invitations

Revision ID: 0006
Revises: 0005
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
# Table, column, type, value of the rows that are there (None: the column may be NULL).
_NEW: list[tuple[str, str, Any, Any]] = [
    ("accounts", "totp_secret", sa.Text(), None),
    ("accounts", "totp_step", sa.BigInteger(), None),
    ("congresses", "requires_second_factor", sa.Boolean(), False),
]


def upgrade() -> None:
    for table in dict.fromkeys(table for table, *_rest in _NEW):
        new = [(column, kind, value) for of, column, kind, value in _NEW if of == table]
        with op.batch_alter_table(table) as batch_op:
            for column, kind, _value in new:
                batch_op.add_column(sa.Column(column, kind, nullable=True))
        for column, kind, value in new:
            if value is not None:
                op.execute(sa.update(sa.table(table, sa.column(column, kind))).values({column: value}))
        with op.batch_alter_table(table) as batch_op:
            for column, kind, value in new:
                if value is not None:
                    batch_op.alter_column(column, existing_type=kind, nullable=False)
    _create_tables()
    _create_visits()


def downgrade() -> None:
    """Who has no password because a passkey was enough needs a new one."""
    for table in ("joined_addresses", "visits", "sign_in_guesses", "passkeys", "recovery_codes", "sign_in_tickets", "sign_ins"):
        op.drop_table(table)
    for table in dict.fromkeys(table for table, *_rest in _NEW):
        with op.batch_alter_table(table) as batch_op:
            for of, column, _kind, _value in _NEW:
                if of == table:
                    batch_op.drop_column(column)


def _create_tables() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("network", sa.String(length=50), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=False),
        sa.CheckConstraint("way IN ('password', 'passkey', 'code', 'link')", name=op.f("ck_sign_ins_way")),
        _of_an_account("sign_ins"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_ins_digest")),
    )
    op.create_table(
        "sign_in_tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('invitation', 'password', 'address', 'code')", name=op.f("ck_sign_in_tickets_ticketkind")),
        sa.CheckConstraint("ends_at >= made_at", name=op.f("ck_sign_in_tickets_made_before_it_ends")),
        _of_an_account("sign_in_tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tickets")),
        sa.UniqueConstraint("uid", name=op.f("uq_sign_in_tickets_uid")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_tickets_digest")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _of_an_account("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_codes_digest")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _of_an_account("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkeys_credential")),
    )
    op.create_table(
        "sign_in_guesses",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_guesses")),
    )
    for table in ("sign_ins", "sign_in_tickets", "recovery_codes", "passkeys"):
        op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"])


def _of_an_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_accounts")
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=name, ondelete="CASCADE")


def _create_visits() -> None:
    """Of people without an account, who prove to read the mail of an address."""
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("joins_id", sa.Integer(), nullable=True),
        sa.Column("session_digest", sa.String(length=64), nullable=True),
        sa.Column("opened_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["joins_id"], ["visits.id"], name=op.f("fk_visits_joins_id_visits"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_visits_link_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visits_public_id")),
        sa.UniqueConstraint("session_digest", name=op.f("uq_visits_session_digest")),
    )
    for column in ("address", "asked_at", "joins_id"):
        op.create_index(op.f(f"ix_visits_{column}"), "visits", [column])
    op.create_table(
        "joined_addresses",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("joined_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_joined_addresses")),
    )
    op.create_index(op.f("ix_joined_addresses_person"), "joined_addresses", ["person"])
