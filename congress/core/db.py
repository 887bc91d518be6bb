"""The database: one session for all, names for constraints, and how each engine locks.

SQLite: WAL, foreign keys, and BEGIN IMMEDIATE for a transaction that will write, since two transactions that read first and
write later cannot both go on (a busy timeout does not help them). PostgreSQL: rows are locked by ``lock``.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ColumnElement,
    Connection,
    MetaData,
    PoolProxiedConnection,
    Result,
    Select,
    bindparam,
    event,
    inspect,
    literal_column,
    or_,
    select,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.state import InstanceState
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler

BUSY_TIMEOUT = 10_000  # milliseconds that a transaction waits for another one
_IMMEDIATE = "congress_begin_immediate"
_ALONE = "congress_alone"  # of a session: its transaction, if nobody else can write meanwhile


class Base(DeclarativeBase):
    """Base of all models; the naming convention lets migrations drop what they made."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _name_what_states_hold() -> None:
    """Let the first state of a row have each attribute that a state can have, so that none is new to a later one.

    CPython 3.11 keeps attributes that the first thirty objects of a class had beside the object. One that is new to a later object makes a
    dict of them, for which the garbage collector may run; if that collects the row of this very state, SQLAlchemy is called back and sets the
    same attribute, and the memory of the first ones is freed twice. A process whose first page loads many rows and closes its session died of it
    (``tests/core/test_states.py``). From 3.12 on the collector waits for the interpreter, so this can go with 3.11.
    """
    first: Any = InstanceState.__new__(InstanceState)
    for name in ("class_", *InstanceState.__annotations__):
        setattr(first, name, None)


_name_what_states_hold()
db = SQLAlchemy(model_class=Base, disable_autonaming=True)

# Flask-SQLAlchemy makes db.Model at run time; a type checker is told what it is.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

AnyModel = TypeVar("AnyModel", bound=Base)


def engine_options(url: str) -> dict[str, Any]:
    """Options for create_engine that fit the database behind ``url``."""
    pool = {"pool_size": 10, "max_overflow": 30}  # opened as needed; more than any number of threads a process is run with
    if url.startswith("sqlite"):
        pool = pool if url.startswith("sqlite:///") else {}  # one in memory has a single connection
        return {**pool, "connect_args": {"timeout": BUSY_TIMEOUT / 1000}}
    return {
        **pool,
        "pool_pre_ping": True,
        "connect_args": {"options": f"-c lock_timeout={BUSY_TIMEOUT} -c statement_timeout={3 * BUSY_TIMEOUT} -c timezone=UTC"},
    }


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # we say BEGIN ourselves, see _begin
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", f"busy_timeout={BUSY_TIMEOUT}"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(_IMMEDIATE)
        if writes:
            _wait_in_line(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


# SQLite tells nobody that it is free again: who waits looks after 1, 2, 5 … 100 ms, and whoever comes in between goes first. So the
# threads of one process wait for each other here, in turn. What must not happen at once SQLite itself prevents, as ever.
_lines: dict[str, threading.Lock] = {}
_IN_LINE = "congress_in_line"


def _wait_in_line(connection: Connection) -> None:
    line = _lines.setdefault(str(connection.engine.url.database), threading.Lock())
    if line.acquire(timeout=BUSY_TIMEOUT / 1000):
        connection.info[_IN_LINE] = line


@event.listens_for(Engine, "checkin")
def _leave_line(_connection: Any, record: ConnectionPoolEntry) -> None:
    if line := record.info.pop(_IN_LINE, None):
        line.release()


def ask(statement: Select[*tuple[Any, ...]], **values: Any) -> Result[*tuple[Any, ...]]:
    """The rows of a statement over columns, in the running transaction.

    Made for statements that are built once, with ``bindparam``: to build one takes longer than to ask it, and so does the
    session's way to rows. What was changed before is seen, but for a block of ``no_autoflush``.
    """
    session = db.session()
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, values)


def one_of(column: InstrumentedAttribute[Any], *values: StrEnum) -> ColumnElement[bool]:
    """``column IN values`` for words that are always the same, written out as a part of the statement.

    Where an index holds only some of these words, SQLite plans a statement anew for each value that is bound.
    """
    return or_(*(column == literal_column(f"'{value}'") for value in values))


