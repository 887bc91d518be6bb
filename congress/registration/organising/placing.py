"""A person whom organisers put into a session or a coach: by the rules by which people choose, and past them only with a reason."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from congress.core.db import db, lock
from congress.core.sentences import said
from congress.delegates.vocabulary import Step
from congress.programme import queries as programme
from congress.programme.models import ProgrammeItem
from congress.registration import queries, rules
from congress.registration.bookings import services as bookings
from congress.registration.form import queries as step_queries
from congress.registration.letters import is_written_to, mail
from congress.registration.models import Booking, Registration
from congress.registration.organising import decisions
from congress.registration.organising.moving import WhenFull
from congress.registration.refusals import CannotChoose, RegistrationEnded, SessionFull, StepClosed
from congress.registration.services import Actor
from congress.registration.vocabulary import BookingState

TEMPLATE = "booking_put_in"


def is_late(registration: Registration, now: datetime) -> bool:
    """Whether the person could not choose sessions now: the page is closed, or not open yet."""
    standing = step_queries.standings(registration, now).get(Step.SESSIONS)
    return standing is None or not standing.is_open


def put_in(
    registration: Registration,
    item: ProgrammeItem,
    *,
    when_full: WhenFull | None = None,
    why: str = "",
    actor: Actor,
    now: datetime,
) -> BookingState:
    """Put a person into a session and queue the mail that says so; what came of it. A second time changes nothing.

    Guests of other fields need not be asked for any more. Who has no place at the congress yet gets the session with that place.
    Raises RegistrationEnded; CannotChoose where it is not for this person, or over; StepClosed where people can choose no longer and
    ``why`` does not say why this one may; SessionFull where ``when_full`` does not say what then, or takes a place without a reason.
    """
    lock(registration)
    lock(item)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    own = select(Booking).where(Booking.registration_id == registration.id, Booking.item_id == item.id)
    known = db.session.scalar(own.execution_options(populate_existing=True))
    if known is not None and known.state is BookingState.TAKEN:
        return known.state
    _check(registration, item, now)
    if is_late(registration, now) and not why:
        raise StepClosed(_("People cannot choose sessions now. Write why this person may."))
    state = _state(registration, item, known, when_full, why)
    if known is not None and known.state is state:
        return state
    if known is None:
        db.session.add(Booking(registration_id=registration.id, item=item, state=state, booked_at=now))
    else:
        known.state, known.offered_until = state, None
    db.session.flush()
    decisions.note(registration, actor, now, said("session", item.titles.text(registration.congress.default_language), why))
    if registration.submitted_at is not None or is_written_to(registration):
        mail(registration, TEMPLATE, f"booking-put-in-{registration.id}-{item.id}-{registration.version}", now, item=item.id)
    return state


def _check(registration: Registration, item: ProgrammeItem, now: datetime) -> None:
    """Whether somebody of this standing may have the item, as a guest too. Raises CannotChoose."""
    person, zone = queries.attendee(registration), registration.congress.zone
    entries = [each for each in programme.released(registration.congress).entries if each.item == item.code]
    if not any(rules.may_choose(each, person) or (item.takes_guests and rules.may_ask(each, person)) for each in entries):
        raise CannotChoose(_("This session is not open to people like this one, or is in their programme anyway."))
    if all(rules.is_over(each, zone, now) for each in entries):
        raise CannotChoose(_("This session is over."))


def _state(
    registration: Registration, item: ProgrammeItem, known: Booking | None, when_full: WhenFull | None, why: str
) -> BookingState:
    """What it becomes now. The caller holds the item's lock. Raises SessionFull."""
    if not registration.takes_part:
        return BookingState.WAITING
    if (known is not None and known.state is BookingState.OFFERED) or bookings.has_room(item):
        return BookingState.TAKEN
    if when_full is WhenFull.OVER and why:
        return BookingState.TAKEN
    if when_full is not WhenFull.WAIT:
        raise SessionFull(_("All places are taken. Choose what is to be done."))
    return BookingState.WAITING
