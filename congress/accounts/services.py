"""Writes to accounts and roles. Who may give what is asked before (``rules.may_give``)."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _

from congress.accounts import queries
from congress.accounts.models import Account, Role
from congress.accounts.rules import Held
from congress.core.db import db
from congress.core.errors import CongressError


class AddressTaken(CongressError):
    """There is an account with this address."""


class HeldAlready(CongressError):
    """The account has the role."""


def create_account(email: str, name: str, *, hashed_password: str, now: datetime) -> Account:
    """A new account without a role. Raises AddressTaken."""
    if queries.find_account(email) is not None:
        raise AddressTaken(_("There is an account with the address %(email)s already.", email=email))
    account = Account(email=email, name=name, password=hashed_password, fs_uniquifier=uuid.uuid4().hex, created_at=now)
    db.session.add(account)
    db.session.flush()
    return account


def give_role(account: Account, wanted: Held) -> Role:
    """Give an account a role. Raises HeldAlready."""
    if wanted in account.held:
        raise HeldAlready(_("%(name)s has this role already.", name=account.name))
    role = Role(kind=wanted.kind, congress_id=wanted.congress_id, field=wanted.field, city=wanted.city)
    account.roles_held.append(role)
    db.session.flush()
    return role


def end_role(role: Role) -> None:
    """Take a role away; the account stays."""
    db.session.delete(role)
    db.session.flush()
