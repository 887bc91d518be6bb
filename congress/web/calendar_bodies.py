"""The bytes of a calendar: its head, its style, and the pieces it is put together from."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from flask import current_app
from icalendar import Calendar

from congress.congresses.models import CongressKind
from congress.core.kept import Kept
from congress.feeds import cache, ical
from congress.feeds.models import Purpose
from congress.feeds.options import Options
from congress.feeds.queries import Occasion
from congress.feeds.selection import for_calendar
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.web.answers import Document
from congress.web.feed_words import about, words
from congress.web.given_calendars import Address, today

TYPE = "text/calendar; charset=utf-8"
_regular: Kept[bool] = Kept(100)


@functools.lru_cache(maxsize=256)
def path_of(endpoint: str, slug: str, code: str | None = None) -> str:
    """The path of a congress's page, below the site's root."""
    values = {"congress": slug} if code is None else {"congress": slug, "code": code}
    return str(current_app.url_map.bind("").build(endpoint, values))


def head_of(
    occasion: Occasion,
    options: Options,
    page: str,
    *,
    key: str,
    name: str,
    source: str = "",
    field: str = "",
    is_provisional: bool = False,
) -> ical.Head:
    """What the calendar says of itself; ``page`` is the address of the page about it."""
    return ical.Head(
        key=key,
        name=name,
        description=about(occasion.long_names, options.languages, is_provisional=is_provisional),
        timezone=occasion.timezone,
        url=page,
        source=source,
        field=field,
        refresh=ical.refresh_interval(occasion.starts_on, occasion.ends_on, today(occasion.timezone)),
    )


@dataclass(frozen=True)
class Wish:
    """What is to be rendered how; ``purpose`` is None for public calendars."""

    occasion: Occasion
    programme: Programme
    options: Options
    address: Address
    purpose: Purpose | None = Purpose.OWN
    may_join: bool = False

    @cached_property  # one day for all of a calendar, also if midnight comes while it is made
    def day(self) -> date:
        return today(self.occasion.timezone)

    @cached_property
    def style(self) -> ical.Style:
        timezone = self.occasion.timezone if _is_regular(self.programme, self.occasion.timezone) else ""
        page = self.address.root + path_of("public.programme.show", self.occasion.slug, "CODE")
        return _style(self.options, timezone, page, self.purpose, self.may_join, self.occasion.kind)

    def shown(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of the entries that the calendar shows, in its order."""
        ends_on = self.occasion.ends_on
        return for_calendar(entries, with_unconfirmed=self.options.with_unconfirmed, congress_ends_on=ends_on, today=self.day)


def _is_regular(programme: Programme, timezone: str) -> bool:
    """Whether the zone's clock changes in the years of the programme can be told in two rules."""
    if not programme.uid:  # a draft
        return ical.zone_for(timezone, programme.entries) is not None
    return _regular.get((programme.uid, timezone), lambda: ical.zone_for(timezone, programme.entries) is not None)


def rendered(wish: Wish, head: ical.Head, entries: Iterable[Entry]) -> bytes:
    """The whole calendar of these entries."""
    shown = wish.shown(entries)
    return ical.assemble(head, shown, [piece(entry, wish.style) for entry in shown])


@functools.lru_cache(maxsize=256)
def _style(options: Options, timezone: str, page: str, purpose: Purpose | None, may_join: bool, kind: CongressKind) -> ical.Style:
    """One object for the same things, since pieces are kept by it; ``purpose`` is None for public calendars."""
    return ical.Style(
        words=tuple(words(language, kind) for language in options.languages),
        timezone=timezone,
        page=page,
        is_personal=purpose is not None,
        may_join=may_join,
        alarm=options.alarm,
        is_free=options.is_free,
        is_draft=purpose is Purpose.DRAFT,
        is_stamped=purpose not in {Purpose.DRAFT, Purpose.DELEGATION},
    )


def piece(entry: Entry, style: ical.Style) -> bytes:
    """The bytes of one entry, kept unless they change without a release."""
    if not entry.code:  # of the congress itself, which has no page in the programme
        return ical.render_entry(entry, replace(style, page=style.page.partition("programme/")[0]))
    if not style.is_stamped:  # it changes without a release
        return ical.render_entry(entry, style)
    name = (entry.uid, entry.sequence, entry.last_modified, style)
    return cache.pieces.get(name, lambda: ical.render_entry(entry, style))


def document_of(body: bytes | Callable[[], bytes], name: str, options: Options, **more: Any) -> Document:
    """The calendar as it is given: as iCalendar, or as jCal (RFC 7265). ``more`` as for a Document."""
    if options.form == "jcal" and isinstance(body, bytes):
        said = json.dumps(Calendar.from_ical(body).to_jcal(), ensure_ascii=False, separators=(",", ":"))
        return Document(said.encode(), content_type="application/calendar+json; charset=utf-8", filename=f"{name}.json", **more)
    return Document(body, content_type=TYPE, filename=f"{name}.ics", **more)
