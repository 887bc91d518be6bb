"""``/desk/<congress>/roles/``: who works in this congress, and as what."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import queries, rules, services
from congress.accounts.forms import ROLE_LABELS, RoleForm
from congress.accounts.models import Role
from congress.accounts.rules import Held
from congress.core.db import db, lock
from congress.core.types import LARGEST_ID
from congress.networks.vocabulary import Field
from congress.web.filters import label, text
from congress.web.forms import submitted

bp = Blueprint("roles", __name__, url_prefix="/<congress>/roles")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form, cities = RoleForm(request.form or None), {city.slug: text(city.names) for city in g.congress.hosts}
    form.offer(fields={field.value: label(field, "field") for field in Field}, cities=cities)
    if submitted(form) and _give(form):
        db.session.commit()
        flash(_("The role is given. It holds at once."), "success")
        return redirect(url_for(".index"), 303)
    held = current_user.held
    return render_template(
        "desk/roles/index.html",
        form=form,
        labels=ROLE_LABELS,
        cities=cities,
        rows=[
            (account, role, account.id != current_user.id and rules.may_give(held, g.congress.id, _held(role)))
            for account, role in queries.roles_in(g.congress.id)
        ],
    ), 422 if form.errors else 200


def _held(role: Role) -> Held:
    return Held(role.kind, role.congress_id, role.field, role.city)


def _give(form: RoleForm) -> bool:
    """Whether the role could be given; otherwise the reason stands on a field."""
    wanted, account = form.wanted(g.congress.id), queries.find_account(form.email.data or "")
    if not rules.may_give(current_user.held, g.congress.id, wanted):
        form.add_error("city", _("Your role is limited to the venues of your city, so you cannot give one that reaches further."))
        return False
    if account is None:
        form.add_error("email", _("Nobody has an account with this address. Whoever runs the site makes it with: congress grant"))
        return False
    try:
        services.give_role(lock(account), wanted)
    except services.HeldAlready as refusal:
        form.add_error("email", str(refusal))
        return False
    return True


@bp.post(f"/<int(max={LARGEST_ID}):role_id>/end")
def end(role_id: int) -> ResponseReturnValue:
    """Nobody ends an own role, so that somebody is always left who can give it back."""
    role = queries.find_role(g.congress.id, role_id)
    if role is None:
        abort(404)
    if role.account_id == current_user.id or not rules.may_give(current_user.held, g.congress.id, _held(role)):
        flash(_("You cannot end this role. Ask another organiser to do it."), "warning")
        return redirect(url_for(".index"), 303)
    services.end_role(role)
    db.session.commit()
    flash(_("The role has ended."), "success")
    return redirect(url_for(".index"), 303)
