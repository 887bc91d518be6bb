"""Codes of authenticator apps and of mails: each is good once, and keys are kept as all that is sealed is."""

from __future__ import annotations

from typing import Any

from flask import current_app, has_request_context, session
from flask_security import MfRecoveryCodesUtil, SQLAlchemyUserDatastore
from flask_security.totp import Totp
from passlib.totp import TotpMatch  # type: ignore[import-untyped]
from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from congress.accounts.audit import What
from congress.accounts.models import Account
from congress.accounts.signing import rules
from congress.core.clock import now
from congress.core.db import db, lock
from congress.web.signing import mails, trail

_FOREVER = 1_000_000_000  # seconds, of a key that is good for a single code: that does not change with time
_NEW = "tf_totp_secret"  # where Flask-Security keeps, in the browser, the key that is being set up
_SINCE, _NEW_SINCE = "fs_paa", "app_key_since"  # when a secret was last asked for: at all, and before that key was shown


def account_of(user: Any) -> Account:
    """The row behind what Flask-Security hands over, locked: codes sent at once are looked at one after the other."""
    return lock(db.session.get_one(Account, user.id))


def was_shown(key: str) -> bool:
    """Whether this is the key that this browser sets up."""
    return session.get(_NEW) == key


class Codes(Totp):
    """Flask-Security's codes (RFC 6238), each good once (RFC 6238, 5.2)."""

    def __init__(self, secrets: Any, issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._totp.wallet.encrypt_cost = 0  # rounds are for words that could be guessed; what seals here is a key of 160 bits

    def get_last_counter(self, user: Any) -> int | None:
        return account_of(user).totp_step

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        account_of(user).totp_step = tmatch.counter

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether the code is right. That of a mail is of a key of its own, which ends with it."""
        account, key = account_of(user), self._totp.from_source(totp_secret)
        if key.period != _FOREVER:
            used = account.totp_step
            if account.tf_totp_secret is not None and self._totp.from_source(account.tf_totp_secret).key != key.key:
                account.totp_step = None  # that is of another app
            is_right = bool(super().verify_totp(token, totp_secret, user, window))
            account.totp_step = account.totp_step if is_right else used
            return is_right
        is_right = self._is_mailed(token, totp_secret)
        if is_right:
            account.us_totp_secrets = account.code_sent_at = None
        else:
            account.code_tries += 1
        return is_right

    def _is_mailed(self, token: str, key: str) -> bool:
        made = self._totp.from_source(key).generate().token
        return "".join(token.split()) == str(made)

    def generate_totp_secret(self) -> str:
        """The key of a new app; the same until the first code was right, so that nobody has to read the picture twice. Whoever has to
        confirm once more is shown another one."""
        if not has_request_context():
            return str(super().generate_totp_secret())
        kept = session.get(_NEW) if session.get(_NEW_SINCE) == session.get(_SINCE) else None
        session[_NEW_SINCE] = session.get(_SINCE)
        return str(kept or super().generate_totp_secret())

    def new_mailed_key(self) -> str:
        """A key for one code."""
        return str(self._totp.using(period=_FOREVER).new().to_json(encrypt=False))

    def opened(self, key: str) -> str:
        """The key as its column takes it, which encrypts it by itself."""
        return str(self._totp.from_source(key).to_json(encrypt=False))

    def generate_qrcode(self, username: str, totp: str) -> str:
        """What the QR code says; the page draws it."""
        return str(self.get_totp_uri(username, totp))


class RecoveryCodes(MfRecoveryCodesUtil):
    """Codes on paper; their column is encrypted, and that new ones were made is written down."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        account = account_of(user)
        trail.written(account, What.FACTOR_CHANGED, label="codes")
        mails.tell(account, "codes")
        return list(super().create_recovery_codes(account))

    def get_recovery_codes(self, user: Any) -> list[str]:
        """They are shown once, when they are made."""
        return []


class Accounts(SQLAlchemyUserDatastore):
    """Flask-Security's hands on our rows."""

    def tf_set(self, user: Any, primary_method: str, totp_secret: str | None = None, phone: str | None = None) -> None:
        key = _factory().opened(totp_secret) if totp_secret else None
        super().tf_set(user, primary_method, totp_secret=key)

    def tf_reset(self, user: Any) -> None:
        user.tf_primary_method = user.tf_totp_secret = user.totp_step = None

    def us_setup_email(self, user: Any) -> bool:
        """Make the key of the code that is about to be mailed; an earlier code ends."""
        self.us_put_totp_secrets(user, {"email": _factory().new_mailed_key()})
        user.code_sent_at, user.code_tries = now(), 0
        return True

    def us_get_totp_secrets(self, user: Any) -> dict[str, str]:
        sent_at = user.code_sent_at
        is_good = sent_at is not None and now() < sent_at + rules.CODE_FOR and user.code_tries < rules.CODE_TRIES
        return dict(super().us_get_totp_secrets(user)) if is_good else {}

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Any:
        """One account by one of its columns, in one statement whether there is one or not: roles are asked for later."""
        [(name, value)] = by.items()
        column: Any = getattr(Account, name)
        wanted = func.lower(column) == str(value).lower() if case_insensitive else column == value
        return db.session.scalar(select(Account).where(wanted, Account.active).options(lazyload(Account.roles_held)))

    def find_webauthn(self, credential_id: bytes) -> Any:
        """The passkey, locked: its counter is looked at by one at a time."""
        found: Any = super().find_webauthn(credential_id)
        return lock(found) if found is not None else None


def _factory() -> Codes:
    factory: Codes = current_app.extensions["security"].totp_factory
    return factory
