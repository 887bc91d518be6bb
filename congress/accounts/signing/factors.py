"""Second factors: an authenticator app, passkeys, and codes on paper that stand in for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from congress.accounts.models import Account
from congress.accounts.signing.models import Passkey
from congress.core.db import db

RECOVERY_CODES = 10


def has_second(account: Account) -> bool:
    """Whether more than a password is needed to be this person."""
    if account.tf_totp_secret is not None:
        return True
    return db.session.scalar(select(Passkey.id).where(Passkey.account_id == account.id).limit(1)) is not None


def without_second(account_ids: Sequence[int]) -> set[int]:
    """Those of these accounts for whom a password is enough."""
    protected = select(Account.id).where(Account.tf_totp_secret.is_not(None)).union(select(Passkey.account_id))
    return set(account_ids) - set(db.session.scalars(protected))


def reset(account: Account) -> None:
    """Take all second factors away, for somebody who has lost them."""
    account.webauthn.clear()
    account.tf_primary_method = account.tf_totp_secret = account.totp_step = account.mf_recovery_codes = None
    db.session.flush()
