"""``/desk/<congress>/roles/``: who works in this congress, as what, from when until when; giving, ending, looking through."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import queries, rules, services
from congress.accounts.audit import What, record
from congress.accounts.forms import ROLE_LABELS, RoleForm
from congress.accounts.models import Account, Role
from congress.accounts.rules import Held
from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.types import LARGEST_ID
from congress.networks import queries as networks
from congress.web.filters import label, text
from congress.web.forms import submitted
from congress.web.signing import inviting, mails

SILENT_DAYS = 90  # who has not signed in for so long may not need the role any more

bp = Blueprint("roles", __name__, url_prefix="/<congress>/roles")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form, cities = RoleForm(request.form or None), {city.slug: text(city.names) for city in g.congress.hosts}
    form.offer(fields={field.value: label(field, "field") for field in networks.fields(g.congress.network)}, cities=cities)
    if submitted(form) and _give(form):
        db.session.commit()
        flash(_("The role is given."), "success")
        return redirect(url_for(".index"), 303)
    today, rows = now().date(), queries.roles_in(g.congress.id, g.congress.network_id)
    held: list[tuple[Account, Role]] = []
    ended: list[tuple[Account, Role]] = []
    for account, role in rows:
        (ended if role.is_over_on(today) else held).append((account, role))
    page = render_template(
        "desk/roles/index.html",
        form=form,
        labels=ROLE_LABELS,
        cities=cities,
        rows=[(account, role, _may_end(role), _is_silent(account, role)) for account, role in held],
        ended=ended,
        last_days={role.id: role.ends_on - timedelta(days=1) for _account, role in rows if role.ends_on},
        today=today,
        silent_days=SILENT_DAYS,
    )
    return page, 422 if form.errors else 200


def _held(role: Role) -> Held:
    return Held(role.kind, role.congress_id, role.field, role.city)


def _may_end(role: Role) -> bool:
    """Nobody ends an own role, so that somebody is always left who can give it back."""
    return role.account_id != current_user.id and rules.may_give(current_user.held, g.congress.id, _held(role))


def _is_silent(account: Account, role: Role) -> bool:
    since = account.signed_in_at or role.given_at or account.created_at
    return since < now() - timedelta(days=SILENT_DAYS)


def _give(form: RoleForm) -> bool:
    """Whether the role could be given; otherwise the reason stands on a field."""
    wanted, account = form.wanted(g.congress.id), queries.find_account(form.email.data or "")
    if not rules.may_give(current_user.held, g.congress.id, wanted):
        form.add_error("city", _("Your role is limited to the venues of your city, so you cannot give one that reaches further."))
        return False
    is_new = account is None
    if account is None:
        account = inviting.make_account(form.email.data or "")
    try:
        services.give_role(
            lock(account), wanted, starts_on=form.starts_on.data, ends_on=form.ends_on, by=current_user.email, now=now()
        )
    except services.HeldAlready as refusal:
        form.add_error("email", str(refusal))
        return False
    if is_new:
        mails.invite(account, g.congress, by=current_user.name)
        flash(_("An invitation is on its way to this address. It is valid for seven days."), "info")
    elif account.id != current_user.id and (account.password or account.webauthn):
        mails.tell(account, "roles")
    return True


@bp.post(f"/<int(max={LARGEST_ID}):role_id>/end")
def end(role_id: int) -> ResponseReturnValue:
    """At once, or after the day that was chosen."""
    role = queries.find_role(g.congress.id, role_id)
    if role is None:
        abort(404)
    if not _may_end(role):
        flash(_("You cannot end this role. Ask another organiser to do it."), "warning")
        return redirect(url_for(".index"), 303)
    try:
        last = date.fromisoformat(request.form.get("last_day", "")) if request.form.get("last_day") else None
    except ValueError:
        flash(_("This day does not exist. Write it as 2018-06-12."), "warning")
        return redirect(url_for(".index"), 303)
    today = now().date()
    services.end_role(role, on=today if last is None else max(today, last + timedelta(days=1)), by=current_user.email)
    mails.tell(queries.get_account(role.account_id), "roles")
    db.session.commit()
    flash(_("The role has ended.") if last is None else _("The role ends after the day you chose."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/review")
def review() -> ResponseReturnValue:
    """Somebody has looked through the list: all that are held are right as they stand."""
    today = now().date()
    held = [role for _account, role in queries.roles_in(g.congress.id, g.congress.network_id) if role.is_held_on(today)]
    services.review_roles(held, by=current_user.email, now=now())
    record(What.REVIEWED, kind="roles", label=str(len(held)), now=now())
    db.session.commit()
    flash(_("It is written down that you looked through the roles today."), "success")
    return redirect(url_for(".index"), 303)
