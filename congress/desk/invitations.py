"""``/desk/invitation/…``: whoever was invited to work here says the name, and chooses a password or a passkey."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import hash_password
from flask_security.utils import login_user

from congress.accounts.models import Account
from congress.accounts.signing.forms import InvitedForm
from congress.core.db import db
from congress.web.forms import submitted
from congress.web.signing import browsers, inviting, passwords

bp = Blueprint("invitations", __name__, url_prefix="/desk/invitation")


@bp.route("/<token>", methods=["GET", "POST"])
def show(token: str) -> ResponseReturnValue:
    """Signs in whoever has chosen. With a passkey the invitation is good until there is one."""
    account, is_open = inviting.find(token, current_app.config["SECRET_KEY"], is_used=request.method == "POST")
    if account is None:
        abort(404)
    if not is_open:
        return render_template("security/ended.html"), 410
    form = InvitedForm(request.form or None, data={"name": "" if account.name == account.email else account.name})
    if submitted(form):
        if "passkey" in request.form:
            return _in(account, form, url_for("security.wan_register"))
        said = passwords.wrong(form.password.data or "", email=account.email, name=form.name.data or "")
        if said is None:
            account.password, account.invited_at = hash_password(form.password.data or ""), None
            flash(_("Welcome. Your account is ready."), "success")
            return _in(account, form, url_for("desk.home.index"))
        form.add_error("password", said)
    page = render_template("security/invitation.html", form=form, account=account)
    return page, 422 if form.errors else 200


def _in(account: Account, form: InvitedForm, onwards: str) -> ResponseReturnValue:
    """Somebody who has a second factor is asked for it first."""
    account.name = form.name.data or ""
    answer: ResponseReturnValue | None = current_app.extensions["security"].two_factor_plugins.tf_enter(
        account, False, browsers.INVITATION, next_loc=onwards
    )
    if answer is None:
        login_user(account, authn_via=[browsers.INVITATION])
        answer = redirect(onwards, 303)
    db.session.commit()
    return answer
