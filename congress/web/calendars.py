"""The calendars that programs ask for: which entries, in which words, as bytes.

What was made once is kept under all it was made of: the rows that were read, the address, and the day. These rows are read anew
for each request, so no calendar given is ever older than the database.
"""

from __future__ import annotations

import functools
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_babel import gettext as _
from icalendar import Calendar
from sqlalchemy import Engine

from congress.accounts import queries as accounts
from congress.accounts.rules import may_see_desk
from congress.congresses import queries as congresses
from congress.core.clock import now
from congress.core.kept import Kept
from congress.core.localised import Localised
from congress.core.tokens import digest
from congress.feeds import cache, ical, queries
from congress.feeds.blocks import Block
from congress.feeds.models import Purpose
from congress.feeds.options import Options, WrongOption, read_options
from congress.feeds.queries import Occasion, Reader, Rows
from congress.feeds.selection import Feed, find_feed, for_calendar, kept_until
from congress.programme import queries as programmes
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.registration import rules
from congress.web import feed_names
from congress.web.answers import Document
from congress.web.feed_words import words
from congress.web.language import LANGUAGES, speaking

_MEMORY = 64_000_000  # bytes of calendars that a process keeps, with their compressed forms; as much again for what they share
_SMALL = 65_536  # bytes of a person's calendar that is kept whole
_ATTEMPTS = 5  # to read a programme while others release
_PUBLIC = frozenset({"lang", "tbc", "alarm", "free", "format"})
_OWN = _PUBLIC | {"deadlines"}
_TYPE = "text/calendar; charset=utf-8"
_DAY = timedelta(days=1)
_OTHERS = uuid.UUID("7f6f3c0e-43f4-4d36-9c7a-6b7d9d1a4a11")  # a person may hold own calendar and delegation's in one program

calendars: Kept[Document] = Kept(
    _MEMORY // 2, lambda document: document.weight
)  # schedules and changes, under all they are made of
_blocks: Kept[Block] = Kept(_MEMORY, lambda block: len(block.body))
_regular: Kept[bool] = Kept(100)


class NoCalendar(LookupError):
    """There is none at this address, and never was."""


@dataclass(frozen=True)
class Address:
    """Where a calendar is asked for: ``root`` is the site's, without a slash at the end."""

    root: str
    path: str
    query: str

    @property
    def source(self) -> str:
        return f"{self.root}{self.path}?{self.query}" if self.query else f"{self.root}{self.path}"

    def options(self, otherwise: str, takes: frozenset[str]) -> Options:
        """``otherwise`` is the language if none is asked for, or ours if we do not speak it. Raises WrongOption."""
        otherwise = otherwise if otherwise in LANGUAGES else next(iter(LANGUAGES))
        try:
            asked = parse_qsl(self.query, keep_blank_values=True, max_num_fields=20)
        except ValueError:  # more fields than there are options
            raise WrongOption("&") from None
        return read_options(asked, otherwise=otherwise, known=LANGUAGES, takes=takes)


class _Changed(Exception):
    """Something was released while a calendar was made."""


@dataclass(frozen=True)
class _Given:
    """A calendar that was given, and all it was made of beside its address: the rows that were read, and the day."""

    rows: Rows
    day: date
    document: Document


_given: Kept[_Given] = Kept(_MEMORY, lambda given: given.document.weight)


def _current(
    app: Flask,
    address: Address,
    ask: Callable[[], Rows],
    make: Callable[[Rows], Document],
    is_kept: Callable[[Rows], bool] = bool,
) -> Document:
    """The calendar of what is in the database now: the one given before at this address, or made anew."""
    for _attempt in range(_ATTEMPTS):
        rows = ask()
        if not is_kept(rows):
            with app.app_context():
                return make(rows)
        day, given = _today(queries.timezone_in(rows)), _given.find(address)
        if given is not None and given.rows == rows and given.day == day:
            return given.document
        try:
            with app.app_context():
                document = make(rows)
        except _Changed:
            continue
        _given.keep(address, _Given(rows, day, document))
        return document
    raise RuntimeError("the programme changes faster than it can be read")


def public_calendar(app: Flask, engine: Engine, slug: str, name: str, address: Address) -> Document:
    """The feed ``<slug>-<feed>`` of a congress. Raises NoCalendar, WrongOption."""
    feed = find_feed(name.removeprefix(f"{slug}-")) if name.startswith(f"{slug}-") else None
    if feed is None:
        raise NoCalendar

    def make(rows: Rows) -> Document:
        if not rows:
            raise NoCalendar
        return _make_public(engine, queries.occasion(engine, rows), feed, address)

    return _current(app, address, lambda: queries.OCCASION.rows(engine, slug=slug), make)


