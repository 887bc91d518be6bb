"""What organisers decide about one person or many, each decision with who, when and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.sentences import said
from congress.core.tokens import derive_token, digest
from congress.delegates.models import Delegation
from congress.registration import places, queries, services
from congress.registration.delegations import people as delegation_people
from congress.registration.delegations.edits import Edit
from congress.registration.letters import mail
from congress.registration.models import Move, Registration
from congress.registration.refusals import CannotMove, RegistrationEnded
from congress.registration.services import Actor, Applicant
from congress.registration.vocabulary import By

MOST = 500  # people in one transaction; more would keep everybody else waiting


class Decision(StrEnum):
    """What may be decided for one person or many."""

    CONFIRM = "confirm"
    REJECT = "reject"
    WAIT = "wait"
    CANCEL = "cancel"
    BRING_BACK = "bring_back"
    SEND_LINK = "send_link"


DECISION_LABELS = {
    Decision.CONFIRM: lazy_gettext("Confirm"),
    Decision.REJECT: lazy_gettext("Do not accept"),
    Decision.WAIT: lazy_gettext("Move to the waiting list"),
    Decision.CANCEL: lazy_gettext("Cancel"),
    Decision.BRING_BACK: lazy_gettext("Bring back"),
    Decision.SEND_LINK: lazy_gettext("Send the personal link again"),
}
NEEDS_REASON = frozenset({Decision.REJECT, Decision.WAIT, Decision.CANCEL})


class Stale(CongressError):
    """Somebody has changed the registration since the page was shown. ``moves`` are those since then."""

    def __init__(self, moves: Sequence[Move]) -> None:
        super().__init__(_("Somebody else has changed this registration in the meantime. Nothing was done; look at it again."))
        self.moves = moves


@dataclass
class Outcome:
    """For whom a decision was carried out, for whom not and why, and how many were not there."""

    done: list[Registration] = field(default_factory=list)
    refused: list[tuple[Registration, str]] = field(default_factory=list)
    absent: int = 0


def send_link(registration: Registration, *, now: datetime) -> None:
    """Queue the mail with the personal link, once a minute at the most. Raises RegistrationEnded."""
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended; it has no link."))
    mail(registration, "personal_link", f"personal-link-{registration.id}-{registration.link_version}-{now:%Y%m%d%H%M}", now)


def renew_link(registration: Registration, *, actor: Actor, key: str, now: datetime) -> None:
    """End the personal link and queue the mail with a new one. Raises RegistrationEnded."""
    lock(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended; it has no link."))
    registration.link_version += 1
    token = derive_token(key, "registration", registration.public_id, registration.link_version)
    registration.link_digest = digest(token)
    note(registration, actor, now, said("link"))
    send_link(registration, now=now)


def _confirm(registration: Registration, actor: Actor, now: datetime, why: str) -> None:
    services.confirm(registration, actor=actor, now=now, why=why)


def _reject(registration: Registration, actor: Actor, now: datetime, why: str) -> None:
    services.reject(registration, actor=actor, now=now, why=why)


def _wait(registration: Registration, actor: Actor, now: datetime, why: str) -> None:
    services.put_on_waiting_list(registration, actor=actor, now=now, why=why)


def _cancel(registration: Registration, actor: Actor, now: datetime, why: str) -> None:
    services.withdraw(registration, actor=actor, now=now, why=why)


def _bring_back(registration: Registration, actor: Actor, now: datetime, why: str) -> None:
    services.bring_back(registration, actor=actor, now=now, why=why)


def _send_link(registration: Registration, _actor: Actor, now: datetime, _why: str) -> None:
    send_link(registration, now=now)


_CARRIED_OUT: dict[Decision, Callable[[Registration, Actor, datetime, str], None]] = {
    Decision.CONFIRM: _confirm,
    Decision.REJECT: _reject,
    Decision.WAIT: _wait,
    Decision.CANCEL: _cancel,
    Decision.BRING_BACK: _bring_back,
    Decision.SEND_LINK: _send_link,
}


def decide(registration: Registration, decision: Decision, *, actor: Actor, now: datetime, why: str = "") -> None:
    """Carry out a decision about one person. Raises what the service of it raises."""
    _CARRIED_OUT[decision](registration, actor, now, why)


def decide_all(
    congress: Congress, wanted: Sequence[int], decision: Decision, *, actor: Actor, now: datetime, why: str = ""
) -> Outcome:
    """Carry out a decision about many; who cannot be dealt with is told with the reason, and nothing of theirs is half done.

    Only registrations of this congress are touched.
    """
    lock(congress)
    found = db.session.scalars(
        select(Registration).where(Registration.congress_id == congress.id, Registration.id.in_(wanted)).options(*queries.WHOLE)
    ).all()
    of_id, outcome = {each.id: each for each in found}, Outcome(absent=len(set(wanted)) - len(found))
    for each in dict.fromkeys(wanted):
        if (registration := of_id.get(each)) is None:
            continue
        try:
            with db.session.begin_nested():
                decide(registration, decision, actor=actor, now=now, why=why)
        except CongressError as refusal:
            outcome.refused.append((registration, str(refusal)))
        else:
            outcome.done.append(registration)
    return outcome


class _Edit(Edit):
    """An organiser's edit of a delegation."""

    @property
    def actor(self) -> Actor:
        return Actor(By.ORGANISER, self.by)


def replace(registration: Registration, applicant: Applicant, *, actor: Actor, key: str, now: datetime) -> Registration:
    """Another person of the delegation in this one's place. The caller holds the locks. Raises what delegations.people.replace raises."""
    delegation = registration.delegate.delegation
    if delegation is None:
        raise CannotMove(_("Only people of a delegation can be replaced."))
    edit = _Edit(seen=delegation.version, by=actor.name, now=now)
    return delegation_people.replace(delegation, registration, applicant, edit=edit, key=key)


def hold(registration: Registration, *, version: int, seen: int, also: Delegation | None = None) -> None:
    """Lock a registration and what owns its place, as long as it is still the version that the page showed.

    ``seen`` is the id of the last move that the page showed; ``also``: another delegation whose places are counted. Raises Stale.
    """
    lock(registration.congress)
    for each in sorted({registration.delegate.delegation, also} - {None}, key=lambda each: each.id if each else 0):
        places.lock_owners(registration.congress, each)
    lock(registration)
    if registration.version != version:
        moves = select(Move).where(Move.registration_id == registration.id, Move.id > seen).order_by(Move.id)
        raise Stale(db.session.scalars(moves).all())


def note(registration: Registration, actor: Actor, now: datetime, what: str) -> None:
    """Write into the history something that leaves the state as it is, and count it as a change of the registration."""
    flag_modified(registration, "identity")  # so that its version counts this, too
    state = registration.state
    noted = Move(registration_id=registration.id, before=state, after=state, at=now, by=actor.by, name=actor.name, why=what[:500])
    db.session.add(noted)
    db.session.flush()
