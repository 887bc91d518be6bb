"""Which account is meant."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from congress.accounts.models import Account
from congress.core.db import db


def find(email: str) -> Account | None:
    """The account of this address that may sign in. One statement, whether there is one or not: roles are asked for later."""
    chosen = select(Account).where(func.lower(Account.email) == email.strip().lower(), Account.active)
    return db.session.scalar(chosen.options(lazyload(Account.roles_held)))


def find_live(account_id: int) -> Account | None:
    """This account, if it may sign in."""
    account = db.session.get(Account, account_id, options=[lazyload(Account.roles_held)])
    return account if account is not None and account.active else None


def find_any(email: str) -> Account | None:
    """The account of this address, also one that may not sign in."""
    return db.session.scalar(select(Account).where(func.lower(Account.email) == email.strip().lower()))
