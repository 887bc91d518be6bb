"""Which of those who are registered have asked for the newsletter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate, Person
from congress.registration.models import Consent, Registration
from congress.registration.states import LIVE
from congress.registration.vocabulary import ConsentKind


@dataclass(frozen=True)
class Reader:
    """A mail address of somebody who is registered and agreed to the newsletter, and since when."""

    email: str
    language: str
    since: datetime


def readers(congress: Congress) -> list[Reader]:
    """All whose registration lives and whose consent was not withdrawn, the earliest first."""
    rows = db.session.execute(
        select(Person.email, Person.language, Consent.given_at)
        .join(Delegate, Delegate.person_id == Person.id)
        .join(Registration, Registration.delegate_id == Delegate.id)
        .join(Consent, Consent.registration_id == Registration.id)
        .where(
            Registration.congress_id == congress.id,
            Registration.state.in_(LIVE),
            Consent.kind == ConsentKind.NEWSLETTER,
            Consent.withdrawn_at.is_(None),
            Person.email != "",
        )
        .order_by(Consent.given_at, Consent.id)
    )
    return [Reader(*row) for row in rows]
