"""Public pages: ``/``, ``/networks/…``, ``/cities/…`` and everything under ``/<congress>/``."""

from __future__ import annotations

from flask import Blueprint, abort, g

from congress.congresses import queries as congresses
from congress.public import calendar, changes, cities, events, home, networks, programme, registration, schedule, structured
from congress.web.congresses import keep_congress

bp = Blueprint("public", __name__)
for part in (home, networks, cities, programme, events, calendar, schedule, changes, structured, registration):
    bp.register_blueprint(part.bp)
keep_congress(bp)


@bp.url_value_preprocessor
def _load_congress(endpoint: str | None, values: dict[str, object] | None) -> None:
    if values and "congress" in values:
        # Calendar programs ask all the time, and a feed says nothing of network and hosts.
        g.congress = congresses.find_congress(str(values.pop("congress")), with_places=endpoint != "public.calendar.feed")
        if g.congress is None:
            abort(404)
