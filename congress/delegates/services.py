"""Writes about delegations."""

from __future__ import annotations

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegation
from congress.networks.models import City


def delegation_of(congress: Congress, city: City) -> Delegation:
    """The city's delegation at the congress, made now if this is its first person. The caller holds the congress's lock."""
    found = db.session.scalar(select(Delegation).where(Delegation.congress_id == congress.id, Delegation.city_id == city.id))
    if found is None:
        found = Delegation(congress=congress, city=city)
        db.session.add(found)
        db.session.flush()
    return found
