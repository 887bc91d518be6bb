"""``/<congress>/programme/…``: what is released."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.core.text import clean_line
from congress.programme import queries, search
from congress.programme.entries import Entry
from congress.programme.search import Filter

bp = Blueprint("programme", __name__, url_prefix="/<congress>/programme")
_FILTERS = ("day", "city", "venue", "field", "kind", "language", "open", "q")


def _asked() -> Filter:
    """The filter in the address; what is not printable or endless in it finds nothing rather than failing."""
    values = {name: request.args.get(name, "")[:200] for name in _FILTERS}
    try:
        return Filter(**{name: clean_line(value) for name, value in values.items()})
    except ValueError:
        return Filter(q="\N{REPLACEMENT CHARACTER}")


@bp.get("/")
def index() -> ResponseReturnValue:
    congress = g.congress
    released = queries.released(congress)
    wanted = _asked()
    entries = search.chosen(released.entries, wanted, congress.zone)
    return render_template(
        "public/programme/index.html",
        released=released,
        wanted=wanted,
        found=len(entries),
        days=search.by_day(entries, congress.zone),
        counts={name: search.counts(released.entries, wanted, congress.zone, name) for name in _FILTERS if name != "q"},
        names=_names(released.entries),
        running=_running(entries),
    )


def _names(entries: tuple[Entry, ...]) -> dict[str, dict[str, object]]:
    """Names of the cities and venues in the programme by their slugs."""
    cities = {entry.place.city: entry.place.city_names for entry in entries if entry.place.city}
    cities |= {entry.place.other_city: entry.place.other_city_names for entry in entries if entry.place.other_city}
    return {"city": dict(cities), "venue": {entry.place.venue: entry.place.venue_names for entry in entries if entry.place.venue}}


def _running(entries: list[Entry]) -> set[str]:
    """Uids of what is going on now."""
    moment = now()
    return {entry.uid for entry in entries if entry.starts_at and entry.ends_at and entry.starts_at <= moment < entry.ends_at}


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    released = queries.released(g.congress)
    occurrences = [entry for entry in released.by_code.get(code, []) if entry.is_listed]
    if not occurrences:
        item = released.item_of.get(code)
        if item is None or item == code:
            abort(404)
        return redirect(url_for(".show", code=item), 301)
    return render_template("public/programme/show.html", released=released, occurrences=occurrences, item=occurrences[0])
