"""``/<congress>/calendar/…``: the page with every feed, and the feeds."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.feeds.selection import feeds, find_feed, for_calendar
from congress.programme import queries
from congress.web import calendars, feed_names, links
from congress.web.language import chosen_language

bp = Blueprint("calendar", __name__, url_prefix="/<congress>/calendar")


@bp.get("/")
def index() -> ResponseReturnValue:
    congress, language = g.congress, chosen_language()
    released = queries.released(congress)
    listed = []
    for feed in feeds(released.entries):
        held = [entry for entry in released.entries if feed.holds(entry)]
        shown = for_calendar(held, with_unconfirmed=False, congress_ends_on=congress.ends_on, today=now().date())
        address = links.absolute("public.calendar.feed", name=f"{congress.slug}-{feed.name}")
        if language != congress.default_language:
            address += f"?lang={language}"
        listed.append(
            {
                "feed": feed,
                "name": feed_names.feed_name(congress, feed, held, language).partition(": ")[2],
                "count": len(shown),
                "address": address,
                "webcal": links.webcal(address),
                "google": links.google(address),
                "outlook": links.outlook(address, feed_names.feed_name(congress, feed, held, language)),
            }
        )
    return render_template("public/calendar/index.html", feeds=listed, released=released)


@bp.get("/<name>.ics")
def feed(name: str) -> ResponseReturnValue:
    """``<congress>-<feed>.ics``: some programs name a calendar after its file."""
    congress = g.congress
    found = find_feed(name.removeprefix(f"{congress.slug}-")) if name.startswith(f"{congress.slug}-") else None
    if found is None:
        abort(404)
    today = now().astimezone(congress.zone).date()
    return calendars.public_feed(congress, queries.released(congress), found, today)
