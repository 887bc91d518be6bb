"""Feeds over HTTP: words of the reader's language, bytes from the cache, conditional answers."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from datetime import UTC, date

from flask import Response, abort, make_response, request
from flask_babel import gettext as _
from werkzeug.http import http_date

from congress.congresses.models import Congress
from congress.core.clock import now
from congress.feeds import cache, ical
from congress.feeds.cache import Calendar
from congress.feeds.selection import Feed, for_calendar
from congress.networks.vocabulary import FIELD_LABELS
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS
from congress.web import links
from congress.web.language import LANGUAGES, speaking

_OPTIONS = frozenset({"lang", "tbc"})


def asked_language(otherwise: str) -> str:
    """The language of a feed: ``?lang=``, else the one given; a wrong option is answered with 400."""
    if not set(request.args) <= _OPTIONS or request.args.get("tbc", "1") != "1":
        abort(400)
    language = request.args.get("lang", otherwise)
    if language not in LANGUAGES:
        abort(400)
    return language


@functools.cache
def words(language: str) -> ical.Words:
    """What feeds say in this language."""
    with speaking(language):
        return ical.Words(
            language=language,
            cancelled=_("CANCELLED"),
            to_be_confirmed=_("The time is to be confirmed."),
            open_end=_("The end is open."),
            with_people=_("With"),
            kinds={kind.value: str(name) for kind, name in KIND_LABELS.items()},
            fields={field.value: str(name) for field, name in FIELD_LABELS.items()},
            audiences={audience.value: str(name) for audience, name in AUDIENCE_LABELS.items()},
        )


def feed_name(congress: Congress, feed: Feed, entries: Sequence[Entry], language: str) -> str:
    """The name of a feed, which calendar programs show."""
    with speaking(language):
        name = congress.names.text(language)
        match feed.kind:
            case "programme":
                what = _("whole programme")
            case "plenary":
                what = _("plenary sessions")
            case "subgroups":
                what = _("subgroups")
            case "events":
                what = _("open to the public")
            case "field":
                what = str(FIELD_LABELS.get(feed.about, feed.about))  # type: ignore[call-overload]
            case "city":
                named = {entry.place.city: entry.place.city_names for entry in entries}
                named |= {entry.place.other_city: entry.place.other_city_names for entry in entries if entry.place.other_city}
                what = named[feed.about].text(language) if feed.about in named else feed.about
            case "venue":
                what = next(
                    (entry.place.venue_names.text(language) for entry in entries if entry.place.venue == feed.about), feed.about
                )
            case _:
                what = next((entry.titles.text(language) for entry in entries if entry.item == feed.about), feed.about)
        return f"{name}: {what}"


def public_feed(congress: Congress, programme: Programme, feed: Feed, today: date) -> Response:
    """The answer with a public feed; 404 if it holds nothing and never did."""
    language = asked_language(congress.default_language)
    with_unconfirmed = "tbc" in request.args
    source = links.site_url() + request.full_path.rstrip("?")

    def make() -> Calendar:
        held = [entry for entry in programme.entries if feed.holds(entry)]
        if not held and feed.kind != "programme":
            abort(404)
        shown = for_calendar(held, with_unconfirmed=with_unconfirmed, congress_ends_on=congress.ends_on, today=today)
        head = ical.Head(
            key=f"{congress.slug}/{feed.name}/{language}",
            name=feed_name(congress, feed, held, language),
            description=congress.long_names.text(language),
            timezone=congress.timezone,
            url=links.absolute("public.calendar.index", congress=congress.slug),
            source=source,
            field=feed.about if feed.kind == "field" else "",
            refresh=ical.refresh_interval(congress.starts_on, congress.ends_on, today),
        )
        body = _rendered(congress, head, shown, language, is_personal=False)
        return Calendar(body, _tag(body), ical.last_modified(shown))

    # Everything the bytes depend on: the release, the feed and its options, where the site is, what the congress says of
    # itself, and the day, with which cancelled entries go and the pace of asking changes.
    said = (congress.slug, congress.names, congress.long_names, congress.timezone, congress.starts_on, congress.ends_on)
    name = (programme.uid, feed, language, with_unconfirmed, source, said, today)
    calendar = cache.calendars.get(name, make)
    return _answer(calendar, f"{congress.slug}-{feed.name}.ics", is_public=True)


def personal_feed(congress: Congress, head: ical.Head, entries: Sequence[Entry], language: str) -> Response:
    """The answer with one person's calendar."""
    body = _rendered(congress, head, entries, language, is_personal=True)
    return _answer(Calendar(body, _tag(body), ical.last_modified(entries)), f"{congress.slug}.ics", is_public=False)


def gone(congress: Congress, head: ical.Head) -> Response:
    """410 with an empty calendar: programs that only look at the calendar see that it has ended."""
    body = ical.assemble(head, [], [])
    response = _answer(Calendar(body, _tag(body), None), f"{congress.slug}.ics", is_public=False)
    response.status_code = 410
    return response


def _rendered(congress: Congress, head: ical.Head, entries: Sequence[Entry], language: str, *, is_personal: bool) -> bytes:
    zone = ical.zone_for(congress.timezone, entries)
    spoken = words(language)
    base = links.site_url()
    page = links.absolute("public.programme.show", congress=congress.slug, code="CODE")

    def piece(entry: Entry) -> bytes:
        name = (
            entry.uid,
            entry.sequence,
            entry.last_modified,
            spoken.language,
            congress.timezone,
            zone is None,
            is_personal,
            base,
        )
        url = page.replace("CODE", entry.item)
        return cache.pieces.get(name, lambda: ical.render_entry(entry, words=spoken, zone=zone, url=url, is_personal=is_personal))

    return ical.assemble(head, entries, [piece(entry) for entry in entries])


def _tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _answer(calendar: Calendar, filename: str, *, is_public: bool) -> Response:
    """A conditional answer (RFC 9110, 13): If-None-Match wins over If-Modified-Since, weak tags and lists are understood."""
    response = make_response(calendar.body)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    response.set_etag(calendar.tag)
    if calendar.last_modified is not None:
        response.headers["Last-Modified"] = http_date(min(calendar.last_modified, now()).astimezone(UTC))
    response.headers["Cache-Control"] = f"{'public' if is_public else 'private'}, max-age=300"
    if is_public:
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request.environ)
    return response
