"""Rows of whole tables to lines of text and back, the same for SQLite and PostgreSQL.

Columns are read as what they are stored as, never as what the program makes of them: what is sealed stays sealed, and JSON stays the
text that it is, so that whatever is made from it later is the same byte for byte.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

from congress.core.types import UtcDateTime

AT_ONCE = 1000  # rows in memory
# By a kind's name: the type that it is asked and written as, to JSON, from JSON.
_Turn = Callable[[Any], Any]
_KINDS: dict[str, tuple[TypeEngine[Any], _Turn, _Turn]] = {
    "boolean": (sa.Boolean(), bool, bool),
    "integer": (sa.BigInteger(), int, int),
    "number": (sa.Double(), float, float),
    "text": (sa.Text(), str, str),
    "json": (sa.Text(), str, str),
    "instant": (UtcDateTime(), datetime.isoformat, datetime.fromisoformat),
    "date": (sa.Date(), date.isoformat, date.fromisoformat),
    "time": (sa.Time(), time.isoformat, time.fromisoformat),
    "bytes": (sa.LargeBinary(), lambda value: base64.b64encode(value).decode(), base64.b64decode),
}
_OF_TYPES: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (sa.Boolean, "boolean"), (sa.Integer, "integer"), (sa.Float, "number"), (sa.JSON, "json"), (sa.String, "text"),
    (sa.Date, "date"), (sa.Time, "time"), (sa.LargeBinary, "bytes"),
)  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """A table as a backup knows it: names and kinds of its columns. ``key`` are those of its primary key."""

    table: str
    kinds: tuple[tuple[str, str], ...]
    key: tuple[str, ...] = ()

    @property
    def plain(self) -> sa.TableClause:
        """The table with plain types."""
        return sa.table(self.table, *(sa.column(name, _KINDS[kind][0]) for name, kind in self.kinds))


def columns_of(table: sa.Table) -> Columns:
    """Raises TypeError for a column of a kind that no backup knows yet."""
    kinds = tuple((column.name, _kind(column)) for column in table.columns)
    return Columns(table.name, kinds, tuple(column.name for column in table.primary_key.columns))


def _kind(column: sa.Column[Any]) -> str:
    stored: TypeEngine[Any] = column.type
    if isinstance(stored, UtcDateTime):
        return "instant"
    if isinstance(stored, TypeDecorator):
        stored = stored.impl_instance
    found = next((kind for known, kind in _OF_TYPES if isinstance(stored, known)), None)
    if found is None:
        raise TypeError(f"{column.table.name}.{column.name}: no backup knows {type(column.type).__name__} yet")
    return found


def lines(connection: Connection, columns: Columns) -> Iterator[bytes]:
    """The rows in the order of their key, each a line with a list; as many in memory as AT_ONCE, however many there are."""
    plain = columns.plain
    asked = [sa.cast(plain.c[name], sa.Text) if kind == "json" else plain.c[name] for name, kind in columns.kinds]
    chosen = sa.select(*asked).order_by(*_order(connection, columns)).execution_options(yield_per=AT_ONCE)
    turns = [_KINDS[kind][1] for _name, kind in columns.kinds]
    for row in connection.execute(chosen):
        values = [None if value is None else turn(value) for turn, value in zip(turns, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _order(connection: Connection, columns: Columns) -> list[sa.ColumnElement[Any]]:
    """By the key, texts sign by sign on either database."""
    by_sign = "C" if connection.dialect.name == "postgresql" else "BINARY"
    kinds = dict(columns.kinds)
    key = [columns.plain.c[name] for name in columns.key]
    return [sa.collate(column, by_sign) if kinds[column.name] == "text" else column for column in key]


def write(connection: Connection, columns: Columns, found: Iterable[bytes]) -> int:
    """Insert rows of ``lines``; how many. Links between rows are not looked at before ``links_checked_at_the_end`` is over."""
    plain, is_postgresql = columns.plain, connection.dialect.name == "postgresql"
    values: dict[str, Any] = {}
    for name, kind in columns.kinds:
        bound = sa.bindparam(name, type_=_KINDS[kind][0])
        values[name] = sa.cast(bound, sa.JSON) if kind == "json" and is_postgresql else bound
    statement, turns = sa.insert(plain).values(values), [(name, _KINDS[kind][2]) for name, kind in columns.kinds]
    written = 0
    for part in _parts(found):
        rows = [
            {name: None if value is None else turn(value) for (name, turn), value in zip(turns, json.loads(line), strict=True)}
            for line in part
        ]
        connection.execute(statement, rows)
        written += len(rows)
    return written


def _parts(found: Iterable[bytes]) -> Iterator[Sequence[bytes]]:
    waiting = iter(found)
    while part := list(itertools.islice(waiting, AT_ONCE)):
        yield part


def let_links_wait(connection: Connection) -> None:
    """From now on rows may point to rows that come later; the transaction's end checks them all."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        return
    for table, name in _links(connection):
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED")


def check_links(connection: Connection) -> None:
    """Check what ``let_links_wait`` let wait, and let nothing wait any more. Raises IntegrityError; on SQLite the commit does."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in _links(connection):
            connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE")


def _links(connection: Connection) -> list[tuple[str, str]]:
    """Table and name of each foreign key, quoted as SQL wants them."""
    found = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    )
    return [(row[0], row[1]) for row in found]


def last_number(connection: Connection, columns: Columns) -> int:
    """The highest id that PostgreSQL has given away in this table; 0 where there is none, and on SQLite, which looks at the rows."""
    name = _counter(connection, columns)
    if name is None:
        return 0
    return int(connection.scalar(sa.select(sa.func.pg_sequence_last_value(sa.cast(name, postgresql.REGCLASS)))) or 0)


def go_on_after(connection: Connection, columns: Columns, number: int) -> None:
    """The next row of this table gets an id above ``number``, and above all that are there."""
    name = _counter(connection, columns)
    if name is not None:
        highest = connection.scalar(sa.select(sa.func.max(columns.plain.c.id))) or 0
        if last := max(number, highest):
            connection.execute(sa.select(sa.func.setval(name, last)))


def _counter(connection: Connection, columns: Columns) -> str | None:
    if connection.dialect.name != "postgresql" or columns.key != ("id",):
        return None
    found: str | None = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(f'"{columns.table}"', "id")))
    return found


def is_empty(connection: Connection) -> bool:
    """Whether there is no row in any table; that of the migrations does not count."""
    names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    return not any(connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first() for name in names)
