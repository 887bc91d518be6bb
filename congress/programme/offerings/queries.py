"""Reads about what cities offer to present."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegation
from congress.networks.models import City
from congress.programme.models import ProgrammeItem
from congress.programme.offerings.models import Offering
from congress.programme.vocabulary import OfferingState

_WHOLE = (
    joinedload(Offering.delegation).joinedload(Delegation.city).joinedload(City.country),
    joinedload(Offering.item),
)


def of_delegation(delegation: Delegation) -> Sequence[Offering]:
    """What a city offers, the first one first."""
    chosen = select(Offering).where(Offering.delegation_id == delegation.id).options(*_WHOLE)
    return db.session.scalars(chosen.order_by(Offering.id)).all()


def find_of_delegation(delegation: Delegation, offering_id: int) -> Offering | None:
    """One of a city's offerings."""
    chosen = select(Offering).where(Offering.delegation_id == delegation.id, Offering.id == offering_id)
    return db.session.scalar(chosen.options(*_WHOLE))


def _of_congress(congress: Congress) -> Select[Offering]:
    return select(Offering).join(Offering.delegation).where(Delegation.congress_id == congress.id)


def offerings(congress: Congress, state: OfferingState | None = None) -> Sequence[Offering]:
    """What cities offer, of one state or all, in the order in which it came."""
    chosen = _of_congress(congress).options(*_WHOLE).order_by(Offering.offered_at, Offering.id)
    return db.session.scalars(chosen.where(Offering.state == state) if state else chosen).all()


def counts(congress: Congress) -> Counter[OfferingState]:
    """How many there are of each state."""
    rows = db.session.execute(
        select(Offering.state, func.count())
        .join(Offering.delegation)
        .where(Delegation.congress_id == congress.id)
        .group_by(Offering.state)
    )
    return Counter({state: number for state, number in rows})  # noqa: C416  (rows are no pairs to a type checker)


def find_offering(congress: Congress, offering_id: int) -> Offering | None:
    """An offering of this congress."""
    return db.session.scalar(_of_congress(congress).where(Offering.id == offering_id).options(*_WHOLE))


def get_offering(offering_id: int) -> Offering:
    """An offering. Raises sqlalchemy.exc.NoResultFound."""
    return db.session.scalars(select(Offering).where(Offering.id == offering_id).options(*_WHOLE)).one()


def presentations(item: ProgrammeItem) -> Sequence[Offering]:
    """What is presented in an item, in order."""
    chosen = select(Offering).where(Offering.item_id == item.id, Offering.state == OfferingState.CHOSEN).options(*_WHOLE)
    return db.session.scalars(chosen.order_by(Offering.position, Offering.id)).all()
