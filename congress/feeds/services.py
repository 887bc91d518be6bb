"""Writes of feed tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from congress.core.db import db
from congress.core.tokens import derive_token, digest
from congress.feeds import queries
from congress.feeds.models import FeedToken
from congress.registration.models import Registration


def calendar_token(registration: Registration, *, key: str, now: datetime) -> str:
    """The token of the person's calendar, issued now if there is none, or if the installation's key has changed since."""
    row = queries.live_token(registration)
    if row is not None:
        token = derive_token(key, "calendar", registration.public_id, row.version)
        if digest(token) == row.digest:
            return token
    return renew_calendar_token(registration, key=key, now=now)


def renew_calendar_token(registration: Registration, *, key: str, now: datetime) -> str:
    """A new token; the one before, if any, answers 410 from now on."""
    revoke_calendar_token(registration, now=now)
    last = db.session.scalar(select(func.max(FeedToken.version)).where(FeedToken.registration_id == registration.id)) or 0
    token = derive_token(key, "calendar", registration.public_id, last + 1)
    db.session.add(FeedToken(registration_id=registration.id, version=last + 1, digest=digest(token), issued_at=now))
    db.session.flush()
    return token


def revoke_calendar_token(registration: Registration, *, now: datetime) -> None:
    """End the person's calendar address. A second time changes nothing."""
    row = queries.live_token(registration)
    if row is not None:
        row.revoked_at = now
        db.session.flush()
