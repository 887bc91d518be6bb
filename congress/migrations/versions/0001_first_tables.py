"""first tables

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_accounts_fs_uniquifier")),
    )
    op.create_table(
        "countries",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column(
            "region",
            sa.Enum(
                "africa",
                "arab_states",
                "asia_pacific",
                "europe_north_america",
                "latin_america_caribbean",
                name="region",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_countries")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "sent", "failed", name="messagestate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_messages_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.create_table(
        "networks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_networks")),
        sa.UniqueConstraint("slug", name=op.f("uq_networks_slug")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_email"), ["email"], unique=False)

    op.create_table(
        "cities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("city", "region", "union", name="citykind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name=op.f("ck_cities_on_earth")),
        sa.ForeignKeyConstraint(["country_code"], ["countries.code"], name=op.f("fk_cities_country_code_countries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cities")),
        sa.UniqueConstraint("slug", name=op.f("uq_cities_slug")),
    )
    with op.batch_alter_table("cities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cities_country_code"), ["country_code"], unique=False)

    op.create_table(
        "congresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "congress",
                "subnetwork_meeting",
                "study_visit",
                "seminar",
                "expert_meeting",
                name="congresskind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("long_names", sa.JSON(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("registration_opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("min_delegates", sa.Integer(), nullable=False),
        sa.Column("max_delegates", sa.Integer(), nullable=False),
        sa.Column("travel_minutes", sa.Integer(), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_congresses_starts_before_it_ends")),
        sa.CheckConstraint("min_delegates >= 0 AND max_delegates >= min_delegates", name=op.f("ck_congresses_limits_in_order")),
        sa.CheckConstraint(
            "registration_closes_at IS NULL OR registration_closes_at > registration_opens_at",
            name=op.f("ck_congresses_window_in_order"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_congresses_network_id_networks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_congresses")),
        sa.UniqueConstraint("slug", name=op.f("uq_congresses_slug")),
    )
    with op.batch_alter_table("congresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_congresses_network_id"), ["network_id"], unique=False)

    op.create_table(
        "delegations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_delegations_city_id_cities")),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_delegations_congress_id_congresses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
        sa.UniqueConstraint("congress_id", "city_id", name=op.f("uq_delegations_congress_id_city_id")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegations_city_id"), ["city_id"], unique=False)

    op.create_table(
        "host_cities",
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_host_cities_city_id_cities")),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_host_cities_congress_id_congresses")),
        sa.PrimaryKeyConstraint("congress_id", "city_id", name=op.f("pk_host_cities")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "member",
                "national_network",
                "index_only",
                "initiator",
                "partner",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("national_network", sa.String(length=80), nullable=False),
        sa.Column("took_index", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column(
            "since_precision",
            sa.Enum("day", "year", "after", name="precision", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_memberships_since_before_until")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_memberships_city_id_cities")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_memberships_network_id_networks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("network_id", "city_id", "since", name=op.f("uq_memberships_network_id_city_id_since")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_city_id"), ["city_id"], unique=False)
        batch_op.create_index(
            "uq_memberships_current",
            ["network_id", "city_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "coordinator",
                "deputy",
                "steering_group",
                "network_coordinator",
                "local_operator",
                name="officekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
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
                name="field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_offices_since_before_until")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_offices_city_id_cities")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_offices_network_id_networks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint(
            "network_id", "city_id", "kind", "field", "since", name=op.f("uq_offices_network_id_city_id_kind_field_since")
        ),
    )
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offices_city_id"), ["city_id"], unique=False)

    op.create_table(
        "programme_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "plenary",
                "subgroup",
                "mayors",
                "integration",
                "workshop",
                "panel",
                "city_presentation",
                "networking",
                "ceremony",
                "steering",
                "registration",
                "break",
                "social",
                "transfer",
                "visit",
                "press",
                "debate",
                "accompanying",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
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
                name="field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "everyone",
                "delegates",
                "field",
                "invitation",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("is_plausible", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("interpretation", sa.JSON(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("organiser", sa.String(length=200), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column(
            "ticketing",
            sa.Enum("free", "ticketed", "unknown", name="ticketing", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.CheckConstraint("audience <> 'field' OR field IS NOT NULL", name=op.f("ck_programme_items_field_where_needed")),
        sa.CheckConstraint("places > 0", name=op.f("ck_programme_items_some_places")),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_programme_items_congress_id_congresses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_items")),
        sa.UniqueConstraint("congress_id", "code", name=op.f("uq_programme_items_congress_id_code")),
    )
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=254), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_releases_congress_id_congresses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("congress_id", "number", name=op.f("uq_releases_congress_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_releases_uid")),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "site_administrator",
                "organiser",
                "programme_reader",
                name="rolekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("congress_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(kind = 'site_administrator') = (congress_id IS NULL)", name=op.f("ck_roles_scope_fits_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_roles_account_id_accounts"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["congresses.id"], name=op.f("fk_roles_congress_id_congresses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("account_id", "kind", "congress_id", name=op.f("uq_roles_account_id_kind_congress_id")),
    )
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roles_congress_id"), ["congress_id"], unique=False)

    op.create_table(
        "venues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name=op.f("ck_venues_on_earth")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_venues_city_id_cities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venues")),
        sa.UniqueConstraint("slug", name=op.f("uq_venues_slug")),
    )
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_venues_city_id"), ["city_id"], unique=False)

    op.create_table(
        "contributors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "part", sa.Enum("speaker", "chair", name="part", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_items.id"], name=op.f("fk_contributors_item_id_programme_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributors")),
    )
    with op.batch_alter_table("contributors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contributors_item_id"), ["item_id"], unique=False)

    op.create_table(
        "delegates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Integer(), nullable=True),
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
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "delegation_id IS NOT NULL OR category NOT IN ('delegate', 'mayor', 'coordinator', 'companion')",
            name=op.f("ck_delegates_city_where_needed"),
        ),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_delegates_congress_id_congresses")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegations.id"], name=op.f("fk_delegates_delegation_id_delegations")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_delegates_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegates")),
    )
    with op.batch_alter_table("delegates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegates_congress_id"), ["congress_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegates_delegation_id"), ["delegation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegates_person_id"), ["person_id"], unique=False)

    op.create_table(
        "designations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
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
                name="field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_designations_since_before_until")),
        sa.ForeignKeyConstraint(["membership_id"], ["memberships.id"], name=op.f("fk_designations_membership_id_memberships")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designations")),
        sa.UniqueConstraint("membership_id", "since", name=op.f("uq_designations_membership_id_since")),
    )
    op.create_table(
        "released_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_released_entries_congress_id_congresses")),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name=op.f("fk_released_entries_release_id_releases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_entries")),
        sa.UniqueConstraint("uid", "sequence", name=op.f("uq_released_entries_uid_sequence")),
    )
    with op.batch_alter_table("released_entries", schema=None) as batch_op:
        batch_op.create_index("ix_released_entries_congress", ["congress_id", "is_current"], unique=False)
        batch_op.create_index(batch_op.f("ix_released_entries_release_id"), ["release_id"], unique=False)
        batch_op.create_index(
            "uq_released_entries_current",
            ["uid"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("equipment", sa.JSON(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_rooms_holds_somebody")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_rooms_venue_id_venues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("venue_id", "slug", name=op.f("uq_rooms_venue_id_slug")),
    )
    op.create_table(
        "travel_times",
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("other_venue_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("venue_id < other_venue_id AND minutes >= 0", name=op.f("ck_travel_times_one_row_a_pair")),
        sa.ForeignKeyConstraint(["other_venue_id"], ["venues.id"], name=op.f("fk_travel_times_other_venue_id_venues")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_travel_times_venue_id_venues")),
        sa.PrimaryKeyConstraint("venue_id", "other_venue_id", name=op.f("pk_travel_times")),
    )
    op.create_table(
        "placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "timing",
            sa.Enum("timed", "all_day", "to_be_confirmed", name="timing", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("other_city_id", sa.Integer(), nullable=True),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(timing = 'timed') = (starts_at IS NOT NULL)", name=op.f("ck_placements_timed_has_a_time")),
        sa.CheckConstraint(
            "timing <> 'all_day' OR (starts_on IS NOT NULL AND ends_on IS NOT NULL)", name=op.f("ck_placements_all_day_has_days")
        ),
        sa.CheckConstraint(
            "timing <> 'timed' OR (starts_on IS NULL AND ends_on IS NULL)", name=op.f("ck_placements_timed_has_no_days")
        ),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_placements_ends_after_it_starts")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_placements_days_in_order")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_placements_city_id_cities")),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_placements_congress_id_congresses")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_items.id"], name=op.f("fk_placements_item_id_programme_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["other_city_id"], ["cities.id"], name=op.f("fk_placements_other_city_id_cities")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_placements_room_id_rooms")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_placements_venue_id_venues")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        sa.UniqueConstraint("congress_id", "code", name=op.f("uq_placements_congress_id_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_placements_uid")),
    )
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placements_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placements_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placements_venue_id"), ["venue_id"], unique=False)

    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("congress_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("submitted", "confirmed", "cancelled", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("identity", sa.String(length=500), nullable=False),
        sa.Column("submission_key", sa.String(length=36), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["congress_id"], ["congresses.id"], name=op.f("fk_registrations_congress_id_congresses")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegates.id"], name=op.f("fk_registrations_delegate_id_delegates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_registrations_link_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_registrations_public_id")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_registrations_submission_key")),
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.create_index(
            "uq_registrations_live_delegate",
            ["delegate_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('submitted', 'confirmed')"),
            postgresql_where=sa.text("state IN ('submitted', 'confirmed')"),
        )
        batch_op.create_index(
            "uq_registrations_live_identity",
            ["congress_id", "identity"],
            unique=True,
            sqlite_where=sa.text("state IN ('submitted', 'confirmed')"),
            postgresql_where=sa.text("state IN ('submitted', 'confirmed')"),
        )

    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["programme_items.id"], name=op.f("fk_bookings_item_id_programme_items")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_bookings_registration_id_registrations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("registration_id", "item_id", name=op.f("uq_bookings_registration_id_item_id")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bookings_item_id"), ["item_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "privacy",
                "participant_list",
                "photos",
                "newsletter",
                name="consentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_consents_registration_id_registrations"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("registration_id", "kind", "given_at", name=op.f("uq_consents_registration_id_kind_given_at")),
    )
    op.create_table(
        "feed_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_feed_tokens_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_feed_tokens_digest")),
        sa.UniqueConstraint("registration_id", "version", name=op.f("uq_feed_tokens_registration_id_version")),
    )
    with op.batch_alter_table("feed_tokens", schema=None) as batch_op:
        batch_op.create_index(
            "uq_feed_tokens_live",
            ["registration_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("feed_tokens", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_feed_tokens_live", sqlite_where=sa.text("revoked_at IS NULL"), postgresql_where=sa.text("revoked_at IS NULL")
        )

    op.drop_table("feed_tokens")
    op.drop_table("consents")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bookings_item_id"))

    op.drop_table("bookings")
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_registrations_live_identity",
            sqlite_where=sa.text("state IN ('submitted', 'confirmed')"),
            postgresql_where=sa.text("state IN ('submitted', 'confirmed')"),
        )
        batch_op.drop_index(
            "uq_registrations_live_delegate",
            sqlite_where=sa.text("state IN ('submitted', 'confirmed')"),
            postgresql_where=sa.text("state IN ('submitted', 'confirmed')"),
        )

    op.drop_table("registrations")
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placements_venue_id"))
        batch_op.drop_index(batch_op.f("ix_placements_room_id"))
        batch_op.drop_index(batch_op.f("ix_placements_item_id"))

    op.drop_table("placements")
    op.drop_table("travel_times")
    op.drop_table("rooms")
    with op.batch_alter_table("released_entries", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_released_entries_current", sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current")
        )
        batch_op.drop_index(batch_op.f("ix_released_entries_release_id"))
        batch_op.drop_index("ix_released_entries_congress")

    op.drop_table("released_entries")
    op.drop_table("designations")
    with op.batch_alter_table("delegates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegates_person_id"))
        batch_op.drop_index(batch_op.f("ix_delegates_delegation_id"))
        batch_op.drop_index(batch_op.f("ix_delegates_congress_id"))

    op.drop_table("delegates")
    with op.batch_alter_table("contributors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contributors_item_id"))

    op.drop_table("contributors")
    with op.batch_alter_table("venues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_venues_city_id"))

    op.drop_table("venues")
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roles_congress_id"))

    op.drop_table("roles")
    op.drop_table("releases")
    op.drop_table("programme_items")
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offices_city_id"))

    op.drop_table("offices")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_memberships_current", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_memberships_city_id"))

    op.drop_table("memberships")
    op.drop_table("host_cities")
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegations_city_id"))

    op.drop_table("delegations")
    with op.batch_alter_table("congresses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_congresses_network_id"))

    op.drop_table("congresses")
    with op.batch_alter_table("cities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cities_country_code"))

    op.drop_table("cities")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_email"))

    op.drop_table("people")
    op.drop_table("networks")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_due", sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'")
        )

    op.drop_table("messages")
    op.drop_table("countries")
    op.drop_table("accounts")