def _programme(engine: Engine, occasion: Occasion) -> Programme:
    """The programme in force when the occasion was read. Raises _Changed if there is a newer one by now."""
    found = programmes.kept_programme(occasion.release or "", occasion.timezone)
    if found is None:
        with engine.connect() as connection:
            found = programmes.programme_in_force(connection, occasion.id, occasion.timezone)
    if found.uid != (occasion.release or ""):
        raise _Changed
    return found


def _today(timezone: str) -> date:
    return now().astimezone(ZoneInfo(timezone)).date()


def _make_public(engine: Engine, occasion: Occasion, feed: Feed, address: Address) -> Document:
    slug, programme = occasion.slug, _programme(engine, occasion)
    options = address.options(occasion.languages[0], _PUBLIC)
    held = [entry for entry in programme.entries if feed.holds(entry)]
    if not held and feed.kind != "programme":
        raise NoCalendar
    head = _head(
        occasion,
        options,
        address.root + _path("public.calendar.index", slug),
        key=f"{slug}/{feed.name}/{','.join(options.languages)}",
        name=feed_names.feed_name(occasion.names, feed, held, options.languages[0]),
        source=address.source,
        field=feed.about if feed.kind == "field" else "",
    )
    return _document(
        _render(_Wish(occasion, programme, options, address, None), head, held),
        f"{slug}-{feed.name}",
        options,
        last_modified=_changed_at(occasion, programme, held),
        is_public=True,
        is_attachment=feed.kind == "session",
    )


def secret_calendar(app: Flask, engine: Engine, token: str, name: str, address: Address) -> Document:
    """The calendar that a token opens; 404 or 410 with an empty one that says so, which cost the same. Raises WrongOption."""
    key = digest(token)

    def ask() -> Rows:
        rows = queries.READER.rows(engine, digest=key)
        if rows and queries.purpose_in(rows) is Purpose.DELEGATION and not queries.is_revoked(rows):
            rows += queries.COLLEAGUES.rows(engine, digest=key)
        return rows

    def is_kept(rows: Rows) -> bool:
        # A draft changes without a release; and what has ended is told at the cost of what never was.
        return bool(rows) and not queries.is_revoked(rows) and queries.purpose_in(rows) is not Purpose.DRAFT

    return _current(app, address, ask, lambda rows: _make_secret(engine, rows, name, address), is_kept)


def _make_secret(engine: Engine, rows: Rows, name: str, address: Address) -> Document:
    if not rows or name != queries.purpose_in(rows).file_name(queries.slug_in(rows)):
        return _ended("calendar", address, 404)  # the name that was asked for may be anything, and would stand in a header
    if queries.is_revoked(rows):
        return _ended(name, address, 410)
    reader = queries.reader(engine, rows)
    if not reader.is_live or not _may_read(reader):
        return _ended(name, address, 410)
    occasion, programme = reader.occasion, _programme(engine, reader.occasion)
    options = address.options(reader.language or occasion.languages[0], _OWN if reader.purpose is Purpose.OWN else _PUBLIC)
    head = _head(
        occasion,
        options,
        address.root + _path("public.home.show", occasion.slug),
        key=f"{occasion.slug}/{reader.kind}/{reader.owner}",
        name=_secret_name(reader.purpose, options.languages[0]) % {"congress": occasion.names.text(options.languages[0])},
    )
    # No Last-Modified: what a person chooses and drops leaves no time behind, and a program that asks by time alone must not
    # be told that nothing has changed.
    if reader.purpose is Purpose.OWN and reader.attendee is not None:
        return _own(_Wish(occasion, programme, options, address), reader.attendee, head, name)
    held = _entries_of(reader, programme, queries.colleagues(engine, occasion, rows[1:]))
    wish = _Wish(occasion, programme, options, address, reader.purpose)
    return _document(_render(wish, head, held), name, options, last_modified=None, is_public=False)


@functools.cache
def _secret_name(purpose: Purpose, language: str) -> str:
    with speaking(language):
        names: dict[Purpose, str] = {
            Purpose.OWN: _("%(congress)s: my programme"),
            Purpose.DELEGATION: _("%(congress)s: our delegation"),
            Purpose.FIELD: _("%(congress)s: all sessions of our field"),
            Purpose.DRAFT: _("%(congress)s: DRAFT of the programme"),
        }
        return names[purpose]


def _may_read(reader: Reader) -> bool:
    """Whether the token's owner still has the right to this calendar."""
    if reader.purpose is Purpose.DRAFT:
        account = accounts.get_account(reader.account_id or 0)
        return account.active and may_see_desk(account.held, reader.occasion.id)
    if reader.attendee is None or reader.purpose is Purpose.OWN:
        return reader.attendee is not None
    return (rules.may_see_field if reader.purpose is Purpose.FIELD else rules.may_see_delegation)(reader.attendee)


