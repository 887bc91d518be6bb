"""Reads about feed tokens."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.tokens import digest
from congress.delegates.models import Delegate, Delegation
from congress.feeds.models import FeedToken, Purpose
from congress.registration.models import Registration


def find_token(token: str) -> FeedToken | None:
    """The row of a token, revoked ones too, with registration, person and congress."""
    registration = joinedload(FeedToken.registration)
    return db.session.scalar(
        select(FeedToken)
        .where(FeedToken.digest == digest(token))
        .options(
            registration.joinedload(Registration.delegate).joinedload(Delegate.person),
            registration.joinedload(Registration.delegate).joinedload(Delegate.delegation).joinedload(Delegation.city),
            registration.joinedload(Registration.congress).joinedload(Congress.network),
        )
    )


def live_token(registration: Registration, purpose: Purpose = Purpose.OWN) -> FeedToken | None:
    """The token that opens the person's calendar of this purpose now."""
    return db.session.scalar(
        select(FeedToken).where(
            FeedToken.registration_id == registration.id, FeedToken.purpose == purpose, FeedToken.revoked_at.is_(None)
        )
    )
