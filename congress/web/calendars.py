"""Feeds over HTTP: words of the reader's language, bytes from the cache, conditional answers."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date

from flask import Response, abort, request
from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.kept import Kept
from congress.feeds import cache, ical
from congress.feeds.selection import Feed, for_calendar
from congress.networks.vocabulary import FIELD_LABELS
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS
from congress.web import feed_names, links
from congress.web.answers import Document, answer
from congress.web.language import LANGUAGES, speaking

calendars: Kept[Document] = Kept(64_000_000, lambda calendar: 2 * len(calendar.body))  # compressed ones are smaller
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


def public_feed(congress: Congress, programme: Programme, feed: Feed, today: date) -> Response:
    """The answer with a public feed; 404 if it holds nothing and never did."""
    language = asked_language(congress.default_language)
    with_unconfirmed = "tbc" in request.args
    source = links.site_url() + request.full_path.rstrip("?")

    def make() -> Document:
        held = [entry for entry in programme.entries if feed.holds(entry)]
        if not held and feed.kind != "programme":
            abort(404)
        shown = for_calendar(held, with_unconfirmed=with_unconfirmed, congress_ends_on=congress.ends_on, today=today)
        head = ical.Head(
            key=f"{congress.slug}/{feed.name}/{language}",
            name=feed_names.feed_name(congress, feed, held, language),
            description=congress.long_names.text(language),
            timezone=congress.timezone,
            url=links.absolute("public.calendar.index", congress=congress.slug),
            source=source,
            field=feed.about if feed.kind == "field" else "",
            refresh=ical.refresh_interval(congress.starts_on, congress.ends_on, today),
        )
        body = _rendered(congress, head, shown, language, is_personal=False)
        return _document(body, f"{congress.slug}-{feed.name}", shown, is_public=True)

    # Everything the bytes depend on: the release, the feed and its options, where the site is, what the congress says of
    # itself, and the day, with which cancelled entries go and the pace of asking changes.
    said = (congress.slug, congress.names, congress.long_names, congress.timezone, congress.starts_on, congress.ends_on)
    name = (programme.uid, feed, language, with_unconfirmed, source, said, today)
    return answer(calendars.get(name, make))


def personal_feed(congress: Congress, head: ical.Head, entries: Sequence[Entry], language: str) -> Response:
    """The answer with one person's calendar."""
    body = _rendered(congress, head, entries, language, is_personal=True)
    return answer(_document(body, congress.slug, entries, is_public=False))


def gone(congress: Congress, head: ical.Head) -> Response:
    """410 with an empty calendar: programs that only look at the calendar see that it has ended."""
    return answer(_document(ical.assemble(head, [], []), congress.slug, [], is_public=False, status=410))


def _rendered(congress: Congress, head: ical.Head, entries: Sequence[Entry], language: str, *, is_personal: bool) -> bytes:
    style = ical.Style(
        words=(words(language),),
        timezone=congress.timezone if ical.zone_for(congress.timezone, entries) else "",
        page=links.absolute("public.programme.show", congress=congress.slug, code="CODE"),
        is_personal=is_personal,
    )

    def piece(entry: Entry) -> bytes:
        name = (entry.uid, entry.sequence, entry.last_modified, style)
        return cache.pieces.get(name, lambda: ical.render_entry(entry, style))

    return ical.assemble(head, entries, [piece(entry) for entry in entries])


def _document(body: bytes, name: str, entries: Sequence[Entry], *, is_public: bool, status: int = 200) -> Document:
    return Document(
        body,
        content_type="text/calendar; charset=utf-8",
        filename=f"{name}.ics",
        last_modified=ical.last_modified(entries),
        is_public=is_public,
        status=status,
    )
