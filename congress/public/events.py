"""``/<congress>/events/``: what is open to the public."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.events import queries as sign_ups
from congress.programme import queries

bp = Blueprint("events", __name__, url_prefix="/<congress>/events")


@bp.get("/")
def index() -> ResponseReturnValue:
    released = queries.released(g.congress)
    grouped = {
        code: [entry for entry in entries if entry.is_public and entry.is_listed] for code, entries in released.by_code.items()
    }
    today = now().astimezone(g.congress.zone).date()
    return render_template(
        "public/events/index.html",
        released=released,
        events=[entries for entries in grouped.values() if entries],
        ways=sign_ups.ways_in(g.congress, now=now()),
        today=today,
    )
