"""Writes of bookings: a person chooses sessions, waits for them, is asked for as a guest, and gives them back.

Who has a place in a session is counted from rows under the session's lock. Locks are always taken in this order: congress,
delegation, registration, sessions by their ids; so no two transactions wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from congress.core.db import db, lock
from congress.core.waiting import Claim, served
from congress.programme import queries as programme
from congress.programme.models import ProgrammeItem
from congress.registration import queries, rules
from congress.registration.letters import mail
from congress.registration.models import Booking, Registration
from congress.registration.refusals import CannotChoose, NoPlace, RegistrationEnded, SessionFull
from congress.registration.states import TAKES_PART
from congress.registration.vocabulary import BookingState

_AT_ONCE = 100  # of those who wait, read in one statement


def choose(registration: Registration, item: ProgrammeItem, *, now: datetime, may_wait: bool = False) -> BookingState:
    """Add an item to the person's programme; what came of it. A second time changes nothing.

    Where all places are taken the person waits, if that was said before (``may_wait``). A guest of another field is asked for
    first. Who has not sent the registration yet, or waits for a place at the congress, gets the session with that place.
    Raises RegistrationEnded, CannotChoose, SessionFull.
    """
    lock(registration)
    lock(item)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    known = db.session.scalar(
        select(Booking)
        .where(Booking.registration_id == registration.id, Booking.item_id == item.id)
        .execution_options(populate_existing=True)
    )
    if known is not None:
        return known.state
    state = _state(registration, item)
    if state is BookingState.WAITING and registration.takes_part and not may_wait:
        raise SessionFull(_("All places are taken."))
    db.session.add(Booking(registration_id=registration.id, item=item, state=state, booked_at=now))
    db.session.flush()
    return state


def _state(registration: Registration, item: ProgrammeItem) -> BookingState:
    """What a choice of this item becomes now. Raises CannotChoose."""
    person = queries.attendee(registration)
    entry = next((each for each in programme.released(registration.congress).entries if each.item == item.code), None)
    if entry is not None and rules.may_choose(entry, person):
        return BookingState.TAKEN if registration.takes_part and has_room(item) else BookingState.WAITING
    if entry is not None and item.takes_guests and rules.may_ask(entry, person):
        return BookingState.ASKED
    raise CannotChoose(_("This session cannot be added to your programme."))


def has_room(item: ProgrammeItem) -> bool:
    """Whether a place is free and nobody who takes part waits for it longer. The caller holds the item's lock."""
    return item.places is None or (queries.places_taken(item) < item.places and not _waiting(item, 1))


def change(
    registration: Registration, *, add: Iterable[ProgrammeItem], remove: Iterable[ProgrammeItem], now: datetime
) -> dict[str, BookingState]:
    """Give back and choose several items at once, all or none; what came of those chosen, by code. Raises as choose does."""
    added, removed = list(add), list(remove)
    lock(registration)
    for item in sorted({*added, *removed}, key=lambda each: each.id):
        lock(item)
    for item in removed:
        _drop(registration, item, now)
    return {item.code: choose(registration, item, now=now, may_wait=True) for item in added}


def drop(registration: Registration, item: ProgrammeItem, *, now: datetime) -> None:
    """Take a chosen item out of the person's programme; one that is not there is no error. The next who waits is served."""
    lock(registration)
    lock(item)
    _drop(registration, item, now)


def _drop(registration: Registration, item: ProgrammeItem, now: datetime) -> None:
    for booking in _own(registration, item.id):
        give_back(booking, now=now)


def _own(registration: Registration, *item_ids: int) -> Sequence[Booking]:
    """The person's bookings as they are now, of these items or all; the caller holds the items' locks."""
    own = select(Booking).where(Booking.registration_id == registration.id).order_by(Booking.item_id)
    if item_ids:
        own = own.where(Booking.item_id.in_(item_ids))
    return db.session.scalars(own.execution_options(populate_existing=True)).all()


def give_back(booking: Booking, *, now: datetime) -> None:
    """Give the place back, and serve the next who waits. The caller holds the item's lock."""
    item = booking.item
    db.session.delete(booking)
    db.session.flush()
    serve_next(item, now=now)


def give_back_all(registration: Registration, *, now: datetime) -> None:
    """Give back all that the person has chosen. The caller holds the registration's lock."""
    for item in _lock_items(registration):
        _drop(registration, item, now)


def _lock_items(registration: Registration) -> list[ProgrammeItem]:
    items = select(ProgrammeItem).join(Booking, Booking.item_id == ProgrammeItem.id)
    own = items.where(Booking.registration_id == registration.id).order_by(ProgrammeItem.id)
    return [lock(item) for item in db.session.scalars(own).all()]


