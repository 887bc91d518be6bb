"""``/<congress>/cities/`` and ``/cities/<slug>/``."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from congress.congresses import queries as congresses
from congress.core.text import clean_line, fold
from congress.networks import queries
from congress.registration import queries as registrations
from congress.web import maps

bp = Blueprint("cities", __name__)


@bp.get("/<congress>/cities/")
def index() -> ResponseReturnValue:
    congress, day = g.congress, g.congress.starts_on
    members = queries.members(congress.network, day)
    fields = Counter(field.value for member in members if (field := member.field_on(day)))
    wanted, typed = request.args.get("field", ""), request.args.get("q", "")[:100]
    shown = [
        member for member in members
        if (not wanted or member.field_on(day) == wanted) and _is_found(typed, [*member.city.names.values(), *member.city.country.names.values()])
    ]  # fmt: skip
    return render_template(
        "public/cities/index.html",
        members=members,
        shown=shown,
        day=day,
        countries=len({member.city.country_code for member in members}),
        fields=fields,
        wanted=wanted,
        typed=typed,
        registered=registrations.cities_registered(congress),
        places=maps.places([(member.city, member.field_on(day) or "") for member in shown], congress.hosts),
    )


def _is_found(typed: str, names: list[str]) -> bool:
    try:
        wanted = fold(clean_line(typed))
    except ValueError:
        return False
    return any(wanted in fold(name) for name in names)


@bp.get("/cities/<slug>/")
def show(slug: str) -> ResponseReturnValue:
    city = queries.find_city(slug)
    if city is None:
        abort(404)
    return render_template(
        "public/cities/show.html",
        city=city,
        memberships=queries.memberships_of(city),
        offices=queries.offices_of(city),
        hosted=congresses.congresses_hosted_by(city),
        places=maps.places([(city, "")], [city]),
    )
