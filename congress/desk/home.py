"""``/desk/`` and ``/desk/<congress>/``."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_security import current_user

from congress.accounts import rules
from congress.congresses import queries as congresses
from congress.networks import queries as networks
from congress.programme import queries as programme
from congress.programme import services
from congress.registration import queries as registrations

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    mine = [each for each in congresses.congresses() if rules.may_see_desk(current_user.held, each.id)]
    return render_template("desk/home/index.html", congresses=mine)


@bp.get("/<congress>/")
def show() -> ResponseReturnValue:
    congress = g.congress
    people, cities, countries = registrations.counts(congress)
    return render_template(
        "desk/home/show.html",
        people=people,
        cities=cities,
        countries=countries,
        members=len(networks.members(congress.network, congress.starts_on)),
        released=programme.released(congress),
        pending=services.pending_changes(congress),
    )
