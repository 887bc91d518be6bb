"""``/desk/<congress>/accounts/``: invitations to work here, and how those who do sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import audit, queries, rules
from congress.accounts.models import Account
from congress.accounts.signing import factors
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.types import LARGEST_ID
from congress.web.signing import browsers, inviting, mails

bp = Blueprint("accounts", __name__, url_prefix="/<congress>/accounts")
_ONE = f"/<int(max={LARGEST_ID}):account_id>"


@dataclass(frozen=True)
class Person:
    """Somebody who works here, and what can be done for them. ``invited_until`` is of an invitation that is good still."""

    account: Account
    has_second: bool
    invited_until: datetime | None
    may_invite: bool
    may_reset: bool


@bp.get("/")
def index() -> ResponseReturnValue:
    people = _people()
    unprotected = factors.without_second([account.id for account in people])
    return render_template("desk/accounts/index.html", people=[_person(each, unprotected) for each in people])


def _people() -> list[Account]:
    """Who has a role in this congress now or later, each once."""
    today = now().date()
    found = {
        account.id: account
        for account, role in queries.roles_in(g.congress.id, g.congress.network_id)
        if role.ends_on is None or today < role.ends_on
    }
    return sorted(found.values(), key=lambda account: (account.name.casefold(), account.id))


def _person(account: Account, unprotected: set[int]) -> Person:
    return Person(
        account=account,
        has_second=account.id not in unprotected,
        invited_until=inviting.ends_at(account) if inviting.is_open(account) else None,
        may_invite=account.password is None and account.id in unprotected,
        may_reset=account.id not in unprotected and _may_reset(account),
    )


def _may_reset(account: Account) -> bool:
    return account.id != current_user.id and rules.may_reset(current_user.held, account.held)


def _of_this_congress(account_id: int) -> Account:
    found = next((each for each in _people() if each.id == account_id), None)
    if found is None:
        abort(404)
    return found


@bp.post("/second-factor")
def require() -> ResponseReturnValue:
    """Whether whoever works here needs a second factor. Only somebody who has one may ask the others for it."""
    wants = request.form.get("requires") == "1"
    if wants and not factors.has_second(current_user):
        flash(_("Set up a second factor for yourself first: otherwise you would shut yourself out."), "warning")
        return redirect(url_for("desk.account.index"), 303)
    congress: Congress = lock(g.congress)
    congress.requires_second_factor = wants
    db.session.commit()
    flash(
        _("Everybody who works here needs a second factor now.") if wants else _("A second factor is no longer asked for."),
        "success",
    )
    return redirect(url_for(".index"), 303)


@bp.post(f"{_ONE}/invite")
def invite(account_id: int) -> ResponseReturnValue:
    """Sends the invitation once more, with a new link; the old one ends."""
    account = _of_this_congress(account_id)
    if account.password is not None or factors.has_second(account):
        flash(_("This person has signed in already."), "info")
        return redirect(url_for(".index"), 303)
    mails.invite(account, g.congress, by=current_user.name)
    db.session.commit()
    flash(_("The invitation is on its way. It is good for seven days."), "success")
    return redirect(url_for(".index"), 303)


@bp.post(f"{_ONE}/revoke")
def revoke(account_id: int) -> ResponseReturnValue:
    """The link of the invitation ends; the roles stay until they are ended."""
    account = _of_this_congress(account_id)
    inviting.revoke(account)
    audit.record(audit.What.CHANGED, now=now(), kind="accounts", object_id=account.id, label="invitation revoked")
    db.session.commit()
    flash(_("The invitation is revoked. Its link opens nothing any more."), "success")
    return redirect(url_for(".index"), 303)


@bp.post(f"{_ONE}/reset")
def reset(account_id: int) -> ResponseReturnValue:
    """Takes the second factors of somebody away who has lost them, and signs them out everywhere."""
    account = _of_this_congress(account_id)
    if not _may_reset(account):
        flash(_("You cannot do this for somebody whose roles reach further than yours. Ask whoever runs the site."), "warning")
        return redirect(url_for(".index"), 303)
    factors.reset(lock(account))
    browsers.renew(account, keeps_this_browser=False)
    mails.tell(account, "reset")
    audit.record(audit.What.FACTOR_CHANGED, now=now(), kind="accounts", object_id=account.id, label="reset")
    db.session.commit()
    flash(_("The second factor is gone. The person was told by e-mail, and can sign in with the password."), "success")
    return redirect(url_for(".index"), 303)
