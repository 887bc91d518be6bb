"""Writes of registrations: from the first page of the form to the end, each move with who, when and why."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.sentences import said
from congress.core.text import fold
from congress.core.tokens import derive_token, digest, random_code
from congress.delegates.models import Delegate, Delegation, Person
from congress.delegates.services import delegation_of
from congress.delegates.vocabulary import OF_A_CITY, Category, Part
from congress.networks import queries as networks
from congress.networks.models import City
from congress.outbox import services as outbox
from congress.registration import places, queries
from congress.registration.bookings import services as bookings
from congress.registration.circumstances import Circumstances, around
from congress.registration.form.consent_texts import version_for
from congress.registration.history import log
from congress.registration.letters import is_written_to, letter, mail
from congress.registration.models import Consent, Registration
from congress.registration.refusals import CannotMove, NoPlace, NotAMember, RegistrationClosed, RegistrationEnded
from congress.registration.states import SENT, State, can_move
from congress.registration.vocabulary import STATE_LABELS, By, ConsentKind


@dataclass(frozen=True)
class Actor:
    """Who does something: of which kind, and the account's address where there is one."""

    by: By
    name: str = ""


PERSON, FOCAL_POINT, SYSTEM = Actor(By.PERSON), Actor(By.FOCAL_POINT), Actor(By.SYSTEM)


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
    title: str = ""
    part: Part = Part.MEMBER
    organisation: str = ""
    function: str = ""
    consents: Collection[ConsentKind] = ()

    @property
    def identity(self) -> str:
        return identity(self.given_name, self.family_name, self.email)


def identity(given_name: str, family_name: str, email: str) -> str:
    """By what one person is known as the same: the name and the mail address, folded."""
    return f"{fold(given_name)} {fold(family_name)} {email.lower()}"[:500]


def register(congress: Congress, applicant: Applicant, *, key: str, now: datetime) -> Registration:
    """Register one person in one go and queue the mail with the personal link; ``key`` is the installation's secret key.

    The same form sent twice, or a person who is registered already, gives the registration that is there; that
    person gets the link again (at most once a day), and whoever typed learns nothing. Raises RegistrationClosed, NotAMember.
    """
    started = start(congress, applicant, key=key, now=now)
    return started if started.state is not State.STARTED else submit(started, actor=PERSON, now=now)


def start(congress: Congress, applicant: Applicant, *, key: str, now: datetime) -> Registration:
    """Begin a registration: it holds no place yet. The same form sent twice begins one. Raises RegistrationClosed, NotAMember."""
    lock(congress)
    sent_before = find_begun(congress, applicant.submission_key)
    if sent_before is not None:
        return sent_before
    if not congress.is_registration_open(now):
        raise RegistrationClosed(_("Registration is closed."))
    city = member_city(congress, applicant.city, applicant.category)
    delegation = delegation_of(congress, city) if city else None
    return new_registration(congress, applicant, delegation, state=State.STARTED, actor=PERSON, key=key, now=now)


def find_begun(congress: Congress, submission_key: str) -> Registration | None:
    """The registration that a form with this key has begun: the same form sent twice begins one."""
    return db.session.scalar(
        select(Registration).where(Registration.submission_key == submission_key, Registration.congress_id == congress.id)
    )


def member_city(congress: Congress, typed: str, category: Category) -> City | None:
    """The member city meant by a slug or name; None where the category needs none. Raises NotAMember."""
    if not typed and category not in OF_A_CITY:
        return None
    membership = networks.find_member(congress.network, typed, congress.starts_on)
    if membership is None:
        raise NotAMember(
            _(
                "“%(city)s” is not a member city of %(network)s. Choose a city from the list. "
                "Other cities are welcome at the public events, which need no registration.",
                city=typed,
                network=congress.network.short_name,
            )
        )
    return membership.city


