"""Reads about accounts."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from congress.accounts.models import Account, Role
from congress.core.db import db
from congress.core.text import sort_text


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
    )
    return sorted(((account, role) for account, role in rows), key=_by_kind_and_name)


def _by_kind_and_name(held: tuple[Account, Role]) -> tuple[str, str, str, str, int]:
    account, role = held
    return role.kind.value, role.field, role.city, sort_text(account.name), role.id


def find_role(congress_id: int, role_id: int) -> Role | None:
    """A role in this congress."""
    return db.session.scalar(select(Role).where(Role.id == role_id, Role.congress_id == congress_id))
