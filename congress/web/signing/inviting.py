"""Invitations to work here: an account without a password, and a link by which its owner chooses one, or a passkey."""

from __future__ import annotations

from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer

from congress.accounts import services
from congress.accounts.models import Account
from congress.accounts.signing import factors, rules
from congress.core.clock import now
from congress.core.db import db, lock
from congress.web.language import chosen_language
from congress.web.signing import browsers


def make_account(email: str) -> Account:
    """An account without a password, so that nobody can sign in with it yet."""
    made = services.create_account(email, email, hashed_password=None, now=now())
    made.language = chosen_language()
    return made


def ends_at(account: Account) -> datetime | None:
    """Until when the invitation is good; None where there is none."""
    return account.invited_at + rules.INVITED_FOR if account.invited_at else None


def is_open(account: Account) -> bool:
    """Whether it is good still; half-open."""
    end = ends_at(account)
    return end is not None and now() < end


def stamp(account: Account) -> str:
    """Names one invitation of an account."""
    return account.invited_at.isoformat() if account.invited_at else ""


def token(account: Account, key: str) -> str:
    """What stands in the link of the invitation that is good now."""
    return str(_serializer(key).dumps([account.id, stamp(account)]))


def revoke(account: Account) -> None:
    """The link ends, and so does what its owner may have begun with it: without a password or a passkey no other way leads in."""
    lock(account)
    if account.invited_at is not None and account.password is None and not factors.has_second(account):
        account.signed_in_at = None  # so no code is mailed either, see ``whose.find``
        browsers.renew(account, keeps_this_browser=False)
    account.invited_at = None


def find(sent: str, key: str, *, is_used: bool) -> tuple[Account | None, bool]:
    """Whose invitation a link is, None if it never was one; and whether it is good still. Locked where it is about to be used."""
    try:
        number, stamped = _serializer(key).loads(sent)
        account = db.session.get(Account, number)
    except (BadSignature, ValueError, TypeError):
        return None, False
    if account is None or not account.active:
        return None, False
    if is_used:
        account = lock(account)
    return account, is_open(account) and stamped == stamp(account)


def _serializer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="sign-in-invitation")
