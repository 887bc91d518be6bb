"""A backup of the whole installation while it runs, and its restore elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import click
import flask_migrate
import sqlalchemy as sa
from flask import current_app
from sqlalchemy import Connection

from congress.commands import working
from congress.core import sealed, vault
from congress.core.backups import tables
from congress.core.backups.archive import BadBackup, Contents, Reader, Table, Writer
from congress.core.clock import now
from congress.core.db import db
from congress.core.tokens import derive_token, digest
from congress.web import health, purging

_HELD = ".backup-"  # folders in which a running backup holds on to files
_LEFT = timedelta(days=2)  # longer than any backup, so that such a folder is nobody's
_TRIES = 3


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def backup(file: Path) -> None:
    """Write everything into FILE, while the program runs: rows and uploaded files of one moment. "-" writes to the standard output.

    FILE holds personal data: keep it as safe as the database. The keys (CONGRESS_SECRET_KEY, CONGRESS_DATA_KEYS) are not in it: keep
    them elsewhere.
    """
    with working.app():
        if str(file) == "-":
            done = back_up(sys.stdout.buffer, now())
        else:
            with _written(file) as stream:
                done = back_up(stream, now())
    rows = sum(table.rows for table in done.tables)
    click.echo(f"{rows} rows of {len(done.tables)} tables and {len(done.files)} files are in {file}.", err=True)
    if done.missing:
        click.echo(
            f"Missing before already: {len(done.missing)} files, which their rows name: {', '.join(done.missing[:20])}.", err=True
        )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--only-check", is_flag=True, help="Only read it all and compare its checksums.")
@click.option("--other-keys", is_flag=True, help="Restore although the keys here are not those of the backup.")
def restore(file: Path, *, only_check: bool, other_keys: bool) -> None:
    """Restore FILE into an empty database, SQLite or PostgreSQL, whichever it was made from. Nothing is written unless it is whole."""
    if only_check:
        with working.plainly():
            _read(file)
        click.echo(f"{file} is whole.")
        return
    with working.app(ready=False):
        done = put_back(_read(file), other_keys=other_keys)
        problem = health.database_problem()
        if problem:
            raise click.ClickException(problem)
    rows = sum(table.rows for table in done.tables)
    click.echo(
        f"{rows} rows of {len(done.tables)} tables and {len(done.files)} files of {done.made_at} are here. Next: congress check"
    )


def _read(file: Path) -> Reader:
    reader = Reader(file)
    reader.check()
    return reader


@contextlib.contextmanager
def _written(file: Path) -> Iterator[BinaryIO]:
    """A file for its owner only, which appears whole or not at all."""
    unfinished = file.with_name(f"{file.name}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as reason:
        raise click.ClickException(f"{reason.filename or file} cannot be written: {reason.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def back_up(stream: BinaryIO, moment: datetime) -> Contents:
    """Write the rows of one moment, and the files that belong to them, while others go on writing."""
    _sweep(moment)
    with tempfile.TemporaryDirectory(prefix=_HELD, dir=vault.folder()) as held:
        connection, missing = _snapshot(Path(held))
        try:
            revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            keys = {"secret": _secret_digest(), "data": sealed.seal(b"backup").decode()}
            contents = Contents(
                version("congress"), str(revision), connection.dialect.name, moment.isoformat(), keys, missing=missing
            )
            writer = Writer(stream)
            for table in db.metadata.sorted_tables:
                columns = tables.columns_of(table)
                rows = writer.add_lines(table.name, tables.lines(connection, columns))
                last = tables.last_number(connection, columns)
                contents.tables.append(Table(table.name, [list(each) for each in columns.kinds], list(columns.key), rows, last))
            for path in sorted(Path(held).iterdir()):
                writer.add_file(path.name, path)
                contents.files.append(path.name)
            writer.end(contents)
        finally:
            db.session.rollback()
    return contents


def _snapshot(held: Path) -> tuple[Connection, list[str]]:
    """A connection that sees the rows of one moment, whose files are held on to; names of those that are nowhere.

    Somebody may delete a file between the moment and our hand on it: then there is another moment.
    """
    for attempt in range(_TRIES):
        db.session.rollback()
        is_postgresql = db.engine.dialect.name == "postgresql"
        connection = db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"} if is_postgresql else {})
        if is_postgresql:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        names = set(connection.scalars(sa.union_all(*(sa.select(owner) for owner in purging.OWNERS))))
        for path in held.iterdir():
            path.unlink()
        gone = vault.link(sorted(names), held)
        if not gone or attempt == _TRIES - 1:
            break
    return connection, sorted(gone)


def _sweep(moment: datetime) -> None:
    """What a killed backup held on to is let go: files that people deleted meanwhile are among it."""
    for folder in vault.folder().glob(f"{_HELD}*"):
        if folder.stat().st_mtime < (moment - _LEFT).timestamp():
            for path in folder.iterdir():
                path.unlink(missing_ok=True)
            folder.rmdir()


def _secret_digest() -> str:
    return digest(derive_token(current_app.config["SECRET_KEY"], "backup", "", 1))


def put_back(reader: Reader, *, other_keys: bool) -> Contents:
    """Everything into an empty database and into the folder of files. Raises BadBackup before anything is written."""
    contents = reader.contents
    if contents.revision not in health.known_revisions():
        raise BadBackup(f"The backup was made by a newer program ({contents.program}). Install that one, then restore.")
    if not other_keys:
        _check_keys(contents)
    with db.engine.connect() as connection:
        if not tables.is_empty(connection):
            raise BadBackup("The database holds something already. Restore into an empty one, so that nothing is overwritten.")
    flask_migrate.upgrade(revision=contents.revision)
    for name in contents.files:
        try:
            vault.put_back(name, reader.file(name))
        except FileExistsError:
            raise BadBackup(f"There is another file {name} in {vault.folder()}. Restore into an empty folder.") from None
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        tables.let_links_wait(connection)
        for table in contents.tables:
            columns = tables.Columns(table.name, tuple((name, kind) for name, kind in table.columns), tuple(table.key))
            tables.write(connection, columns, reader.lines(table.name))
            tables.go_on_after(connection, columns, table.last_number)
        tables.check_links(connection)
    flask_migrate.upgrade()
    return contents


def _check_keys(contents: Contents) -> None:
    try:
        sealed.unseal(contents.keys["data"].encode())
    except sealed.Unreadable:
        raise BadBackup(
            "CONGRESS_DATA_KEYS here do not open what is sealed in the backup (passports, diets, answers, files). Set those of the "
            "place where it was made; or, where they are lost for good, restore the rest with --other-keys."
        ) from None
    if contents.keys["secret"] != _secret_digest():
        raise BadBackup(
            "CONGRESS_SECRET_KEY here is not that of the backup: no secret link and no subscribed calendar would go on working. Set that "
            "of the place where it was made; or, where it is lost for good, restore with --other-keys."
        )


COMMANDS = (backup, restore)