def _entries_of(reader: Reader, programme: Programme, people: Sequence[tuple[str, rules.Attendee]]) -> list[Entry]:
    if reader.purpose is Purpose.DRAFT:
        return _draft(reader.occasion.slug)
    attendee = reader.attendee
    if attendee is None:
        raise ValueError("only drafts belong to nobody who takes part")
    if reader.purpose is Purpose.FIELD:
        return rules.field_programme(programme.entries, attendee.field)
    if reader.purpose is Purpose.DELEGATION:
        return [_with_people(entry, names) for entry, names in rules.delegation_programme(programme.entries, people)]
    raise ValueError("the own programme is put together from a block")


def _own(wish: _Wish, attendee: rules.Attendee, head: ical.Head, name: str) -> Document:
    """One person's calendar: what people of one standing share is put together once, and the person's choices put in between."""
    standing = replace(attendee, chosen=frozenset())
    chosen = [entry for code in attendee.chosen for entry in wish.programme.by_code.get(code, ())]
    extra = [entry for entry in chosen if not rules.is_preset(entry, standing)]
    if wish.options.with_deadlines:
        extra += _deadline(wish.occasion)
    others = wish.shown(extra)
    pieces = [_piece(entry, wish.style) for entry in others]

    def shared() -> Block:
        def make() -> Block:
            shown = wish.shown(rules.own_programme(wish.programme.entries, standing))
            return Block.of(shown, [_piece(entry, wish.style) for entry in shown])

        name = (wish.programme.uid, standing, wish.style, wish.options.with_unconfirmed, wish.occasion.ends_on, wish.day)
        return _blocks.get(name, make)

    block = shared()
    begin, end = ical.frame(head, *_of_both(block, others), is_empty=not (block.order or others))
    placed = [(block.place(entry), piece) for entry, piece in zip(others, pieces, strict=True)]
    if len(block.body) <= _SMALL or wish.options.form != "ics":
        body = b"".join([begin, *block.parts(placed), end])
        return _document(body, name, wish.options, last_modified=None, is_public=False)
    # Too much to keep for each person: kept are its name, which says the same bytes, and how to put it together.
    tag = hashlib.sha256(b"".join([begin, block.digest, *(b"%d:%d:%b" % (place, len(piece), piece) for place, piece in placed)]))
    return _document(
        lambda: b"".join([begin, *shared().parts(placed), end]),
        name,
        wish.options,
        last_modified=None,
        is_public=False,
        tag=tag.hexdigest()[:32],
    )


def _of_both(block: Block, others: Sequence[Entry]) -> tuple[datetime | None, tuple[int, int] | None]:
    """The last change, and the years, of a block and others."""
    changes = [each for each in (block.last_modified, ical.last_modified(others)) if each]
    spans = [each for each in (block.years, ical.years(others)) if each]
    return max(changes, default=None), (
        min(first for first, _last in spans),
        max(last for _first, last in spans),
    ) if spans else None


def _with_people(entry: Entry, names: Sequence[str]) -> Entry:
    """The entry as a delegation sees it: who is there stands in the title, where a calendar shows it."""
    titles = Localised({each: f"{title} – {', '.join(names)}" for each, title in entry.titles.items()})
    return replace(entry, uid=str(uuid.uuid5(_OTHERS, f"delegation {entry.uid}")), titles=titles)


def _draft(slug: str) -> list[Entry]:
    congress = congresses.get_congress(slug)
    return [
        replace(entry, uid=str(uuid.uuid5(_OTHERS, f"draft {entry.uid}"))) for entry in programmes.draft_with_stamps(congress)
    ]


def _deadline(occasion: Occasion) -> list[Entry]:
    """The end of the registration as an entry of a whole day, if there is one."""
    closes_at = occasion.registration_closes_at
    if closes_at is None:
        return []
    day = closes_at.astimezone(ZoneInfo(occasion.timezone)).date()
    titles = {}
    for language in LANGUAGES:
        with speaking(language):
            titles[language] = _("Registration closes")
    return [
        Entry(
            uid=str(uuid.uuid5(_OTHERS, f"registration closes {occasion.slug}")), code="", item="", type="session", kind="",
            titles=Localised(titles), audience="", timing="all_day", starts_on=day, ends_on=day,
            sequence=occasion.version, created_at=occasion.changed_at, last_modified=occasion.changed_at,
        )
    ]  # fmt: skip


@functools.lru_cache(maxsize=256)
def _path(endpoint: str, slug: str, code: str | None = None) -> str:
    values = {"congress": slug} if code is None else {"congress": slug, "code": code}
    return str(current_app.url_map.bind("").build(endpoint, values))


