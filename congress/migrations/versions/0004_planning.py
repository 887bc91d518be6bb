"""planning: speakers, documents, offerings, proposals, conflicts that were accepted, the history of the draft, planned releases

Revision ID: 0004
Revises: 0003
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
# Table, column, type, value of the rows that are there (None: the column may be NULL).
_NEW: list[tuple[str, str, Any, Any]] = [
    ("congresses", "severities", sa.JSON(), {}),
    ("congresses", "quiet_minutes", sa.Integer(), 0),
    ("contributors", "speaker_id", sa.Integer(), None),
    ("contributors", "city_id", sa.Integer(), None),
    ("contributors", "minutes", sa.Integer(), None),
    ("programme_items", "expected", sa.Integer(), None),
    ("programme_items", "needs", sa.JSON(), []),
    ("programme_items", "needs_step_free", sa.Boolean(), False),
    ("programme_items", "setup_minutes", sa.Integer(), 0),
    ("programme_items", "clearing_minutes", sa.Integer(), 0),
    ("releases", "tell_at", _MOMENT, None),
    ("releases", "is_provisional", sa.Boolean(), False),
    ("roles", "field", sa.String(length=32), ""),
    ("roles", "city", sa.String(length=80), ""),
]
_CHECKS = [
    ("congresses", "quiet_time", "quiet_minutes >= 0"),
    ("programme_items", "plausible_needs", "expected > 0 AND setup_minutes >= 0 AND clearing_minutes >= 0"),
    ("roles", "field_fits_kind", "(kind = 'field_coordinator') = (field <> '')"),
    ("roles", "city_fits_kind", "city = '' OR kind = 'organiser'"),
]
# Columns of fixed words: before, after.
_WORDS = [
    ("contributors", "part", "part", ("speaker", "chair"), ("speaker", "chair", "interpreter", "coordinator", "mayor")),
    (
        "roles",
        "kind",
        "rolekind",
        ("site_administrator", "organiser", "registration_desk", "programme_reader"),
        ("site_administrator", "organiser", "registration_desk", "programme_reader", "field_coordinator"),
    ),
]


def upgrade() -> None:
    _create_tables()
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
    for table, column, name, _before, after in _WORDS:
        _set_words(table, column, name, after)
    for table, name, rule in _CHECKS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)
    with op.batch_alter_table("contributors") as batch_op:
        batch_op.create_index("ix_contributors_speaker_id", ["speaker_id"])
        batch_op.create_foreign_key(
            op.f("fk_contributors_speaker_id_speakers"), "speakers", ["speaker_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(op.f("fk_contributors_city_id_cities"), "cities", ["city_id"], ["id"])
    with op.batch_alter_table("roles") as batch_op:
        batch_op.drop_constraint(op.f("uq_roles_account_id_kind_congress_id"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_roles_account_id_kind_congress_id_field_city"), ["account_id", "kind", "congress_id", "field", "city"]
        )


def _set_words(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    text = sa.String(length=32)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch_op.alter_column(column, existing_type=text, type_=text)
        listed = ", ".join(f"'{word}'" for word in words)
        batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({listed})")


def downgrade() -> None:
    """What 0003 cannot hold goes: coordinators lose their role, interpreters and the like leave the items; who organised for two cities does so once."""
    op.execute("DELETE FROM roles WHERE kind = 'field_coordinator'")
    op.execute("DELETE FROM roles WHERE id NOT IN (SELECT MIN(id) FROM roles GROUP BY account_id, kind, congress_id)")
    op.execute("DELETE FROM contributors WHERE part NOT IN ('speaker', 'chair')")
    with op.batch_alter_table("roles") as batch_op:
        batch_op.drop_constraint(op.f("uq_roles_account_id_kind_congress_id_field_city"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_roles_account_id_kind_congress_id"), ["account_id", "kind", "congress_id"])
    with op.batch_alter_table("contributors") as batch_op:
        batch_op.drop_constraint(op.f("fk_contributors_city_id_cities"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_contributors_speaker_id_speakers"), type_="foreignkey")
        batch_op.drop_index("ix_contributors_speaker_id")
    for table, name, _rule in _CHECKS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    for table, column, name, before, _after in _WORDS:
        _set_words(table, column, name, before)
    for table in reversed(list(dict.fromkeys(table for table, *_rest in _NEW))):
        with op.batch_alter_table(table) as batch_op:
            for of, column, _kind, _value in _NEW:
                if of == table:
                    batch_op.drop_column(column)
    _drop_tables()


def _create_tables() -> None:
    op.create_table(
        "accepted_conflicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("accepted_by", sa.String(length=254), nullable=False),
        sa.Column("accepted_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_accepted_conflicts_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_conflicts")),
        sa.UniqueConstraint("congress_id", "fingerprint", name=op.f("uq_accepted_conflicts_congress_id_fingerprint")),
    )
    op.create_table(
        "stored_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", _MOMENT, nullable=False),
        sa.Column("uploaded_by", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_stored_files_congress_id_congresses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_files_public_id")),
    )
    with op.batch_alter_table("stored_files") as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_files_congress_id"), ["congress_id"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "everyone",
                "delegates",
                "field",
                "invitation",
                name="document_audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column(
            "proposal",
            sa.Enum(
                "waiting",
                "approved",
                "rejected",
                "replaced",
                name="document_proposal",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_documents_counted_from_one")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_documents_file_id_stored_files")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_items.id"], name=op.f("fk_documents_item_id_programme_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_documents_series_number")),
    )
    with op.batch_alter_table("documents") as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_item_id"), ["item_id"], unique=False)

    op.create_table(
        "offerings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("project", "good_practice", name="offeringkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "field",
            sa.Enum(
                "literature",
                "music",
                "film",
                "media_arts",
                "design",
                "crafts_and_folk_art",
                "gastronomy",
                name="offering_field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column("presenter", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "chosen",
                "declined",
                "withdrawn",
                name="offeringstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("offered_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.String(length=254), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 180", name=op.f("ck_offerings_some_minutes")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegations.id"], name=op.f("fk_offerings_delegation_id_delegations")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_items.id"], name=op.f("fk_offerings_item_id_programme_items"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offerings")),
    )
    with op.batch_alter_table("offerings") as batch_op:
        batch_op.create_index(batch_op.f("ix_offerings_delegation_id"), ["delegation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offerings_item_id"), ["item_id"], unique=False)

    op.create_table(
        "opening_hours",
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.CheckConstraint(
            "(opens IS NULL) = (closes IS NULL) AND closes <> opens", name=op.f("ck_opening_hours_opens_and_closes")
        ),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_opening_hours_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_opening_hours_venue_id_venues"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("congress_id", "venue_id", "day", name=op.f("pk_opening_hours")),
    )
    op.create_table(
        "planned_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("uids", sa.JSON(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("tells_people", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "released", "failed", "stopped", name="planstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("planned_by", sa.String(length=254), nullable=False),
        sa.Column("why_not", sa.String(length=500), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_planned_releases_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name=op.f("fk_planned_releases_release_id_releases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_releases")),
    )
    with op.batch_alter_table("planned_releases") as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_releases_congress_id"), ["congress_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_planned_releases_due_at"), ["due_at"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "approved",
                "rejected",
                "replaced",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.String(length=254), nullable=False),
        sa.Column("proposed_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.String(length=254), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_items.id"], name=op.f("fk_proposals_item_id_programme_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    with op.batch_alter_table("proposals") as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_item_id"), ["item_id"], unique=False)
        batch_op.create_index(
            "uq_proposals_waiting",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "speakers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sorted_as", sa.String(length=300), nullable=False),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("biographies", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("may_be_named", sa.Boolean(), nullable=False),
        sa.Column("may_show_photo", sa.Boolean(), nullable=False),
        sa.Column("agreed_at", _MOMENT, nullable=True),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_speakers_city_id_cities")),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_speakers_congress_id_congresses")),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["stored_files.id"], name=op.f("fk_speakers_photo_id_stored_files"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speakers")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_speakers_link_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_speakers_public_id")),
    )
    with op.batch_alter_table("speakers") as batch_op:
        batch_op.create_index(batch_op.f("ix_speakers_congress_id"), ["congress_id"], unique=False)

    op.create_table(
        "ended_speaker_links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_ended_speaker_links_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ended_speaker_links")),
    )
    with op.batch_alter_table("ended_speaker_links") as batch_op:
        batch_op.create_index(batch_op.f("ix_ended_speaker_links_congress_id"), ["congress_id"], unique=False)

    op.create_table(
        "unavailabilities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(room_id IS NULL) <> (speaker_id IS NULL)", name=op.f("ck_unavailabilities_of_one")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_unavailabilities_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_unavailabilities_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_unavailabilities_room_id_rooms"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.id"], name=op.f("fk_unavailabilities_speaker_id_speakers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unavailabilities")),
    )
    with op.batch_alter_table("unavailabilities") as batch_op:
        batch_op.create_index(batch_op.f("ix_unavailabilities_congress_id"), ["congress_id"], unique=False)

    op.create_table(
        "draft_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column("placement_code", sa.String(length=20), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "created",
                "edited",
                "placed",
                "cancelled",
                "restored",
                "deleted",
                "imported",
                "approved",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_draft_changes_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_items.id"], name=op.f("fk_draft_changes_item_id_programme_items"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_draft_changes_placement_id_placements"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["draft_changes.id"], name=op.f("fk_draft_changes_undoes_id_draft_changes"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_changes")),
    )
    with op.batch_alter_table("draft_changes") as batch_op:
        batch_op.create_index("ix_draft_changes_congress", ["congress_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_changes_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_changes_placement_id"), ["placement_id"], unique=False)


def _drop_tables() -> None:
    with op.batch_alter_table("draft_changes") as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_changes_placement_id"))
        batch_op.drop_index(batch_op.f("ix_draft_changes_item_id"))
        batch_op.drop_index("ix_draft_changes_congress")

    op.drop_table("draft_changes")
    with op.batch_alter_table("unavailabilities") as batch_op:
        batch_op.drop_index(batch_op.f("ix_unavailabilities_congress_id"))

    op.drop_table("unavailabilities")
    with op.batch_alter_table("ended_speaker_links") as batch_op:
        batch_op.drop_index(batch_op.f("ix_ended_speaker_links_congress_id"))

    op.drop_table("ended_speaker_links")
    with op.batch_alter_table("speakers") as batch_op:
        batch_op.drop_index(batch_op.f("ix_speakers_congress_id"))

    op.drop_table("speakers")
    with op.batch_alter_table("proposals") as batch_op:
        batch_op.drop_index(
            "uq_proposals_waiting", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        )
        batch_op.drop_index(batch_op.f("ix_proposals_item_id"))

    op.drop_table("proposals")
    with op.batch_alter_table("planned_releases") as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_releases_due_at"))
        batch_op.drop_index(batch_op.f("ix_planned_releases_congress_id"))

    op.drop_table("planned_releases")
    op.drop_table("opening_hours")
    with op.batch_alter_table("offerings") as batch_op:
        batch_op.drop_index(batch_op.f("ix_offerings_item_id"))
        batch_op.drop_index(batch_op.f("ix_offerings_delegation_id"))

    op.drop_table("offerings")
    with op.batch_alter_table("documents") as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_item_id"))

    op.drop_table("documents")
    with op.batch_alter_table("stored_files") as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_files_congress_id"))

    op.drop_table("stored_files")
    op.drop_table("accepted_conflicts")
