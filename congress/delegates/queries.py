"""Reads about delegations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.tokens import digest
from congress.delegates.models import Delegation
from congress.networks.models import City

WHOLE = (
    joinedload(Delegation.city).joinedload(City.country),
    joinedload(Delegation.congress).joinedload(Congress.network),
)


def find_by_link(token: str) -> Delegation | None:
    """The delegation that a focal point's link opens."""
    return db.session.scalar(select(Delegation).where(Delegation.link_digest == digest(token)).options(*WHOLE))


def find_delegation(congress: Congress, delegation_id: int) -> Delegation | None:
    """A delegation of this congress."""
    return db.session.scalar(
        select(Delegation).where(Delegation.congress_id == congress.id, Delegation.id == delegation_id).options(*WHOLE)
    )
