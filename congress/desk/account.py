"""``/desk/account/``: the reader's own account, and where it is signed in."""

from __future__ import annotations

from datetime import UTC

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user, hash_password

from congress.accounts import audit
from congress.accounts.models import Account
from congress.accounts.signing import factors, guesses, sessions, tickets, whose
from congress.accounts.signing.forms import ConfirmForm, NewAddressForm, NewPasswordForm, PersonForm
from congress.accounts.signing.models import TicketKind
from congress.congresses import queries as congresses
from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.languages import LANGUAGES
from congress.core.types import LARGEST_ID
from congress.web import passkeys, signing
from congress.web.forms import submitted

bp = Blueprint("account", __name__, url_prefix="/account")


def me() -> Account:
    """Who is signed in."""
    account: Account = current_user._get_current_object()
    return account


def written(what: str, *, label: str = "") -> None:
    """Into the log, about the own account."""
    audit.record(what, now=now(), kind="accounts", object_id=me().id, label=label)


def to_confirm() -> ResponseReturnValue:
    """To the page that asks for a secret once more, and back."""
    db.session.rollback()
    return redirect(url_for("desk.account.confirm", next=request.path), 303)


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
        passkeys=factors.passkeys(account.id),
        codes_left=factors.recovery_codes_left(account.id),
        sign_ins=sessions.of_account(account.id, signing.lasts(), now=now()),
        here=signing.here(),
        zone=next((congress.zone for congress in congresses.congresses()), UTC),
    ), 422 if form.errors else 200


@bp.route("/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    """Asks for the password, or a passkey, before something is changed that signing in needs."""
    wanted = request.args.get("next", "")
    back = (
        wanted
        if wanted in {url_for(f"desk.account.{name}") for name in ("password", "address", "app", "add_passkey", "codes")}
        else url_for(".index")
    )
    form = ConfirmForm(request.form or None)
    if request.method == "POST" and "credential" in request.form:
        found = passkeys.answered(request.form["credential"], now=now())
        if found is not None and found.account_id == current_user.id:
            return _confirmed(back)
        form.add_error("password", _("The passkey was not accepted."))
    elif submitted(form):
        try:
            row = signing.held_guesses("password", current_user.email)
        except signing.TooManyGuesses as refusal:
            form.add_error("password", str(refusal))
        else:
            is_right = signing.is_password(me(), form.password.data or "")
            guesses.note(row, is_right=is_right, now=now())
            if is_right:
                return _confirmed(back)
            form.add_error("password", _("This is not your password."))
    db.session.commit()
    own = list(factors.passkeys(current_user.id))
    page = render_template("desk/account/confirm.html", form=form, asked=passkeys.to_sign_in(own) if own else "", account=me())
    return page, 422 if form.errors else 200


def _confirmed(back: str) -> ResponseReturnValue:
    sessions.confirm(signing.here(), now=now())
    db.session.commit()
    return redirect(back, 303)


@bp.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    if not signing.is_confirmed():
        return to_confirm()
    account = me()
    form = NewPasswordForm(request.form or None)
    form.of = (account.email, account.name)
    if submitted(form):
        account = lock(account)
        account.password = hash_password(form.password.data or "")
        signing.new_identity(account, keeps_this_browser=True)
        signing.tell(account, "password")
        written(audit.What.PASSWORD_CHANGED)
        db.session.commit()
        flash(_("Your password is changed. You are signed out everywhere else."), "success")
        return redirect(url_for(".index"), 303)
    return render_template("desk/account/password.html", form=form), 422 if form.errors else 200


@bp.route("/address", methods=["GET", "POST"])
def address() -> ResponseReturnValue:
    """Sends a link to the new address; what is said does not tell whether somebody has it."""
    if not signing.is_confirmed():
        return to_confirm()
    form = NewAddressForm(request.form or None)
    if submitted(form):
        new = form.email.data or ""
        if whose.find(new) is None:
            ticket = tickets.make(TicketKind.ADDRESS, me(), key=signing.key(), now=now(), address=new)
            signing.mail_ticket(ticket, to=new, language=me().language)
        db.session.commit()
        flash(_("If nobody has this address yet, a link is on its way there. It is good for an hour."), "info")
        return redirect(url_for(".index"), 303)
    return render_template("desk/account/address.html", form=form, account=me()), 422 if form.errors else 200


@bp.post(f"/sign-ins/<int(max={LARGEST_ID}):sign_in_id>/end")
def end(sign_in_id: int) -> ResponseReturnValue:
    """Signs one browser out."""
    if not sessions.end_one(current_user.id, sign_in_id):
        abort(404)
    written(audit.What.SESSION_ENDED)
    db.session.commit()
    flash(_("That browser is signed out."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/sign-ins/end")
def end_others() -> ResponseReturnValue:
    """Signs all other browsers out."""
    sessions.end_all(current_user.id, but=signing.here().id)
    written(audit.What.SESSION_ENDED, label="all others")
    db.session.commit()
    flash(_("You are signed out everywhere else."), "success")
    return redirect(url_for(".index"), 303)
