"""delegations, places and waiting lists, the steps of the form, questions, sign-ups, the newsletter, texts of mails

Revision ID: 0003
Revises: 0002
"""

import json
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

from congress.core.text import fold, sort_text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _text(length: int) -> Any:
    return sa.String(length=length)


_BY_SIGN = sa.String(length=300).with_variant(sa.String(length=300, collation="C"), "postgresql")


# Table, column, type, value of the rows that are there (None: the column may be NULL).
_NEW: list[tuple[str, str, Any, Any]] = [
    ("bookings", "state", _text(32), "taken"),
    ("bookings", "offered_until", _MOMENT, None),
    ("congresses", "max_people", sa.Integer(), None),
    ("congresses", "offer_hours", sa.Integer(), None),
    ("congresses", "silent_days", sa.Integer(), 14),
    ("delegates", "part", _text(32), "member"),
    ("delegates", "badge_name", _text(120), ""),
    ("delegates", "badge_city", _text(120), ""),
    ("delegates", "working_language", _text(5), "en"),
    ("delegates", "also", sa.JSON(), []),
    ("delegates", "needs_interpretation", sa.Boolean(), False),
    ("delegates", "in_mayors_session", sa.Boolean(), False),
    ("delegates", "speaks", sa.Boolean(), False),
    ("delegates", "speech_title", _text(200), ""),
    ("delegates", "remark", _text(500), ""),
    ("delegations", "public_id", _text(36), ""),
    ("delegations", "state", _text(32), "not_invited"),
    ("delegations", "link_version", sa.Integer(), 1),
    ("delegations", "link_digest", _text(64), None),
    ("delegations", "code_digest", _text(64), None),
    ("delegations", "focal_name", _text(200), ""),
    ("delegations", "focal_email", _text(254), ""),
    ("delegations", "focal_language", _text(5), "en"),
    ("delegations", "invited_at", _MOMENT, None),
    ("delegations", "opened_at", _MOMENT, None),
    ("delegations", "active_at", _MOMENT, None),
    ("delegations", "submitted_at", _MOMENT, None),
    ("delegations", "decline_reason", sa.Text(), ""),
    ("delegations", "max_override", sa.Integer(), None),
    ("delegations", "min_override", sa.Integer(), None),
    ("delegations", "limit_reason", _text(300), ""),
    ("delegations", "version", sa.Integer(), 1),
    ("messages", "congress_id", sa.Integer(), None),
    ("messages", "about", _text(40), ""),
    ("people", "title", _text(40), ""),
    ("people", "pronouns", _text(40), ""),
    ("people", "phone", _text(60), ""),
    ("programme_items", "offer_hours", sa.Integer(), None),
    ("programme_items", "takes_guests", sa.Boolean(), False),
    ("programme_items", "public_places", sa.Integer(), None),
    ("programme_items", "takes_sign_ups", sa.Boolean(), False),
    ("programme_items", "sign_ups_close_at", _MOMENT, None),
    ("programme_items", "most_per_sign_up", sa.Integer(), 4),
    ("registrations", "holds_place", sa.Boolean(), False),
    ("registrations", "badge_code", _text(16), None),
    ("registrations", "started_at", _MOMENT, sa.column("submitted_at")),
    ("registrations", "queued_at", _MOMENT, None),
    ("registrations", "offered_until", _MOMENT, None),
    ("registrations", "awaits_focal_point", sa.Boolean(), False),
    ("registrations", "steps_done", sa.JSON(), []),
    ("registrations", "erasure_asked_at", _MOMENT, None),
    ("registrations", "erased_at", _MOMENT, None),
    ("registrations", "replaces_id", sa.Integer(), None),
    ("registrations", "version", sa.Integer(), 1),
    ("registrations", "searched", _text(600), ""),
    ("registrations", "sorted_as", _BY_SIGN, ""),
]
# Checks that are new on tables that are there.
_CHECKS = [
    ("bookings", "bookingstate", "state IN ('taken', 'offered', 'waiting', 'asked')"),
    ("bookings", "an_offer_ends", "(state = 'offered') = (offered_until IS NOT NULL)"),
    ("congresses", "limits_are_positive", "max_people > 0 AND offer_hours > 0 AND silent_days > 0"),
    ("delegates", "part", "part IN ('head', 'alternate', 'member', 'adviser', 'interpreter', 'companion')"),
    (
        "delegations",
        "delegationstate",
        "state IN ('not_invited', 'invited', 'opened', 'drafting', 'submitted', 'confirmed', 'declined')",
    ),
    ("delegations", "limits_are_positive", "max_override >= 0 AND min_override >= 0"),
    ("delegations", "limits_have_a_reason", "(max_override IS NULL AND min_override IS NULL) OR limit_reason <> ''"),
    ("programme_items", "some_public_places", "public_places > 0 AND offer_hours > 0 AND most_per_sign_up > 0"),
    ("registrations", "ended_holds_no_place", "NOT holds_place OR state NOT IN ('rejected', 'cancelled', 'replaced')"),
    ("registrations", "waiting_holds_an_offer", "NOT holds_place OR state <> 'waiting' OR offered_until IS NOT NULL"),
    ("registrations", "taking_part_holds_a_place", "state NOT IN ('submitted', 'confirmed', 'checked_in') OR holds_place"),
]
# Columns of fixed words: before, after.
_WORDS = [
    (
        "registrations",
        "state",
        "state",
        ("submitted", "confirmed", "cancelled"),
        ("invited", "started", "submitted", "waiting", "confirmed", "checked_in", "rejected", "cancelled", "replaced"),
    ),
    (
        "consents",
        "kind",
        "consentkind",
        ("privacy", "participant_list", "photos", "newsletter"),
        ("privacy", "participant_list", "participant_list_public", "photos", "hotel", "newsletter"),
    ),
    (
        "roles",
        "kind",
        "rolekind",
        ("site_administrator", "organiser", "programme_reader"),
        ("site_administrator", "organiser", "registration_desk", "programme_reader"),
    ),
    (
        "messages",
        "state",
        "messagestate",
        ("queued", "sent", "failed", "dropped"),
        ("queued", "sent", "failed", "refused", "dropped"),
    ),
]
_OLD_LIVE = sa.text("state IN ('submitted', 'confirmed')")
_SENT = sa.text("state IN ('submitted', 'waiting', 'confirmed', 'checked_in')")
_LIVE = sa.text("state NOT IN ('rejected', 'cancelled', 'replaced')")
_QUEUED = sa.text("state = 'waiting'")


