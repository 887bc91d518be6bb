"""Who comes and who booked what, as plain values for those who plan the programme."""

from __future__ import annotations

from sqlalchemy import String, cast, func, select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate, Delegation
from congress.delegates.vocabulary import Category
from congress.networks import queries as networks
from congress.programme.planning.surroundings import Attendance
from congress.registration.models import Booking, Registration
from congress.registration.states import TAKES_PART
from congress.registration.vocabulary import HOLDS_PLACE


def attendance(congress: Congress) -> Attendance:
    """Places booked or offered, people who take part, and how many come for each city, companions left aside."""
    comes = (Registration.congress_id == congress.id) & Registration.state.in_(TAKES_PART)
    # A row for each item: of thousands of bookings the database makes a few lines faster than we make rows.
    bookings = db.session.execute(
        select(Booking.item_id, func.aggregate_strings(cast(Booking.registration_id, String), ","))
        .join(Registration, Registration.id == Booking.registration_id)
        .where(comes, Booking.state.in_(HOLDS_PLACE))
        .group_by(Booking.item_id)
    )
    booked = {item: frozenset(map(int, ids.split(","))) for item, ids in bookings}
    rows = db.session.execute(
        select(Delegation.city_id, func.count())
        .join(Delegate, Delegate.delegation_id == Delegation.id)
        .join(Registration, Registration.delegate_id == Delegate.id)
        .where(comes, Delegate.category != Category.COMPANION)
        .group_by(Delegation.city_id)
    )
    delegates: dict[int, int] = {row[0]: row[1] for row in rows}
    alone = [city for city, number in delegates.items() if number == 1]
    return Attendance(
        booked=booked,
        delegates=delegates,
        fields=networks.fields_of_members(congress.network, congress.starts_on, alone),
        participants=db.session.scalar(select(func.count()).select_from(Registration).where(comes)) or 0,
    )
