"""The migrations make what the models say, and can be taken back."""

from __future__ import annotations

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
