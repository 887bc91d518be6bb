"""Writes of registrations."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from congress.congresses.models import Congress
from congress.congresses.rules import is_open
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.text import fold
from congress.core.tokens import derive_token, digest
from congress.delegates.models import OF_A_CITY, Category, Delegate, Person
from congress.delegates.services import delegation_of
from congress.networks import queries as networks
from congress.networks.models import City
from congress.outbox import services as outbox
from congress.outbox.services import Letter
from congress.programme import queries as programme
from congress.programme.models import ProgrammeItem
from congress.registration import queries, rules
from congress.registration.models import CONSENT_VERSION, Booking, Consent, ConsentKind, Registration
from congress.registration.rules import State


class RegistrationClosed(CongressError):
    """It is before the opening or after the closing of the registration."""


class NotAMember(CongressError):
    """The city is not a member of the network on the first day of the congress."""


class SessionFull(CongressError):
    """All places of the session are taken."""


class CannotChoose(CongressError):
    """The session is not one that this person may add."""


class RegistrationEnded(CongressError):
    """The registration was withdrawn."""


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """What a person has filled in, cleaned; ``submission_key`` is the same when one form is sent twice."""

    submission_key: str
    category: Category
    city: str
    given_name: str
    family_name: str
    email: str
    language: str
    organisation: str = ""
    function: str = ""
    consents: Collection[ConsentKind] = ()

    @property
    def identity(self) -> str:
        return f"{fold(self.given_name)} {fold(self.family_name)} {self.email.lower()}"[:500]


def register(congress: Congress, applicant: Applicant, *, key: str, now: datetime) -> Registration:
    """Register one person and queue the mail with the personal link; ``key`` is the installation's secret key.

    The same form sent twice, or a person who is registered already, gives the registration that is there; that
    person gets the link again (at most once a day), and whoever typed learns nothing. Raises RegistrationClosed, NotAMember.
    """
    lock(congress)
    again = select(Registration).where(
        Registration.submission_key == applicant.submission_key, Registration.congress_id == congress.id
    )
    sent_before = db.session.scalar(again)
    if sent_before is not None:
        return sent_before
    if not is_open(congress.registration_opens_at, congress.registration_closes_at, now):
        raise RegistrationClosed(_("Registration is closed."))
    city = _member_city(congress, applicant)
    live = select(Registration).where(
        Registration.congress_id == congress.id, Registration.identity == applicant.identity, Registration.state.in_(rules.LIVE)
    )
    known = db.session.scalar(live)
    if known is not None:
        _mail(known, "registration_again", f"registration-again-{known.id}-{now:%Y-%m-%d}", now)
        return known
    registration = _new_registration(congress, applicant, city, key, now)
    _mail(registration, "registration_received", f"registration-received-{registration.id}", now)
    return registration


def _member_city(congress: Congress, applicant: Applicant) -> City | None:
    if not applicant.city and applicant.category not in OF_A_CITY:
        return None
    membership = networks.find_member(congress.network, applicant.city, congress.starts_on)
    if membership is None:
        raise NotAMember(
            _(
                "“%(city)s” is not a member city of %(network)s. Choose a city from the list. "
                "Other cities are welcome at the public events, which need no registration.",
                city=applicant.city,
                network=congress.network.short_name,
            )
        )
    return membership.city


def _new_registration(congress: Congress, applicant: Applicant, city: City | None, key: str, now: datetime) -> Registration:
    person = Person(
        given_name=applicant.given_name, family_name=applicant.family_name,
        email=applicant.email, language=applicant.language, created_at=now,
    )  # fmt: skip
    delegate = Delegate(
        congress=congress, person=person, category=applicant.category,
        delegation=delegation_of(congress, city) if city else None,
        organisation=applicant.organisation, function=applicant.function,
    )  # fmt: skip
    public_id = str(uuid.uuid4())
    registration = Registration(
        public_id=public_id,
        congress=congress,
        delegate=delegate,
        state=State.SUBMITTED,
        identity=applicant.identity,
        submission_key=applicant.submission_key,
        link_version=1,
        link_digest=digest(derive_token(key, "registration", public_id, 1)),
        submitted_at=now,
        consents=[
            Consent(kind=kind, version=CONSENT_VERSION, given_at=now) for kind in ConsentKind if kind in applicant.consents
        ],
    )
    db.session.add(registration)
    db.session.flush()
    return registration


def link_token(registration: Registration, key: str) -> str:
    """The token of the personal link, made anew if the installation's key has changed since. Flushes then."""
    token = derive_token(key, "registration", registration.public_id, registration.link_version)
    if digest(token) != registration.link_digest:
        registration.link_version += 1
        token = derive_token(key, "registration", registration.public_id, registration.link_version)
        registration.link_digest = digest(token)
        db.session.flush()
    return token


