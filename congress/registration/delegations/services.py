"""Writes of a city's delegation as a whole: sent, confirmed, withdrawn, declined. Its people one by one: people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from congress.core.db import lock
from congress.delegates import chasing
from congress.delegates.models import Delegation
from congress.delegates.services import log
from congress.delegates.vocabulary import DelegationEventKind as Kind
from congress.delegates.vocabulary import DelegationState, Part
from congress.outbox import services as outbox
from congress.registration import services
from congress.registration.delegations import edits, queries
from congress.registration.delegations.edits import Edit
from congress.registration.letters import mail
from congress.registration.models import Registration
from congress.registration.refusals import CannotMove
from congress.registration.services import Actor
from congress.registration.states import State


def not_ready(delegation: Delegation, people: Sequence[Registration]) -> list[str]:
    """Why the delegation cannot be sent yet, in sentences; empty when it can."""
    own = [each for each in people if not each.awaits_focal_point]
    heads = [each.delegate.person.name for each in own if each.delegate.part is Part.HEAD and each.holds_place]
    found = []
    if not heads:
        found.append(_("Say who heads the delegation: edit that person and choose “head of the delegation”."))
    elif len(heads) > 1:
        found.append(_("Only one person can head the delegation. Now there are: %(names)s.", names=", ".join(heads)))
    if (number := queries.counted(own)) < delegation.least:
        found.append(
            ngettext(
                "A delegation has at least %(num)d delegate; yours has %(number)d.",
                "A delegation has at least %(num)d delegates; yours has %(number)d.",
                delegation.least,
                number=number,
            )
        )
    return found


def submit(delegation: Delegation, *, edit: Edit) -> None:
    """Send the delegation: everybody in it who was not sent yet is registered, or waits. A second time changes nothing.

    Raises NotReady, ChangedMeanwhile, RegistrationClosed, CannotMove.
    """
    edits.lock_all(delegation)
    people = queries.people(delegation)
    unsent = [each for each in people if queries.is_unsent(each) and not each.awaits_focal_point]
    if not unsent and delegation.state in (DelegationState.SUBMITTED, DelegationState.CONFIRMED):
        return
    edits.check(delegation, edit)
    edits.need_open(delegation, edit.now)
    edits.need_delegation(delegation)
    reasons = not_ready(delegation, people)
    for each in unsent:
        if queries.find_elsewhere(delegation, each.identity) is not None:
            reasons.append(edits.registered_elsewhere(each.delegate.person.name))
    if reasons:
        raise edits.NotReady(reasons)
    for each in unsent:
        _send(each, edit)
    delegation.state, delegation.submitted_at = DelegationState.SUBMITTED, edit.now
    log(delegation, Kind.SUBMITTED, by=edit.by, now=edit.now, detail=", ".join(each.delegate.person.name for each in unsent))
    if delegation.holder is not None:
        once = str(delegation.version)
        outbox.enqueue_all(chasing.letters_to(delegation, [delegation.holder], "delegation_received", once=once), now=edit.now)


def _send(registration: Registration, edit: Edit) -> None:
    if registration.state is not State.WAITING:
        services.submit(registration, actor=edit.actor, now=edit.now)
        return
    lock(registration)
    registration.submitted_at = edit.now
    if registration.offered_until is None:
        mail(registration, "registration_waiting", f"registration-waiting-{registration.id}", edit.now)


def confirm_delegation(delegation: Delegation, *, actor: Actor, now: datetime) -> int:
    """Confirm for the hosts all who were sent with the delegation, each with a mail; how many. A second time changes nothing.

    Those who wait go on waiting. Raises CannotMove where the delegation was not sent.
    """
    edits.lock_all(delegation)
    if delegation.state not in (DelegationState.SUBMITTED, DelegationState.CONFIRMED):
        raise CannotMove(_("The city has not sent its delegation yet."))
    sent = [each for each in queries.people(delegation) if each.state is State.SUBMITTED and not each.awaits_focal_point]
    for each in sent:
        services.confirm(each, actor=actor, now=now)
    if sent or delegation.state is DelegationState.SUBMITTED:
        delegation.state = DelegationState.CONFIRMED
        log(delegation, Kind.CONFIRMED, by=actor.name, now=now, detail=", ".join(each.delegate.person.name for each in sent))
    return len(sent)


def withdraw_all(delegation: Delegation, *, edit: Edit) -> list[Registration]:
    """End everybody's registration; those who were ended, whose calendars the caller ends. Raises ChangedMeanwhile."""
    edits.lock_all(delegation)
    people = queries.people(delegation)
    if not people:
        return []
    edits.check(delegation, edit)
    _end_all(people, edit)
    if delegation.state in (DelegationState.SUBMITTED, DelegationState.CONFIRMED):
        delegation.state = DelegationState.DRAFTING
    log(delegation, Kind.REMOVED, by=edit.by, now=edit.now, detail=", ".join(each.delegate.person.name for each in people))
    return people


def decline(delegation: Delegation, reason: str, *, edit: Edit) -> list[Registration]:
    """Say that the city sends nobody, and why; everybody's registration ends. Those who were ended. A second time changes nothing."""
    edits.lock_all(delegation)
    if delegation.state is DelegationState.DECLINED:
        return []
    edits.check(delegation, edit)
    people = queries.people(delegation)
    _end_all(people, edit)
    delegation.state, delegation.decline_reason = DelegationState.DECLINED, reason
    log(delegation, Kind.DECLINED, by=edit.by, now=edit.now, detail=reason)
    return people


def _end_all(people: Iterable[Registration], edit: Edit) -> None:
    for each in people:
        services.withdraw(each, actor=edit.actor, now=edit.now)


def reopen(delegation: Delegation, *, edit: Edit) -> None:
    """Take back that the city sends nobody. A second time changes nothing. Raises RegistrationClosed."""
    edits.lock_all(delegation)
    if delegation.state is DelegationState.DECLINED:
        edits.need_open(delegation, edit.now)
        delegation.state, delegation.decline_reason = DelegationState.DRAFTING, ""
        log(delegation, Kind.REOPENED, by=edit.by, now=edit.now)
