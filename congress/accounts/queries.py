"""Reads about accounts."""

from sqlalchemy import func, select

from congress.accounts.models import Account
from congress.core.db import db


def get_account(account_id: int) -> Account:
    """Raises sqlalchemy.exc.NoResultFound."""
    return db.session.get_one(Account, account_id)


def find_account(email: str) -> Account | None:
    """The account of this mail address, whatever its case."""
    return db.session.scalar(select(Account).where(func.lower(Account.email) == email.strip().lower()))
