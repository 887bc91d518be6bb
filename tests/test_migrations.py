"""The migrations make what the models say, and can be taken back."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from congress.core.db import db
from congress.core.types import UtcDateTime


@pytest.fixture
def empty(new_app):
    """An application on an empty database."""
    with (app := new_app()).app_context():
        yield app


def tables() -> set[str]:
    with db.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def is_other_type(_context, _column, _other, stored, wanted) -> bool | None:
    return False if isinstance(wanted, UtcDateTime) and isinstance(stored, sa.DateTime) else None


def differences() -> list[object]:
    with db.engine.connect() as connection:
        options = {"compare_type": is_other_type, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)


def checks() -> dict[str, set[str]]:
    """Names of the CHECK constraints of each table, which alembic does not compare."""
    with db.engine.connect() as connection:
        look = sa.inspect(connection)
        return {name: {str(each["name"]) for each in look.get_check_constraints(name)} for name in db.metadata.tables}


def test_the_migrations_make_what_the_models_say(empty):
    flask_migrate.upgrade()
    assert differences() == []


def test_every_table_of_the_models_exists(empty):
    flask_migrate.upgrade()
    assert tables() == {*db.metadata.tables, "alembic_version"}


def test_every_check_of_the_models_exists(empty):
    flask_migrate.upgrade()
    wanted = {
        name: {str(each.name) for each in table.constraints if isinstance(each, sa.CheckConstraint)}
        for name, table in db.metadata.tables.items()
    }
    assert checks() == wanted


def test_everything_can_be_taken_back_and_made_again(empty):
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    assert tables() == {"alembic_version"}
    flask_migrate.upgrade()
    assert differences() == []


def test_a_second_upgrade_changes_nothing(empty):
    flask_migrate.upgrade()
    before = checks()
    flask_migrate.upgrade()
    assert (checks(), differences()) == (before, [])


# Rows that are there before a migration.

_NAMES = '{"en": "X", "pl": "Ż"}'
_AT = "2018-05-02 09:00:00.000000"
_CITY = {"id": 3, "slug": "krakow", "kind": "city", "names": _NAMES, "country_code": "PL", "latitude": 50.06, "longitude": 19.94, "population": None}  # fmt: skip
_CONGRESS = {
    "network_id": 1, "kind": "congress", "names": _NAMES, "long_names": _NAMES, "themes": "{}", "descriptions": "{}",
    "starts_on": "2018-06-12", "ends_on": "2018-06-15", "timezone": "Europe/Warsaw", "languages": '["en"]',
    "registration_opens_at": None, "registration_closes_at": None, "min_delegates": 1, "max_delegates": 3,
    "travel_minutes": 90, "contact_email": "",
}  # fmt: skip
_ITEM = {
    "congress_id": 5, "kind": "plenary", "field": None, "titles": _NAMES, "descriptions": "{}", "audience": "delegates",
    "is_listed": True, "is_plausible": False, "languages": '["en"]', "interpretation": "[]", "places": 30,
    "organiser": None, "website": None, "ticketing": None,
}  # fmt: skip
_PLACEMENT = {
    "congress_id": 5, "starts_at": None, "ends_at": None, "starts_on": None, "ends_on": None, "city_id": 3,
    "other_city_id": None, "venue_id": 8, "room_id": 9, "is_cancelled": False, "version": 4,
}  # fmt: skip
_REGISTRATION = {"congress_id": 5, "state": "confirmed", "link_version": 1, "submitted_at": _AT, "ended_at": None}
_MESSAGE = {"recipient": "a@b.example", "template": "x", "language": "pl", "facts": "{}", "queued_at": _AT, "due_at": _AT, "attempts": 0, "last_error": "", "sent_at": None}  # fmt: skip
# In the order of their foreign keys; the tokens are of the second congress.
ROWS_OF_0001 = [
    ("accounts", {"id": 2, "email": "o@b.example", "name": "O", "password": None, "active": True, "language": "en", "fs_uniquifier": "u", "created_at": _AT}),
    ("countries", {"code": "PL", "names": _NAMES, "region": "europe_north_america"}),
    ("networks", {"id": 1, "slug": "n", "short_name": "N", "names": _NAMES, "descriptions": "{}", "website": "", "known_on": None}),
    ("cities", _CITY),
    ("congresses", _CONGRESS | {"id": 4, "slug": "first"}),
    ("congresses", _CONGRESS | {"id": 5, "slug": "second"}),
    ("host_cities", {"congress_id": 5, "city_id": 3, "position": 0}),
    ("people", {"id": 6, "given_name": "Ż", "family_name": "Y", "email": "a@b.example", "language": "pl", "created_at": _AT}),
    ("delegations", {"id": 7, "congress_id": 5, "city_id": 3}),
    ("delegates", {"id": 7, "congress_id": 5, "person_id": 6, "delegation_id": 7, "category": "delegate", "organisation": "", "function": ""}),
    ("delegates", {"id": 8, "congress_id": 5, "person_id": 6, "delegation_id": None, "category": "press", "organisation": "", "function": ""}),
    ("venues", {"id": 8, "slug": "v", "city_id": 3, "names": _NAMES, "address": "ul. X 1", "latitude": None, "longitude": None}),
    ("rooms", {"id": 9, "venue_id": 8, "slug": "r", "names": _NAMES, "capacity": 12, "equipment": "[]", "step_free": None}),
    ("programme_items", _ITEM | {"id": 10, "type": "session", "code": "P001"}),
    ("programme_items", _ITEM | {"id": 11, "type": "event", "code": "P002", "organiser": "O", "ticketing": "free", "audience": "everyone"}),
    ("contributors", {"id": 12, "item_id": 10, "position": 0, "part": "speaker", "name": "Ł"}),
    ("placements", _PLACEMENT | {"id": 13, "uid": "uid-13", "item_id": 10, "code": "P001", "timing": "timed", "starts_at": _AT}),
    ("placements", _PLACEMENT | {"id": 14, "uid": "uid-14", "item_id": 11, "code": "P002", "timing": "to_be_confirmed"}),
    ("releases", {"id": 15, "uid": "uid-15", "congress_id": 5, "number": 1, "released_at": _AT, "released_by": "o", "notes": "{}"}),
    ("released_entries", {"id": 16, "congress_id": 5, "release_id": 15, "uid": "uid-13", "sequence": 0, "is_current": True, "content": "{}"}),
    ("registrations", _REGISTRATION | {"id": 17, "public_id": "p-17", "delegate_id": 7, "identity": "a", "submission_key": "s-17", "link_digest": "l-17"}),
    ("registrations", _REGISTRATION | {"id": 18, "public_id": "p-18", "delegate_id": 8, "identity": "b", "submission_key": "s-18", "link_digest": "l-18", "state": "cancelled", "ended_at": _AT}),
    ("bookings", {"id": 19, "registration_id": 17, "item_id": 11, "booked_at": _AT}),
    ("consents", {"id": 20, "registration_id": 17, "kind": "privacy", "version": "1", "given_at": _AT, "withdrawn_at": None}),
    ("feed_tokens", {"id": 21, "registration_id": 17, "version": 1, "digest": "d-21", "issued_at": _AT, "revoked_at": _AT}),
    ("feed_tokens", {"id": 22, "registration_id": 17, "version": 2, "digest": "d-22", "issued_at": _AT, "revoked_at": None}),
    ("feed_tokens", {"id": 23, "registration_id": 18, "version": 1, "digest": "d-23", "issued_at": _AT, "revoked_at": _AT}),
    ("messages", _MESSAGE | {"id": 24, "key": "k-24", "state": "queued"}),
    ("messages", _MESSAGE | {"id": 25, "key": "k-25", "state": "failed"}),
]  # fmt: skip
NEW_IN_0002 = {
    "congresses": {"version": 1},
    "contributors": {"may_be_named": True},
    "placements": {},
    "programme_items": {"stream_url": "", "join_url": "", "version": 1},
    "releases": {"are_people_told": False},
    "venues": {"directions": {}},
    "feed_tokens": {"purpose": "own", "congress_id": 5, "account_id": None},
}
_DATED_IN_0002 = {"congresses", "placements", "programme_items"}


def insert(table: str, row: dict[str, object]) -> None:
    columns, values = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)  # noqa: S608


def rows() -> dict[str, list[dict[str, object]]]:
    """Every row of every table as the database itself describes them, by id."""
    found = {}
    with db.engine.connect() as connection:
        described = sa.MetaData()
        described.reflect(connection)
        for table in described.sorted_tables:
            if table.name != "alembic_version":
                chosen = sa.select(table).order_by(*table.primary_key.columns)
                found[table.name] = [dict(row) for row in connection.execute(chosen).mappings()]
    return found


def with_new_columns(before: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    return {table: [row | NEW_IN_0002.get(table, {}) for row in found] for table, found in before.items()}


def without_dates_of_change(after: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """The rows without ``changed_at``, which must be of now."""
    now = datetime.now(UTC).replace(tzinfo=None)
    for table in _DATED_IN_0002:
        for row in after[table]:
            assert abs(row.pop("changed_at").replace(tzinfo=None) - now) < timedelta(minutes=5)
    return after


@pytest.fixture
def filled(empty):
    """A database of the first release of the program, with rows; what they are."""
    flask_migrate.upgrade(revision="0001")
    for table, row in ROWS_OF_0001:
        insert(table, row)
    before = rows()
    assert {table: len(found) for table, found in before.items() if found} == dict(Counter(table for table, _row in ROWS_OF_0001))
    return before


def test_rows_are_kept_and_get_the_right_new_values(filled):
    flask_migrate.upgrade(revision="0002")
    assert without_dates_of_change(rows()) == with_new_columns(filled)


def test_rows_survive_the_way_back_and_a_second_upgrade(filled):
    flask_migrate.upgrade(revision="0002")
    flask_migrate.downgrade(revision="0001")
    assert rows() == filled
    flask_migrate.upgrade(revision="0002")
    assert without_dates_of_change(rows()) == with_new_columns(filled)
    flask_migrate.upgrade()
    assert differences() == []


def test_registrations_that_are_there_are_found_by_name_mail_and_city(filled):
    flask_migrate.upgrade()
    assert {row["id"]: row["searched"] for row in rows()["registrations"]} == {17: "y z a@b.example x z", 18: "y z a@b.example"}


_TOKEN = {"purpose": "own", "congress_id": 5, "registration_id": 17, "account_id": None, "version": 3, "digest": "d-30", "issued_at": _AT, "revoked_at": _AT}  # fmt: skip


_NEVER = [
    ("feed_tokens", _TOKEN | {"congress_id": 99}),
    ("feed_tokens", _TOKEN | {"registration_id": 99}),
    ("feed_tokens", _TOKEN | {"purpose": "draft", "registration_id": None, "account_id": 99}),
    ("feed_tokens", _TOKEN | {"purpose": "draft"}),
    ("feed_tokens", _TOKEN | {"registration_id": None}),
    ("feed_tokens", _TOKEN | {"purpose": "other"}),
    ("feed_tokens", _TOKEN | {"version": 2}),
    ("feed_tokens", _TOKEN | {"revoked_at": None}),  # a second live one
    ("messages", _MESSAGE | {"key": "k-30", "state": "other"}),
    ("contributors", {"item_id": 99, "position": 0, "part": "speaker", "name": "x", "may_be_named": True}),
]


def test_what_must_never_be_is_still_refused_after_the_upgrade(filled):
    flask_migrate.upgrade(revision="0002")
    for table, row in _NEVER:
        with pytest.raises(sa.exc.IntegrityError):
            insert(table, row | {"id": 30})


def test_links_between_rows_hold_after_the_upgrade(filled):
    flask_migrate.upgrade(revision="0002")
    insert("feed_tokens", _TOKEN | {"id": 30, "purpose": "draft", "registration_id": None, "account_id": 2})
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM registrations WHERE id = 17"))
        connection.execute(sa.text("DELETE FROM accounts WHERE id = 2"))
    after = rows()
    assert ([row["id"] for row in after["feed_tokens"]], after["bookings"], after["consents"]) == ([23], [], [])
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM congresses WHERE id = 5"))


def test_the_way_back_leaves_what_0001_can_hold(filled):
    flask_migrate.upgrade(revision="0002")
    insert("feed_tokens", _TOKEN | {"id": 30, "purpose": "draft", "registration_id": None, "account_id": 2})
    insert("feed_tokens", _TOKEN | {"id": 31, "purpose": "field", "version": 1, "digest": "d-31"})
    insert("messages", _MESSAGE | {"id": 32, "key": "k-32", "state": "dropped"})
    flask_migrate.downgrade(revision="0001")
    after = rows()
    assert after["feed_tokens"] == filled["feed_tokens"]
    assert [(row["id"], row["state"]) for row in after["messages"]] == [(24, "queued"), (25, "failed"), (32, "failed")]
    taken_back = stored_checks()
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade(revision="0001")
    assert taken_back == stored_checks()


def stored_checks() -> dict[str, set[str]]:
    """Names of the CHECK constraints of the tables that there are, whatever the models say now."""
    with db.engine.connect() as connection:
        look = sa.inspect(connection)
        return {name: {str(each["name"]) for each in look.get_check_constraints(name)} for name in look.get_table_names()}
