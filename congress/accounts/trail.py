"""What somebody who works here changes, row by row, for the audit log: nobody who writes has to think of it.

Listens to the session: each flush is noted, and before the transaction ends the notes of one row become one entry. What is undone up to a savepoint is
forgotten. Only what has an account behind it is noted (``audit.begin``); delegates, commands and the worker have histories of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import JSON, LargeBinary, Result, String, event, insert, inspect, select
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE
from sqlalchemy.orm.util import identity_key

from congress.accounts.audit import MASK, AuditEntry, Origin, What, origin_of, short
from congress.accounts.models import Account
from congress.core.clock import now
from congress.core.sealed import Sealed

# Histories, digests, and what is only a copy: they say what they say themselves.
UNHEARD = frozenset(
    {
        "audit_entries", "draft_changes", "moves", "delegation_events", "released_entries", "ended_links",
        "ended_speaker_links", "sign_ins", "visits",
    }
)  # fmt: skip
# Of these only the number per page is told: a mailing is hundreds.
COUNTED = frozenset({"messages"})
# Rows about people: of them the log holds words of ours, days and numbers, never what they wrote.
ABOUT_PEOPLE = frozenset(
    {
        "people", "delegates", "registrations", "contacts", "speakers", "contributors", "sign_ups", "subscribers", "uploads", "openings",
        "consents", "bookings", "offerings", "delegations", "unavailabilities",
    }
)  # fmt: skip
CLOSED = frozenset({"stays", "needs", "passports", "answers", "passkeys"})  # of these only that they changed
SECRET_WORDS = (
    "password",
    "secret",
    "token",
    "digest",
    "uniquifier",
    "fingerprint",
    "totp",
    "identity",
    "submission_key",
    "handle",
    "recovery_codes",
)
_DULL = frozenset(
    {"id", "version", "changed_at", "sorted_as", "searched", "signed_in_at", "given_by", "given_at", "ended_by", "seen_at"}
)  # changes that nobody asks for
UNKNOWN = "?"  # what stood there before is not known: the key of a relationship that was never read
_NOTES, _MARKS, _UNREAD = "congress_trail_notes", "congress_trail_marks", "congress_trail_unread"

_Note = tuple[str, str, str, int | None, What, str, dict[str, list[Any]]]


def listen(session: Any) -> None:
    """Begin to note what the sessions of this factory write."""
    for name, function in (
        ("before_flush", _read), ("after_flush", _note), ("before_commit", _write), ("after_transaction_create", _mark), ("after_soft_rollback", _forget),
        ("do_orm_execute", _note_statement),
    ):  # fmt: skip
        if not event.contains(session, name, function):
            event.listen(session, name, function)


def _read(session: Session, _context: object, _rows: object) -> None:
    """Ask for what is about to be written over without ever having been read. There is nearly never anything."""
    whence = origin_of(session)
    if whence is None or whence.account_id is None:
        return
    for row in session.dirty:
        state: InstanceState[Any] = inspect(row)
        unread = {each.key: each.columns[0] for each in state.mapper.column_attrs if _is_unread(state, each.key)}
        if unread and state.identity and str(getattr(state.mapper.local_table, "name", "")) not in UNHEARD:
            key = zip(state.mapper.primary_key, state.identity, strict=True)
            asked = select(*unread.values()).where(*(column == value for column, value in key))
            found = session.connection().execute(asked).one_or_none()
            if found is not None:
                session.info.setdefault(_UNREAD, {})[state] = dict(zip(unread, found, strict=True))


def _is_unread(state: InstanceState[Any], name: str) -> bool:
    history = state.get_history(name, PASSIVE_NO_INITIALIZE)
    return name not in _DULL and bool(history.added) and not history.deleted


def _note(session: Session, _context: object) -> None:
    whence = origin_of(session)
    if whence is None or whence.account_id is None:
        return
    unread = session.info.pop(_UNREAD, {})
    notes: list[_Note] = session.info.setdefault(_NOTES, [])
    for what, rows in ((What.CREATED, session.new), (What.CHANGED, session.dirty), (What.DELETED, session.deleted)):
        for row in rows:
            state: InstanceState[Any] = inspect(row)
            table = str(getattr(state.mapper.base_mapper.local_table, "name", ""))
            if table in UNHEARD:
                continue
            changes = dict(_changes(state, table, what, unread.get(state, {})))
            if what is What.CHANGED and not changes:
                continue
            keys = state.identity or state.mapper.primary_key_from_instance(row)
            congress_id = _congress_of(row, table)
            done = What.LOOKED if table == "sensitive_looks" else what
            notes.append((table, ",".join(map(str, keys)), _label(row, table), congress_id, done, whence.page, changes))


def _note_statement(state: ORMExecuteState) -> Result[Any] | None:
    """What is written by one statement for many rows is no flush: the log says at least of which table."""
    if not (state.is_update or state.is_delete or state.is_insert):
        return None
    whence = origin_of(state.session)
    table = getattr(getattr(state.statement, "table", None), "name", "")
    if whence is None or whence.account_id is None or table in UNHEARD:
        return None
    done = state.invoke_statement()
    if getattr(done, "rowcount", 1) != 0:
        what = What.DELETED if state.is_delete else What.CHANGED if state.is_update else What.CREATED
        state.session.info.setdefault(_NOTES, []).append((table, "", "", None, what, whence.page, {}))
    return done


def _congress_of(row: Any, table: str) -> int | None:
    found = row.__dict__.get("id" if table == "congresses" else "congress_id")
    return found if isinstance(found, int) else None


def _label(row: Any, table: str) -> str:
    """What a reader recognises; nothing of a person who comes."""
    if table == "roles":
        account = inspect(row).session.identity_map.get(identity_key(Account, row.account_id))
        return account.__dict__.get("email", "") if account is not None else ""
    if table in ABOUT_PEOPLE or table in CLOSED:
        return ""
    for name in ("code", "slug", "email", "template", "uid"):
        if isinstance(found := row.__dict__.get(name), str):
            return found
    return ""


def _changes(state: InstanceState[Any], table: str, what: What, unread: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Old and new by column; ``unread`` is what stood in those that nobody had read."""
    if what is What.DELETED:
        return
    for attribute in state.mapper.column_attrs:
        name, column = attribute.key, attribute.columns[0]
        if name in _DULL:
            continue
        history = state.get_history(name, PASSIVE_NO_INITIALIZE)
        if not history.added:
            continue
        new, unknown = history.added[0], unread.get(name, UNKNOWN) if what is What.CHANGED else None
        old = history.deleted[0] if history.deleted else unknown
        if old == new or (what is What.CREATED and new in (None, "", [], {}, False)):
            continue
        yield name, [_written(column, table, old), _written(column, table, new)]