def new_registration(
    congress: Congress,
    applicant: Applicant,
    delegation: Delegation | None,
    *,
    state: State,
    actor: Actor,
    key: str,
    now: datetime,
    why: str = "",
) -> Registration:
    """A person with a registration in this state, which holds no place and has queued no mail. The caller holds the congress's lock."""
    person = Person(
        title=applicant.title, given_name=applicant.given_name, family_name=applicant.family_name,
        email=applicant.email, language=applicant.language, created_at=now,
    )  # fmt: skip
    delegate = Delegate(
        congress=congress, person=person, category=applicant.category, part=applicant.part, delegation=delegation,
        organisation=applicant.organisation, function=applicant.function,
    )  # fmt: skip
    public_id = str(uuid.uuid4())
    registration = Registration(
        public_id=public_id,
        congress=congress,
        delegate=delegate,
        state=state,
        identity=applicant.identity,
        submission_key=applicant.submission_key,
        link_version=1,
        link_digest=digest(derive_token(key, "registration", public_id, 1)),
        started_at=now,
        consents=[
            Consent(kind=kind, version=version_for(congress), given_at=now) for kind in ConsentKind if kind in applicant.consents
        ],
    )
    db.session.add(registration)
    log(registration, None, by=actor.by, name=actor.name, now=now, why=why)
    return registration


