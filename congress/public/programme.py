"""``/<congress>/programme/…``: what is released."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.kept import Kept
from congress.core.localised import Localised
from congress.core.text import clean_line
from congress.events import queries as sign_ups
from congress.programme import moments, queries, search
from congress.programme.documents import queries as documents
from congress.programme.entries import Entry
from congress.programme.people import order
from congress.programme.people import queries as people
from congress.programme.people.models import Speaker
from congress.programme.queries import Programme
from congress.programme.search import FACETS, Filter, Found
from congress.programme.vocabulary import Audience
from congress.public import now as now_page
from congress.public import offline
from congress.public.offline import is_copy

bp = Blueprint("programme", __name__, url_prefix="/<congress>/programme")
_FILTERS = (*FACETS, "q")
_MOST = 400  # entries on one page; of more than that a reader sees one day at a time
# A release never changes, so what is found in it is kept by its identity and the filter, and names by the identity alone.
_finds: Kept[Found] = Kept(64)
_named: Kept[dict[str, dict[str, Localised]]] = Kept(16)


def _asked() -> Filter:
    """The filter in the address; what is not printable or endless in it finds nothing rather than failing."""
    values = {name: request.args.get(name, "")[:200] for name in _FILTERS}
    if _asks_for_all():
        values["day"] = ""
    try:
        return Filter(**{name: clean_line(value) for name, value in values.items()})
    except ValueError:
        return Filter(q="\N{REPLACEMENT CHARACTER}")


@bp.get("/")
def index() -> ResponseReturnValue:
    congress = g.congress
    released = queries.released(congress)
    wanted = _asked()
    found = _found(released, wanted, congress.zone)
    day = wanted.day or _day_to_begin_with(found, congress, wanted)
    entries = found.entries if day == wanted.day else _found(released, replace(wanted, day=day), congress.zone).entries
    return render_template(
        "public/programme/index.html",
        released=released,
        wanted=wanted,
        found=len(found.entries),
        day=day,
        days=search.by_day(people.agreed(congress, entries), congress.zone, only=day, grouped=search.bands),
        all_days="all" if _is_going_on(congress) else "",
        has_all_days=found.on_any_day <= _MOST,
        counts=found.counts,
        names=_named.get(released.uid, lambda: _names(released.entries)),
        # A copy kept by a device is read at another time: what goes on then is marked there by a script.
        running=set() if is_copy() else _running(entries),
        moment=now_page.moment_of(congress, released),
        shown=now_page.shown,
        left_out=now_page.left_out,
        today=_today(congress),
        is_copy=is_copy(),
        facets=offline.facets(entries, wanted, congress.zone) if is_copy() else {},
    )


def _found(released: Programme, wanted: Filter, zone: ZoneInfo) -> Found:
    return _finds.get((released.uid, wanted, zone), lambda: search.find(released.entries, wanted, zone))


def _day_to_begin_with(found: Found, congress: Congress, wanted: Filter) -> str:
    """The day that is shown where none is chosen, "" for all of them.

    Where all would be too many: today, else the congress's first, else the first with entries. While the congress goes on,
    who asks for nothing begins with today, however few there are; a copy for a device is read on any day.
    """
    today, days = _today(congress), found.counts["day"]
    if len(found.entries) > _MOST:
        return next((day for day in (today, congress.starts_on.isoformat()) if day in days), min(days))
    begins_today = _is_going_on(congress) and wanted.is_empty and not (_asks_for_all() or is_copy())
    return today if begins_today and today in days else ""


def _today(congress: Congress) -> str:
    return now().astimezone(congress.zone).date().isoformat()


def _is_going_on(congress: Congress) -> bool:
    return congress.starts_on.isoformat() <= _today(congress) <= congress.ends_on.isoformat()


def _asks_for_all() -> bool:
    return request.args.get("day") == "all"


def _names(entries: Sequence[Entry]) -> dict[str, dict[str, Localised]]:
    """Names of the cities and venues in the programme by their slugs."""
    cities = {entry.place.city: entry.place.city_names for entry in entries if entry.place.city}
    cities |= {entry.place.other_city: entry.place.other_city_names for entry in entries if entry.place.other_city}
    return {"city": cities, "venue": {entry.place.venue: entry.place.venue_names for entry in entries if entry.place.venue}}


def _running(entries: Iterable[Entry]) -> set[str]:
    """Uids of what is going on now."""
    moment = now()
    return {entry.uid for entry in entries if moments.is_running(entry, moment)}


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    released = queries.released(g.congress)
    occurrences = [entry for entry in released.by_code.get(code, []) if entry.is_listed]
    if not occurrences:
        item = released.item_of.get(code)
        if item is None or item == code:
            abort(404)
        return redirect(url_for(".show", code=item), 301)
    occurrences = people.agreed(g.congress, occurrences)  # some may have withdrawn since the release
    event = sign_ups.find_item(g.congress, code) if any(entry.is_public for entry in occurrences) else None
    way = sign_ups.way_in(event, now=now()) if event else None
    days = {entry.days(g.congress.zone)[0] for entry in occurrences if entry.is_confirmed_time and not entry.is_cancelled}
    return render_template(
        "public/programme/show.html",
        released=released,
        occurrences=occurrences,
        item=occurrences[0],
        days=sorted(days),
        speakers=_speakers(occurrences[0]),
        way=way,
        documents=documents.to_read(g.congress, [code], [Audience.EVERYONE]).get(code, []),
        turns=order.of_entry(occurrences[0]),
        is_copy=is_copy(),
    )


def _speakers(entry: Entry) -> dict[str, Speaker]:
    """Those of its people who have pages, by their public ids."""
    asked = list(entry.speakers.values())
    return {each.public_id: each for each in people.shown(g.congress, asked)} if asked else {}
