"""What feeds are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from flask_babel import lazy_gettext as _

from congress.core.localised import Localised
from congress.feeds.selection import Feed, speaker_slug
from congress.networks.vocabulary import FIELD_LABELS
from congress.programme.entries import Entry
from congress.programme.vocabulary import KIND_LABELS
from congress.web import filters
from congress.web.language import speaking

_WHOLE = {
    "programme": _("whole programme"),
    "plenary": _("plenary sessions"),
    "subgroups": _("subgroups"),
    "events": _("open to the public"),
}
FEED_CONTENTS = {
    "programme": _("All listed sessions and all public events."),
    "plenary": _("Plenary sessions, ceremonies and the mayors’ session."),
    "subgroups": _("The meetings of the creative fields, which take place at the same time."),
    "events": _("Accompanying events that everybody may visit."),
    "field": _("The meeting of the field and all that concerns it."),
    "kind": _("All entries of this kind."),
    "city": _("All that takes place in this city, and the transfers from and to it."),
    "venue": _("All that takes place in this venue."),
    "speaker": _("All entries in which this name stands."),
    "day": _("All that takes place on this day."),
}
"""What a feed of each kind holds, in a sentence."""


def feed_name(congress: Localised, feed: Feed, entries: Sequence[Entry], language: str) -> str:
    """The name of a feed, which calendar programs show."""
    return f"{congress.text(language)}: {feed_topic(feed, entries, language)}"


def feed_topic(feed: Feed, entries: Sequence[Entry], language: str) -> str:
    """What a feed is about, by entries that it holds; one is enough."""
    with speaking(language):
        if feed.kind in _WHOLE:
            return str(_WHOLE[feed.kind])
        if feed.kind == "field":
            return str(FIELD_LABELS.get(feed.about, feed.about))  # type: ignore[call-overload]
        if feed.kind == "day":
            return filters.day(date.fromisoformat(feed.about))
        if feed.kind == "kind":
            return str(KIND_LABELS.get(feed.about, feed.about))  # type: ignore[call-overload]
        return next((name for entry in entries for name in _named(feed, entry, language)), feed.about)


def _named(feed: Feed, entry: Entry, language: str) -> Iterator[str]:
    """How an entry names what the feed is about."""
    place = entry.place
    match feed.kind:
        case "city":
            names = ((place.city, place.city_names), (place.other_city, place.other_city_names))
            yield from (each.text(language) for slug, each in names if slug == feed.about)
        case "venue" if place.venue == feed.about:
            yield place.venue_names.text(language)
        case "speaker":
            yield from (name for _part, name in entry.people if speaker_slug(name) == feed.about)
        case "session" if entry.item == feed.about:
            yield entry.titles.text(language)
