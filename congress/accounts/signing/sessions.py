"""Browsers that are signed in: rows, so that each can be seen and ended from elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from congress.accounts.models import Account
from congress.accounts.signing import rules
from congress.accounts.signing.models import SignIn
from congress.core.db import db
from congress.core.tokens import digest


@dataclass(frozen=True)
class Lasts:
    """How long a browser stays signed in: in all, and without being used."""

    whole: timedelta
    idle: timedelta


@dataclass(frozen=True)
class Seen:
    """What is kept of a browser."""

    browser: str
    network: str


def begin(account: Account, seen: Seen, *, now: datetime) -> str:
    """Sign a browser in; the secret that it keeps."""
    secret = secrets.token_urlsafe(24)
    db.session.add(
        SignIn(
            account_id=account.id, digest=digest(secret), browser=seen.browser, network=seen.network, began_at=now, seen_at=now,
        )
    )  # fmt: skip
    account.signed_in_at = now
    db.session.flush()
    return secret


def find(secret: str, lasts: Lasts, *, now: datetime) -> SignIn | None:
    """The sign-in of this browser with its account, if it lasts still."""
    found = db.session.scalar(select(SignIn).where(SignIn.digest == digest(secret)))
    if found is None or not found.account.active:
        return None
    return found if rules.lasts(found.began_at, found.seen_at, now, whole=lasts.whole, idle=lasts.idle) else None


def of_account(account_id: int, lasts: Lasts, *, now: datetime) -> Sequence[SignIn]:
    """Where somebody is signed in now, the last seen first."""
    chosen = select(SignIn).where(SignIn.account_id == account_id).order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    return [
        each
        for each in db.session.scalars(chosen)
        if rules.lasts(each.began_at, each.seen_at, now, whole=lasts.whole, idle=lasts.idle)
    ]


def note_seen(sign_in_id: int, now: datetime) -> None:
    """That the browser asked for something. In a transaction of its own, since reading a page writes nothing else."""
    with db.engine.begin() as connection:
        connection.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def end(secret: str) -> None:
    """Sign this browser out."""
    db.session.execute(delete(SignIn).where(SignIn.digest == digest(secret)))


def end_one(account_id: int, sign_in_id: int) -> bool:
    """Sign one of the account's browsers out; whether it was one."""
    done = db.session.execute(delete(SignIn).where(SignIn.id == sign_in_id, SignIn.account_id == account_id))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def end_all(account_id: int, *, but: int | None = None) -> int:
    """Sign all browsers of an account out, but for one; how many there were."""
    done = db.session.execute(delete(SignIn).where(SignIn.account_id == account_id, SignIn.id != (but or 0)))
    return int(done.rowcount)  # type: ignore[attr-defined]


def forget_old(lasts: Lasts, *, now: datetime) -> int:
    """Delete what has ended by itself; how many there were."""
    done = db.session.execute(delete(SignIn).where(SignIn.began_at < now - lasts.whole))
    return int(done.rowcount)  # type: ignore[attr-defined]
