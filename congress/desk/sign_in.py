"""``/desk/sign-in`` and what leads there: one or two factors, a code by mail, a passkey. All that can be asked without being signed in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import audit
from congress.accounts.models import Account
from congress.accounts.signing import factors, guesses, tickets, whose
from congress.accounts.signing.forms import AddressForm, DigitsForm, FactorForm, SignInForm
from congress.accounts.signing.models import TicketKind, Way
from congress.core.clock import now
from congress.core.db import db
from congress.web import passkeys, signing
from congress.web.forms import submitted

bp = Blueprint("security", __name__, url_prefix="/desk")


def next_page() -> str:
    """Where the reader wanted to go: a page of the desk, and nothing else."""
    wanted = request.args.get("next", "")
    path = wanted.partition("?")[0]
    is_ours = (
        path.startswith("/desk/") and wanted.isprintable() and "//" not in path and not any(each in wanted for each in "\\#")
    )
    return wanted if is_ours else url_for("desk.home.index")


def go_on(account: Account, way: Way) -> ResponseReturnValue:
    """The first factor was right: to the second one where there is one, else in. Commits."""
    if way is not Way.PASSKEY and factors.has_second(account):
        signing.begin_half(account, way)
        db.session.commit()
        return redirect(url_for("security.second_factor", next=next_page()), 303)
    signing.sign_in(account, way)
    db.session.commit()
    return redirect(next_page())


def refused(account: Account | None, way: str) -> None:
    """Write down that a try was wrong. Of an address that nobody has the same is written, without it: it may be a password."""
    number, address = (account.id, account.email) if account else (None, "")
    audit.record(
        audit.What.SIGN_IN_REFUSED, now=now(), kind="accounts", object_id=number or "", label=way, by=(number, address or "–")
    )


@bp.route("/sign-in", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Address and password."""
    if current_user.is_authenticated:
        return redirect(next_page())
    form = SignInForm(request.form or None)
    if submitted(form):
        try:
            row = signing.held_guesses("password", form.email.data or "")
        except signing.TooManyGuesses as refusal:
            form.add_error("password", str(refusal))
        else:
            account = whose.find(form.email.data or "")
            is_right = signing.is_password(account, form.password.data or "")
            guesses.note(row, is_right=is_right, now=now())
            if account is not None and is_right:
                return go_on(account, Way.PASSWORD)
            refused(account, Way.PASSWORD.value)
            form.add_error("password", _("Wrong e-mail address or password."))
        db.session.commit()
    page = render_template("security/sign_in.html", form=form, asked=passkeys.to_sign_in())
    return page, 422 if form.errors else 200


@bp.route("/sign-in/second-factor", methods=["GET", "POST"])
def second_factor() -> ResponseReturnValue:
    """A code of the app, or one on paper, or a passkey."""
    begun = signing.half()
    account = whose.find_live(begun[0]) if begun else None
    if begun is None or account is None or signing.fingerprint(account) != begun[2]:
        flash(_("This took too long. Please begin again."), "warning")
        return redirect(url_for(".login", next=next_page()), 303)
    form = FactorForm(request.form or None)
    if submitted(form):
        try:
            row = signing.held_guesses("factor", account.email)
        except signing.TooManyGuesses as refusal:
            form.add_error("code", str(refusal))
        else:
            typed = form.code.data or ""
            is_right = factors.use_app_code(account, typed, now=now()) or factors.use_recovery_code(account, typed, now=now())
            guesses.note(row, is_right=is_right, now=now())
            if is_right:
                return _in(account, begun[1])
            refused(account, "second factor")
            form.add_error(
                "code", _("This code is not right. Each code is good once, and for half a minute: wait for the next one.")
            )
        db.session.commit()
    own = list(factors.passkeys(account.id))
    page = render_template(
        "security/second_factor.html", form=form, asked=passkeys.to_sign_in(own) if own else "", account=account
    )
    return page, 422 if form.errors else 200


def _in(account: Account, way: Way) -> ResponseReturnValue:
    signing.sign_in(account, way)
    left = factors.recovery_codes_left(account.id)
    db.session.commit()
    if left < 3:
        flash(_("You have few recovery codes left. Please make new ones on the page “Your account”."), "warning")
    return redirect(next_page())


@bp.post("/sign-in/passkey")
def passkey() -> ResponseReturnValue:
    """What the device has signed. As the second factor it has to be one of the same account."""
    begun = signing.half()
    found = passkeys.answered(request.form.get("credential", ""), now=now())
    if found is None or (begun is not None and begun[0] != found.account_id and request.form.get("is_second")):
        db.session.commit()
        flash(_("The passkey was not accepted. Try again, or sign in in another way."), "warning")
        return redirect(url_for(".login", next=next_page()), 303)
    return go_on(found.account, Way.PASSKEY)


@bp.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Asks for a code by mail; the answer is the same for every address."""
    form = AddressForm(request.form or None)
    if submitted(form):
        account = whose.find(form.email.data or "")
        ticket = tickets.make(TicketKind.CODE, account, key=signing.key(), now=now())
        signing.mail_ticket(ticket, to=account.email if account else "")
        signing.wait_for_code(ticket)
        db.session.commit()
        return redirect(url_for(".typed_code", next=next_page()), 303)
    return render_template("security/code.html", form=form), 422 if form.errors else 200


@bp.route("/sign-in/code/typed", methods=["GET", "POST"])
def typed_code() -> ResponseReturnValue:
    """Takes the code; only in the browser that has asked for it."""
    form = DigitsForm(request.form or None)
    if submitted(form):
        ticket = tickets.find_code(signing.awaited_code())
        account = whose.find_live(ticket.account_id or 0) if ticket else None
        if (
            ticket is not None
            and tickets.guess(ticket, form.code.data or "", key=signing.key(), now=now())
            and account is not None
        ):
            return go_on(account, Way.CODE)
        refused(account, Way.CODE.value)
        db.session.commit()
        form.add_error(
            "code", _("This code is not right, or its ten minutes are over. After five wrong tries ask for a new one.")
        )
    return render_template("security/typed_code.html", form=form), 422 if form.errors else 200


@bp.post("/sign-out")
def logout() -> ResponseReturnValue:
    """This browser forgets who was there."""
    signing.sign_out()
    db.session.commit()
    return redirect(url_for("public.home.index"))
