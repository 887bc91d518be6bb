"""What pages tell search engines: the congress and its entries as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import Blueprint
from markupsafe import Markup

from congress.congresses.models import Congress
from congress.core.kept import Kept
from congress.feeds import structured
from congress.programme import queries
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.web import links
from congress.web.language import chosen_language

bp = Blueprint("structured", __name__)
# What could end the element, begin a comment in it, or be the end of a line to a reader of JavaScript.
_ESCAPED = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


# By the release that is in force: what it says, and what earlier ones said, does not change before the next one.
_earlier: Kept[dict[str, list[Entry]]] = Kept(16)
_streamed: Kept[bool] = Kept(64)


def data_block(data: object) -> Markup:
    """JSON-LD in a page. It is data that no browser runs, so the policy against inline scripts does not speak of it."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return Markup(f'<script type="application/ld+json">{written}</script>')  # noqa: S704


@bp.app_template_global()
def congress_data(congress: Congress, released: Programme) -> Markup:
    """The congress for its home page."""
    is_streamed = _streamed.get(released.uid, lambda: any(map(_is_streamed, released.entries)))
    return data_block(structured.congress_event(_meeting(congress, is_streamed=is_streamed)))


@bp.app_template_global()
def entries_data(congress: Congress, released: Programme, entries: Iterable[Entry]) -> Markup:
    """These entries of the released programme for a page that shows them; nothing if no day of theirs is known."""
    meeting, language = _meeting(congress), chosen_language()
    earlier = _earlier.get(released.uid, lambda: queries.earlier_entries(congress))
    found: list[dict[str, Any]] = []
    for entry in entries:
        page = links.absolute("public.programme.show", congress=congress.slug, code=entry.item)
        event = structured.entry_event(entry, meeting, page, language, earlier.get(entry.uid, ()))
        found.extend([event] if event else [])
    return data_block(found) if found else Markup()


def _is_streamed(entry: Entry) -> bool:
    return bool(entry.stream_url) and entry.is_listed and not entry.is_cancelled


def _meeting(congress: Congress, *, is_streamed: bool = False) -> structured.Meeting:
    language = chosen_language()
    return structured.Meeting(
        name=congress.long_names.text(language) or congress.names.text(language),
        short_name=congress.names.text(language),
        description=congress.descriptions.text(language),
        starts_on=congress.starts_on,
        ends_on=congress.ends_on,
        timezone=congress.timezone,
        url=links.absolute("public.home.show", congress=congress.slug),
        hosts=tuple(
            structured.Host(
                name=city.names.text(language), country=city.country_code, latitude=city.latitude, longitude=city.longitude
            )
            for city in congress.hosts
        ),
        organiser=congress.network.names.text(language),
        organisers_site=congress.network.website,
        languages=tuple(congress.languages),
        is_streamed=is_streamed,
    )