def upgrade() -> None:
    _add_columns()
    for table, column, name, _before, after in _WORDS:
        _set_words(table, column, name, after)
    op.execute("UPDATE registrations SET holds_place = (state <> 'cancelled')")
    delegations = sa.table("delegations", sa.column("id"), sa.column("public_id"))
    for number in op.get_bind().scalars(sa.select(delegations.c.id)).all():
        op.execute(sa.update(delegations).where(delegations.c.id == number).values(public_id=str(uuid.uuid4())))
    _fill_searched()
    _change_indexes()
    for table in dict.fromkeys(table for table, *_rest in _CHECKS):
        with op.batch_alter_table(table) as batch_op:
            for of, name, rule in _CHECKS:
                if of == table:
                    batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)
    _create_tables()


def _fill_searched() -> None:
    """The words by which registrations are found and sorted, as registration.searching keeps them from now on."""
    rows = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT registrations.id, people.family_name, people.given_name, people.email, cities.names, delegates.organisation "
                "FROM registrations JOIN delegates ON delegates.id = registrations.delegate_id JOIN people ON people.id = delegates.person_id "
                "LEFT JOIN delegations ON delegations.id = delegates.delegation_id LEFT JOIN cities ON cities.id = delegations.city_id"
            )
        )
        .all()
    )
    registrations = sa.table("registrations", sa.column("id"), sa.column("searched"), sa.column("sorted_as"))
    for number, family_name, given_name, email, names, organisation in rows:
        city = (json.loads(names) if isinstance(names, str) else names or {}).values()
        words = fold(" ".join(filter(None, (family_name, given_name, email, *dict.fromkeys(city), organisation))))[:600]
        name = sort_text(f"{family_name} {given_name}")[:300]
        op.execute(sa.update(registrations).where(registrations.c.id == number).values(searched=words, sorted_as=name))


