"""``/desk/account/``: the reader's own account, and where it is signed in."""

from __future__ import annotations

from datetime import UTC

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import audit
from congress.accounts.models import Account
from congress.accounts.signing import factors, sessions
from congress.accounts.signing.forms import PersonForm
from congress.congresses import queries as congresses
from congress.core.clock import now
from congress.core.db import db
from congress.core.languages import LANGUAGES
from congress.core.types import LARGEST_ID
from congress.web.forms import submitted
from congress.web.signing import browsers, trail

bp = Blueprint("account", __name__, url_prefix="/account")


def me() -> Account:
    """Who is signed in."""
    account: Account = current_user._get_current_object()
    return account


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    account = me()
    form = PersonForm(request.form or None, obj=account)
    form.language.choices = list(LANGUAGES.items())
    if submitted(form):
        account.name, account.language = form.name.data or "", form.language.data
        db.session.commit()
        flash(_("Your account is saved."), "success")
        return redirect(url_for(".index", lang=account.language), 303)
    return render_template(
        "desk/account/index.html",
        form=form,
        account=account,
        has_second=factors.has_second(account),
        sign_ins=sessions.of_account(account.id, browsers.lasts(), now=now()),
        here=browsers.here(),
        zone=next((congress.zone for congress in congresses.congresses()), UTC),
    ), 422 if form.errors else 200


@bp.post(f"/sign-ins/<int(max={LARGEST_ID}):sign_in_id>/end")
def end(sign_in_id: int) -> ResponseReturnValue:
    """Signs one browser out."""
    if not sessions.end_one(current_user.id, sign_in_id):
        abort(404)
    trail.written(me(), audit.What.SESSION_ENDED)
    db.session.commit()
    flash(_("That browser is signed out."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/sign-ins/end")
def end_others() -> ResponseReturnValue:
    """Signs all other browsers out."""
    sessions.end_all(current_user.id, but=browsers.here().id)
    trail.written(me(), audit.What.SESSION_ENDED, label="all others")
    db.session.commit()
    flash(_("You are signed out everywhere else."), "success")
    return redirect(url_for(".index"), 303)
