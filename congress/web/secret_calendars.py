"""Secret calendars, opened by a token: a person's own, a delegation's, a coordinator's, an organiser's draft."""

from __future__ import annotations

import functools
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import Engine

from congress.accounts import queries as accounts
from congress.accounts.rules import may_read_programme
from congress.congresses import queries as congresses
from congress.core.kept import Kept
from congress.core.languages import LANGUAGES
from congress.core.localised import Localised
from congress.core.tokens import digest
from congress.feeds import ical, queries
from congress.feeds.blocks import Block
from congress.feeds.models import Purpose
from congress.feeds.queries import Occasion, Reader, Rows
from congress.programme import queries as programmes
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.registration import rules
from congress.web.answers import Document
from congress.web.calendar_bodies import TYPE, Wish, document_of, head_of, path_of, piece, rendered
from congress.web.calendars import OPTIONS
from congress.web.given_calendars import MEMORY, Address, current, programme_of
from congress.web.language import speaking

_OWN = OPTIONS | {"deadlines"}
_SMALL = 65_536  # bytes of a person's calendar that is kept whole
_OTHERS = uuid.UUID("7f6f3c0e-43f4-4d36-9c7a-6b7d9d1a4a11")  # a person may hold own calendar and delegation's in one program
_blocks: Kept[Block] = Kept(2 * MEMORY, lambda block: len(block.body))


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

    return current(app, address, ask, lambda rows: _make_secret(engine, rows, name, address), is_kept)


def _make_secret(engine: Engine, rows: Rows, name: str, address: Address) -> Document:
    if not rows or name != queries.purpose_in(rows).file_name(queries.slug_in(rows)):
        return _ended("calendar", address, 404)  # the name that was asked for may be anything, and would stand in a header
    if queries.is_revoked(rows):
        return _ended(name, address, 410)
    reader = queries.reader(engine, rows)
    if not reader.is_live or not _may_read(reader):
        return _ended(name, address, 410)
    occasion, programme = reader.occasion, programme_of(engine, reader.occasion)
    options = address.options(reader.language or occasion.languages[0], _OWN if reader.purpose is Purpose.OWN else OPTIONS)
    head = head_of(
        occasion,
        options,
        address.root + path_of("public.home.show", occasion.slug),
        key=f"{occasion.slug}/{reader.kind}/{reader.owner}",
        name=_secret_name(reader.purpose, options.languages[0]) % {"congress": occasion.names.text(options.languages[0])},
        is_provisional=programme.is_provisional and reader.purpose is not Purpose.DRAFT,
    )
    # No Last-Modified: what a person chooses and drops leaves no time behind, and a program that asks by time alone must not
    # be told that nothing has changed.
    if reader.purpose is Purpose.OWN and reader.attendee is not None:
        return _own(Wish(occasion, programme, options, address, may_join=reader.is_confirmed), reader.attendee, head, name)
    held = _entries_of(reader, programme, queries.colleagues(engine, occasion, rows[1:]))
    if reader.purpose is Purpose.DRAFT:
        programme = replace(programme, uid="", entries=tuple(held))
    wish = Wish(occasion, programme, options, address, reader.purpose, may_join=True)
    return document_of(rendered(wish, head, held), name, options, last_modified=None, is_public=False)


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
        return account.active and may_read_programme(account.held, reader.occasion.id)
    if reader.attendee is None or reader.purpose is Purpose.OWN:
        return reader.attendee is not None
    # In which capacity one comes, and from which city, is only said by oneself until the hosts confirm it.
    if not reader.is_confirmed:
        return False
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


def _own(wish: Wish, attendee: rules.Attendee, head: ical.Head, name: str) -> Document:
    """One person's calendar: what people of one standing share is put together once, and the person's choices put in between."""
    standing = replace(attendee, chosen=frozenset())
    chosen = [entry for code in attendee.chosen for entry in wish.programme.by_code.get(code, ())]
    extra = [entry for entry in chosen if not rules.is_preset(entry, standing)]
    if wish.options.with_deadlines:
        extra += _deadline(wish.occasion)
    others = wish.shown(extra)
    pieces = [piece(entry, wish.style) for entry in others]

    def shared() -> Block:
        def make() -> Block:
            shown = wish.shown(rules.own_programme(wish.programme.entries, standing))
            return Block.of(shown, [piece(entry, wish.style) for entry in shown])

        name = (wish.programme.uid, standing, wish.style, wish.options.with_unconfirmed, wish.occasion.ends_on, wish.day)
        return _blocks.get(name, make)

    block = shared()
    begin, end = ical.frame(head, *_of_both(block, others), is_empty=not (block.order or others))
    placed = [(block.place(entry), piece) for entry, piece in zip(others, pieces, strict=True)]
    if len(block.body) <= _SMALL or wish.options.form != "ics":
        body = b"".join([begin, *block.parts(placed), end])
        return document_of(body, name, wish.options, last_modified=None, is_public=False)
    # Too much to keep for each person: kept are its name, which says the same bytes, and how to put it together.
    tag = hashlib.sha256(b"".join([begin, block.digest, *(b"%d:%d:%b" % (place, len(piece), piece) for place, piece in placed)]))
    return document_of(
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
        content_type=TYPE,
        filename=f"{name}.ics",
        last_modified=None,
        is_public=False,
        status=status,
    )