def confirm(registration: Registration, *, now: datetime) -> None:
    """Say for the hosts that the person takes part as declared, and queue the mail that says so. A second time changes nothing.

    Raises RegistrationEnded.
    """
    lock(registration.congress)
    lock(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration was withdrawn."))
    if registration.state is State.SUBMITTED:
        _confirm([registration], now)


def confirm_waiting(congress: Congress, *, up_to: int, now: datetime) -> int:
    """Confirm all registrations that wait, up to the one with this id; how many those were.

    Whoever confirms names the last one seen: nobody who registers in the meantime is confirmed unseen.
    """
    lock(congress)
    submitted = (
        select(Registration)
        .where(Registration.congress_id == congress.id, Registration.state == State.SUBMITTED)
        .options(selectinload(Registration.delegate).selectinload(Delegate.person))
        .order_by(Registration.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    waiting = [each for each in db.session.scalars(submitted) if each.id <= up_to]
    _confirm(waiting, now)
    return len(waiting)


def _confirm(registrations: Sequence[Registration], now: datetime) -> None:
    for registration in registrations:
        registration.state = State.CONFIRMED
    letters = [_letter(each, "registration_confirmed", f"registration-confirmed-{each.id}") for each in registrations]
    outbox.enqueue_all(letters, now=now)
    db.session.flush()


def withdraw(registration: Registration, *, now: datetime) -> None:
    """End a registration, free its places, and queue the mail that says so. A second time changes nothing."""
    lock(registration.congress)
    lock(registration)
    if registration.state is State.CANCELLED:
        return
    registration.state, registration.ended_at = State.CANCELLED, now
    chosen = sorted(queries.chosen_codes(registration))  # the mail takes these, too, out of the person's calendar
    for booking in db.session.scalars(select(Booking).where(Booking.registration_id == registration.id)):
        db.session.delete(booking)
    more = {"chosen": chosen} if chosen else {}
    _mail(registration, "registration_withdrawn", f"registration-withdrawn-{registration.id}", now, **more)
    db.session.flush()


def choose(registration: Registration, item: ProgrammeItem, *, now: datetime) -> None:
    """Add an item to the person's programme, if it has a place. A second time changes nothing.

    Places are counted under the item's lock. Raises RegistrationEnded, CannotChoose, SessionFull.
    """
    lock(item)
    db.session.refresh(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration was withdrawn."))
    entry = next((each for each in programme.released(registration.congress).entries if each.item == item.code), None)
    if entry is None or not rules.may_choose(entry, queries.attendee(registration)):
        raise CannotChoose(_("This session cannot be added to your programme."))
    if item.code in queries.chosen_codes(registration):
        return
    if item.places is not None and queries.places_taken(item) >= item.places:
        raise SessionFull(_("All places are taken."))
    db.session.add(Booking(registration_id=registration.id, item=item, booked_at=now))
    db.session.flush()


def drop(registration: Registration, item: ProgrammeItem) -> None:
    """Take a chosen item out of the person's programme; one that is not there is no error."""
    for booking in db.session.scalars(
        select(Booking).where(Booking.registration_id == registration.id, Booking.item_id == item.id)
    ):
        db.session.delete(booking)
    db.session.flush()


def _mail(registration: Registration, template: str, key: str, now: datetime, **more: object) -> None:
    outbox.enqueue_all([_letter(registration, template, key, **more)], now=now)


def _letter(registration: Registration, template: str, key: str, **more: object) -> Letter:
    person, facts = registration.delegate.person, {"registration": registration.id, **more}
    return Letter(key=key, to=person.email, template=template, language=person.language, facts=facts)
