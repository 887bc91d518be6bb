"""What feeds are called."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.feeds.selection import Feed
from congress.networks.vocabulary import FIELD_LABELS
from congress.programme.entries import Entry
from congress.web.language import speaking


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
