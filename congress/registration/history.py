"""Writes what happened to a registration: rows that are never edited."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert

from congress.core.db import db
from congress.registration.models import Move, Registration
from congress.registration.states import State
from congress.registration.vocabulary import By

_NEW = insert(cast("Table", Move.__table__))  # not by way of the session, which would sort all that it holds


def log(registration: Registration, before: State | None, *, by: By, name: str, now: datetime, why: str) -> None:
    """Write what has changed of the registration, and that it moved to where it is. ``name``: of the account."""
    db.session.flush()
    moved = {"registration_id": registration.id, "before": before, "after": registration.state, "at": now, "by": by}
    db.session.connection().execute(_NEW, {**moved, "name": name, "why": str(why)[:500]})
