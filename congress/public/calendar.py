"""``/<congress>/calendar/…``: the page with every feed, a page of each, and the feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.core.localised import Localised
from congress.core.text import sort_key
from congress.feeds.selection import PARTIAL, WHOLE, Feed, contents, find_feed, is_shown, preview, span
from congress.networks.vocabulary import Field
from congress.programme import queries
from congress.programme.entries import Entry
from congress.programme.people import queries as people
from congress.programme.vocabulary import Kind
from congress.web import door, feed_names, links, subscriptions
from congress.web.language import chosen_language
from congress.web.subscriptions import Choice, Subscription

bp = Blueprint("calendar", __name__, url_prefix="/<congress>/calendar")


@dataclass(frozen=True)
class Row:
    """A feed in the list: its name, how many entries it has, their days, and the city where it is about a venue."""

    feed: Feed
    name: str
    number: int
    days: tuple[date, date] | None
    place: Localised | None


@bp.get("/")
def index() -> ResponseReturnValue:
    congress, language = g.congress, chosen_language()
    released = queries.released(congress)
    found = contents(people.agreed(congress, released.entries), congress.zone, congress.ends_on, _today())
    rows: dict[str, list[Row]] = {kind: [] for kind in (*WHOLE, *PARTIAL)}
    for feed, each in found.items():
        name = feed_names.feed_topic(feed, [each.example], language)
        place = each.example.place.city_names if feed.kind == "venue" else None
        rows[feed.kind].append(Row(feed, name, each.number, each.days, place))
    for kind in ("venue", "speaker"):
        rows[kind].sort(key=lambda row: sort_key(row.name, language))
    for kind, words in (("field", Field), ("kind", Kind)):
        order = {word.value: number for number, word in enumerate(words)}
        rows[kind].sort(key=lambda row, order=order: order.get(row.feed.about, len(order)))  # type: ignore[misc]
    return render_template(
        "public/calendar/index.html",
        released=released,
        rows=rows,
        holds=feed_names.FEED_CONTENTS,
        calendar=_subscription(Feed("programme"), released.entries, Choice()),
    )


@bp.get("/<name>/")
def show(name: str) -> ResponseReturnValue:
    congress, found = g.congress, find_feed(name)
    if found is not None and found.kind == "session":
        return redirect(url_for("public.programme.show", code=found.about), 301)
    released = queries.released(congress)
    entries = people.agreed(congress, released.entries)  # whoever has withdrawn since has no page here
    held = [entry for entry in entries if found is not None and found.holds(entry, congress.zone)]
    if found is None or not (held or found.kind == "programme"):
        abort(404)
    choice = subscriptions.chosen(request.args, subscriptions.PUBLIC)
    shown = [entry for entry in held if is_shown(entry, bool(choice.tbc), congress.ends_on, _today())]
    first, has_others = preview(shown, now(), congress.zone)
    return render_template(
        "public/calendar/show.html",
        feed=found,
        name=feed_names.feed_topic(found, held, chosen_language()),
        holds=feed_names.FEED_CONTENTS[found.kind],
        number=len(shown),
        unconfirmed=sum(not entry.is_confirmed_time for entry in held),
        days=span(shown, congress.zone),
        first=first,
        are_next=has_others,
        choice=choice,
        takes=subscriptions.PUBLIC,
        calendar=_subscription(found, held, choice),
    )


def _subscription(feed: Feed, entries: Sequence[Entry], choice: Choice) -> Subscription:
    """A public calendar as the reader chose it."""
    congress, language = g.congress, chosen_language()
    address = links.absolute("public.calendar.feed", name=f"{congress.slug}-{feed.name}")
    name = feed_names.feed_name(congress.names, feed, entries, language)
    options = choice.options(subscriptions.PUBLIC, reads=language, otherwise=congress.default_language)
    return subscriptions.subscription(address, name, options)


def _today() -> date:
    return now().astimezone(g.congress.zone).date()


@bp.route("/<name>.ics", methods=["GET", "OPTIONS"], provide_automatic_options=False)
def feed(name: str) -> ResponseReturnValue:
    """``<congress>-<feed>.ics``: some programs name a calendar after its file. Mostly given at the door already."""
    return door.allowed() if request.method == "OPTIONS" else door.given(name, congress=g.congress.slug)