def is_masked(column: Any, table: str) -> bool:
    """Whether the log must not hold the values of this column: what is sealed, secret, or a person's own words."""
    kind = column.type
    if table in CLOSED or isinstance(kind, Sealed | LargeBinary) or any(word in column.name for word in SECRET_WORDS):
        return True
    is_word_of_ours = hasattr(kind, "enum_class")
    is_text = isinstance(kind, String | JSON) or isinstance(getattr(kind, "impl", None), String | JSON)
    return table in ABOUT_PEOPLE and is_text and not is_word_of_ours


def _written(column: Any, table: str, value: Any) -> Any:
    if value is None:
        return None
    return MASK if is_masked(column, table) and value != UNKNOWN else _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return short(value) if isinstance(value, str | int | float | bool) else str(value)


def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_MARKS, {})[transaction] = len(session.info.get(_NOTES, ()))


def _forget(session: Session, transaction: SessionTransaction) -> None:
    kept = session.info.get(_MARKS, {}).pop(transaction, 0)
    del session.info.get(_NOTES, [])[kept:]


def _write(session: Session) -> None:
    """Before the commit of all, not of a savepoint."""
    if session.in_nested_transaction():
        return
    whence = origin_of(session)
    if whence is None or whence.account_id is None:
        return
    session.flush()
    session.info.pop(_MARKS, None)
    if entries := _entries(session.info.pop(_NOTES, []), whence):
        session.connection().execute(insert(AuditEntry), entries)


def _entries(notes: list[_Note], whence: Origin) -> list[dict[str, Any]]:
    """One for each row: the oldest old and the newest new; one for all rows of a table that is counted."""
    joined: dict[tuple[str, str], _Note] = {}
    counts: dict[tuple[str, What], int] = {}
    for note in notes:
        table, key, label, congress_id, what, page, changes = note
        if table in COUNTED:
            counts[table, what] = counts.get((table, what), 0) + 1
            continue
        before = joined.get((table, key))
        if before is None:
            joined[table, key] = note
            continue
        merged = dict(before[6])
        for name, (old, new) in changes.items():
            merged[name] = [merged[name][0] if name in merged else old, new]
        first = before[4] if before[4] is What.CREATED and what is not What.DELETED else what
        joined[table, key] = (table, key, label or before[2], congress_id or before[3], first, page, merged)
    rows = [_entry(note, whence) for note in joined.values()]
    rows += [_entry((table, "", f"× {number}", None, what, whence.page, {}), whence) for (table, what), number in counts.items()]
    return rows


def _entry(note: _Note, whence: Origin) -> dict[str, Any]:
    table, key, label, congress_id, what, page, changes = note
    return {
        "at": now(),
        "congress_id": congress_id or whence.congress_id,
        "account_id": whence.account_id,
        "account": whence.account[:254],
        "what": what.value,
        "kind": table,
        "object_id": key[:80],
        "label": label[:200],
        "changes": changes,
        "page": page[:80],
        "request_id": whence.request_id[:12],
        "address": whence.address,
    }
