"""``/desk/<congress>/registrations/``: who has registered, and the hosts' confirmation."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError, NotAllowed
from congress.core.text import fold
from congress.registration import queries, services
from congress.registration.models import Registration
from congress.registration.services import Actor
from congress.registration.states import State
from congress.registration.vocabulary import By

_LARGEST_ID = 2**31 - 1  # of a row; PostgreSQL refuses to compare with more

bp = Blueprint("registrations", __name__, url_prefix="/<congress>/registrations")


@bp.before_request
def _guard() -> None:
    if not rules.may_see_registrations(current_user.held, g.congress.id):
        raise NotAllowed(_("Your role does not show who has registered."))


@bp.get("/")
def index() -> ResponseReturnValue:
    typed = request.args.get("q", "")[:100]
    found = queries.registrations(g.congress)
    return render_template(
        "desk/registrations/index.html",
        registrations=[each for each in found if all(part in _searched(each) for part in fold(typed).split())],
        waiting=[each for each in found if each.state is State.SUBMITTED],
        total=len(found),
        typed=typed,
    )


def _searched(registration: Registration) -> str:
    city = registration.delegate.city
    return fold(
        f"{registration.delegate.person.name} {registration.delegate.person.email} {' '.join(city.names.values()) if city else ''}"
    )


def _actor() -> Actor:
    return Actor(By.ORGANISER, current_user.email)


@bp.post(f"/<int(max={_LARGEST_ID}):registration_id>/confirm")
def confirm(registration_id: int) -> ResponseReturnValue:
    registration = queries.find_registration(g.congress, registration_id)
    if registration is None:
        abort(404)
    try:
        services.confirm(registration, actor=_actor(), now=now())
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        flash(_("%(name)s is confirmed.", name=registration.delegate.person.name), "success")
    typed = request.form.get("q", "")[:100]
    return redirect(url_for(".index", q=typed or None, _anchor=f"registration-{registration_id}"), 303)


@bp.post("/confirm-all")
def confirm_all() -> ResponseReturnValue:
    """All whom the page showed as waiting: ``up_to`` is the id of the last one who had registered."""
    up_to = request.form.get("up_to", type=int)
    if up_to is None:
        abort(400)
    number = services.confirm_waiting(g.congress, up_to=up_to, actor=_actor(), now=now())
    db.session.commit()
    flash(ngettext("%(num)d registration is confirmed.", "%(num)d registrations are confirmed.", number), "success")
    return redirect(url_for(".index"), 303)
