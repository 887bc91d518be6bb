"""Writes of the people of a delegation: a focal point adds, changes, replaces and removes them.

Each holds the locks of places.lock_owners, and refuses to write over what somebody else has changed in the meantime.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_other
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm.attributes import flag_modified

from congress.core.db import db
from congress.core.sentences import said
from congress.delegates.models import Delegate, Delegation
from congress.delegates.services import log
from congress.delegates.vocabulary import DelegationEventKind as Kind
from congress.delegates.vocabulary import DelegationState
from congress.outbox import services as outbox
from congress.registration import places, services
from congress.registration.delegations import edits, queries
from congress.registration.delegations.edits import Edit
from congress.registration.letters import is_written_to, letter, mail
from congress.registration.models import Booking, Registration
from congress.registration.queries import chosen_codes
from congress.registration.refusals import NoPlace
from congress.registration.services import Applicant
from congress.registration.states import SENT, State


def add(
    delegation: Delegation, applicant: Applicant, *, also: Sequence[str] = (), note: str = "", edit: Edit, key: str
) -> Registration:
    """Add a person, with a place if there is one, else waiting. The same form sent twice adds one.

    Raises ChangedMeanwhile, RegistrationClosed, StepClosed, CannotMove, AlreadyThere, NotAMember.
    """
    applicant = _own(delegation, applicant)
    edits.lock_all(delegation)
    sent_before = queries.find_sent_form(applicant.submission_key)
    if sent_before is not None:
        return sent_before
    edits.check(delegation, edit)
    edits.need_open_for(delegation, [applicant.category], edit.now)
    edits.need_delegation(delegation)
    return _add(delegation, applicant, also, note, edit, key)


def add_all(delegation: Delegation, applicants: Iterable[Applicant], *, edit: Edit, key: str) -> int:
    """Add these people but for those who are registered already; how many were added. The same form sent twice adds them once.

    Raises what ``add`` raises but AlreadyThere.
    """
    chosen = [_own(delegation, each) for each in applicants]
    edits.lock_all(delegation)
    if any(queries.find_sent_form(each.submission_key) is not None for each in chosen):
        return 0
    edits.check(delegation, edit)
    edits.need_open_for(delegation, [each.category for each in chosen], edit.now)
    edits.need_delegation(delegation)
    added = 0
    for applicant in chosen:
        try:
            _add(delegation, applicant, (), "", edit, key)
        except edits.AlreadyThere:
            continue
        added += 1
    return added


def _add(delegation: Delegation, applicant: Applicant, also: Sequence[str], note: str, edit: Edit, key: str) -> Registration:
    congress = delegation.congress
    services.member_city(congress, applicant.city, applicant.category)
    edits.need_stranger(delegation, applicant)
    newcomer = Delegate(congress=congress, delegation=delegation, category=applicant.category, part=applicant.part)
    has_room = places.has_room(newcomer)
    registration = services.new_registration(
        congress,
        applicant,
        delegation,
        state=State.INVITED if has_room else State.WAITING,
        actor=edit.actor,
        key=key,
        now=edit.now,
    )
    registration.holds_place = has_room
    registration.queued_at = None if has_room else edit.now
    registration.delegate.also = list(also)
    if delegation.state in edits.BEFORE_THE_FIRST:
        delegation.state = DelegationState.DRAFTING
    name = registration.delegate.person.name
    log(delegation, Kind.ADDED, by=edit.by, now=edit.now, detail=f"{name} – {note}" if note else name)
    return registration


def fingerprint(registration: Registration) -> str:
    """Stands for what a focal point edits of a person: another one means that somebody has changed it."""
    return hashlib.sha256(repr(_values(registration)).encode()).hexdigest()[:32]


def _values(registration: Registration) -> tuple[object, ...]:
    delegate, person = registration.delegate, registration.delegate.person
    return (
        person.title, person.given_name, person.family_name, person.email, person.language, delegate.category.value,
        delegate.part.value, delegate.organisation, delegate.function, sorted(delegate.also),
    )  # fmt: skip


def change(
    delegation: Delegation, registration: Registration, applicant: Applicant, *, also: Sequence[str], was: str, edit: Edit
) -> None:
    """Change a person's name, address, part and the like; what is so already is no change. ``was`` is the fingerprint shown.

    Raises ChangedMeanwhile, RegistrationEnded, AlreadyThere, NoPlace.
    """
    edits.lock_all(delegation, registration)
    edits.need_live(registration)
    delegate, person = registration.delegate, registration.delegate.person
    db.session.refresh(delegate)
    db.session.refresh(person)
    wanted = (
        applicant.title, applicant.given_name, applicant.family_name, applicant.email, applicant.language,
        applicant.category.value, applicant.part.value, applicant.organisation, applicant.function, sorted(also),
    )  # fmt: skip
    if _values(registration) == wanted:
        return
    edits.check(delegation, edit)
    if fingerprint(registration) != was:
        raise edits.ChangedMeanwhile(_("Somebody else has changed this person’s data since you opened this page."))
    if applicant.identity != registration.identity:
        edits.need_stranger(delegation, applicant, but=registration)
    moved = (delegate.category, delegate.part) != (applicant.category, applicant.part)
    person.title, person.given_name, person.family_name = applicant.title, applicant.given_name, applicant.family_name
    person.email, person.language, registration.identity = applicant.email, applicant.language, applicant.identity
    delegate.category, delegate.part, delegate.also = applicant.category, applicant.part, list(also)
    delegate.organisation, delegate.function = applicant.organisation, applicant.function
    flag_modified(registration, "identity")  # so that its version counts this, too: organisers may be editing the person
    db.session.flush()
    if moved:
        if registration.holds_place and any(each.taken > each.most for each in places.limits(delegate)):
            raise NoPlace(_("There is no free place for this role and part. Leave them as they were, or remove somebody first."))
        services.serve_next(delegation.congress, now=edit.now)
    log(delegation, Kind.EDITED, by=edit.by, now=edit.now, detail=person.name)


def remove(delegation: Delegation, registration: Registration, *, edit: Edit) -> None:
    """Take a person out: the place goes to the next who waits. A second time changes nothing. Raises ChangedMeanwhile."""
    edits.lock_all(delegation, registration)
    if not registration.is_live:
        return
    edits.check(delegation, edit)
    services.withdraw(registration, actor=edit.actor, now=edit.now)
    if delegation.state in (DelegationState.SUBMITTED, DelegationState.CONFIRMED) and not queries.people(delegation):
        delegation.state = DelegationState.DRAFTING
    log(delegation, Kind.REMOVED, by=edit.by, now=edit.now, detail=registration.delegate.person.name)


def replace(delegation: Delegation, registration: Registration, applicant: Applicant, *, edit: Edit, key: str) -> Registration:
    """Put another person in somebody's place: state, role, part and what was booked are kept; what is personal is not.

    Possible also when registration is closed. The same form sent twice replaces once. Whoever calls ends the calendars of the one who
    goes. Raises ChangedMeanwhile, RegistrationEnded, AlreadyThere, CannotMove.
    """
    delegate = registration.delegate
    edits.lock_all(delegation, registration)
    db.session.refresh(delegate)
    applicant = with_other(_own(delegation, applicant), category=delegate.category, part=delegate.part)
    sent_before = queries.find_sent_form(applicant.submission_key)
    if sent_before is not None:
        return sent_before
    edits.need_live(registration)
    edits.check(delegation, edit)
    edits.need_stranger(delegation, applicant)
    old, new_name = delegate.person.name, f"{applicant.given_name} {applicant.family_name}"
    held = _Held(registration.state, registration.holds_place, registration.queued_at, registration.offered_until)
    held_since, chosen = registration.submitted_at, sorted(chosen_codes(registration))
    told = held_since is not None or is_written_to(registration)
    services.move(registration, State.REPLACED, edit.actor, edit.now, new_name)
    new = services.new_registration(
        delegation.congress, applicant, delegation, state=State.INVITED, actor=edit.actor, key=key, now=edit.now, why=old
    )
    new.replaces_id, new.submitted_at = registration.id, edit.now if held_since else None
    _take_over(new, held, edit)
    db.session.execute(update(Booking).where(Booking.registration_id == registration.id).values(registration_id=new.id))
    if told:
        more = {"chosen": chosen} if chosen else {}
        mail(
            registration,
            "registration_replaced",
            f"registration-replaced-{registration.id}-{registration.version}",
            edit.now,
            **more,
        )
        invited = "registration_offered" if new.offered_until else "person_invited"
        mail(new, invited, f"{invited.replace('_', '-')}-{new.id}", edit.now, replaces=registration.id)
    log(delegation, Kind.REPLACED, by=edit.by, now=edit.now, detail=f"{old} → {new_name}")
    return new


@dataclass(frozen=True)
class _Held:
    state: State
    place: bool
    queued_at: datetime | None
    offered_until: datetime | None


def _take_over(new: Registration, held: _Held, edit: Edit) -> None:
    """Where the one before was: with the place, or at the same place in the waiting list."""
    if held.state is State.WAITING:
        services.move(new, State.WAITING, edit.actor, edit.now)
        new.queued_at, new.offered_until, new.holds_place = held.queued_at, held.offered_until, held.place
        db.session.flush()
        return
    new.holds_place = held.place
    if held.state in (State.SUBMITTED, State.CONFIRMED):
        services.move(new, State.SUBMITTED, edit.actor, edit.now)
    if held.state is State.CONFIRMED:
        services.move(new, State.CONFIRMED, edit.actor, edit.now)
    db.session.flush()


def send_links(delegation: Delegation, registrations: Iterable[Registration], *, edit: Edit) -> int:
    """Send these people their personal links, each at most once a day; how many were written to now."""
    edits.lock_all(delegation)
    letters = []
    for each in registrations:
        if each.is_live and each.state is not State.CHECKED_IN:
            template = "registration_again" if each.state in SENT and each.submitted_at else "person_invited"
            letters.append(letter(each, template, f"{template.replace('_', '-')}-{each.id}-{edit.now:%Y-%m-%d}"))
    return outbox.enqueue_all(letters, now=edit.now)


def accept(delegation: Delegation, registration: Registration, *, edit: Edit) -> None:
    """Say that somebody who registered alone belongs to the city. A second time changes nothing. Raises RegistrationEnded."""
    edits.lock_all(delegation, registration)
    edits.need_live(registration)
    if registration.awaits_focal_point:
        edits.check(delegation, edit)
        registration.awaits_focal_point = False
        if delegation.state in edits.BEFORE_THE_FIRST:
            delegation.state = DelegationState.DRAFTING
        log(delegation, Kind.ADDED, by=edit.by, now=edit.now, detail=registration.delegate.person.name)


def refuse(delegation: Delegation, registration: Registration, *, edit: Edit) -> None:
    """Say that somebody who registered alone does not belong to the city. A second time changes nothing."""
    edits.lock_all(delegation, registration)
    if registration.is_live and registration.awaits_focal_point:
        edits.check(delegation, edit)
        services.reject(registration, actor=edit.actor, now=edit.now, why=said("refused"))
        log(delegation, Kind.REMOVED, by=edit.by, now=edit.now, detail=registration.delegate.person.name)


def _own(delegation: Delegation, applicant: Applicant) -> Applicant:
    """The form's key as one of this delegation: nobody's form can meet that of another one."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{delegation.public_id}/{applicant.submission_key}")
    return with_other(applicant, city=delegation.city.slug, submission_key=str(key))
