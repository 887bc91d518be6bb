"""Offers of freed places: taken in time by who was offered one, or ended."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.sentences import said
from congress.registration import services
from congress.registration.bookings import services as bookings
from congress.registration.letters import mail
from congress.registration.models import Registration
from congress.registration.refusals import NoPlace, RegistrationEnded
from congress.registration.states import State


def accept_offer(registration: Registration, *, now: datetime) -> None:
    """Take the place that was offered. A second time changes nothing. Raises NoPlace where the offer has ended, RegistrationEnded."""
    services.hold(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    if registration.state is not State.WAITING:
        return
    if registration.offered_until is None or registration.offered_until <= now:
        raise NoPlace(_("The offer has ended. You are told when another place becomes free."))
    if registration.submitted_at is None:  # named by the city, who fills in the form now
        services.move(registration, State.INVITED, services.PERSON, now)
        return
    services.move(registration, State.SUBMITTED, services.PERSON, now)
    bookings.settle(registration, now=now)
    mail(registration, "registration_received", f"registration-received-{registration.id}-{registration.version}", now)


def lapse_offers(congress: Congress, *, now: datetime) -> int:
    """End the offers whose time is over: those people leave the waiting list, and the next ones are served; how many ended."""
    lock(congress)
    over = db.session.scalars(
        select(Registration)
        .where(Registration.congress_id == congress.id, Registration.state == State.WAITING, Registration.offered_until <= now)
        .order_by(Registration.offered_until, Registration.id)
        .with_for_update(of=Registration, key_share=True)
    ).all()
    for registration in over:
        services.move(registration, State.CANCELLED, services.SYSTEM, now, said("lapsed"))
        mail(registration, "registration_offer_ended", f"registration-offer-ended-{registration.id}-{registration.version}", now)
    served = services.give_places(congress, now) if over else []
    for registration in over:
        bookings.give_back_all(registration, now=now)
    services.settle(served, now)
    return len(over)
