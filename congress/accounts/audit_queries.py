"""Reads of the audit log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from congress.accounts.audit import AuditEntry
from congress.core.db import db

PER_PAGE = 50
_AT_ONCE = 1000


@dataclass(frozen=True)
class Wanted:
    """Which entries; empty for all. ``since`` and ``until`` are half-open. ``everywhere``: also what belongs to no congress."""

    congress_id: int
    account: str = ""
    what: str = ""
    kind: str = ""
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    everywhere: bool = False


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    own = AuditEntry.congress_id == wanted.congress_id
    found = [or_(own, AuditEntry.congress_id.is_(None)) if wanted.everywhere else own]
    for column, value in (
        (AuditEntry.account, wanted.account), (AuditEntry.what, wanted.what),
        (AuditEntry.kind, wanted.kind), (AuditEntry.object_id, wanted.object_id),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if wanted.since is not None:
        found.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditEntry.at < wanted.until)
    return found


def count(wanted: Wanted) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry).where(*_conditions(wanted))) or 0


def page(wanted: Wanted, number: int) -> Sequence[AuditEntry]:
    """The entries of a page, counted from 1, the latest first."""
    chosen = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.id.desc())
    return db.session.scalars(chosen.offset((number - 1) * PER_PAGE).limit(PER_PAGE)).all()


def stream(wanted: Wanted) -> Iterator[AuditEntry]:
    """All of them, the first first, read some at a time."""
    last = 0
    while True:
        chosen = select(AuditEntry).where(*_conditions(wanted), AuditEntry.id > last).order_by(AuditEntry.id).limit(_AT_ONCE)
        some = db.session.scalars(chosen).all()
        yield from some
        if len(some) < _AT_ONCE:
            return
        last = some[-1].id


def words(wanted: Wanted) -> tuple[list[str], list[str], list[str]]:
    """Accounts, deeds and kinds that occur in the log of this congress, for the filter."""
    where = _conditions(Wanted(wanted.congress_id, everywhere=wanted.everywhere))
    accounts, deeds, kinds = (
        list(db.session.scalars(select(column).where(*where).distinct().order_by(column)))
        for column in (AuditEntry.account, AuditEntry.what, AuditEntry.kind)
    )
    return accounts, deeds, [each for each in kinds if each]
