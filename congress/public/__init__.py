"""Public pages: ``/``, ``/networks/…``, ``/cities/…`` and everything under ``/<congress>/``."""

from __future__ import annotations

from flask import Blueprint, g

from congress.congresses import queries as congresses
from congress.public import (
    accessibility,
    appearance,
    booklet,
    calendar,
    changes,
    changes_log,
    cities,
    codes,
    documents,
    events,
    home,
    networks,
    newsletter,
    now,
    offline,
    participants,
    press,
    preview,
    programme,
    registration,
    schedule,
    sign_in,
    sign_ups,
    since,
    speakers,
    structured,
)
from congress.web.congresses import keep_congress

bp = Blueprint("public", __name__)
for part in (
    speakers,
    documents,
    sign_in,
    home,
    networks,
    accessibility,
    cities,
    programme,
    now,
    offline,
    since,
    booklet,
    appearance,
    events,
    calendar,
    schedule,
    changes,
    changes_log,
    structured,
    registration,
    participants,
    press,
    sign_ups,
    newsletter,
    codes,
):
    bp.register_blueprint(part.bp)
keep_congress(bp)
bp.context_processor(preview.words)
bp.after_request(preview.finish)


# Programs ask for these all the time, and they say nothing of network and hosts.
_WITHOUT_PLACES = frozenset({"public.calendar.feed", "public.schedule.json", "public.schedule.xml", "public.changes.index"})


@bp.url_value_preprocessor
def _load_congress(endpoint: str | None, values: dict[str, object] | None) -> None:
    if values and "congress" in values:
        g.congress = congresses.find_congress(str(values.pop("congress")), with_places=endpoint not in _WITHOUT_PLACES)
        preview.need(g.congress, endpoint or "")
