"""``/my/delegation/<token>/offerings/``: completed projects and good practices that a city offers to present."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.languages import named
from congress.core.types import LARGEST_ID
from congress.delegates.models import Delegation
from congress.my import delegation_pages as pages
from congress.networks import queries as networks
from congress.programme.offerings import forms, queries, services
from congress.programme.offerings.forms import KIND_LABELS, OfferingForm
from congress.programme.offerings.models import Offering
from congress.web.forms import sent_number, submitted

_ONE = f"/<int(max={LARGEST_ID}):offering_id>"

bp = Blueprint("offerings", __name__, url_prefix="/delegation/<token>/offerings")


@bp.get("/")
def index(token: str) -> ResponseReturnValue:
    delegation = pages.load(token)
    offered = queries.of_delegation(delegation)
    return render_template("my/offerings/index.html", delegation=delegation, token=token, offerings=offered, kinds=KIND_LABELS)


@bp.route("/new", methods=["GET", "POST"])
def new(token: str) -> ResponseReturnValue:
    delegation = pages.load(token)
    form = OfferingForm.within(named(g.congress.languages))(request.form, data={"minutes": 10})
    form.offer(networks.fields(delegation.congress.network))
    if submitted(form):
        try:
            services.offer(delegation, form.words, now=now())
        except services.TooMany as refusal:
            db.session.rollback()
            form.form_errors.append(str(refusal))
        else:
            return _done(token, _("Thank you. The organisers decide and write to you."))
    return _form_page(delegation, token, form, None)


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
def edit(token: str, offering_id: int) -> ResponseReturnValue:
    delegation = pages.load(token)
    offering = _offering(delegation, offering_id)
    form = OfferingForm.within(named(g.congress.languages))(request.form, data=forms.shown(offering))
    form.offer(networks.fields(delegation.congress.network))
    if submitted(form):
        try:
            services.change(offering, form.words, seen=sent_number("version"))
        except CongressError as refusal:
            db.session.rollback()
            flash(str(refusal), "warning")
            return redirect(url_for(".index", token=token), 303)
        return _done(token, _("Saved."))
    return _form_page(delegation, token, form, offering)


def _form_page(delegation: Delegation, token: str, form: OfferingForm, offering: Offering | None) -> ResponseReturnValue:
    has_errors = bool(form.errors or form.form_errors)
    page = render_template("my/offerings/edit.html", delegation=delegation, token=token, form=form, offering=offering)
    return page, 422 if has_errors else 200


@bp.post(f"{_ONE}/withdraw")
def withdraw(token: str, offering_id: int) -> ResponseReturnValue:
    delegation = pages.load(token)
    try:
        services.withdraw(_offering(delegation, offering_id), now=now())
    except services.Decided as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
        return redirect(url_for(".index", token=token), 303)
    return _done(token, _("Withdrawn."))


def _offering(delegation: Delegation, offering_id: int) -> Offering:
    offering = queries.find_of_delegation(delegation, offering_id)
    if offering is None:
        abort(404)
    return offering


def _done(token: str, said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".index", token=token), 303)
