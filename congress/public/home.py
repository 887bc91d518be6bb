"""``/`` and ``/<congress>/``."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, render_template, send_from_directory
from flask.typing import ResponseReturnValue

from congress.congresses import queries as congresses
from congress.congresses import rules
from congress.core.clock import now
from congress.networks import queries as networks
from congress.programme import moments
from congress.programme import queries as programme
from congress.registration import press
from congress.registration import queries as registrations

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    found = networks.networks()
    today = now().date()
    counted = [(network, len(networks.members(network, network.day_known(today)))) for network in found]
    return render_template(
        "public/home/index.html", congresses=congresses.congresses(only_published=True), networks=counted, today=today
    )


@bp.get("/<congress>/")
def show() -> ResponseReturnValue:
    congress, at = g.congress, now()
    released = programme.released(congress)
    period = (congress.starts_on, congress.ends_on)
    moment = moments.now_and_next(released.entries, period, congress.zone, at)
    people, cities, countries = registrations.counts(congress)
    return render_template(
        "public/home/show.html",
        moment=moment,
        running={entry.uid for entry in moment.running},
        released=released,
        public=moments.open_to_all(released.entries, period, congress.zone, at),
        members=len(networks.members(congress.network, congress.starts_on)),
        registered={"people": people, "cities": cities, "countries": countries},
        press=press.standing(congress, released, moment),
        registration=rules.registration_phase(congress.registration_opens_at, congress.registration_ends_at, moment.phase, at),
    )


@bp.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    """Asked for at this address by programs that read no page."""
    return send_from_directory(str(current_app.static_folder), "img/favicon.ico", max_age=86_400)


@bp.get("/robots.txt")
def robots() -> Response:
    """Feeds stay allowed: Google Calendar obeys this file."""
    return Response("User-agent: *\nDisallow: /desk/\n", mimetype="text/plain")
