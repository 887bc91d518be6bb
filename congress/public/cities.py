"""``/<congress>/cities/`` and ``/cities/<slug>/``."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.core.text import clean_line, fold
from congress.networks import queries
from congress.networks.vocabulary import MEMBER_LEVELS
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
    memberships, today = queries.memberships_of(city), now().date()
    # The network in which the city has a field says more of it than one that it only belongs to.
    present = [each for each in memberships if each.is_on(today)]
    main = next(iter(sorted(present, key=lambda each: (each.field_on(today) is None, each.level not in MEMBER_LEVELS))), None)
    field = main.field_on(today) if main else None
    company = queries.memberships(main.network, main.network.day_known(today)) if main else []
    others = [(each.city, each.field_on(today) or "") for each in company if each.city_id != city.id]
    places, part = maps.around(city, maps.places([*others, (city, field or "")], [city]))
    return render_template(
        "public/cities/show.html",
        city=city,
        main=main,
        field=field,
        memberships=memberships,
        offices=queries.offices_of(city),
        contacts=queries.contacts_shown(city),
        presence=registrations.presence_of(city),
        places=places if city.latitude is not None else [],
        part=part,
    )
