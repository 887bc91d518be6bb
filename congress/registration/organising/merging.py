"""One person registered twice: what the second registration holds goes to the first, and the second ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from congress.core.db import db, lock
from congress.core.sentences import said
from congress.core.text import fold
from congress.registration import places, queries, services
from congress.registration.bookings import services as bookings
from congress.registration.details import Needs, Passport, Stay
from congress.registration.models import Booking, Consent, Registration
from congress.registration.organising.decisions import note
from congress.registration.questions.models import Answer, Upload
from congress.registration.refusals import CannotMove, RegistrationEnded
from congress.registration.services import Actor
from congress.registration.states import State
from congress.registration.vocabulary import HOLDS_PLACE


def merge(keep: Registration, other: Registration, *, actor: Actor, now: datetime) -> None:
    """Move to ``keep`` what it does not have itself (sessions, answers, consents, travel, needs, passport, files), and end ``other``.

    The person is told nothing: nothing changes for them but that there is one link. The place of ``other`` becomes free.
    Raises RegistrationEnded, CannotMove. The caller ends the calendars of ``other``.
    """
    if keep.congress_id != other.congress_id or keep.id == other.id:
        raise CannotMove(_("These are not two registrations of this congress."))
    congress = keep.congress
    lock(congress)
    delegations = {of.id: of for each in (keep, other) if (of := each.delegate.delegation)}
    for number in sorted(delegations):
        places.lock_owners(congress, delegations[number])
    for each in sorted((keep, other), key=lambda each: each.id):
        lock(each)
    if not keep.is_live:
        raise RegistrationEnded(_("The registration to be kept has ended. Bring it back first, or keep the other one."))
    if other.holds_place and not keep.holds_place:
        raise CannotMove(_("The other registration holds a place and this one does not. Keep the other one."))
    _move_bookings(keep, other)
    _move_answers(keep, other)
    _move_consents(keep, other)
    for model in (Stay, Needs, Passport):
        if db.session.get(model, keep.id) is None:
            db.session.execute(update(model).where(model.registration_id == other.id).values(registration_id=keep.id))
    db.session.flush()
    db.session.expire_all()
    if other.is_live:
        services.move(other, State.CANCELLED, actor, now, said("same", keep.id))
        served = services.give_places(congress, now)  # rows of registrations before those of sessions, as everywhere
        bookings.give_back_all(other, now=now)
        services.settle(served, now)
    note(keep, actor, now, said("merged", other.id))


def _move_bookings(keep: Registration, other: Registration) -> None:
    """A session that both have chosen is kept once, with a place if one of them has it."""
    own = {each.item_id: each for each in db.session.scalars(select(Booking).where(Booking.registration_id == keep.id))}
    for booking in db.session.scalars(select(Booking).where(Booking.registration_id == other.id)).all():
        mine = own.get(booking.item_id)
        if mine is not None and (mine.state in HOLDS_PLACE or booking.state not in HOLDS_PLACE):
            continue  # given back with the registration that ends
        if mine is not None:
            db.session.delete(mine)
            db.session.flush()
        booking.registration_id = keep.id
    db.session.flush()


def _move_answers(keep: Registration, other: Registration) -> None:
    answered = set(db.session.scalars(select(Answer.question_id).where(Answer.registration_id == keep.id)))
    for answer in db.session.scalars(select(Answer).where(Answer.registration_id == other.id)).all():
        if answer.question_id not in answered:
            answer.registration_id = keep.id
    db.session.flush()
    db.session.execute(update(Upload).where(Upload.registration_id == other.id).values(registration_id=keep.id))


def _move_consents(keep: Registration, other: Registration) -> None:
    """What was agreed to in either stands; what one withdrew is not brought back by the other."""
    told = {each.kind for each in db.session.scalars(select(Consent).where(Consent.registration_id == keep.id))}
    for consent in db.session.scalars(select(Consent).where(Consent.registration_id == other.id)).all():
        if consent.kind not in told:
            consent.registration_id = keep.id
    db.session.flush()


def possible_duplicates(registration: Registration) -> Sequence[Registration]:
    """Other registrations of the congress that may be the same person: the same name, or the same passport."""
    person = registration.delegate.person
    name = fold(f"{person.family_name} {person.given_name}")
    passport = select(Passport.fingerprint).where(Passport.registration_id == registration.id, Passport.fingerprint != "")
    same_passport = select(Passport.registration_id).where(Passport.fingerprint.in_(passport))
    return db.session.scalars(
        select(Registration)
        .where(
            Registration.congress_id == registration.congress_id,
            Registration.id != registration.id,
            Registration.state != State.REPLACED,
            Registration.searched.startswith(f"{name} ", autoescape=True) | Registration.id.in_(same_passport),
        )
        .options(*queries.WHOLE)
        .order_by(Registration.id)
        .limit(20)
    ).all()
