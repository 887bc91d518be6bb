"""Who comes and who booked what, as plain values for those who plan the programme."""

from __future__ import annotations

from sqlalchemy import func, select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate, Delegation
from congress.delegates.vocabulary import Category
from congress.networks import queries as networks
from congress.programme.planning.checks import Attendance
from congress.registration.models import Booking, Registration
from congress.registration.states import TAKES_PART
from congress.registration.vocabulary import HOLDS_PLACE


def attendance(congress: Congress) -> Attendance:
    """Places booked or offered, people who take part, and how many come for each city, companions left aside."""
    comes = (Registration.congress_id == congress.id) & Registration.state.in_(TAKES_PART)
    booked: dict[int, set[int]] = {}
    rows = db.session.execute(
        select(Booking.item_id, Booking.registration_id)
        .join(Registration, Registration.id == Booking.registration_id)
        .where(comes, Booking.state.in_(HOLDS_PLACE))
    )
    for item, registration in rows:
        booked.setdefault(item, set()).add(registration)
    delegates = db.session.execute(
        select(Delegation.city_id, func.count())
        .join(Delegate, Delegate.delegation_id == Delegation.id)
        .join(Registration, Registration.delegate_id == Delegate.id)
        .where(comes, Delegate.category != Category.COMPANION)
        .group_by(Delegation.city_id)
    )
    return Attendance(
        booked=booked,
        delegates={row[0]: row[1] for row in delegates},
        fields=_fields(congress),
        participants=db.session.scalar(select(func.count()).select_from(Registration).where(comes)) or 0,
    )


def _fields(congress: Congress) -> dict[int, frozenset[str]]:
    """The fields of each member on the first day of the congress."""
    day, found = congress.starts_on, {}
    for membership in networks.members(congress.network, day):
        held = (each for each in membership.designations if each.since <= day and (each.until is None or each.until > day))
        found[membership.city_id] = frozenset(each.field.value for each in held)
    return found
