"""sign-in by Flask-Security: its columns; our tickets and guesses end

Carried over: authenticator apps and passkeys. Not carried over: recovery codes, of which only digests are known (whoever had some makes
new ones), and links and invitations that are on their way (invitations are sent again at the desk). Everybody signs in once more.

Revision ID: 0009
Revises: 0008
"""

import base64
import json
from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op

from congress.core import sealed

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_NEW: list[tuple[str, Any]] = [
    ("invited_at", _MOMENT),
    ("tf_primary_method", sa.String(length=64)),
    ("tf_totp_secret", sa.Text()),
    ("mf_recovery_codes", sa.Text()),
    ("us_totp_secrets", sa.Text()),
    ("code_sent_at", _MOMENT),
    ("code_tries", sa.Integer()),
    ("password_link_digest", sa.String(length=64)),
    ("address_link_digest", sa.String(length=64)),
    ("fs_webauthn_user_handle", sa.String(length=64)),
]
_ACCOUNTS = sa.table("accounts", *map(sa.column, ("id", "totp_secret", *(name for name, _kind in _NEW))))


def upgrade() -> None:
    with op.batch_alter_table("accounts") as batch_op:
        for name, kind in _NEW:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    op.execute(sa.update(_ACCOUNTS).values(code_tries=0))
    _carry_apps()
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.alter_column("code_tries", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_accounts_fs_webauthn_user_handle"), ["fs_webauthn_user_handle"])
        batch_op.drop_column("totp_secret")
    found = _passkeys()
    op.drop_table("passkeys")
    _create_passkeys()
    if found:
        op.bulk_insert(_PASSKEYS, found)
    op.execute(sa.text("DELETE FROM sign_ins"))
    with op.batch_alter_table("sign_ins") as batch_op:
        batch_op.drop_constraint(op.f("ck_sign_ins_way"), type_="check")
        batch_op.drop_column("way")
        batch_op.drop_column("confirmed_at")
    for table in ("sign_in_tickets", "sign_in_guesses", "recovery_codes"):
        op.drop_table(table)


def _carry_apps() -> None:
    """The key of an app was sealed as base32; Flask-Security wants it as passlib writes it (sealed as before)."""
    connection = op.get_bind()
    for number, secret in connection.execute(sa.select(_ACCOUNTS.c.id, _ACCOUNTS.c.totp_secret)).all():
        if secret is None:
            continue
        key = json.loads(sealed.unseal(secret.encode()))
        written = json.dumps(json.dumps({"v": 1, "type": "totp", "key": key}))
        values = {"tf_primary_method": "authenticator", "tf_totp_secret": sealed.seal(written.encode()).decode()}
        connection.execute(sa.update(_ACCOUNTS).where(_ACCOUNTS.c.id == number).values(values))


_PASSKEYS = sa.table(
    "passkeys",
    sa.column("id", sa.Integer), sa.column("account_id", sa.Integer), sa.column("credential_id", sa.LargeBinary),
    sa.column("public_key", sa.LargeBinary), sa.column("sign_count", sa.BigInteger), sa.column("transports", sa.JSON),
    sa.column("backup_state", sa.Boolean), sa.column("device_type", sa.String), sa.column("usage", sa.String),
    sa.column("name", sa.String), sa.column("lastuse_datetime", _MOMENT),
)  # fmt: skip


def _passkeys() -> list[dict[str, Any]]:
    """Those that are there. Flask-Security knows one by its name, so a second one of the same name gets a number."""
    old = sa.table(
        "passkeys", sa.column("id", sa.Integer), sa.column("account_id", sa.Integer), sa.column("credential", sa.String),
        sa.column("public_key", sa.LargeBinary), sa.column("sign_count", sa.BigInteger), sa.column("transports", sa.JSON),
        sa.column("name", sa.String), sa.column("made_at", _MOMENT), sa.column("used_at", _MOMENT),
    )  # fmt: skip
    seen: Counter[tuple[int, str]] = Counter()
    found = []
    for row in op.get_bind().execute(sa.select(old).order_by(old.c.id)).mappings():
        seen[row["account_id"], row["name"]] += 1
        again = seen[row["account_id"], row["name"]]
        found.append(
            {
                "account_id": row["account_id"], "credential_id": base64.urlsafe_b64decode(row["credential"] + "=="),
                "public_key": row["public_key"], "sign_count": row["sign_count"], "transports": row["transports"],
                "backup_state": False, "device_type": "", "usage": "first",
                "name": f"{row['name'][:75]} ({again})" if again > 1 else row["name"],
                "lastuse_datetime": row["used_at"] or row["made_at"],
            }
        )  # fmt: skip
    return found


def _create_passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("extensions", sa.Text(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("lastuse_datetime", _MOMENT, nullable=False),
        _of_an_account("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_account_id"), "passkeys", ["account_id"])


def downgrade() -> None:
    """Apps and passkeys are not carried back: who has no password needs a new invitation."""
    op.drop_table("passkeys")
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_constraint(op.f("uq_accounts_fs_webauthn_user_handle"), type_="unique")
        for name, _kind in _NEW:
            batch_op.drop_column(name)
        batch_op.add_column(sa.Column("totp_secret", sa.Text(), nullable=True))
    op.execute(sa.text("DELETE FROM sign_ins"))
    with op.batch_alter_table("sign_ins") as batch_op:
        batch_op.add_column(sa.Column("way", sa.String(length=32), nullable=False))
        batch_op.add_column(sa.Column("confirmed_at", _MOMENT, nullable=False))
        batch_op.create_check_constraint(op.f("ck_sign_ins_way"), "way IN ('password', 'passkey', 'code', 'link')")
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
    for table in ("sign_in_tickets", "recovery_codes", "passkeys"):
        op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"])


def _of_an_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_accounts")
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=name, ondelete="CASCADE")
