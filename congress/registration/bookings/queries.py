"""Reads of bookings: who has a place in a session, who waits, and what a person has chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate, Delegation
from congress.networks.models import City
from congress.programme.models import ProgrammeItem, TravelTime, Venue
from congress.registration.models import Booking, Registration
from congress.registration.states import TAKES_PART
from congress.registration.vocabulary import HOLDS_PLACE, BookingState


@dataclass(frozen=True)
class Demand:
    """How an item is asked for: places given away or kept by offers, people who wait, guests who ask."""

    taken: int = 0
    waiting: int = 0
    asked: int = 0

    def left(self, places: int | None) -> int | None:
        """Places that are free now; None where there is no limit."""
        return None if places is None else max(0, places - self.taken)


def bookings_of(registration: Registration) -> dict[str, Booking]:
    """What the person has chosen, by the code of the item."""
    own = select(Booking).where(Booking.registration_id == registration.id).options(joinedload(Booking.item))
    return {booking.item.code: booking for booking in db.session.scalars(own)}


def demand(congress: Congress) -> dict[int, Demand]:
    """Of each item that anybody has chosen, by its id. Those who do not take part yet are not counted as waiting."""
    waits = and_(Booking.state == BookingState.WAITING, Registration.state.in_(TAKES_PART))

    def number(*of: object) -> object:
        return func.coalesce(func.sum(case((and_(*of), 1), else_=0)), 0)  # type: ignore[arg-type]

    rows = db.session.execute(
        select(  # type: ignore[call-overload]
            Booking.item_id, number(Booking.state.in_(HOLDS_PLACE)), number(waits), number(Booking.state == BookingState.ASKED)
        )
        .join(Booking.registration)
        .where(Registration.congress_id == congress.id)
        .group_by(Booking.item_id)
    )
    return {item_id: Demand(int(taken), int(waiting), int(asked)) for item_id, taken, waiting, asked in rows}


def items(congress: Congress) -> dict[str, ProgrammeItem]:
    """The items of the draft, by code."""
    found = db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id))
    return {item.code: item for item in found}


def items_by_code(congress: Congress, codes: Collection[str]) -> dict[str, ProgrammeItem]:
    """Those of these items that there are, by code."""
    asked = select(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id, ProgrammeItem.code.in_(codes))
    return {item.code: item for item in db.session.scalars(asked)}


def numbers_in_queue(registration: Registration) -> dict[int, int]:
    """Which one the person is on each waiting list, counted from 1, by the id of the item."""
    other, registered = aliased(Booking), aliased(Registration)
    before = or_(
        other.booked_at < Booking.booked_at, and_(other.booked_at == Booking.booked_at, other.id <= Booking.id)
    )  # fmt: skip
    rows = db.session.execute(
        select(Booking.item_id, func.count())
        .join(other, and_(other.item_id == Booking.item_id, other.state == BookingState.WAITING, before))
        .join(registered, and_(registered.id == other.registration_id, registered.state.in_(TAKES_PART)))
        .where(Booking.registration_id == registration.id, Booking.state == BookingState.WAITING)
        .group_by(Booking.item_id)
    )
    return {row[0]: row[1] for row in rows}


def bookings_for(item: ProgrammeItem, *, state: BookingState | None = None) -> Sequence[Booking]:
    """Who has chosen the item, in the order in which they did, with person and city."""
    chosen = (
        select(Booking)
        .join(Booking.registration)
        .where(Booking.item_id == item.id)
        .options(
            contains_eager(Booking.registration).joinedload(Registration.delegate).joinedload(Delegate.person),
            contains_eager(Booking.registration)
            .joinedload(Registration.delegate)
            .joinedload(Delegate.delegation)
            .joinedload(Delegation.city)
            .joinedload(City.country),
        )
        .order_by(Booking.booked_at, Booking.id)
    )
    return db.session.scalars(chosen if state is None else chosen.where(Booking.state == state)).all()


def items_with_lapsed_offers(now: datetime) -> Sequence[int]:
    """Ids of the items where the time of an offer is over."""
    over = select(Booking.item_id).where(Booking.state == BookingState.OFFERED, Booking.offered_until <= now)
    return db.session.scalars(over.distinct()).all()


def travel_minutes(congress: Congress) -> dict[frozenset[str], int]:
    """Minutes from door to door between venues of the host cities, by both their slugs, where somebody has said them."""
    here, there = aliased(Venue), aliased(Venue)
    cities = [city.id for city in congress.hosts]
    rows = db.session.execute(
        select(here.slug, there.slug, TravelTime.minutes)
        .join_from(TravelTime, here, here.id == TravelTime.venue_id)
        .join(there, there.id == TravelTime.other_venue_id)
        .where(here.city_id.in_(cities), there.city_id.in_(cities))
    )
    return {frozenset({one, other}): minutes for one, other, minutes in rows}
