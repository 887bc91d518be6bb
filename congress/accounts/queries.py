"""Reads about accounts."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from congress.accounts.models import Account, Role
from congress.core.db import db


def get_account(account_id: int) -> Account:
    """Raises sqlalchemy.exc.NoResultFound."""
    return db.session.get_one(Account, account_id)


def find_account(email: str) -> Account | None:
    """The account of this mail address, whatever its case."""
    return db.session.scalar(select(Account).where(func.lower(Account.email) == email.strip().lower()))


def roles_in(congress_id: int, network_id: int) -> Sequence[tuple[Account, Role]]:
    """Who has, had or will have which role in a congress or in its network, by kind, then by name."""
    rows = db.session.execute(
        select(Account, Role)
        .join(Role, Role.account_id == Account.id)
        .where(or_(Role.congress_id == congress_id, Role.network_id == network_id))
        .order_by(Role.kind, Role.field, Role.city, Account.name, Account.id)
    )
    return [(account, role) for account, role in rows]


def find_role(congress_id: int, role_id: int) -> Role | None:
    """A role in this congress."""
    return db.session.scalar(select(Role).where(Role.id == role_id, Role.congress_id == congress_id))
