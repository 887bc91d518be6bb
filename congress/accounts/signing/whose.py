"""Which account is meant."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from congress.accounts.models import Account
from congress.accounts.signing import rules
from congress.core.clock import now
from congress.core.db import db


def find(email: str) -> Account | None:
    """The account of this address to which codes and links may be mailed: not one of an invitation that was never used and is over.
    One statement, whether there is one or not: roles are asked for later."""
    is_used = Account.password.is_not(None) | Account.signed_in_at.is_not(None)
    is_invited = Account.invited_at > now() - rules.INVITED_FOR
    chosen = select(Account).where(func.lower(Account.email) == email.strip().lower(), Account.active, is_used | is_invited)
    return db.session.scalar(chosen.options(lazyload(Account.roles_held)))


def find_live(account_id: int) -> Account | None:
    """This account, if it may sign in."""
    account = db.session.get(Account, account_id, options=[lazyload(Account.roles_held)])
    return account if account is not None and account.active else None


def find_any(email: str) -> Account | None:
    """The account of this address, also one that may not sign in."""
    return db.session.scalar(select(Account).where(func.lower(Account.email) == email.strip().lower()))
