"""Who holds a place, and who gets the next one.

Every limit is counted from rows (``Registration.holds_place``) under the locks of those who own the places: the congress, which owns
its own and those of its categories, then the delegation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.delegates.models import CategoryTerms, Delegate, Delegation
from congress.delegates.vocabulary import Category, Part
from congress.registration.models import Registration
from congress.registration.states import State

# Who counts against the number of a city's delegates: interpreters and companions come with somebody.
COUNTED = (Category.DELEGATE, Category.MAYOR, Category.COORDINATOR)
NOT_COUNTED = (Part.INTERPRETER, Part.COMPANION)


@dataclass(frozen=True)
class Limit:
    """One limit that concerns a registration: ``taken`` of ``most`` places; ``what`` is congress, category, city or delegation."""

    what: str
    most: int
    taken: int

    @property
    def is_reached(self) -> bool:
        return self.taken >= self.most


def counts_for_delegation(delegate: Delegate) -> bool:
    """Whether the person counts against the limit of the city's delegation."""
    return delegate.category in COUNTED and delegate.part not in NOT_COUNTED


def lock_owners(congress: Congress, delegation: Delegation | None = None) -> None:
    """Lock what owns the places, always in this order."""
    lock(congress)
    if delegation is not None:
        lock(delegation)


def limits(delegate: Delegate) -> list[Limit]:
    """The limits that concern this person, each with what is taken now. The caller holds the locks."""
    congress, delegation, terms = delegate.congress, delegate.delegation, _terms(delegate)
    found = []
    if congress.max_people is not None:
        found.append(Limit("congress", congress.max_people, _taken(congress)))
    if terms and terms.max_people is not None:
        found.append(Limit("category", terms.max_people, _taken(congress, Delegate.category == delegate.category)))
    if delegation is not None:
        of_city = Delegate.delegation_id == delegation.id
        if terms and terms.max_per_city is not None:
            taken = _taken(congress, of_city, Delegate.category == delegate.category)
            found.append(Limit("city", terms.max_per_city, taken))
        if counts_for_delegation(delegate):
            taken = _taken(congress, of_city, Delegate.category.in_(COUNTED), Delegate.part.not_in(NOT_COUNTED))
            found.append(Limit("delegation", delegation.most, taken))
    return found


def _terms(delegate: Delegate) -> CategoryTerms | None:
    return db.session.get(CategoryTerms, (delegate.congress_id or delegate.congress.id, delegate.category))


def _taken(congress: Congress, *of: ColumnElement[bool]) -> int:
    counted = (
        select(func.count()).select_from(Registration).where(Registration.congress_id == congress.id, Registration.holds_place)
    )
    if of:
        counted = counted.join(Delegate, Delegate.id == Registration.delegate_id).where(*of)
    return db.session.scalar(counted) or 0


def has_room(delegate: Delegate) -> bool:
    """Whether there is a place for this person now, and nobody waits for it longer. The caller holds the locks."""
    return not any(each.is_reached for each in limits(delegate))


def waiting(congress: Congress) -> Sequence[Registration]:
    """Those who wait for a place and have no offer, the longest first."""
    return db.session.scalars(
        select(Registration)
        .join(Registration.delegate)
        .where(Registration.congress_id == congress.id, Registration.state == State.WAITING, Registration.holds_place.is_(False))
        .options(contains_eager(Registration.delegate))
        .order_by(Registration.queued_at, Registration.id)
    ).all()


def next_served(congress: Congress, *, now: datetime, but: Registration | None = None) -> list[Registration]:
    """Give the free places to those who wait, first come first served; those who got one now. The caller holds the congress's lock.

    Who waits for a place that another limit still denies lets others pass: a full delegation does not stop other cities.
    Where the congress keeps freed places for a time, each is an offer until then.
    """
    given = []
    for registration in waiting(congress):
        if registration is not but and has_room(registration.delegate):
            registration.holds_place = True
            hours = congress.offer_hours
            registration.offered_until = now + timedelta(hours=hours) if hours else None
            if not hours:
                registration.state = State.SUBMITTED if registration.submitted_at else State.INVITED
            db.session.flush()
            given.append(registration)
    return given


def number_in_queue(registration: Registration) -> int:
    """Which one of all who wait at this congress, counted from 1; 0 for who does not wait."""
    if registration.state is not State.WAITING or registration.queued_at is None:
        return 0
    before = or_(
        Registration.queued_at < registration.queued_at,
        and_(Registration.queued_at == registration.queued_at, Registration.id < registration.id),
    )
    counted = select(func.count()).where(
        Registration.congress_id == registration.congress_id,
        Registration.state == State.WAITING,
        Registration.holds_place.is_(False),
        before,
    )
    return (db.session.scalar(counted) or 0) + 1


def congresses_with_lapsed_offers(now: datetime) -> Sequence[int]:
    """Ids of the congresses where the time of an offer is over."""
    return db.session.scalars(
        select(Registration.congress_id).where(Registration.state == State.WAITING, Registration.offered_until <= now).distinct()
    ).all()
