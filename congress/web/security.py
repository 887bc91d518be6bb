"""Signing in of people who work here: Flask-Security, with our forms, mails and browsers; and the token that every form carries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, flash, g, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import Security, current_user
from flask_security.tf_plugin import tf_clean_session
from flask_security.utils import check_and_get_token_status
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as WerkzeugResponse

from congress.accounts.models import Account, Role
from congress.accounts.signing import rules
from congress.accounts.signing.models import Passkey
from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import NotAllowed
from congress.web.signing import browsers, changes, codes, forms, last_links, mails, passkeys, passwords
from congress.web.signing.settings import settings
from congress.web.signing.words import Texts

csrf = CSRFProtect()

# Pages of Flask-Security that nobody needs here. They answer 404.
CLOSED = ("two_factor_rescue", "us_setup", "us_setup_validate", "us_verify", "us_verify_send_code", "us_verify_link")
_HALF, _HALF_AT = "tf_user_id", "sign_in_half_at"  # in the browser: whose first factor was right, and when
_FIRST = {"login", "us_signin"}  # pages that take a first factor
# Pages at which Flask-Security does not ask whether somebody is in already.
_FOR_NOBODY = {"tf_select", "two_factor_token_validation"}


class _Sessions(SecureCookieSessionInterface):
    """Whoever asks for what is the same for everybody has a session that was looked at and not used: caches need not know."""

    digest_method = staticmethod(hashlib.sha256)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or response.mimetype == "text/html":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.config.update(settings(app))
    app.session_interface = _Sessions()
    csrf.init_app(app)
    found = Security(
        app, codes.Accounts(db, Account, Role, Passkey), render_template=show, mail_util_cls=mails.Outbox,
        password_util_cls=passwords.Passwords, totp_cls=codes.Codes, mf_recovery_codes_util_cls=codes.RecoveryCodes,
        webauthn_util_cls=passkeys.Asking, login_form=forms.SignInForm, forgot_password_form=forms.ForgottenForm,
        reset_password_form=forms.NewPasswordForm, change_password_form=forms.OtherPasswordForm, change_email_form=forms.OtherAddressForm,
        verify_form=forms.ConfirmForm, us_signin_form=forms.CodeForm, two_factor_verify_code_form=forms.FactorForm,
        mf_recovery_form=forms.PaperForm, wan_signin_form=passkeys.AskForm, wan_signin_response_form=passkeys.AnswerForm,
        wan_register_form=passkeys.NewForm, wan_register_response_form=passkeys.MadeForm, wan_delete_form=passkeys.RemoveForm,
    )  # fmt: skip
    found.i18n_domain = Texts(app)  # type: ignore[no-untyped-call]
    found.want_json(lambda _request: False)
    found.reauthn_handler(_confirm)
    found.unauthn_handler(_sign_in)
    last_links.init_app(found)
    [rule] = app.url_map.iter_rules("security.change_email_confirm")
    app.add_url_rule(rule.rule, rule.endpoint, methods=["POST"])
    browsers.init_app(app)
    changes.init_app(app)
    app.before_request(_before)
    app.after_request(_after)
    app.context_processor(lambda: {"passkeys_are_possible": passkeys.are_possible})


def show(template: str, **values: Any) -> str:
    """A page of Flask-Security; an answer of 422 where something in its form is wrong, as everywhere here."""
    given = [form for name, form in values.items() if name.endswith("_form")]
    for form in given:
        if isinstance(form, forms.Shaped):
            form.put_back()
    g.sent_forms = [*g.get("sent_forms", []), *given]
    return render_template(template, **values)


def _is_ours(wanted: str) -> bool:
    """Whether somebody may be led there after signing in: to a page of the desk. Flask-Security would take any of this host."""
    path = wanted.partition("?")[0]
    return path.startswith("/desk/") and wanted.isprintable() and "//" not in path and not any(each in wanted for each in "\\#")


def _before() -> ResponseReturnValue | None:
    if request.blueprint != "security":
        return None
    page = str(request.endpoint).partition(".")[2]
    if page in CLOSED:
        abort(404)
    if request.is_json:
        abort(415)  # what is counted and looked at are forms
    if not all(map(_is_ours, request.values.getlist("next"))):
        return redirect(request.path, 303)  # the same page without it; Flask-Security adds the address of the page before, whole
    if page in _FIRST and request.method == "POST":
        session.pop(_HALF_AT, None)
    elif session.get(_HALF) and not 0 <= now().timestamp() - session.get(_HALF_AT, 0) < rules.HALF_FOR.total_seconds():
        tf_clean_session()  # type: ignore[no-untyped-call]
    if page in _FOR_NOBODY and current_user.is_authenticated:
        return redirect(url_for("desk.home.index"), 303)
    return _BY_LINK[page](**request.view_args or {}) if page in _BY_LINK else None


def _new_password(token: str) -> None:
    last_links.read(token, "reset")


def _new_address(token: str) -> ResponseReturnValue | None:
    """An address is changed by its owner and by a button, since programs open links by themselves."""
    owner, _old, address = last_links.read(token, "change_email")
    if not current_user.is_authenticated:
        return to_sign_in(request.path)
    if current_user.fs_uniquifier != owner:
        flash(_("This link is for another account. Sign out, then open it again."), "warning")
        return redirect(url_for("desk.account.index"), 303)
    return None if request.method == "POST" else render_template("security/change_email_confirm.html", address=address)


def _new_passkey(token: str) -> None:
    _expired, _invalid, data = check_and_get_token_status(token, "wan", rules.CODE_FOR)
    if data and "name" not in data:  # it is of a passkey that was to sign in
        abort(404)


_BY_LINK: dict[str, Callable[..., ResponseReturnValue | None]] = {
    "reset_password": _new_password, "change_email_confirm": _new_address, "wan_register_response": _new_passkey,
}  # fmt: skip


def _after(response: Response) -> Response:
    """Refusals and mails are written by Flask-Security's forms, for which it does not commit."""
    if request.blueprint not in {"security", "invitations"}:
        return response
    if request.method == "POST" and response.status_code < 500:
        db.session.commit()
    if session.get(_HALF) and _HALF_AT not in session:
        session[_HALF_AT] = now().timestamp()
    elif _HALF_AT in session and not session.get(_HALF):
        session.pop(_HALF_AT)
    return response


def _confirm(_within: timedelta, _grace: timedelta) -> WerkzeugResponse:
    """To the page that asks for a secret once more, and back to a page that can be opened."""
    db.session.rollback()
    back = url_for("desk.account.index") if request.endpoint == "security.wan_delete" else request.path
    return redirect(url_for("security.verify", next=back), 303)


def _sign_in(_mechanisms: object = None, headers: object = None) -> WerkzeugResponse:
    return to_sign_in(request.path)


def to_sign_in(wanted: str) -> WerkzeugResponse:
    """To the page of signing in, and back. Who sends a form is told, since what was typed cannot be kept. Raises NotAllowed."""
    if request.method not in {"GET", "HEAD"}:
        raise NotAllowed(_("You are not signed in. Sign in, then do it again."))
    if browsers.is_ended():
        flash(
            _(
                "You were signed out: it was long ago, or your password or what you may do here was changed. Please sign in again."
            ),
            "info",
        )
    return redirect(url_for("security.login", next=wanted))
