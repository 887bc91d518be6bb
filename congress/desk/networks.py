"""``/desk/networks/``: what a secretariat says of its network, and new congresses of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules, services
from congress.accounts.rules import Held, RoleKind
from congress.congresses import queries as congresses
from congress.congresses.beginning import Begun, begin_congress
from congress.congresses.copying import CannotCopy
from congress.congresses.forms import BeginForm
from congress.congresses.models import Congress, CongressKind
from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.errors import NotAllowed
from congress.core.languages import LANGUAGES
from congress.core.localised_forms import spread
from congress.core.tables import assign
from congress.delegates.beginning import offer_usual_roles
from congress.desk import choices
from congress.networks import queries
from congress.networks.forms import NetworkForm
from congress.networks.models import Network
from congress.web import seen
from congress.web.forms import submitted
from congress.web.signing.browsers import here

bp = Blueprint("networks", __name__, url_prefix="/networks")


def guard(blueprint: Blueprint) -> None:
    """The pages of a network are for its secretariat; ``g.network`` is the network of the address."""

    @blueprint.url_value_preprocessor
    def _load(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.slug_of_network = values.pop("network", None) if values else None

    @blueprint.before_request
    def _need() -> None:
        if g.slug_of_network is None:
            return
        network = queries.find_network(g.slug_of_network)
        if network is None:
            abort(404)
        if not rules.may_edit_network(current_user.held_in_networks, network.id):
            raise NotAllowed(_("This page is for the secretariat of the network."))
        g.network = network

    @blueprint.url_defaults
    def _fill_in(_endpoint: str, values: dict[str, Any]) -> None:
        if "network" in g:
            values.setdefault("network", g.network.slug)


guard(bp)


def mine() -> list[Network]:
    """The networks that the reader looks after."""
    return [each for each in queries.networks() if rules.may_edit_network(current_user.held_in_networks, each.id)]


@bp.get("/")
def index() -> ResponseReturnValue:
    found = mine()
    if not found:
        raise NotAllowed(_("This page is for the secretariat of the network."))
    return render_template("desk/networks/index.html", networks=[(each, congresses.congresses(each)) for each in found])


@bp.route("/<network>/edit", methods=["GET", "POST"])
def edit() -> ResponseReturnValue:
    network = lock(g.network) if request.method == "POST" else g.network
    same = {name: getattr(network, name) for name in ("short_name", "website", "known_on")}
    shown = {**same, **spread("name", network.names), **spread("description", network.descriptions)}
    form, sent = NetworkForm.within(LANGUAGES)(request.form or None, data=shown), request.form.get("seen", "")
    fits = submitted(form)
    differs = seen.differences(sent, form) if fits else []
    if fits and not differs:
        texts = {"names": form.texts("name", network.names), "descriptions": form.texts("description", network.descriptions)}
        assign(network, {name: form[name].data for name in same} | texts)
        db.session.commit()
        flash(_("Saved."), "success")
        return redirect(url_for(".index"), 303)
    marks = seen.kept(sent, form) if form.errors else seen.marks(form)
    page = render_template("desk/networks/edit.html", form=form, network=network, differs=differs, seen=marks)
    return page, 422 if form.errors else 409 if differs else 200


@bp.route("/<network>/congresses/new", methods=["GET", "POST"])
def new_congress() -> ResponseReturnValue:
    """A congress of which only the frame is known; all else follows in its settings."""
    last = next(iter(congresses.congresses(g.network)), None)
    data = {
        "languages_used": ", ".join(last.languages if last else LANGUAGES),
        "timezone": last.timezone if last else "Europe/Warsaw",
    }
    form = BeginForm.within(LANGUAGES)(request.form or None, data=data)
    form.offer()
    hosts = choices.typed_hosts(form, g.network) if submitted(form) else []
    if hosts:
        try:
            made = begin_congress(g.network, _begun(form), hosts)
            offer_usual_roles(made)
        except CannotCopy as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            _let_in(made)
            db.session.commit()
            flash(_("The congress is made. Nobody sees it until it is shown to everybody, below."), "success")
            return redirect(url_for("desk.settings.index", congress=made.slug), 303)
    page = render_template("desk/networks/new_congress.html", form=form, network=g.network, last=_may_copy(last))
    return page, 422 if form.errors else 200


def _begun(form: BeginForm) -> Begun:
    return Begun(
        slug=form.slug.data or "", kind=CongressKind(form.kind.data), names=form.texts("name"), long_names=form.texts("long_name"),
        starts_on=form.starts_on.data, ends_on=form.ends_on.data, timezone=form.timezone.data, languages=form.codes,
    )  # fmt: skip


def _let_in(made: Congress) -> None:
    """Whoever makes a congress works on it: the team of the host is let in from there."""
    if not rules.may_edit_programme(current_user.held, made.id):
        services.give_role(current_user, Held(RoleKind.ORGANISER, made.id), by=current_user.email, keeps=here().id, now=now())


def _may_copy(last: Congress | None) -> Congress | None:
    """The last congress, for those who may copy it."""
    return last if last is not None and rules.may_edit_programme(current_user.held, last.id) else None
