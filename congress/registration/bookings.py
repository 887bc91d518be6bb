"""Writes of bookings: a person chooses items, waits for them, and gives them back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from congress.core.db import db, lock
from congress.programme import queries as programme
from congress.programme.models import ProgrammeItem
from congress.registration import queries, rules
from congress.registration.models import Booking, Registration
from congress.registration.refusals import CannotChoose, RegistrationEnded, SessionFull
from congress.registration.vocabulary import BookingState


def choose(registration: Registration, item: ProgrammeItem, *, now: datetime) -> None:
    """Add an item to the person's programme, if it has a place. A second time changes nothing.

    Places are counted under the item's lock. Raises RegistrationEnded, CannotChoose, SessionFull.
    """
    lock(item)
    db.session.refresh(registration)
    if not registration.takes_part:
        raise RegistrationEnded(_("This registration has ended."))
    entry = next((each for each in programme.released(registration.congress).entries if each.item == item.code), None)
    if entry is None or not rules.may_choose(entry, queries.attendee(registration)):
        raise CannotChoose(_("This session cannot be added to your programme."))
    if item.code in queries.chosen_codes(registration):
        return
    if item.places is not None and queries.places_taken(item) >= item.places:
        raise SessionFull(_("All places are taken."))
    db.session.add(Booking(registration_id=registration.id, item=item, state=BookingState.TAKEN, booked_at=now))
    db.session.flush()


def drop(registration: Registration, item: ProgrammeItem, *, now: datetime) -> None:
    """Take a chosen item out of the person's programme; one that is not there is no error."""
    lock(item)
    for booking in db.session.scalars(
        select(Booking).where(Booking.registration_id == registration.id, Booking.item_id == item.id)
    ):
        give_back(booking, now=now)


def give_back(booking: Booking, *, now: datetime) -> None:
    """Give the place back."""
    db.session.delete(booking)
    db.session.flush()
