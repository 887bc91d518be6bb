"""``/my/everything/``: all that belongs to a person over all congresses, for whoever followed the link mailed to the own address."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.belongings import queries, rules, services
from congress.belongings.forms import AddressForm
from congress.belongings.models import Visit
from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.my import everything_pages as pages
from congress.web import visits
from congress.web.forms import submitted
from congress.web.language import chosen_language

bp = Blueprint("everything", __name__, url_prefix="/everything")


@bp.get("/")
def show() -> ResponseReturnValue:
    return pages.show(visits.current(), AddressForm())


@bp.route("/link/<token>/", methods=["GET", "POST"])
def open_link(token: str) -> ResponseReturnValue:
    """The mailed link. Following it changes nothing, since scanners of mail do; its button opens the page, or joins the address."""
    visit = queries.find_by_link(token)
    if visit is None:
        abort(404)
    if not rules.may_be_followed(visit.asked_at, visit.opened_at, now()):
        return render_template("my/everything/over.html"), 410
    if request.method == "GET":
        return render_template("my/everything/open.html", visit=visit, joins=_joined_by(visit), token=token)
    return _join(visit) if visit.joins_id is not None else _begin(visit)


def _joined_by(visit: Visit) -> Visit | None:
    """The visit that asked for this address to be joined, where this browser is on it."""
    here = visits.find()
    return here if here is not None and here.id == visit.joins_id else None


def _begin(visit: Visit) -> ResponseReturnValue:
    try:
        session = services.begin(visit, now=now())
    except services.LinkIsOver:
        db.session.rollback()
        return render_template("my/everything/over.html"), 410
    db.session.commit()
    return visits.remember(make_response(redirect(url_for(".show"), 303)), session)


def _join(visit: Visit) -> ResponseReturnValue:
    try:
        services.join(visit, visits.find(), now=now())
    except CongressError as refusal:
        db.session.rollback()
        return render_template("my/everything/over.html", message=str(refusal)), 409
    address = visit.address
    db.session.commit()
    flash(_("From now on this page also shows what belongs to %(address)s.", address=address), "success")
    return redirect(url_for(".show"), 303)


@bp.post("/addresses")
def add_address() -> ResponseReturnValue:
    """Ask for another address to be joined; the same is answered for every one."""
    visit = visits.current()
    form = AddressForm(request.form)
    if not submitted(form):
        return pages.show(visit, form), 422
    key = current_app.config["SECRET_KEY"]
    services.ask(form.email.data or "", language=chosen_language(), key=key, now=now(), joins=visit)
    db.session.commit()
    flash(_("If there is something for this address, a link is on its way. Open it in this browser within 30 minutes."), "info")
    return redirect(url_for(".show", _anchor="addresses"), 303)


@bp.post("/addresses/part")
def part_address() -> ResponseReturnValue:
    services.part(visits.current(), request.form.get("address", ""))
    db.session.commit()
    flash(_("The address is on its own again."), "success")
    return redirect(url_for(".show", _anchor="addresses"), 303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    visit = visits.find()
    if visit is not None:
        services.end(visit, now=now())
        db.session.commit()
    return visits.forget(make_response(redirect(url_for("public.sign_in.index"), 303)))
