"""Second factors: an authenticator app with codes on paper, and passkeys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from congress.accounts.models import Account
from congress.accounts.signing import totp
from congress.accounts.signing.models import Passkey, RecoveryCode
from congress.core.db import db, lock
from congress.core.tokens import digest, random_code

RECOVERY_CODES = 10
_CODE = 16  # signs; 78 bits, so that a digest of one cannot be searched for


def passkeys(account_id: int) -> Sequence[Passkey]:
    """The passkeys of an account, the oldest first."""
    return db.session.scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def has_second(account: Account) -> bool:
    """Whether more than a password is needed to be this person."""
    if account.totp_secret is not None:
        return True
    return db.session.scalar(select(Passkey.id).where(Passkey.account_id == account.id).limit(1)) is not None


def without_second(account_ids: Sequence[int]) -> set[int]:
    """Those of these accounts for whom a password is enough."""
    protected = select(Account.id).where(Account.totp_secret.is_not(None)).union(select(Passkey.account_id))
    return set(account_ids) - set(db.session.scalars(protected))


def use_app_code(account: Account, typed: str, *, now: datetime) -> bool:
    """Whether this is a code of the authenticator app that was not used yet."""
    account = lock(account)
    if account.totp_secret is None:
        return False
    step = totp.matching_step(account.totp_secret, typed, now, after=account.totp_step)
    if step is None:
        return False
    account.totp_step = step
    db.session.flush()
    return True


def set_app(account: Account, secret: str, typed: str, *, now: datetime) -> bool:
    """Take a new authenticator app, if the code that it shows is right."""
    step = totp.matching_step(secret, typed, now, after=None)
    if step is None:
        return False
    account.totp_secret, account.totp_step = secret, step
    db.session.flush()
    return True


def drop_app(account: Account) -> None:
    """No authenticator app any more."""
    account.totp_secret = account.totp_step = None
    db.session.flush()
    _tidy(account.id)


def _tidy(account_id: int) -> None:
    """Codes on paper go with the last factor that they stand in for."""
    if without_second([account_id]):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def new_recovery_codes(account: Account) -> list[str]:
    """Ten new ones, which are shown once; the old ones end."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [random_code(_CODE) for _each in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(account_id=account.id, digest=digest(code)) for code in codes)
    db.session.flush()
    return ["-".join(code[start : start + 4] for start in range(0, _CODE, 4)) for code in codes]


def use_recovery_code(account: Account, typed: str, *, now: datetime) -> bool:
    """Whether this is one of the codes on paper; it is good once."""
    plain = re.sub(r"[^A-Z0-9]", "", typed.upper())
    done = db.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.digest == digest(plain), RecoveryCode.used_at.is_(None))
        .values(used_at=now)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def recovery_codes_left(account_id: int) -> int:
    """How many codes on paper are good still."""
    chosen = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(chosen) or 0


def reset(account: Account) -> None:
    """Take all second factors away, for somebody who has lost them."""
    db.session.execute(delete(Passkey).where(Passkey.account_id == account.id))
    drop_app(account)


def find_passkey(credential: str) -> Passkey | None:
    """The passkey that a browser names."""
    return db.session.scalar(select(Passkey).where(Passkey.credential == credential))


def drop_passkey(account_id: int, passkey_id: int) -> bool:
    """Take one passkey away; whether there was one."""
    done = db.session.execute(delete(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id))
    _tidy(account_id)
    return bool(done.rowcount)  # type: ignore[attr-defined]
