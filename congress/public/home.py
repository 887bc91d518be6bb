"""``/`` and ``/<congress>/``."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from congress.congresses import queries as congresses
from congress.congresses.rules import is_open
from congress.core.clock import now
from congress.networks import queries as networks
from congress.programme import queries as programme
from congress.registration import queries as registrations

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    found = networks.networks()
    today = now().date()
    counted = [(network, len(networks.members(network, network.day_known(today)))) for network in found]
    return render_template("public/home/index.html", congresses=congresses.congresses(), networks=counted, today=today)


@bp.get("/<congress>/")
def show() -> ResponseReturnValue:
    congress = g.congress
    today = now().astimezone(congress.zone).date()
    released = programme.released(congress)
    open_to_all = [entry for entry in released.entries if entry.is_public and entry.is_listed and not entry.is_cancelled]
    upcoming = [entry for entry in open_to_all if entry.days(congress.zone) and max(entry.days(congress.zone)) >= today]
    people, cities, countries = registrations.counts(congress)
    return render_template(
        "public/home/show.html",
        today=today,
        released=released,
        public_events=upcoming or [entry for entry in open_to_all if entry.days(congress.zone)],
        is_upcoming=bool(upcoming),
        members=len(networks.members(congress.network, congress.starts_on)),
        registered={"people": people, "cities": cities, "countries": countries},
        registration_is_open=is_open(congress.registration_opens_at, congress.registration_closes_at, now()),
    )


@bp.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    return redirect(url_for("static", filename="img/favicon.svg"), 301)


@bp.get("/robots.txt")
def robots() -> Response:
    """Feeds stay allowed: Google Calendar obeys this file."""
    return Response("User-agent: *\nDisallow: /desk/\n", mimetype="text/plain")
