"""Who rides in which coach."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate, Delegation
from congress.networks.models import City
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Kind
from congress.registration.models import Booking, Registration
from congress.registration.states import TAKES_PART
from congress.registration.vocabulary import BookingState


@dataclass(frozen=True)
class Coach:
    """A transfer and the registrations that have a seat in it, by name; who only waits or was offered one is not on the list."""

    item: ProgrammeItem
    passengers: list[Registration] = field(default_factory=list)

    @property
    def free(self) -> int | None:
        """Seats that nobody on the list has; None where seats are not counted."""
        return None if self.item.places is None else max(0, self.item.places - len(self.passengers))


def coaches(congress: Congress) -> list[Coach]:
    """All transfers by code, each with its passengers, their people and cities, in two queries."""
    transfers = db.session.scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.congress_id == congress.id, ProgrammeItem.kind == Kind.TRANSFER)
        .order_by(ProgrammeItem.code)
    ).all()
    found = {item.id: Coach(item) for item in transfers}
    delegate = contains_eager(Booking.registration).joinedload(Registration.delegate)
    seats = db.session.scalars(
        select(Booking)
        .join(Booking.registration)
        .where(Booking.item_id.in_(found), Booking.state == BookingState.TAKEN, Registration.state.in_(TAKES_PART))
        .options(
            delegate.joinedload(Delegate.person),
            delegate.joinedload(Delegate.delegation).joinedload(Delegation.city).joinedload(City.country),
        )
        .order_by(Registration.sorted_as, Registration.id)
    )
    for seat in seats:
        found[seat.item_id].passengers.append(seat.registration)
    return list(found.values())
