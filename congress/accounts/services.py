"""Writes to accounts and roles. Who may give what is asked before (``rules.may_give``)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import gettext as _

from congress.accounts import audit, queries
from congress.accounts.audit import What
from congress.accounts.models import Account, Role
from congress.accounts.rules import Held
from congress.accounts.signing import sessions
from congress.core.clock import now as right_now
from congress.core.db import db
from congress.core.errors import CongressError


class AddressTaken(CongressError):
    """There is an account with this address."""


class HeldAlready(CongressError):
    """The account has the role."""


def create_account(email: str, name: str, *, hashed_password: str | None, now: datetime) -> Account:
    """A new account without a role; without a password it has to be invited. Raises AddressTaken."""
    if queries.find_account(email) is not None:
        raise AddressTaken(_("There is an account with the address %(email)s already.", email=email))
    account = Account(email=email, name=name, password=hashed_password, fs_uniquifier=uuid.uuid4().hex, created_at=now)
    db.session.add(account)
    db.session.flush()
    return account


def give_role(
    account: Account,
    wanted: Held,
    *,
    network_id: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: str = "",
    keeps: int | None = None,
    now: datetime | None = None,
) -> Role:
    """Give an account a role, and sign it out everywhere. It holds from ``starts_on`` (None: at once) until ``ends_on``, the first day without it.
    Raises HeldAlready.

    ``network_id`` is that of a secretariat, whose ``wanted`` names no congress. ``keeps`` is the browser that stays signed in, where somebody
    gets a role by what was done there.
    """
    moment = now or right_now()
    begins = starts_on or moment.date()
    for role in account.roles_held:
        same = (role.kind, role.congress_id, role.network_id, role.field, role.city)
        overlaps = (role.ends_on is None or begins < role.ends_on) and (
            ends_on is None or role.starts_on is None or role.starts_on < ends_on
        )
        if overlaps and same == (wanted.kind, wanted.congress_id, network_id, wanted.field, wanted.city):
            raise HeldAlready(_("%(name)s has this role already.", name=account.name))
    role = Role(
        kind=wanted.kind, congress_id=wanted.congress_id, network_id=network_id, field=wanted.field, city=wanted.city,
        starts_on=begins, ends_on=ends_on, given_by=by, given_at=moment,
    )  # fmt: skip
    account.roles_held.append(role)
    db.session.flush()
    sessions.end_all(account.id, but=keeps)  # whoever sits there signs in again, as who they are now
    audit.record_unheard(What.CREATED, kind="roles", object_id=role.id, label=account.email, congress_id=role.congress_id,
                         changes={"kind": (None, role.kind.value)}, now=moment)  # fmt: skip
    return role


def end_role(role: Role, *, on: date, by: str) -> None:
    """Take a role away from that day on, and sign the account out everywhere; it stays, and the row as its history.

    One that has not begun is never held.
    """
    role.ends_on = max(on, role.starts_on or on)
    role.ended_by = by
    db.session.flush()
    sessions.end_all(role.account_id)


def review_roles(roles: Iterable[Role], *, by: str, now: datetime) -> None:
    """Somebody has looked whether these are still right."""
    for role in roles:
        role.reviewed_by, role.reviewed_at = by, now
    db.session.flush()
