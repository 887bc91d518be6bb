"""Run migrations on the application's database, in one transaction on both engines."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from congress.core.types import LocalisedText, UtcDateTime

db = current_app.extensions["migrate"].db


def _render(kind: str, thing: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations name the database's own types, so that they go on working when our code changes."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, LocalisedText):
        return "sa.JSON()"
    return False


def _compare(
    _context: Any, _column: Any, _other: Any, stored: sa.types.TypeEngine[Any], wanted: sa.types.TypeEngine[Any]
) -> bool | None:
    """SQLite stores an aware time as text and says so; that is no difference."""
    return False if isinstance(wanted, UtcDateTime) and isinstance(stored, sa.DateTime) else None


def _skip_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if directives and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _check_links(connection: sa.Connection, *, are_on: bool) -> None:
    """SQLite changes a table by making it anew; meanwhile rows that point to it must not be deleted with the old one."""
    if connection.dialect.name == "sqlite":
        # Of the driver, since it has no effect within a transaction.
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={'ON' if are_on else 'OFF'}")  # type: ignore[union-attr]


with db.engine.connect() as connection:
    _check_links(connection, are_on=False)
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=_render,
        compare_type=_compare,
        process_revision_directives=_skip_empty,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"rows that point to nothing: {broken[:5]}")
    connection.commit()
    _check_links(connection, are_on=True)
