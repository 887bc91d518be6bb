"""A backup that an older program made is restored by this one: its rows come into the tables that they had, and are brought up to date there."""

from __future__ import annotations

import io
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from congress.commands import backups
from congress.core import sealed
from congress.core.backups import tables
from congress.core.backups.archive import Contents, Reader, Table, Writer
from congress.core.backups.tables import Columns
from congress.core.db import db
from congress.feeds.services import calendar_token
from congress.web import health
from tests.factories import NOW, make_full_registration
from tests.test_backup import Databases, elsewhere, feeds, other_kind  # noqa: F401  (a fixture)
from tests.test_migrations import differences

OLD = "0004"


def columns_stored() -> list[Columns]:
    """The tables that are there, with the columns that they have there."""
    look, found = sa.inspect(db.engine), []
    for table in db.metadata.sorted_tables:
        if look.has_table(table.name):
            there = {each["name"] for each in look.get_columns(table.name)}
            known = tables.columns_of(table)
            assert there <= dict(known.kinds).keys(), f"{table.name} has lost a column since: give its kind here"
            found.append(Columns(table.name, tuple(each for each in known.kinds if each[0] in there), known.key))
    return found


def content(columns: list[Columns]) -> dict[str, list[bytes]]:
    with db.engine.connect() as connection:
        return {each.table: list(tables.lines(connection, each)) for each in columns}


def back_up_as_then(path: Path, rows: dict[str, list[bytes]], columns: list[Columns]) -> None:
    """What the program of that time wrote; the format is the same since."""
    stream = io.BytesIO()
    writer = Writer(stream)
    keys = {"secret": backups._secret_digest(), "data": sealed.seal(b"backup").decode()}
    contents = Contents("0.0.4", OLD, "sqlite", NOW.isoformat(), keys)
    for each in columns:
        count = writer.add_lines(each.table, rows[each.table])
        contents.tables.append(Table(each.table, [list(kind) for kind in each.kinds], list(each.key), count))
    writer.end(contents)
    path.write_bytes(stream.getvalue())


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_rows_of_an_older_program_are_restored_and_brought_up_to_date(context: Flask, other_kind: Databases, tmp_path: Path):  # noqa: F811
    token = calendar_token(make_full_registration(), key=context.config["SECRET_KEY"], now=NOW)
    db.session.commit()
    before = feeds(context, token)
    db.session.remove()
    flask_migrate.downgrade(revision=OLD)
    columns = columns_stored()
    rows = content(columns)
    assert len(rows["programme_items"]) > 50
    back_up_as_then(tmp_path / "old", rows, columns)

    with elsewhere(other_kind, tmp_path / "elsewhere") as other:
        reader = Reader(tmp_path / "old")
        reader.check()
        backups.put_back(reader, other_keys=False)
        assert (health.database_problem(), differences()) == ("", [])
        assert content(columns) == rows
        assert feeds(other, token) == before
