"""Writes of feed tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from congress.accounts.models import Account
from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.tokens import derive_token, digest
from congress.feeds.models import FeedToken, Purpose
from congress.registration.models import Registration


def calendar_token(registration: Registration, purpose: Purpose = Purpose.OWN, *, key: str, now: datetime) -> str:
    """The token of a person's calendar, issued now if there is none, or if the installation's key has changed since."""
    return _token(_of_person(registration, purpose), _person(registration), key=key, now=now)


def renew_calendar_token(registration: Registration, purpose: Purpose = Purpose.OWN, *, key: str, now: datetime) -> str:
    """A new token; the one before, if any, answers 410 from now on."""
    return _renewed(_of_person(registration, purpose), _person(registration), key=key, now=now)


def revoke_calendar_tokens(registration: Registration, *, now: datetime) -> None:
    """End all calendar addresses of a person. A second time changes nothing."""
    for purpose in Purpose:
        _revoke(_of_person(registration, purpose), now)


def draft_token(account: Account, congress: Congress, *, key: str, now: datetime) -> str:
    """The token of an organiser's calendar of the draft, issued now if there is none."""
    return _token(_of_account(account, congress), _organiser(account, congress), key=key, now=now)


def renew_draft_token(account: Account, congress: Congress, *, key: str, now: datetime) -> str:
    """A new token of the draft's calendar; the one before answers 410 from now on."""
    return _renewed(_of_account(account, congress), _organiser(account, congress), key=key, now=now)


# Whose a token is: the columns that say so, and the words of which it is derived.


def _of_person(registration: Registration, purpose: Purpose) -> dict[str, Any]:
    return {"purpose": purpose, "congress_id": registration.congress_id, "registration_id": registration.id}


def _person(registration: Registration) -> str:
    return registration.public_id


def _of_account(account: Account, congress: Congress) -> dict[str, Any]:
    return {"purpose": Purpose.DRAFT, "congress_id": congress.id, "account_id": account.id}


def _organiser(account: Account, congress: Congress) -> str:
    return f"{congress.slug}/{account.id}"


def _live(owner: dict[str, Any]) -> FeedToken | None:
    return db.session.scalar(select(FeedToken).filter_by(**owner).where(FeedToken.revoked_at.is_(None)))


def _token(owner: dict[str, Any], name: str, *, key: str, now: datetime) -> str:
    row = _live(owner)
    if row is not None:
        token = _derived(key, owner, name, row.version)
        if digest(token) == row.digest:
            return token
    return _renewed(owner, name, key=key, now=now)


def _renewed(owner: dict[str, Any], name: str, *, key: str, now: datetime) -> str:
    _revoke(owner, now)
    last = db.session.scalar(select(func.max(FeedToken.version)).filter_by(**owner)) or 0
    token = _derived(key, owner, name, last + 1)
    db.session.add(FeedToken(**owner, version=last + 1, digest=digest(token), issued_at=now))
    db.session.flush()
    return token


def _derived(key: str, owner: dict[str, Any], name: str, version: int) -> str:
    purpose = "calendar" if owner["purpose"] is Purpose.OWN else f"calendar-{owner['purpose'].value}"
    return derive_token(key, purpose, name, version)


def _revoke(owner: dict[str, Any], now: datetime) -> None:
    row = _live(owner)
    if row is not None:
        row.revoked_at = now
        db.session.flush()