def _head(
    occasion: Occasion, options: Options, page: str, *, key: str, name: str, source: str = "", field: str = ""
) -> ical.Head:
    return ical.Head(
        key=key,
        name=name,
        description=occasion.long_names.text(options.languages[0]),
        timezone=occasion.timezone,
        url=page,
        source=source,
        field=field,
        refresh=ical.refresh_interval(occasion.starts_on, occasion.ends_on, _today(occasion.timezone)),
    )


@dataclass(frozen=True)
class _Wish:
    """What is to be rendered how; ``purpose`` is None for public calendars."""

    occasion: Occasion
    programme: Programme
    options: Options
    address: Address
    purpose: Purpose | None = Purpose.OWN

    @cached_property  # one day for all of a calendar, also if midnight comes while it is made
    def day(self) -> date:
        return _today(self.occasion.timezone)

    @cached_property
    def style(self) -> ical.Style:
        timezone = self.occasion.timezone if _is_regular(self.programme, self.occasion.timezone) else ""
        page = self.address.root + _path("public.programme.show", self.occasion.slug, "CODE")
        return _style(self.options, timezone, page, self.purpose)

    def shown(self, entries: Iterable[Entry]) -> list[Entry]:
        ends_on = self.occasion.ends_on
        return for_calendar(entries, with_unconfirmed=self.options.with_unconfirmed, congress_ends_on=ends_on, today=self.day)


def _is_regular(programme: Programme, timezone: str) -> bool:
    """Whether the zone's clock changes in the years of the programme can be told in two rules."""
    return _regular.get((programme.uid, timezone), lambda: ical.zone_for(timezone, programme.entries) is not None)


def _render(wish: _Wish, head: ical.Head, entries: Iterable[Entry]) -> bytes:
    shown = wish.shown(entries)
    return ical.assemble(head, shown, [_piece(entry, wish.style) for entry in shown])


@functools.lru_cache(maxsize=256)
def _style(options: Options, timezone: str, page: str, purpose: Purpose | None) -> ical.Style:
    """One object for the same things, since pieces are kept by it; ``purpose`` is None for public calendars."""
    return ical.Style(
        words=tuple(words(language) for language in options.languages),
        timezone=timezone,
        page=page,
        is_personal=purpose is not None,
        alarm=options.alarm,
        is_free=options.is_free,
        is_draft=purpose is Purpose.DRAFT,
        is_stamped=purpose not in {Purpose.DRAFT, Purpose.DELEGATION},
    )


def _piece(entry: Entry, style: ical.Style) -> bytes:
    if not entry.code:  # of the congress itself, which has no page in the programme
        return ical.render_entry(entry, replace(style, page=style.page.partition("programme/")[0]))
    if not style.is_stamped:  # it changes without a release
        return ical.render_entry(entry, style)
    name = (entry.uid, entry.sequence, entry.last_modified, style)
    return cache.pieces.get(name, lambda: ical.render_entry(entry, style))


def _document(body: bytes | Callable[[], bytes], name: str, options: Options, **more: Any) -> Document:
    if options.form == "jcal" and isinstance(body, bytes):
        said = json.dumps(Calendar.from_ical(body).to_jcal(), ensure_ascii=False, separators=(",", ":"))
        return Document(said.encode(), content_type="application/calendar+json; charset=utf-8", filename=f"{name}.json", **more)
    return Document(body, content_type=_TYPE, filename=f"{name}.ics", **more)


def _changed_at(occasion: Occasion, programme: Programme, held: Iterable[Entry]) -> datetime:
    """Not before the last change of a public calendar's bytes, for readers that ask by time alone (RFC 9110, 8.8.2).

    They change with a release, with the congress, and on days when the pace of asking changes or cancelled entries go.
    """
    zone, day = ZoneInfo(occasion.timezone), _today(occasion.timezone)
    days = [
        *ical.refresh_days(occasion.starts_on, occasion.ends_on),
        *(kept_until(each, occasion.ends_on) + _DAY for each in held if each.is_cancelled),
    ]
    passed = [datetime.combine(each, time.min, tzinfo=zone) for each in days if each <= day]
    return max([occasion.changed_at, *passed, *([programme.released_at] if programme.released_at else [])])


@functools.cache
def _not_valid() -> str:
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append(_("This calendar address is not valid any more"))
    return " / ".join(said)


def _ended(name: str, address: Address, status: int) -> Document:
    """An empty calendar that says so: programs that look at nothing else see it."""
    said = _not_valid()
    head = ical.Head(
        key=f"{name}/ended", name=said, description=said, timezone="Etc/UTC", url=f"{address.root}/", refresh=timedelta(days=1)
    )
    return Document(
        ical.assemble(head, [], []),
        content_type=_TYPE,
        filename=f"{name}.ics",
        last_modified=None,
        is_public=False,
        status=status,
    )