def settle(registration: Registration, *, now: datetime) -> None:
    """Give somebody who takes part from now on the sessions chosen before, or a place at the end of their waiting lists."""
    if not registration.takes_part:
        return
    items = {item.id: item for item in _lock_items(registration)}
    for booking in _own(registration):
        item = items.get(booking.item_id)
        if item is None or booking.state is not BookingState.WAITING:
            continue
        booking.booked_at = now
        db.session.flush()
        if item.places is None or (queries.places_taken(item) < item.places and _waiting(item, 1)[0] is booking):
            booking.state = BookingState.TAKEN
            db.session.flush()


def _waiting(item: ProgrammeItem, most: int) -> Sequence[Booking]:
    """Those who take part and wait for the item, the longest first."""
    return db.session.scalars(
        select(Booking)
        .join(Booking.registration)
        .where(Booking.item_id == item.id, Booking.state == BookingState.WAITING, Registration.state.in_(TAKES_PART))
        .order_by(Booking.booked_at, Booking.id)
        .limit(most)
        .execution_options(populate_existing=True)
    ).all()


def serve_next(item: ProgrammeItem, *, now: datetime) -> None:
    """Give free places to those who wait for the item, first come first served, each with a mail.

    The caller holds the item's lock. Where the item keeps freed places for a time, each is an offer until then.
    """
    while True:
        free = _AT_ONCE if item.places is None else min(_AT_ONCE, item.places - queries.places_taken(item))
        waiting = {each.id: each for each in _waiting(item, max(free, 0))}
        given = [waiting[claim.id] for claim, _places in served(free, (Claim(each) for each in waiting))]
        for booking in given:
            offered = bool(item.offer_hours) and item.places is not None
            booking.state = BookingState.OFFERED if offered else BookingState.TAKEN
            booking.offered_until = now + timedelta(hours=item.offer_hours or 0) if offered else None
            _tell(booking, "booking_offered" if offered else "booking_given", now)
        db.session.flush()
        if len(given) < _AT_ONCE:
            return


def _tell(booking: Booking, template: str, now: datetime) -> None:
    """Queue a mail about the item; its key is of this moment, since the same may happen again."""
    key = f"{template.replace('_', '-')}-{booking.registration_id}-{booking.item_id}-{now:%Y%m%d%H%M%S%f}"
    mail(booking.registration, template, key, now, item=booking.item_id)


def accept_offer(registration: Registration, item: ProgrammeItem, *, now: datetime) -> None:
    """Take the place that was offered. A second time changes nothing. Raises NoPlace where the offer has ended."""
    lock(registration)
    lock(item)
    booking = next(iter(_own(registration, item.id)), None)
    if booking is not None and booking.state is BookingState.TAKEN:
        return
    if booking is None or booking.offered_until is None or booking.offered_until <= now:
        raise NoPlace(_("The offer has ended. You can put yourself on the waiting list again."))
    booking.state, booking.offered_until = BookingState.TAKEN, None
    db.session.flush()


def lapse_offers(item: ProgrammeItem, *, now: datetime) -> int:
    """End the offers whose time is over: those people leave the waiting list, and the next ones are served; how many ended."""
    lock(item)
    over = db.session.scalars(
        select(Booking)
        .where(Booking.item_id == item.id, Booking.state == BookingState.OFFERED, Booking.offered_until <= now)
        .order_by(Booking.offered_until, Booking.id)
        .execution_options(populate_existing=True)
    ).all()
    for booking in over:
        _tell(booking, "booking_lapsed", now)
        db.session.delete(booking)
    db.session.flush()
    serve_next(item, now=now)
    return len(over)


def answer_guests(item: ProgrammeItem, registration_ids: Collection[int], *, accepts: bool, now: datetime) -> int:
    """Say for a field's coordinator whether these guests may come, and queue the mails that say so; how many had asked.

    Who may come where all places are taken waits.
    """
    lock(item)
    asked = db.session.scalars(
        select(Booking)
        .where(
            Booking.item_id == item.id, Booking.state == BookingState.ASKED, Booking.registration_id.in_(registration_ids)
        )
        .order_by(Booking.booked_at, Booking.id)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    for booking in asked:
        _tell(booking, "guest_accepted" if accepts else "guest_refused", now)
        if accepts:
            may_have = booking.registration.takes_part and has_room(item)
            booking.state, booking.booked_at = (BookingState.TAKEN if may_have else BookingState.WAITING), now
        else:
            db.session.delete(booking)
        db.session.flush()
    return len(asked)
