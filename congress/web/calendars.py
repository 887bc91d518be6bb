"""Public calendars: a part of the released programme for everybody, ``/<congress>/calendar/<congress>-<feed>.ics``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Engine

from congress.core.kept import Kept
from congress.feeds import ical, queries
from congress.feeds.queries import Occasion, Rows
from congress.feeds.selection import Feed, find_feed, kept_until
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.web import feed_names
from congress.web.answers import Document
from congress.web.calendar_bodies import Wish, document_of, head_of, path_of, rendered
from congress.web.given_calendars import MEMORY, Address, NoCalendar, current, programme_of, today

OPTIONS = frozenset({"lang", "tbc", "alarm", "free", "format"})
_DAY = timedelta(days=1)
calendars: Kept[Document] = Kept(
    MEMORY // 2, lambda document: document.weight
)  # schedules and changes, under all they are made of


def public_calendar(app: Flask, engine: Engine, slug: str, name: str, address: Address) -> Document:
    """The feed ``<slug>-<feed>`` of a congress. Raises NoCalendar, WrongOption."""
    feed = find_feed(name.removeprefix(f"{slug}-")) if name.startswith(f"{slug}-") else None
    if feed is None:
        raise NoCalendar

    def make(rows: Rows) -> Document:
        if not rows:
            raise NoCalendar
        return _make_public(engine, queries.occasion(engine, rows), feed, address)

    return current(app, address, lambda: queries.OCCASION.rows(engine, slug=slug), make)


def _make_public(engine: Engine, occasion: Occasion, feed: Feed, address: Address) -> Document:
    slug, programme = occasion.slug, programme_of(engine, occasion)
    options = address.options(occasion.languages[0], OPTIONS)
    zone = ZoneInfo(occasion.timezone)
    held = [entry for entry in programme.entries if feed.holds(entry, zone)]
    if not held and feed.kind != "programme":
        raise NoCalendar
    head = head_of(
        occasion,
        options,
        address.root + path_of("public.calendar.index", slug),
        key=f"{slug}/{feed.name}/{','.join(options.languages)}",
        name=feed_names.feed_name(occasion.names, feed, held, options.languages[0]),
        source=address.source,
        field=feed.about if feed.kind == "field" else "",
        is_provisional=programme.is_provisional,
    )
    return document_of(
        rendered(Wish(occasion, programme, options, address, None), head, held),
        f"{slug}-{feed.name}",
        options,
        last_modified=_changed_at(occasion, programme, held),
        is_public=True,
        is_attachment=feed.kind in {"session", "day"},
    )


def _changed_at(occasion: Occasion, programme: Programme, held: Iterable[Entry]) -> datetime:
    """Not before the last change of a public calendar's bytes, for readers that ask by time alone (RFC 9110, 8.8.2).

    They change with a release, with the congress, and on days when the pace of asking changes or cancelled entries go.
    """
    zone, day = ZoneInfo(occasion.timezone), today(occasion.timezone)
    days = [
        *ical.refresh_days(occasion.starts_on, occasion.ends_on),
        *(kept_until(each, occasion.ends_on) + _DAY for each in held if each.is_cancelled),
    ]
    passed = [datetime.combine(each, time.min, tzinfo=zone) for each in days if each <= day]
    return max([occasion.changed_at, *passed, *([programme.released_at] if programme.released_at else [])])
