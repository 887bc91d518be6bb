"""Writes about delegations themselves; their people are registrations (see registration.delegations)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.tokens import derive_token, digest
from congress.delegates.models import Delegation, DelegationEvent
from congress.delegates.vocabulary import DelegationEventKind, DelegationState
from congress.networks.models import City


def delegation_of(congress: Congress, city: City) -> Delegation:
    """The city's delegation at the congress, made now if nobody needed it before. The caller holds the congress's lock."""
    found = db.session.scalar(select(Delegation).where(Delegation.congress_id == congress.id, Delegation.city_id == city.id))
    if found is None:
        found = Delegation(congress=congress, city=city)
        db.session.add(found)
        db.session.flush()
    return found


def link_token(delegation: Delegation, key: str) -> str:
    """The token of the delegation's link, issued now where there is none or the installation's key has changed. Flushes then."""
    token = derive_token(key, "delegation", delegation.public_id, delegation.link_version)
    if digest(token) != delegation.link_digest:
        if delegation.link_digest is not None:
            delegation.link_version += 1
            token = derive_token(key, "delegation", delegation.public_id, delegation.link_version)
        delegation.link_digest = digest(token)
        db.session.flush()
    return token


def log(delegation: Delegation, kind: DelegationEventKind, *, by: str, now: datetime, detail: str = "") -> None:
    """Write down what happened, and count it as a change of the delegation: whoever edits an older version is told."""
    delegation.active_at = now
    delegation.version += 1
    db.session.flush()
    event = DelegationEvent(
        delegation_id=delegation.id, kind=kind, at=now, by=by, detail=detail[:500], version=delegation.version
    )
    db.session.add(event)
    db.session.flush()


def opened(delegation: Delegation, *, now: datetime) -> None:
    """The focal point has opened the link. Only the first time changes anything."""
    if delegation.state is DelegationState.INVITED:
        delegation.state, delegation.opened_at = DelegationState.OPENED, now
        log(delegation, DelegationEventKind.OPENED, by=delegation.focal_email, now=now)
