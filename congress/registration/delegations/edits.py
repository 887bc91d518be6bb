"""What every edit of a delegation shares: who edits what was shown, the locks, and what is refused.

Nothing is written over what somebody else has changed in the meantime.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from congress.core.db import lock
from congress.core.errors import CongressError
from congress.delegates.models import Delegation, DelegationEvent
from congress.delegates.vocabulary import CATEGORY_LABELS, Category, DelegationState
from congress.registration import places
from congress.registration.delegations import queries
from congress.registration.form import queries as step_queries
from congress.registration.models import Registration
from congress.registration.refusals import CannotMove, RegistrationClosed, RegistrationEnded, StepClosed
from congress.registration.services import Actor, Applicant
from congress.registration.vocabulary import By

BEFORE_THE_FIRST = (DelegationState.NOT_INVITED, DelegationState.INVITED, DelegationState.OPENED)


class ChangedMeanwhile(CongressError):
    """Somebody else has changed the delegation since the page was loaded; ``changes`` says what. Nothing was written."""

    def __init__(self, message: str, changes: Sequence[DelegationEvent] = ()) -> None:
        super().__init__(message)
        self.changes = changes


class AlreadyThere(CongressError):
    """The person is registered already."""


class NotReady(CongressError):
    """The delegation cannot be sent yet; ``reasons`` are the sentences that say why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Edit:
    """Who edits, when, and which version of the delegation the page showed."""

    seen: int
    by: str
    now: datetime

    @property
    def actor(self) -> Actor:
        return Actor(By.FOCAL_POINT, self.by)


def lock_all(delegation: Delegation, registration: Registration | None = None) -> None:
    """The locks of the places, then the person's."""
    places.lock_owners(delegation.congress, delegation)
    if registration is not None:
        lock(registration)


def check(delegation: Delegation, edit: Edit) -> None:
    """Nothing is written over what the page did not show. The caller holds the locks. Raises ChangedMeanwhile."""
    if delegation.version != edit.seen:
        changes = queries.changes_since(delegation, edit.seen)
        if changes:
            raise ChangedMeanwhile(_("The delegation has been changed since you opened this page."), changes)


def need_live(registration: Registration) -> None:
    """Raises RegistrationEnded."""
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))


def need_open(delegation: Delegation, now: datetime) -> None:
    """Raises RegistrationClosed."""
    congress = delegation.congress
    if not congress.is_registration_open(now):
        raise RegistrationClosed(
            _(
                "Registration is closed. Replacing a person is still possible; for anything else write to %(address)s.",
                address=congress.contact_email,
            )
        )


def need_open_for(delegation: Delegation, categories: Iterable[Category], now: datetime) -> None:
    """As need_open, and that nobody is of a category which may not begin to register any more: in whatever way a person is named,
    the same deadline holds. Raises RegistrationClosed, StepClosed."""
    need_open(delegation, now)
    closed = [
        category
        for category in dict.fromkeys(categories)
        if not step_queries.start_standing(delegation.congress, category, now).is_open
    ]
    if closed:
        names = ", ".join(str(CATEGORY_LABELS[each]) for each in closed)
        raise StepClosed(
            _(
                "Nobody can be added in this role now: %(roles)s. Replacing a person is still possible; for anything else write to %(address)s.",
                roles=names,
                address=delegation.congress.contact_email,
            )
        )


def need_delegation(delegation: Delegation) -> None:
    """Raises CannotMove where the city has declined."""
    if delegation.state is DelegationState.DECLINED:
        raise CannotMove(_("Your city has said that nobody comes. Reopen the delegation first."))


def need_stranger(delegation: Delegation, applicant: Applicant, but: Registration | None = None) -> None:
    """Raises AlreadyThere where the person may be one who is registered, other than ``but``."""
    known = queries.same_person(delegation, applicant.given_name, applicant.family_name, applicant.identity, but)
    if known is None:
        return
    name = f"{applicant.given_name} {applicant.family_name}"
    if known.delegate.delegation_id == delegation.id:
        raise AlreadyThere(
            _(
                "%(name)s is in the delegation already. If this is another person of the same name, add a second name or an initial.",
                name=name,
            )
        )
    raise AlreadyThere(registered_elsewhere(name))


def registered_elsewhere(name: str) -> str:
    """The sentence about one who stands at the congress outside the delegation."""
    return str(
        _(
            "%(name)s is registered for this congress already, in another role or for another city. Ask the organisers to bring both together.",
            name=name,
        )
    )