def _add_columns() -> None:
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


def _set_words(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch_op.alter_column(column, existing_type=_text(32), type_=_text(32))
        listed = ", ".join(f"'{word}'" for word in words)
        batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({listed})")


def _change_indexes() -> None:
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_index("ix_bookings_item_id")
        batch_op.create_index("ix_bookings_places", ["item_id", "state", "booked_at"])
    with op.batch_alter_table("delegations") as batch_op:
        for column in ("public_id", "link_digest", "code_digest"):
            batch_op.create_unique_constraint(op.f(f"uq_delegations_{column}"), [column])
    with op.batch_alter_table("delegates") as batch_op:
        batch_op.create_index("ix_delegates_category", ["congress_id", "category"])
        batch_op.drop_index("ix_delegates_delegation_id")
        batch_op.create_index("ix_delegates_places", ["delegation_id", "category", "part"])
    with op.batch_alter_table("messages") as batch_op:
        batch_op.create_index("ix_messages_about", ["about"])
        batch_op.create_index("ix_messages_congress", ["congress_id", "id"])
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.alter_column("submitted_at", existing_type=_MOMENT, nullable=True)
        batch_op.drop_index("uq_registrations_live_identity")
        batch_op.drop_index("uq_registrations_live_delegate")
        batch_op.create_index(
            "uq_registrations_sent_identity", ["congress_id", "identity"], unique=True, sqlite_where=_SENT, postgresql_where=_SENT
        )
        batch_op.create_index(
            "uq_registrations_live_delegate", ["delegate_id"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        )
        batch_op.create_index("ix_registrations_places", ["congress_id", "holds_place", "state"])
        batch_op.create_index("ix_registrations_identity", ["congress_id", "identity"])
        batch_op.create_index("ix_registrations_delegate_id", ["delegate_id", "holds_place"])
        batch_op.create_index("ix_registrations_sorted_as", ["congress_id", "sorted_as", "id"])
        batch_op.create_index(
            "ix_registrations_queue", ["congress_id", "queued_at"], sqlite_where=_QUEUED, postgresql_where=_QUEUED
        )
        batch_op.create_unique_constraint(op.f("uq_registrations_badge_code"), ["badge_code"])
        batch_op.create_index("ix_registrations_replaces_id", ["replaces_id"])
        batch_op.create_foreign_key(op.f("fk_registrations_replaces_id_registrations"), "registrations", ["replaces_id"], ["id"])


def _create_tables() -> None:
    op.create_table(
        "ended_links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("delegation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegations.id"], name=op.f("fk_ended_links_delegation_id_delegations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ended_links")),
    )
    with op.batch_alter_table("ended_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ended_links_delegation_id"), ["delegation_id"], unique=False)

    op.create_table(
        "mail_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_texts")),
        sa.UniqueConstraint("congress_id", "template", "language", name=op.f("uq_mail_texts_congress_id_template_language")),
    )
    with op.batch_alter_table("mail_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_texts_congress_id"), ["congress_id"], unique=False)

    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_by", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
        sa.UniqueConstraint("key", name=op.f("uq_mailings_key")),
    )
    with op.batch_alter_table("mailings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mailings_congress_id"), ["congress_id"], unique=False)

    op.create_table(
        "category_terms",
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "delegate",
                "mayor",
                "coordinator",
                "secretariat",
                "host_staff",
                "speaker",
                "national_commission",
                "observer",
                "press",
                "companion",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("max_per_city", sa.Integer(), nullable=True),
        sa.Column("max_people", sa.Integer(), nullable=True),
        sa.CheckConstraint("max_per_city >= 0 AND max_people >= 0", name=op.f("ck_category_terms_limits_are_positive")),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_category_terms_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("congress_id", "category", name=op.f("pk_category_terms")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mayor",
                "representative",
                "main",
                "alternate",
                name="contactkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("may_be_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_contacts_city_id_cities")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_contacts_network_id_networks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("network_id", "city_id", "kind", name=op.f("uq_contacts_network_id_city_id_kind")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contacts_city_id"), ["city_id"], unique=False)

    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "identity",
                "role",
                "travel",
                "needs",
                "sessions",
                "consents",
                "review",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "text",
                "long_text",
                "number",
                "choice",
                "choices",
                "yes_no",
                "date",
                "time",
                "country",
                "file",
                name="questionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("helps", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("shown_if_id", sa.Integer(), nullable=True),
        sa.Column("shown_if_value", sa.String(length=200), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "retention",
            sa.Enum(
                "passport", "needs", "travel", "kept", name="retention", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_questions_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["shown_if_id"], ["questions.id"], name=op.f("fk_questions_shown_if_id_questions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("congress_id", "code", name=op.f("uq_questions_congress_id_code")),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("asked", "listed", "left", name="subscriberstate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_subscribers_congress_id_congresses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_subscribers_link_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscribers_public_id")),
    )
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.create_index(
            "uq_subscribers_listed",
            ["congress_id", "address"],
            unique=True,
            sqlite_where=sa.text("state <> 'left'"),
            postgresql_where=sa.text("state <> 'left'"),
        )

    op.create_table(
        "windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "delegate",
                "mayor",
                "coordinator",
                "secretariat",
                "host_staff",
                "speaker",
                "national_commission",
                "observer",
                "press",
                "companion",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "step",
            sa.Enum(
                "identity",
                "role",
                "travel",
                "needs",
                "sessions",
                "consents",
                "review",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_windows_opens_before_it_closes")),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_windows_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_windows")),
    )
    with op.batch_alter_table("windows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_windows_congress_id"), ["congress_id"], unique=False)

    op.create_table(
        "delegation_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invited",
                "reminded",
                "opened",
                "added",
                "edited",
                "removed",
                "replaced",
                "submitted",
                "confirmed",
                "declined",
                "reopened",
                "link_issued",
                "link_revoked",
                "code_issued",
                "handed_over",
                "limit_set",
                name="delegationeventkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegations.id"], name=op.f("fk_delegation_events_delegation_id_delegations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation_events")),
    )
    with op.batch_alter_table("delegation_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegation_events_delegation_id"), ["delegation_id"], unique=False)

    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unconfirmed",
                "taken",
                "waiting",
                "offered",
                "cancelled",
                "lapsed",
                name="signupstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("accepts_fewer", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("submission_key", sa.String(length=36), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=False),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name=op.f("ck_sign_ups_an_offer_ends")),
        sa.CheckConstraint("people > 0", name=op.f("ck_sign_ups_some_people")),
        sa.ForeignKeyConstraint(["item_id"], ["programme_items.id"], name=op.f("fk_sign_ups_item_id_programme_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_sign_ups_link_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_ups_public_id")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_sign_ups_submission_key")),
    )
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.create_index("ix_sign_ups_places", ["item_id", "state", "queued_at"], unique=False)
        batch_op.create_index(
            "uq_sign_ups_live_address",
            ["item_id", "address"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('cancelled', 'lapsed')"),
            postgresql_where=sa.text("state NOT IN ('cancelled', 'lapsed')"),
        )

    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_answers_question_id_questions")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_answers_registration_id_registrations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("registration_id", "question_id", name=op.f("uq_answers_registration_id_question_id")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_question_id"), ["question_id"], unique=False)

    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "invited",
                "started",
                "submitted",
                "waiting",
                "confirmed",
                "checked_in",
                "rejected",
                "cancelled",
                "replaced",
                name="state_before",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "invited",
                "started",
                "submitted",
                "waiting",
                "confirmed",
                "checked_in",
                "rejected",
                "cancelled",
                "replaced",
                name="state_after",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by",
            sa.Enum(
                "person", "focal_point", "organiser", "system", name="by", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=254), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_moves_registration_id_registrations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
    )
    with op.batch_alter_table("moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moves_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "needs",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_needs_registration_id_registrations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_needs")),
    )
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "identity",
                "role",
                "travel",
                "needs",
                "sessions",
                "consents",
                "review",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_openings_registration_id_registrations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_openings_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "passports",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("needs_letter", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_passports_registration_id_registrations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_passports")),
    )
    with op.batch_alter_table("passports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passports_fingerprint"), ["fingerprint"], unique=False)

    op.create_table(
        "sensitive_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sensitive_looks_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_sensitive_looks_congress_id_congresses")),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_sensitive_looks_registration_id_registrations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensitive_looks")),
    )
    with op.batch_alter_table("sensitive_looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sensitive_looks_congress_id"), ["congress_id"], unique=False)

    op.create_table(
        "stays",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("arrival_on", sa.Date(), nullable=True),
        sa.Column("arrival_time", sa.String(length=5), nullable=False),
        sa.Column(
            "arrival_at",
            sa.Enum(
                "krk",
                "ktw",
                "krakow_station",
                "katowice_station",
                "other",
                name="arrival",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("arrival_number", sa.String(length=40), nullable=False),
        sa.Column("departure_on", sa.Date(), nullable=True),
        sa.Column("departure_time", sa.String(length=5), nullable=False),
        sa.Column(
            "departure_at",
            sa.Enum(
                "krk",
                "ktw",
                "krakow_station",
                "katowice_station",
                "other",
                name="departure",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("departure_number", sa.String(length=40), nullable=False),
        sa.Column("nights", sa.JSON(), nullable=False),
        sa.Column("hotel", sa.String(length=200), nullable=False),
        sa.Column(
            "room",
            sa.Enum("single", "twin", "none", name="roomkind", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("shares_with", sa.String(length=200), nullable=False),
        sa.Column("wants_transfer", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("departure_on >= arrival_on", name=op.f("ck_stays_leaves_after_arriving")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_stays_registration_id_registrations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_stays")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("delegation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegations.id"], name=op.f("fk_uploads_delegation_id_delegations"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_uploads_registration_id_registrations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("public_id", name=op.f("uq_uploads_public_id")),
    )
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uploads_delegation_id"), ["delegation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_uploads_registration_id"), ["registration_id"], unique=False)


def downgrade() -> None:
    """What 0002 cannot hold goes: people who wait, are invited or have begun count as withdrawn."""
    _drop_tables()
    for table in dict.fromkeys(table for table, *_rest in _CHECKS):
        with op.batch_alter_table(table) as batch_op:
            for of, name, _rule in _CHECKS:
                if of == table:
                    batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    op.execute("DELETE FROM bookings WHERE state <> 'taken'")
    op.execute("DELETE FROM consents WHERE kind IN ('participant_list_public', 'hotel')")
    op.execute("DELETE FROM roles WHERE kind = 'registration_desk'")
    op.execute("UPDATE messages SET state = 'failed' WHERE state = 'refused'")
    op.execute("UPDATE registrations SET submitted_at = started_at WHERE submitted_at IS NULL")
    op.execute(
        "UPDATE registrations SET ended_at = started_at WHERE state IN ('invited', 'started', 'waiting') AND ended_at IS NULL"
    )
    op.execute("UPDATE registrations SET state = 'confirmed' WHERE state = 'checked_in'")
    op.execute("UPDATE registrations SET state = 'cancelled' WHERE state NOT IN ('submitted', 'confirmed')")
    _change_indexes_back()
    for table, column, name, before, _after in _WORDS:
        _set_words(table, column, name, before)
    for table in reversed(list(dict.fromkeys(table for table, *_rest in _NEW))):
        with op.batch_alter_table(table) as batch_op:
            for of, column, _kind, _value in _NEW:
                if of == table:
                    batch_op.drop_column(column)


def _change_indexes_back() -> None:
    with op.batch_alter_table("registrations") as batch_op:
        batch_op.drop_constraint(op.f("fk_registrations_replaces_id_registrations"), type_="foreignkey")
        batch_op.drop_index("ix_registrations_replaces_id")
        batch_op.drop_constraint(op.f("uq_registrations_badge_code"), type_="unique")
        for index in (
            "ix_registrations_queue", "ix_registrations_identity", "ix_registrations_sorted_as", "ix_registrations_places", "ix_registrations_delegate_id", "uq_registrations_sent_identity", "uq_registrations_live_delegate",
        ):  # fmt: skip
            batch_op.drop_index(index)
        for name, columns in (("identity", ["congress_id", "identity"]), ("delegate", ["delegate_id"])):
            batch_op.create_index(
                f"uq_registrations_live_{name}", columns, unique=True, sqlite_where=_OLD_LIVE, postgresql_where=_OLD_LIVE
            )
        batch_op.alter_column("submitted_at", existing_type=_MOMENT, nullable=False)
    with op.batch_alter_table("delegates") as batch_op:
        batch_op.drop_index("ix_delegates_category")
        batch_op.drop_index("ix_delegates_places")
        batch_op.create_index("ix_delegates_delegation_id", ["delegation_id"])
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_index("ix_messages_congress")
        batch_op.drop_index("ix_messages_about")
    with op.batch_alter_table("delegations") as batch_op:
        for column in ("public_id", "link_digest", "code_digest"):
            batch_op.drop_constraint(op.f(f"uq_delegations_{column}"), type_="unique")
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_index("ix_bookings_places")
        batch_op.create_index("ix_bookings_item_id", ["item_id"])


def _drop_tables() -> None:
    with op.batch_alter_table("ended_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ended_links_delegation_id"))

    op.drop_table("ended_links")
    op.drop_table("uploads")
    op.drop_table("stays")
    with op.batch_alter_table("sensitive_looks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sensitive_looks_congress_id"))

    op.drop_table("sensitive_looks")
    with op.batch_alter_table("passports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passports_fingerprint"))

    op.drop_table("passports")
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_openings_registration_id"))

    op.drop_table("openings")
    op.drop_table("needs")
    with op.batch_alter_table("moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moves_registration_id"))

    op.drop_table("moves")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answers_question_id"))

    op.drop_table("answers")
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sign_ups_live_address",
            sqlite_where=sa.text("state NOT IN ('cancelled', 'lapsed')"),
            postgresql_where=sa.text("state NOT IN ('cancelled', 'lapsed')"),
        )
        batch_op.drop_index("ix_sign_ups_places")

    op.drop_table("sign_ups")
    with op.batch_alter_table("delegation_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegation_events_delegation_id"))

    op.drop_table("delegation_events")
    with op.batch_alter_table("windows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_windows_congress_id"))

    op.drop_table("windows")
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_subscribers_listed", sqlite_where=sa.text("state <> 'left'"), postgresql_where=sa.text("state <> 'left'")
        )

    op.drop_table("subscribers")
    op.drop_table("questions")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_city_id"))

    op.drop_table("contacts")
    op.drop_table("category_terms")
    with op.batch_alter_table("mailings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mailings_congress_id"))

    op.drop_table("mailings")
    with op.batch_alter_table("mail_texts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_texts_congress_id"))

    op.drop_table("mail_texts")
