"""How many wrong guesses there were for an address. Counted alike for addresses that nobody has, so that nobody learns which ones are ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from congress.accounts.signing import rules
from congress.accounts.signing.models import Guesses
from congress.core.db import db
from congress.core.tokens import derive_token

_TABLE = cast("Table", Guesses.__table__)


def hold(what: str, whom: str, *, key: str, now: datetime) -> Guesses:
    """The row of this address, locked until the transaction ends: guesses sent at once are looked at one after the other."""
    name = derive_token(key, f"guesses-{what}", whom.strip().casefold(), 1)
    connection = db.session.connection()
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(make(_TABLE).values(key=name, wrong=0, last_at=now).on_conflict_do_nothing(index_elements=["key"]))
    found = db.session.scalars(
        select(Guesses).where(Guesses.key == name).with_for_update().execution_options(populate_existing=True)
    ).one()
    if found.wrong and rules.is_forgotten(found.last_at, now):
        found.wrong = 0
    return found


def wait(row: Guesses, now: datetime) -> timedelta:
    """How long until the next guess is looked at."""
    return rules.wait(row.wrong, row.last_at, now)


def note(row: Guesses, *, is_right: bool, now: datetime) -> None:
    """A right one makes all wrong ones forgotten."""
    row.wrong, row.last_at = (0, now) if is_right else (row.wrong + 1, now)
    db.session.flush()


def forget_old(now: datetime) -> int:
    """Delete the rows of addresses that nobody guesses at any more; how many there were."""
    done = db.session.execute(delete(Guesses).where(Guesses.last_at < now - timedelta(days=2)))
    return int(done.rowcount)  # type: ignore[attr-defined]
