"""``/desk/account/…``: the reader's authenticator app, recovery codes and passkeys."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import audit
from congress.accounts.signing import factors, totp
from congress.accounts.signing.forms import AppForm, PasskeyForm
from congress.core import sealed
from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.types import LARGEST_ID
from congress.desk.account import bp, me, to_confirm, written
from congress.web import passkeys, signing
from congress.web.forms import submitted

_NEW = "new_app"


def _proposed() -> str:
    """The secret of the app that is being set up, until it is: the same on each look at the page. Encrypted in the cookie."""
    if _NEW not in session:
        session[_NEW] = sealed.seal(totp.new_secret().encode()).decode()
    try:
        return sealed.unseal(session[_NEW].encode()).decode()
    except sealed.Unreadable:
        session.pop(_NEW)
        return _proposed()


def _saved(label: str, *, is_first: bool) -> ResponseReturnValue:
    """After a factor was added: codes on paper with the first one. Commits."""
    signing.new_identity(lock(me()), keeps_this_browser=True)
    signing.tell(me(), label)
    written(audit.What.FACTOR_CHANGED, label=label)
    if is_first:
        return _shown()
    db.session.commit()
    return redirect(url_for("desk.account.index"), 303)


def _shown() -> ResponseReturnValue:
    """New codes, shown in the answer itself and nowhere else. Commits."""
    codes = factors.new_recovery_codes(me())
    db.session.commit()
    return render_template("desk/account/codes.html", codes=codes)


@bp.route("/app", methods=["GET", "POST"])
def app() -> ResponseReturnValue:
    """An authenticator app: its QR code, and the first code that it shows."""
    if not signing.is_confirmed():
        return to_confirm()
    secret, form = _proposed(), AppForm(request.form or None)
    if submitted(form):
        is_first = not factors.has_second(me())
        if factors.set_app(lock(me()), secret, form.code.data or "", now=now()):
            session.pop(_NEW)
            flash(_("The authenticator app is set up."), "success")
            return _saved("app", is_first=is_first)
        form.add_error("code", _("This code is not right. Look whether the clock of your telephone is, and write the next code."))
    page = render_template(
        "desk/account/app.html",
        form=form,
        address=totp.address(secret, issuer=str(_("Congress")), account=current_user.email),
        typed=totp.in_groups(secret),
    )
    return page, 422 if form.errors else 200


@bp.post("/app/remove")
def remove_app() -> ResponseReturnValue:
    if not signing.is_confirmed():
        return to_confirm()
    factors.drop_app(lock(me()))
    return _removed("app-removed", _("The authenticator app is removed."))


def _removed(label: str, sentence: str) -> ResponseReturnValue:
    signing.tell(me(), label)
    written(audit.What.FACTOR_CHANGED, label=label)
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("desk.account.index"), 303)


@bp.route("/codes", methods=["GET", "POST"])
def codes() -> ResponseReturnValue:
    """New codes on paper; a button asks, since the old ones end."""
    if not signing.is_confirmed():
        return to_confirm()
    if not factors.has_second(me()):
        return redirect(url_for("desk.account.app"), 303)
    if request.method == "POST":
        written(audit.What.FACTOR_CHANGED, label="codes")
        return _shown()
    return render_template("desk/account/codes.html", codes=None)


@bp.route("/passkeys/new", methods=["GET", "POST"])
def add_passkey() -> ResponseReturnValue:
    """A passkey of this device, or of one that the browser reaches."""
    if not signing.is_confirmed():
        return to_confirm()
    form, account = PasskeyForm(request.form or None), me()
    if submitted(form):
        is_first = not factors.has_second(account)
        if passkeys.added(account, form.credential.data or "", form.name.data or "", now=now()) is not None:
            flash(_("The passkey is added. You can sign in with it from now on."), "success")
            return _saved("passkey", is_first=is_first)
        form.add_error(
            "name", _("Your device has not made a passkey. Try again; it has to ask for a finger, your face or a PIN.")
        )
    asked = passkeys.to_add(account, list(factors.passkeys(account.id)), key=signing.key(), site=str(_("Congress")))
    page = render_template("desk/account/add_passkey.html", form=form, asked=asked)
    return page, 422 if form.errors else 200


@bp.post(f"/passkeys/<int(max={LARGEST_ID}):passkey_id>/remove")
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    if not signing.is_confirmed():
        return to_confirm()
    if not factors.drop_passkey(current_user.id, passkey_id):
        abort(404)
    return _removed("passkey-removed", _("The passkey is removed."))
