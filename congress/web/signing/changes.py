"""What follows when somebody changes what signing in needs: others sign in again, the owner is told, the log knows."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash
from flask_babel import gettext as _
from flask_security import current_user
from flask_security.signals import (
    change_email_confirmed,
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
    user_failed_authn,
    wan_deleted,
    wan_registered,
)

from congress.accounts import audit
from congress.accounts.audit import What
from congress.accounts.models import Account
from congress.core.clock import now
from congress.web.signing import browsers, mails, trail
from congress.web.signing.codes import account_of


def init_app(app: Flask) -> None:
    for signal, follows in (
        (tf_profile_changed, _app_set_up), (tf_disabled, _app_removed), (wan_registered, _passkey_added), (wan_deleted, _passkey_removed),
        (password_changed, _password_changed), (password_reset, _password_reset), (change_email_confirmed, _address_changed),
        (user_failed_authn, _refused),
    ):  # fmt: skip
        signal.connect(follows, app)


def _app_set_up(_app: Flask, user: Any, **_more: Any) -> None:
    _added(account_of(user), "app")


def _passkey_added(_app: Flask, user: Any, **_more: Any) -> None:
    _added(account_of(user), "passkey")


def _added(account: Account, label: str) -> None:
    browsers.renew(account, keeps_this_browser=True)
    mails.tell(account, label)
    trail.written(account, What.FACTOR_CHANGED, label=label)
    if not account.mf_recovery_codes:
        flash(_("Please make recovery codes, too: they sign you in when your telephone or passkey is not there."), "warning")


def _app_removed(_app: Flask, user: Any, **_more: Any) -> None:
    account = account_of(user)
    _removed(account, "app-removed", is_last=not account.webauthn)


def _passkey_removed(_app: Flask, user: Any, **_more: Any) -> None:
    account = account_of(user)  # the key is there still
    _removed(account, "passkey-removed", is_last=account.tf_totp_secret is None and len(account.webauthn) == 1)


def _removed(account: Account, label: str, *, is_last: bool) -> None:
    """Codes on paper go with the last factor that they stand in for."""
    if is_last:
        account.mf_recovery_codes = None
    browsers.renew(account, keeps_this_browser=True)
    mails.tell(account, label)
    trail.written(account, What.FACTOR_CHANGED, label=label)


def _password_changed(_app: Flask, user: Account, **_more: Any) -> None:
    trail.written(user, What.PASSWORD_CHANGED)


def _password_reset(_app: Flask, user: Account, **_more: Any) -> None:
    browsers.renew(user, keeps_this_browser=False)
    trail.written(user, What.PASSWORD_CHANGED, label="link")


def _address_changed(_app: Flask, user: Account, old_email: str, **_more: Any) -> None:
    """Links that were sent to the old address end."""
    browsers.renew(user, keeps_this_browser=current_user.is_authenticated and current_user.id == user.id)
    mails.tell(user, "address", to=old_email)
    audit.record(
        What.CHANGED, now=now(), kind="accounts", object_id=user.id, changes={"email": (old_email, user.email)}, by=(user.id, old_email)
    )  # fmt: skip


def _refused(_app: Flask, user: Any, auth_type: str, **_more: Any) -> None:
    trail.refused(account_of(user), auth_type)