def submit(registration: Registration, *, actor: Actor, now: datetime, why: str = "") -> Registration:
    """Send a started registration: with a place if there is one, else on the waiting list; queue the mail that says which.

    Somebody who is registered already gets the link again (at most once a day), the new one ends, and the one that is there is
    returned: whoever typed learns nothing. A second time changes nothing. Raises RegistrationEnded.
    """
    hold(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    if registration.state in SENT and registration.submitted_at is not None:
        return registration
    return submit_held(registration, around(registration), actor=actor, now=now, why=why)


def submit_held(registration: Registration, found: Circumstances, *, actor: Actor, now: datetime, why: str = "") -> Registration:
    """Send a registration that has not been sent yet. The caller holds the locks (hold)."""
    if found.known is not None and found.known != registration.id:
        move(registration, State.CANCELLED, actor, now, said("again"))
        known = db.session.get_one(Registration, found.known)
        mail(known, "registration_again", f"registration-again-{known.id}-{now:%Y-%m-%d}", now)
        return known
    registration.submitted_at = now
    with db.session.no_autoflush:  # what changes here counts for nobody until the move, which writes it all at once
        take_place(registration, now=now, found=found)
    if registration.holds_place or registration.state is not State.WAITING:  # who was put on the list by the city still waits
        move(registration, State.SUBMITTED if registration.holds_place else State.WAITING, actor, now, why)
    if found.has_chosen:
        bookings.settle(registration, now=now)
    told = "registration_received" if registration.holds_place else "registration_waiting"
    mail(registration, told, f"{told.replace('_', '-')}-{registration.id}", now)
    return registration


def hold(registration: Registration) -> None:
    """Lock the registration and those who own the places that it may take, and read afresh what decides about them."""
    delegate = registration.delegate  # kept here, or the session would read it again
    places.lock_owners(registration.congress, delegate.delegation)
    lock(registration)
    places.look_again(registration.delegate)


def take_place(registration: Registration, *, now: datetime, found: Circumstances | None = None) -> None:
    """Give a place, or a place in the waiting list. The caller holds the locks of places.lock_owners.

    ``found``: what was asked under them already. Who waits longer is served first, also where a limit was raised and nobody has looked since.
    """
    if registration.holds_place:
        return
    if found is None or found.is_awaited:
        serve_next(registration.congress, now=now, but=registration)
        has_room = places.has_room(registration.delegate)
    else:
        has_room = found.has_room
    if has_room:
        registration.holds_place = True
    elif registration.queued_at is None:
        registration.queued_at = now


def link_token(registration: Registration, key: str) -> str:
    """The token of the personal link, made anew if the installation's key has changed since. Flushes then."""
    token = derive_token(key, "registration", registration.public_id, registration.link_version)
    if digest(token) != registration.link_digest:
        end_link(registration, key)
        token = derive_token(key, "registration", registration.public_id, registration.link_version)
        db.session.flush()
    return token


def end_link(registration: Registration, key: str) -> None:
    """End the personal link; the next mail brings another one."""
    registration.link_version += 1
    registration.link_digest = digest(derive_token(key, "registration", registration.public_id, registration.link_version))


def confirm(registration: Registration, *, actor: Actor, now: datetime, why: str = "") -> None:
    """Say for the hosts that the person takes part as declared, and queue the mail that says so. A second time changes nothing.

    Somebody who waits is confirmed only if there is a place. Raises RegistrationEnded, NoPlace, CannotMove.
    """
    hold(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    if not registration.is_confirmed:
        _need_place(registration, now)
        _confirm([registration], actor, now, why)
        bookings.settle(registration, now=now)


def confirm_waiting(congress: Congress, *, up_to: int, actor: Actor, now: datetime) -> int:
    """Confirm all registrations that the hosts have to decide on, up to the one with this id; how many those were.

    Whoever confirms names the last one seen: nobody who registers in the meantime is confirmed unseen.
    """
    lock(congress)
    submitted = (
        select(Registration)
        .where(
            Registration.congress_id == congress.id, Registration.state == State.SUBMITTED, Registration.id <= up_to,
            Registration.awaits_focal_point.is_(False),
        )
        .options(*queries.WHOLE, selectinload(Registration.consents))
        .order_by(Registration.id)
    )  # fmt: skip
    waiting = db.session.scalars(submitted.with_for_update(of=Registration, key_share=True)).all()
    _confirm(waiting, actor, now)
    return len(waiting)


def _confirm(registrations: Sequence[Registration], actor: Actor, now: datetime, why: str = "") -> None:
    for registration in registrations:
        move(registration, State.CONFIRMED, actor, now, why)
    letters = [
        letter(each, "registration_confirmed", f"registration-confirmed-{each.id}-{each.version}") for each in registrations
    ]
    outbox.enqueue_all(letters, now=now)
    db.session.flush()


def reject(registration: Registration, *, actor: Actor, now: datetime, why: str = "") -> None:
    """Say for the hosts that the person cannot take part; the place becomes free. Raises RegistrationEnded."""
    hold(registration)
    if registration.state is State.REJECTED:
        return
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    _end(registration, State.REJECTED, "registration_rejected", actor, now, why)


def withdraw(registration: Registration, *, actor: Actor = PERSON, now: datetime, why: str = "") -> None:
    """End a registration, free its places, and queue the mail that says so. One that has ended stays as it is."""
    hold(registration)
    if registration.is_live:
        _end(registration, State.CANCELLED, "registration_withdrawn", actor, now, why)


def _end(registration: Registration, state: State, template: str, actor: Actor, now: datetime, why: str) -> None:
    told = registration.state is not State.STARTED and (registration.submitted_at is not None or is_written_to(registration))
    chosen = sorted(queries.chosen_codes(registration))  # the mail takes these, too, out of the person's calendar
    move(registration, state, actor, now, why)
    more = {"chosen": chosen} if chosen else {}
    if told:
        mail(registration, template, f"{template.replace('_', '-')}-{registration.id}-{registration.version}", now, **more)
    served = give_places(registration.congress, now)
    bookings.give_back_all(registration, now=now)
    settle(served, now)


def put_on_waiting_list(registration: Registration, *, actor: Actor, now: datetime, why: str = "") -> None:
    """Take the place away and let the person wait at the end of the list. Raises RegistrationEnded, CannotMove."""
    hold(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    if registration.state is State.WAITING and not registration.holds_place:
        return
    move(registration, State.WAITING, actor, now, why)
    registration.queued_at, registration.submitted_at = now, registration.submitted_at or now
    db.session.flush()
    mail(registration, "registration_waiting", f"registration-waiting-{registration.id}-{registration.version}", now)
    served = give_places(registration.congress, now, but=registration)
    bookings.give_back_all(registration, now=now)
    settle(served, now)


def bring_back(registration: Registration, *, actor: Actor, now: datetime, why: str = "") -> None:
    """Let somebody who was rejected, withdrew or was replaced come back: with a place if there is one, else waiting.

    Raises CannotMove, also where the same person has registered anew.
    """
    hold(registration)
    if registration.is_live:
        return
    if queries.find_sent(registration.congress, registration.identity) is not None:
        raise CannotMove(_("The same person has registered again. Work with that registration."))
    registration.ended_at = registration.queued_at = None
    registration.submitted_at = registration.submitted_at or now
    registration.link_digest = digest(random_code())  # the old link has ended for good; the mail brings another one
    take_place(registration, now=now)
    move(registration, State.SUBMITTED if registration.holds_place else State.WAITING, actor, now, why)
    told = "registration_received" if registration.holds_place else "registration_waiting"
    mail(registration, told, f"{told.replace('_', '-')}-{registration.id}-{registration.version}", now)


def serve_next(congress: Congress, *, now: datetime, but: Registration | None = None) -> None:
    """Give freed places to those who wait, each with a mail. The caller holds the congress's lock."""
    settle(give_places(congress, now, but), now)


def give_places(congress: Congress, now: datetime, but: Registration | None = None) -> list[Registration]:
    """Those who got a place now, or the offer of one where the congress keeps freed places for a time.

    Rows of registrations come before those of sessions, here as everywhere: so no two transactions wait for each other,
    and the caller settles what those people have chosen when it has freed all it frees. It holds the congress's lock.
    """
    given = []
    for registration in places.next_in_line(congress, but=but):
        lock(registration)  # who waits may be filling in a page at this moment
        registration.holds_place = True
        if congress.offer_hours:
            registration.offered_until = now + timedelta(hours=congress.offer_hours)
            db.session.flush()
            told = "registration_offered"
        else:
            sent = registration.submitted_at is not None
            move(registration, State.SUBMITTED if sent else State.INVITED, SYSTEM, now, said("free"))
            told = "registration_received" if sent else "person_invited"
        mail(registration, told, f"{told.replace('_', '-')}-{registration.id}-{registration.version}", now)
        given.append(registration)
    return given


def settle(registrations: Sequence[Registration], now: datetime) -> None:
    """Give those who take part from now on the sessions that they have chosen before."""
    for registration in registrations:
        bookings.settle(registration, now=now)


def _need_place(registration: Registration, now: datetime) -> None:
    if not registration.holds_place and not places.has_room(registration.delegate):
        raise NoPlace(_("There is no free place for this person. Raise the limit, or let them wait."))
    registration.holds_place = True
    registration.submitted_at = registration.submitted_at or now


def move(registration: Registration, state: State, actor: Actor, now: datetime, why: str = "") -> None:
    """Move to a state, and log it. The caller holds the locks of places.lock_owners. Raises CannotMove."""
    before = registration.state
    if not can_move(before, state):
        raise CannotMove(_("This registration is “%(state)s”; this cannot be done with it now.", state=STATE_LABELS[before]))
    registration.state, registration.offered_until = state, None
    if state in {State.REJECTED, State.CANCELLED, State.REPLACED}:
        registration.ended_at, registration.badge_code = now, None
    if state in {State.REJECTED, State.CANCELLED, State.REPLACED, State.WAITING}:
        registration.holds_place = False
    else:
        registration.queued_at = None
    if state is State.CONFIRMED and registration.badge_code is None:
        registration.badge_code = random_code()
    log(registration, before, by=actor.by, name=actor.name, now=now, why=why)
