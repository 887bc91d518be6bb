"""A city with a delegation of three, for the tests of delegations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from congress.core.db import db
from congress.delegates.models import Delegation, DelegationEvent
from congress.delegates.services import delegation_of
from congress.delegates.vocabulary import DelegationState, Part
from congress.outbox.models import Message
from congress.registration.delegations import people
from congress.registration.delegations.edits import Edit
from congress.registration.models import Registration
from congress.registration.services import Applicant
from tests.factories import NOW, make_applicant, the_city, the_congress

KEY = "test-only-key-0123456789-abcdefghijklmnop"


def ostersund() -> Delegation:
    """The delegation of a city that nobody is registered for; three delegates at most, one at least."""
    made = delegation_of(the_congress(), the_city("ostersund"))
    made.focal_email, made.state = "focal@ostersund.example", DelegationState.OPENED
    db.session.flush()
    return made


def now_seen(delegation: Delegation, **changes: Any) -> Edit:
    """An edit by somebody who has just loaded the page."""
    return Edit(**({"seen": delegation.version, "by": "focal@ostersund.example", "now": NOW} | changes))


def person(name: str, **changes: Any) -> Applicant:
    changes = {"email": f"{name.lower()}@ostersund.example", **changes}
    return make_applicant(given_name=name, family_name="Testsson", consents=[], **changes)


def add(delegation: Delegation, name: str, **changes: Any) -> Registration:
    return people.add(delegation, person(name, **changes), edit=now_seen(delegation), key=KEY)


def state_of(registrations: Iterable[Registration]) -> list[tuple[str, str, bool]]:
    return [(each.delegate.person.given_name, each.state.value, each.holds_place) for each in registrations]


def mails(registration: Registration) -> list[str]:
    asked = select(Message.template).where(Message.about == f"registration:{registration.id}").order_by(Message.id)
    return list(db.session.scalars(asked))


def happened(delegation: Delegation) -> list[tuple[str, str]]:
    asked = select(DelegationEvent).where(DelegationEvent.delegation_id == delegation.id).order_by(DelegationEvent.id)
    return [(each.kind.value, each.detail) for each in db.session.scalars(asked)]


def full(delegation: Delegation) -> list[Registration]:
    return [add(delegation, "Anna", part=Part.HEAD), add(delegation, "Berit"), add(delegation, "Carl")]
