"""``/networks/…``."""

from __future__ import annotations

from collections import Counter
from datetime import date

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from congress.congresses import queries as congresses
from congress.core.clock import now
from congress.networks import queries
from congress.web import maps

bp = Blueprint("networks", __name__, url_prefix="/networks")


@bp.get("/")
def index() -> ResponseReturnValue:
    today = now().date()
    found = [(network, len(queries.members(network, network.day_known(today)))) for network in queries.networks()]
    return render_template("public/networks/index.html", networks=found, today=today)


@bp.get("/<slug>/")
def show(slug: str) -> ResponseReturnValue:
    """The network on a day: today, or ``?on=2018-06-12``; of its cities all, or those of ``?field=music``."""
    network = queries.find_network(slug)
    if network is None:
        abort(404)
    today, asked, wanted = now().date(), request.args.get("on", ""), request.args.get("field", "")
    try:
        day = date.fromisoformat(asked) if asked else network.day_known(today)
    except ValueError:
        abort(400)
    memberships = queries.memberships(network, day)
    shown = [membership for membership in memberships if not wanted or membership.field_on(day) == wanted]
    dots = maps.places([(membership.city, membership.field_on(day) or "") for membership in shown or memberships])
    return render_template(
        "public/networks/show.html",
        network=network,
        day=day,
        today=today,
        asked=asked,
        wanted=wanted if shown else "",
        memberships=memberships,
        shown=shown or memberships,
        levels=Counter(membership.level for membership in memberships),
        countries=len({membership.city.country_code for membership in memberships}),
        fields=Counter(field for membership in memberships if (field := membership.field_on(day))),
        offices=queries.offices(network, day),
        congresses=congresses.congresses(network, only_published=True),
        places=dots,
        part=maps.holding(dots),
    )
