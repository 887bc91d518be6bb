"""What is behind the links that people who work here are sent: a new password, a new address, an invitation."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user, hash_password

from congress.accounts import audit
from congress.accounts.models import Account
from congress.accounts.signing import tickets, whose
from congress.accounts.signing.forms import AddressForm, InvitedForm, NewPasswordForm
from congress.accounts.signing.models import Ticket, TicketKind, Way
from congress.core.clock import now
from congress.core.db import db
from congress.desk.sign_in import bp, go_on
from congress.web import signing
from congress.web.forms import submitted


@bp.route("/password", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Asks for a link to a new password; the answer is the same for every address."""
    form = AddressForm(request.form or None)
    if submitted(form):
        account = whose.find(form.email.data or "")
        ticket = tickets.make(TicketKind.PASSWORD, account, key=signing.key(), now=now())
        signing.mail_ticket(ticket, to=account.email if account else "")
        db.session.commit()
        return redirect(url_for(".asked"), 303)
    return render_template("security/forgotten.html", form=form), 422 if form.errors else 200


@bp.get("/password/asked")
def asked() -> ResponseReturnValue:
    return render_template("security/asked.html")


def _live(kind: TicketKind, token: str) -> Ticket | None:
    """The ticket of a link; None where it is good no more. 404 where there never was one."""
    ticket = tickets.find(kind, token)
    if ticket is None or ticket.account is None or not ticket.account.active:
        abort(404)
    return ticket if ticket.is_live(now()) else None


def _ended(kind: TicketKind) -> ResponseReturnValue:
    return render_template("security/ended.html", kind=kind.value), 410


def _whose(ticket: Ticket) -> Account:
    assert ticket.account is not None  # noqa: S101  (_live lets no others through)
    return ticket.account


@bp.route("/password/<token>", methods=["GET", "POST"])
def password(token: str) -> ResponseReturnValue:
    """Takes the new password. Whoever has a second factor is asked for it, too; other browsers are signed out."""
    ticket = _live(TicketKind.PASSWORD, token)
    if ticket is None:
        return _ended(TicketKind.PASSWORD)
    account = _whose(ticket)
    form = NewPasswordForm(request.form or None)
    form.of = (account.email, account.name)
    if submitted(form):
        if not tickets.use(ticket, now=now()):
            return _ended(TicketKind.PASSWORD)
        account.password = hash_password(form.password.data or "")
        signing.new_identity(account, keeps_this_browser=False)
        signing.tell(account, "password")
        audit.record(
            audit.What.PASSWORD_CHANGED,
            now=now(),
            kind="accounts",
            object_id=account.id,
            label="link",
            by=(account.id, account.email),
        )
        return go_on(account, Way.LINK)
    page = render_template("security/password.html", form=form, account=account)
    return page, 422 if form.errors else 200


@bp.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> ResponseReturnValue:
    """Whoever was invited says the name and chooses a password, and is signed in."""
    ticket = _live(TicketKind.INVITATION, token)
    if ticket is None:
        return _ended(TicketKind.INVITATION)
    account = _whose(ticket)
    form = InvitedForm(request.form or None, data={"name": "" if account.name == account.email else account.name})
    form.of = (account.email, form.name.data or "")
    if submitted(form):
        if not tickets.use(ticket, now=now()):
            return _ended(TicketKind.INVITATION)
        account.name, account.password = form.name.data or "", hash_password(form.password.data or "")
        flash(_("Welcome. Your account is ready."), "success")
        return go_on(account, Way.LINK)
    page = render_template("security/invitation.html", form=form, account=account)
    return page, 422 if form.errors else 200


@bp.route("/address/<token>", methods=["GET", "POST"])
def address(token: str) -> ResponseReturnValue:
    """The account's address becomes the one that the link was sent to; a button asks, since programs open links by themselves."""
    ticket = _live(TicketKind.ADDRESS, token)
    if ticket is None:
        return _ended(TicketKind.ADDRESS)
    account = _whose(ticket)
    if request.method == "POST":
        if not tickets.use(ticket, now=now()):
            return _ended(TicketKind.ADDRESS)
        _change_address(account, ticket.address)
        return redirect(url_for("desk.account.index" if current_user.is_authenticated else ".login"), 303)
    return render_template("security/address.html", account=account, address=ticket.address)


def _change_address(account: Account, new: str) -> None:
    if whose.find(new) is not None:
        db.session.commit()
        flash(_("Somebody has an account with this address already. Nothing was changed."), "warning")
        return
    before, account.email = account.email, new
    tickets.end_all(account.id, now=now())
    signing.tell(account, "address", to=before)
    audit.record(
        audit.What.CHANGED,
        now=now(),
        kind="accounts",
        object_id=account.id,
        changes={"email": (before, new)},
        by=(account.id, before),
    )
    db.session.commit()
    flash(_("Your e-mail address is changed. Sign in with the new one from now on."), "success")
