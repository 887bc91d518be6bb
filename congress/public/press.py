"""``/<congress>/press/``: what journalists need on one page, made from the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, abort, g, render_template
from flask.typing import ResponseReturnValue

from congress.congresses.models import Congress
from congress.core.clock import now
from congress.networks import queries as networks
from congress.networks.models import Membership
from congress.networks.vocabulary import Field
from congress.programme import moments
from congress.programme import queries as programme
from congress.programme.documents import queries as documents
from congress.programme.vocabulary import Audience
from congress.registration import press
from congress.registration import queries as registrations

bp = Blueprint("press", __name__, url_prefix="/<congress>/press")


@bp.get("/")
def index() -> ResponseReturnValue:
    congress = g.congress
    released = programme.released(congress)
    moment = moments.now_and_next(released.entries, (congress.starts_on, congress.ends_on), congress.zone, now())
    accreditation = press.standing(congress, released, moment)
    if accreditation is None:
        abort(404)
    members = networks.members(congress.network, congress.starts_on)
    listed = {entry.item: entry for entry in released.entries if entry.is_listed and not entry.is_cancelled}
    people, cities, countries = registrations.counts(congress)
    return render_template(
        "public/press/index.html",
        moment=moment,
        accreditation=accreditation,
        members=len(members),
        fields=_fields(congress, members),
        registered={"people": people, "cities": cities, "countries": countries},
        released=released,
        number_of={"all": len(listed), "public": sum(entry.is_public for entry in listed.values())},
        items=press.items(released),
        contacts=press.contacts(congress),
        documents=documents.to_read(congress, listed.keys(), [Audience.EVERYONE]),
        titles={code: entry.titles for code, entry in listed.items()},
    )


def _fields(congress: Congress, members: Sequence[Membership]) -> dict[Field, int]:
    """How many member cities each creative field has on the first day, in the order of the fields."""
    found = Counter(membership.field_on(congress.starts_on) for membership in members)
    return {field: found[field] for field in Field if found[field]}
