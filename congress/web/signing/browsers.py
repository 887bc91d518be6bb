"""Browsers that are signed in are rows of ours: begun and ended on Flask-Security's signals, asked for at each request."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, user_logged_out
from flask_security import user_authenticated
from sqlalchemy.exc import SQLAlchemyError

from congress.accounts import audit
from congress.accounts.models import Account
from congress.accounts.signing import rules, sessions
from congress.accounts.signing.models import SignIn
from congress.core.clock import now
from congress.core.db import db

SECRET = "sign_in"  # noqa: S105  (the name of what the browser's cookie holds)
CHANGED = "change"  # how Flask-Security says that whoever sits here has a new password
INVITATION = "invitation"
_KEPT = frozenset({"_user_id", "_fresh", "_id", "_flashes", "fs_paa", "fs_cc"})


def init_app(app: Flask) -> None:
    """Who is signed in is asked of our rows; no other way of Flask-Security leads in."""
    manager: LoginManager = app.login_manager  # type: ignore[attr-defined]
    manager.user_loader(_load)
    manager.request_loader(_nobody)
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)


def _nobody(_request: object) -> None:
    """No tokens in heads and addresses."""


def _load(uniquifier: str) -> Account | None:
    found = sessions.find(str(session.get(SECRET, "")), lasts(), now=now())
    if found is None or found.account.fs_uniquifier != uniquifier:
        return None
    g.signed_in, g.fs_authn_via, g.fs_paa = found, "session", session.get("fs_paa", 0)
    if now() > found.seen_at + rules.SEEN_EVERY and request.method in {"GET", "HEAD"}:
        with suppress(SQLAlchemyError):  # while others write; it is noted with the next page
            sessions.note_seen(found.id, now())
    return found.account


def lasts() -> sessions.Lasts:
    """How long browsers stay signed in here."""
    return sessions.Lasts(
        timedelta(hours=current_app.config["SIGN_IN_HOURS"]), timedelta(minutes=current_app.config["SIGN_IN_IDLE_MINUTES"])
    )


def here() -> SignIn:
    """The row of this browser. Only for pages of somebody who is signed in."""
    found: SignIn = g.signed_in
    return found


def _begin(_app: Flask, user: Account, authn_via: list[str] | None = None, **_more: Any) -> None:
    """This browser is the account's from now on. What it held before goes, the token of its forms too."""
    if authn_via == [CHANGED]:
        sessions.end_all(user.id)
    sessions.end(str(session.get(SECRET, "")))  # of whoever was in here before
    seen = sessions.Seen(rules.browser_of(request.user_agent.string), audit.network_of(request.remote_addr))
    for name in set(session) - _KEPT:
        session.pop(name)
    g.pop("csrf_token", None)
    account = db.session.get_one(Account, user.id)
    if authn_via != [INVITATION]:
        account.invited_at = None  # it has done what it was for; or there is a passkey, or it was not needed
    session[SECRET] = sessions.begin(account, seen, now=now())
    if authn_via == [CHANGED]:
        return
    audit.record(audit.What.SIGNED_IN, kind="accounts", object_id=account.id, now=now(), by=(account.id, account.email))


def _end(_app: Flask, user: Any, **_more: Any) -> None:
    """This browser is nobody's any more. Whoever signs out commits."""
    secret = str(session.get(SECRET, ""))
    if secret and getattr(user, "email", ""):
        audit.record(audit.What.SIGNED_OUT, kind="accounts", object_id=user.id, now=now(), by=(user.id, user.email))
    sessions.end(secret)
    session.clear()


def is_ended() -> bool:
    """Whether this browser was signed in until it ended by itself or was ended from elsewhere; says so once."""
    return session.pop(SECRET, None) is not None


def renew(account: Account, *, keeps_this_browser: bool) -> None:
    """After a change of what signing in needs: all other browsers are signed out, and links and invitations on their way end."""
    current_app.extensions["security"].datastore.set_uniquifier(account)
    account.invited_at = None
    sessions.end_all(account.id, but=here().id if keeps_this_browser else None)
    if keeps_this_browser:
        session["_user_id"] = account.fs_uniquifier
