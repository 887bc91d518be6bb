"""Links to a new password and to a new address: of each account only the last one of a kind is good, and only until it is used."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, has_request_context, make_response, render_template, request
from flask_security import Security
from flask_security.utils import check_and_get_token_status
from itsdangerous import SignatureExpired, URLSafeTimedSerializer

from congress.accounts.models import Account
from congress.accounts.signing import rules
from congress.core.db import db, lock
from congress.core.tokens import digest


class _Last(URLSafeTimedSerializer):
    """Writes into the account which link is the last, and reads no other. ``column`` is the one of this kind of link."""

    column: str
    accounts: Any

    def dumps(self, obj: Any, salt: Any = None) -> Any:
        made = super().dumps(obj, salt)
        setattr(self.accounts.find_user(fs_uniquifier=obj[0]), self.column, digest(str(made)))
        return made

    def loads(self, s: Any, *args: Any, **more: Any) -> Any:
        """What stands in the link. Where it is about to be used, its account is locked: one sent twice at once is good once."""
        found = super().loads(s, *args, **more)
        account: Account | None = self.accounts.find_user(fs_uniquifier=found[0])
        if account is not None and has_request_context() and request.method == "POST":
            account = lock(account)
        if account is None or account.fs_uniquifier != found[0] or getattr(account, self.column) != digest(str(s)):
            raise SignatureExpired("a newer link was mailed, or this one was used")
        return found


def init_app(found: Security) -> None:
    for name, column in (("reset_serializer", "password_link_digest"), ("change_email_serializer", "address_link_digest")):
        plain = getattr(found, name)
        last = _Last(plain.secret_keys, salt=plain.salt)
        last.column, last.accounts = column, found.datastore
        setattr(found, name, last)


def read(sent: str, kind: str) -> Any:
    """What stands in a link of this kind; answers 410 for one that has ended, 404 for what never was one."""
    is_ended, is_none, found = check_and_get_token_status(sent, kind, rules.LINK_FOR)
    if is_none:
        abort(404)
    if is_ended:
        abort(make_response(render_template("security/ended.html", kind=kind), 410))
    return found


def mark_nobody() -> None:
    """The same work for an address that nobody has."""
    current_app.extensions["security"].datastore.find_user(fs_uniquifier="")
    db.session.execute(db.update(Account).where(Account.id == 0).values(password_link_digest=None))
