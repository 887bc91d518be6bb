"""Flask-Security's forms in our words. Where it asks whether somebody has an account, both answers take the same work."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, session, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_security import (
    ChangeEmailForm,
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    MfRecoveryForm,
    ResetPasswordForm,
    TwoFactorVerifyCodeForm,
    UnifiedSigninForm,
    VerifyForm,
    hash_password,
)
from flask_security.utils import lookup_identity
from sqlalchemy import update
from wtforms import Form, HiddenField, PasswordField

from congress.accounts.models import Account
from congress.accounts.signing import rules, whose
from congress.accounts.signing.forms import HINT
from congress.core import sealed
from congress.core.db import db
from congress.core.forms import LineField, MailField, Needed
from congress.web.signing import codes, last_links, mails, trail
from congress.web.signing.codes import account_of

_FEW = 3  # recovery codes, the one that is used among them
_ASKED = "sign_in_code_for"  # in the browser: for which address it has asked for a code


def _bounded(typed: str | None) -> str | None:
    """Of something endless as much as shows that it is no password."""
    return typed and typed[: rules.LONGEST_PASSWORD + 1]


class Shaped:
    """Flask-Security takes what is wrong off the fields, lest they say who has an account. What is wrong with their shape says nothing
    of that: it is put back before the page is shown (``security.show``)."""

    shape: dict[str, list[Any]]

    def is_shaped(self) -> bool:
        """Whether each field for itself is right."""
        is_right = Form.validate(self)
        self.shape = {field.name: list(field.errors) for field in self if field.errors}  # type: ignore[attr-defined]
        return bool(is_right)

    def put_back(self) -> None:
        """For the page: what is wrong with the shape stands on its field."""
        if shape := getattr(self, "shape", {}):
            self.form_errors: list[str] = []
            for name, errors in shape.items():
                self[name].errors = errors  # type: ignore[index]


class SignInForm(Shaped, LoginForm):
    """E-mail address and password."""

    email = MailField(_("E-mail address"), [Needed(_("Write your e-mail address."))])
    password = PasswordField(_("Password"), [Needed(_("Write your password."))], filters=[_bounded])
    remember = None

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.password.description = ""

    def validate(self, **more: Any) -> bool:
        if not self.is_shaped():
            return False
        if super().validate(**more):
            return True
        if self.user is None:
            trail.refused(None, "password")
        return False

    def put_back(self) -> None:
        super().put_back()
        self.password.errors, self.form_errors = [*self.password.errors, *self.form_errors], []


class ForgottenForm(Shaped, ForgotPasswordForm):
    """Where to the link is to be sent."""

    email = MailField(_("E-mail address"), [Needed(_("Write your e-mail address."))])

    def validate(self, **more: Any) -> bool:
        if not self.is_shaped():
            return False
        self.user = whose.find(self.email.data)
        if self.user is None:
            last_links.mark_nobody()
            mails.to_nobody("account_password")
            self.email.errors = [""]
            return False
        hash_password("as slow as where nobody has the address")
        return bool(super().validate(**more))


class CodeForm(Shaped, UnifiedSigninForm):
    """Asks for a code by mail, and takes it in the same browser."""

    identity = MailField(_("E-mail address"), [Needed(_("Write your e-mail address."))])
    passcode = LineField(_("Code from the e-mail"), most=20)
    chosen_method = HiddenField()
    remember = None

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.passcode.flags.required = True  # on the page that asks for it

    def validate(self, **more: Any) -> bool:
        if not self.is_shaped():
            return False
        if self.submit_send_code.data:
            session[_ASKED] = self.identity.data.casefold()
            return self._can_be_sent(**more)
        if not self.passcode.data:
            self.shape = {"passcode": [gettext("Write the six digits of the code.")]}
            return False
        account = whose.find(self.identity.data) if session.get(_ASKED) == self.identity.data.casefold() else None
        if account is not None and account_of(account) and super().validate(**more):
            session.pop(_ASKED)
            return True
        if account is None:
            trail.refused(None, "passcode")
        self.shape = {
            "passcode": [
                gettext("This code is not right, or its ten minutes are over. After five wrong tries ask for a new one.")
            ]
        }
        return False

    def _can_be_sent(self, **more: Any) -> bool:
        account = whose.find(self.identity.data)
        if account is not None:
            account_of(account)
            current_app.extensions["security"].datastore.us_setup_email(account)
            self.chosen_method.data = "email"
            return bool(super().validate(**more))
        _work_for_nobody()
        lookup_identity(self.identity.data)
        mails.to_nobody("account_code")
        self.identity.errors = [""]
        return False


def _work_for_nobody() -> None:
    """The work of making a code, for an address that nobody has."""
    factory = current_app.extensions["security"].totp_factory
    key = factory.new_mailed_key()
    factory.generate_totp_password(key)
    sealed.seal(key.encode())
    url_for("security.us_verify_link", id="x" * 32, code="000000", _external=True)
    db.session.execute(update(Account).where(Account.id == 0).values(code_tries=0))


class FactorForm(TwoFactorVerifyCodeForm):
    """A code of the authenticator app."""

    code = LineField(
        _("Code of the app"), [Needed(_("Write the six digits of the code."))], most=20,
        description=_("Six digits. They change every half minute."),
    )  # fmt: skip

    def validate(self, **more: Any) -> bool:
        """The key of a new app is taken only in the browser that was shown it."""
        if self.is_setup and not codes.was_shown(self.tf_totp_secret):
            return False
        return bool(super().validate(**more))


class PaperForm(MfRecoveryForm):
    """A code on paper."""

    code = LineField(_("Recovery code"), [Needed(_("Write one of your recovery codes."))], most=40)

    def validate(self, **more: Any) -> bool:
        self.code.data = (self.code.data or "").strip().lower()
        if self.user is not None:
            self.user = account_of(self.user)
        if super().validate(**more):
            if self.user is not None and len(self.user.mf_recovery_codes or ()) <= _FEW:
                flash(gettext("You have few recovery codes left. Please make new ones on the page “Your account”."), "warning")
            return True
        if self.user is not None and self.code.data:
            trail.refused(self.user, "recovery code")
        return False


class NewPasswordForm(ResetPasswordForm):
    """A new password for somebody who has forgotten the old one."""

    password = PasswordField(_("New password"), [Needed(_("Write a password."))], description=HINT)
    password_confirm = None


class OtherPasswordForm(ChangePasswordForm):
    """A new password for somebody who knows the old one."""

    password = PasswordField(_("The password that you have now"), filters=[_bounded])
    new_password = PasswordField(_("New password"), [Needed(_("Write a password."))], description=HINT)
    new_password_confirm = None

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.password.flags.required = True  # who has none is not asked for it


class ConfirmForm(VerifyForm):
    """The password once more."""

    password = PasswordField(_("Password"), [Needed(_("Write your password."))], filters=[_bounded])


class OtherAddressForm(ChangeEmailForm):
    """Another address for the account."""

    email = MailField(
        _("New e-mail address"), [Needed(_("Write the new e-mail address."))],
        description=_("We send a link there. The address changes when you open it."),
    )  # fmt: skip

    def validate(self, **more: Any) -> bool:
        if not super().validate(**more):
            return False
        self.existing_email_user = whose.find_any(self.email.data)
        if self.existing_email_user is None:
            return True
        self.email.errors = [""]
        return False
