"""What of signing in stands in the audit log."""

from __future__ import annotations

from congress.accounts import audit
from congress.accounts.models import Account
from congress.core.clock import now


def refused(account: Account | None, way: str) -> None:
    """A try was wrong. Of an address that nobody has the same is written, without it: it may be a password."""
    number, address = (account.id, account.email) if account else (None, "")
    audit.record(
        audit.What.SIGN_IN_REFUSED, now=now(), kind="accounts", object_id=number or "", label=way, by=(number, address or "–")
    )


def written(account: Account, what: str, *, label: str = "") -> None:
    """Something of this account was changed by its owner."""
    audit.record(what, now=now(), kind="accounts", object_id=account.id, label=label, by=(account.id, account.email))
