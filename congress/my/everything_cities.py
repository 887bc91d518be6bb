"""``/my/everything/cities/…``: whoever looks after a city hands over all of it to a successor."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.belongings import queries
from congress.belongings.queries import OwnCity
from congress.core.clock import now
from congress.core.db import db
from congress.core.languages import LANGUAGES
from congress.delegates import handing_over
from congress.delegates.forms import HandOverForm
from congress.delegates.rules import Recipient
from congress.web import filters, visits
from congress.web.forms import submitted
from congress.web.language import chosen_language

bp = Blueprint("everything_cities", __name__, url_prefix="/everything/cities/<network>/<city>")


@bp.route("/hand-over", methods=["GET", "POST"])
def hand_over(network: str, city: str) -> ResponseReturnValue:
    visit = visits.current()
    addresses = queries.addresses(visit)
    own = _own(addresses, network, city)
    form = HandOverForm(request.form, language=chosen_language())
    form.offer(LANGUAGES)
    if submitted(form):
        if (form.email.data or "").lower() in addresses:
            form.add_error("email", _("This is your own address. Write that of your successor."))
        else:
            by = Recipient(_name(own, addresses), visit.address, chosen_language())
            successor = Recipient(form.name.data or "", form.email.data or "", form.language.data)
            key = current_app.config["SECRET_KEY"]
            handing_over.hand_over_city(own.network, own.city, addresses, successor, by=by, key=key, now=now())
            db.session.commit()
            flash(_("%(name)s looks after it from now on; both of you get an e-mail.", name=successor.name), "success")
            return redirect(url_for("my.everything.show"), 303)
    delegations = handing_over.delegations_of(own.network, own.city)
    page = render_template("my/everything/hand_over.html", form=form, own=own, delegations=delegations)
    return page, 422 if form.errors else 200


def _own(addresses: list[str], network: str, city: str) -> OwnCity:
    """The city, if the person looks after it; of others nothing is told."""
    own = queries.own_cities(addresses, queries.belongings(addresses))
    found = next((each for each in own if (each.network.slug, each.city.slug) == (network, city)), None)
    if found is None or not found.may_be_handed_over:
        abort(404)
    return found


def _name(own: OwnCity, addresses: list[str]) -> str:
    """What the person is called as the city's contact, or as who holds its latest delegation."""
    contacts = [each.name for each in queries.contacts(addresses) if each.city_id == own.city.id and each.name]
    held = [
        each.focal_name for each in handing_over.delegations_of(own.network, own.city)
        if each.focal_name and each.focal_email.lower() in addresses
    ]  # fmt: skip
    return next(iter([*contacts, *held]), filters.text(own.city.names))
