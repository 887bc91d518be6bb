"""The audit log: who did what to which row, when and from where. Entries are added and never changed.

Triggers of the database refuse to change an entry, and to delete one before ``KEPT_DAYS`` are over (migration 0005).
It outlives what it tells of, so it holds numbers rather than foreign keys, and no personal data but those of people who work here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from congress.core.clock import now as right_now
from congress.core.db import Model, db
from congress.core.types import UtcDateTime

KEPT_DAYS = 3 * 365
MASK = "•••"  # stands for a value that the log must not hold
_ORIGIN = "congress_audit_origin"
_LONGEST = 500  # of a value in the log


class What(StrEnum):
    """What was done. New words need no migration: the column holds any."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    ASKED = "asked"  # a page was sent that wrote by statements, not row by row
    EXPORTED = "exported"
    LOOKED = "looked"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    INVITED = "invited"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a word)
    FACTOR_CHANGED = "factor_changed"
    SESSION_ENDED = "session_ended"
    REVIEWED = "reviewed"


class AuditEntry(Model):
    """One deed. ``changes`` is old and new by column; ``address`` is the network the request came from, not the machine."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_congress_id_at", "congress_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    congress_id: Mapped[int | None]
    account_id: Mapped[int | None]
    account: Mapped[str] = mapped_column(String(254))  # the address at the time; "command line", "system"
    what: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40), default="")  # the table of the row
    object_id: Mapped[str] = mapped_column(String(80), default="")
    label: Mapped[str] = mapped_column(String(200), default="")
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    page: Mapped[str] = mapped_column(String(80), default="")
    request_id: Mapped[str] = mapped_column(String(12), default="")
    address: Mapped[str] = mapped_column(String(50), default="")


@dataclass(frozen=True)
class Origin:
    """Who asks, by which page, from where."""

    account: str = "system"
    account_id: int | None = None
    page: str = ""
    request_id: str = ""
    address: str = ""
    congress_id: int | None = None


def begin(origin: Origin) -> None:
    """What is recorded from now on in this session comes from there."""
    db.session().info[_ORIGIN] = origin


def origin_of(session: Session) -> Origin | None:
    """Where what a session writes comes from, if that was said."""
    found = session.info.get(_ORIGIN)
    return found if isinstance(found, Origin) else None


def record(
    what: str,
    *,
    now: datetime | None = None,
    congress_id: int | None = None,
    kind: str = "",
    object_id: object = "",
    label: str = "",
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    by: tuple[int | None, str] | None = None,
) -> None:
    """Add an entry to the running transaction; who, page and address are those of the request.

    ``changes`` is (old, new) by name, as JSON has them, already masked where sensitive (``MASK``). ``by`` is an account (id, address) where the
    request has not one of its own, as at sign-in.
    """
    whence = origin_of(db.session()) or Origin()
    account_id, account = by or (whence.account_id, whence.account)
    db.session.add(
        AuditEntry(
            at=now or right_now(),
            congress_id=whence.congress_id if congress_id is None else congress_id,
            account_id=account_id,
            account=account[:254],
            what=what,
            kind=kind,
            object_id=str(object_id)[:80],
            label=label[:200],
            changes={name: [short(old), short(new)] for name, (old, new) in (changes or {}).items()},
            page=whence.page[:80],
            request_id=whence.request_id[:12],
            address=whence.address,
        )
    )
    db.session.flush()


def record_unheard(what: str, **entry: Any) -> None:
    """``record``, where nobody's account is behind the change, so that the trail does not hear it (``trail``)."""
    if (origin_of(db.session()) or Origin()).account_id is None:
        record(what, **entry)


def delete_old(now: datetime) -> int:
    """Delete what has been kept long enough; how many. The database lets nothing younger go."""
    done = db.session.execute(delete(AuditEntry).where(AuditEntry.at < now - timedelta(days=KEPT_DAYS)))
    return int(getattr(done, "rowcount", 0))


def short(value: Any) -> Any:
    """A value as it stands in the log: long texts are cut."""
    if isinstance(value, str) and len(value) > _LONGEST:
        return value[: _LONGEST - 1] + "…"
    return value


def network_of(address: str | None) -> str:
    """The network of an address, /24 or /48: enough to see from where, too little to find a machine. Empty where it is none."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    if mapped is not None:
        found = mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))
