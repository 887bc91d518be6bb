"""roles with dates, the audit log

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_KEPT_DAYS = 3 * 365  # as congress.accounts.audit.KEPT_DAYS was then
_BEFORE = ("site_administrator", "organiser", "registration_desk", "programme_reader", "field_coordinator")
_AFTER = (*_BEFORE, "network_secretariat", "check_in", "data_protection")
_SITE = "(kind = 'site_administrator') = (congress_id IS NULL)"
_SCOPE = (
    "(congress_id IS NULL) = (kind IN ('site_administrator', 'network_secretariat'))"
    " AND (network_id IS NOT NULL) = (kind = 'network_secretariat')"
)
_UNIQUE = ["account_id", "kind", "congress_id", "field", "city"]
_WORDS = ("given_by", "ended_by", "reviewed_by")


def upgrade() -> None:
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.add_column(sa.Column("signed_in_at", _MOMENT, nullable=True))
    with op.batch_alter_table("roles") as batch_op:
        batch_op.add_column(sa.Column("network_id", sa.Integer(), nullable=True))
        for name in ("starts_on", "ends_on"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name in ("given_at", "reviewed_at"):
            batch_op.add_column(sa.Column(name, _MOMENT, nullable=True))
        for name in _WORDS:
            batch_op.add_column(sa.Column(name, sa.String(length=254), nullable=True))
    for name in _WORDS:
        op.execute(sa.update(sa.table("roles", sa.column(name))).values({name: ""}))
    with op.batch_alter_table("roles") as batch_op:
        for name in _WORDS:
            batch_op.alter_column(name, existing_type=sa.String(length=254), nullable=False)
        batch_op.drop_constraint(op.f("uq_roles_account_id_kind_congress_id_field_city"), type_="unique")
        for name in ("rolekind", "scope_fits_kind"):
            batch_op.drop_constraint(op.f(f"ck_roles_{name}"), type_="check")
    with op.batch_alter_table("roles") as batch_op:
        batch_op.create_check_constraint(op.f("ck_roles_rolekind"), _listed(_AFTER))
        batch_op.create_check_constraint(op.f("ck_roles_scope_fits_kind"), _SCOPE)
        batch_op.create_check_constraint(op.f("ck_roles_dates_in_order"), "ends_on >= starts_on")
        batch_op.create_foreign_key(op.f("fk_roles_network_id_networks"), "networks", ["network_id"], ["id"], ondelete="CASCADE")
        batch_op.create_index(batch_op.f("ix_roles_network_id"), ["network_id"])
        now_held = sa.text("ends_on IS NULL")
        batch_op.create_index("uq_roles_held", _UNIQUE, unique=True, sqlite_where=now_held, postgresql_where=now_held)
    _create_log()


def _listed(words: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(word) for word in words)})"


def _create_log() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("page", sa.String(length=80), nullable=False),
        sa.Column("request_id", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=50), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"])
    op.create_index("ix_audit_entries_congress_id_at", "audit_entries", ["congress_id", "at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END"
        )
        op.execute(
            "CREATE TRIGGER audit_entries_are_kept BEFORE DELETE ON audit_entries"
            f" WHEN OLD.at > datetime('now', '-{_KEPT_DAYS} days')"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is kept for three years'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '{_KEPT_DAYS} days' THEN RETURN OLD; END IF;"
        " RAISE EXCEPTION 'the audit log is never changed, and kept for three years'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries"
        " FOR EACH ROW EXECUTE FUNCTION audit_entries_stay()"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_are_kept BEFORE TRUNCATE ON audit_entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay()"
    )


def downgrade() -> None:
    """What 0004 cannot hold goes: the log, roles that have ended or have not begun, and those of new kinds."""
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_entries_stay()")
    op.execute("DELETE FROM roles WHERE ends_on IS NOT NULL OR starts_on > CURRENT_DATE")
    op.execute("DELETE FROM roles WHERE kind IN ('network_secretariat', 'check_in', 'data_protection')")
    with op.batch_alter_table("roles") as batch_op:
        batch_op.drop_index("uq_roles_held")
        batch_op.drop_index(batch_op.f("ix_roles_network_id"))
        batch_op.drop_constraint(op.f("fk_roles_network_id_networks"), type_="foreignkey")
        for name in ("rolekind", "scope_fits_kind", "dates_in_order"):
            batch_op.drop_constraint(op.f(f"ck_roles_{name}"), type_="check")
    with op.batch_alter_table("roles") as batch_op:
        for name in ("network_id", "starts_on", "ends_on", "given_at", "reviewed_at", *_WORDS):
            batch_op.drop_column(name)
        batch_op.create_check_constraint(op.f("ck_roles_rolekind"), _listed(_BEFORE))
        batch_op.create_check_constraint(op.f("ck_roles_scope_fits_kind"), _SITE)
        batch_op.create_unique_constraint(op.f("uq_roles_account_id_kind_congress_id_field_city"), _UNIQUE)
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_column("signed_in_at")