class Question:
    """A statement that is asked all the time: compiled once, and put to the driver itself.

    Its rows come as the driver gives them, to see whether anything has changed; ``meaning`` makes values of them.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._compiled: dict[str, ExpandedState] = {}
        self._processors: dict[str, list[Any]] = {}

    def rows(self, engine: Engine, **values: str) -> tuple[tuple[Any, ...], ...]:
        """The rows for these values of the statement's parameters, read in a transaction of its own. Raises DBAPIError."""
        compiled = self._compiled.get(engine.name)
        if compiled is None:
            compiler = self.statement.compile(dialect=engine.dialect)
            assert isinstance(compiler, SQLCompiler)  # noqa: S101  (what else is made of a SELECT)
            compiled = self._compiled[engine.name] = compiler.construct_expanded_state(values)
        parameters: Any = {**compiled.parameters, **values}
        if compiled.positiontup is not None:
            parameters = [parameters[name] for name in compiled.positiontup]
        try:
            with _asking(engine) as connection:
                cursor = connection.cursor()
                cursor.execute(compiled.statement, parameters)
                return tuple(cursor.fetchall())
        except engine.dialect.loaded_dbapi.Error as problem:  # the driver's own: to everybody else as from any other read
            raise DBAPIError.instance(
                compiled.statement, None, problem, engine.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=engine.dialect
            ) from problem

    def meaning(self, engine: Engine, row: Sequence[Any]) -> list[Any]:
        """The values of a row as the columns' types have them."""
        processors = self._processors.get(engine.name)
        if processors is None:
            columns = self.statement.selected_columns
            processors = [each.type.dialect_impl(engine.dialect).result_processor(engine.dialect, None) for each in columns]
            self._processors[engine.name] = processors
        return [process(value) if process else value for process, value in zip(processors, row, strict=True)]


@contextmanager
def _asking(engine: Engine) -> Iterator[PoolProxiedConnection]:
    """A connection on which each statement is a transaction: one way to PostgreSQL and back instead of three.

    psycopg also forgets its prepared statements at each rollback, and planning this one again takes longer than all the rest.
    """
    connection = engine.raw_connection()
    driver: Any = connection.dbapi_connection
    try:
        if engine.name == "postgresql":
            driver.autocommit = True
        yield connection
    finally:
        if engine.name == "postgresql" and not driver.closed:
            driver.autocommit = False
        connection.close()


def begin_writing() -> None:
    """Begin a transaction that will write; it ends with the next commit or rollback.

    What was only read so far is let go and is read again when it is used: SQLite cannot turn a reader into a writer.
    """
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("begin_writing comes before the first change")
    session = db.session()
    session.rollback()
    connection = session.connection(execution_options={_IMMEDIATE: True})
    session.info[_ALONE] = session.get_transaction() if connection.dialect.name == "sqlite" else None


def _is_alone() -> bool:
    """Whether nobody else can write until this transaction ends: on SQLite after begin_writing."""
    session = db.session()
    transaction = session.get_transaction()
    return transaction is not None and session.info.get(_ALONE) is transaction


@functools.cache
def _to_lock(model: type[AnyModel]) -> Select[AnyModel]:
    """Not get(), which refuses a row whose version has changed since it was read: to read it afresh is what a lock is for."""
    (key,) = inspect(model).primary_key
    return select(model).where(key == bindparam("key")).with_for_update(key_share=True).execution_options(populate_existing=True)


def lock(row: AnyModel) -> AnyModel:
    """Lock the row that owns what is being given away, and read it afresh, until the transaction ends.

    On SQLite the whole database is already locked by begin_writing, and what was read since is as fresh as it can be. Rows that
    only refer to this one, such as mails to a congress's people, are written meanwhile (FOR NO KEY UPDATE). Raises StaleDataError
    where somebody has deleted it meanwhile.
    """
    state = inspect(row)
    if _is_alone() and state.persistent and not state.expired:
        return row
    db.session.flush()
    (key,) = state.identity or (None,)
    try:
        found: AnyModel = db.session.scalars(_to_lock(type(row)), {"key": key}).one()
    except NoResultFound:
        raise StaleDataError("the row to be locked is gone") from None
    return found


def refresh(row: Base, names: Sequence[str]) -> None:
    """Read these columns afresh, which a lock on another row keeps as they are until the transaction ends."""
    if not _is_alone():
        db.session.refresh(row, names)


# Of PostgreSQL: a lock not to be had in time, a statement that took too long, a deadlock, a transaction to be repeated.
_CROWDED = frozenset({"55P03", "57014", "40P01", "40001"})


def is_crowded(problem: DBAPIError) -> bool:
    """Whether only others were in the way, so that the same thing sent again may well succeed."""
    if getattr(problem.orig, "sqlstate", None) in _CROWDED:
        return True
    return getattr(problem.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
