"""Calendars that were given, and are given again while all they were made of is the same.

That is the rows that were read, the address, and the day. The rows are read anew for each request, so no calendar given is ever
older than the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Engine

from congress.core.clock import now
from congress.core.kept import Kept
from congress.core.languages import LANGUAGES
from congress.feeds import queries
from congress.feeds.options import Options, WrongOption, read_options
from congress.feeds.queries import Occasion, Rows
from congress.programme import queries as programmes
from congress.programme.queries import Programme
from congress.web.answers import Document

MEMORY = 64_000_000  # bytes of calendars that a process keeps, with their compressed forms; twice that for what they share
_ATTEMPTS = 5  # to read a programme while others release


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


_given: Kept[_Given] = Kept(MEMORY, lambda given: given.document.weight)


def current(
    app: Flask,
    address: Address,
    ask: Callable[[], Rows],
    make: Callable[[Rows], Document],
    is_kept: Callable[[Rows], bool] = bool,
) -> Document:
    """The calendar of what is in the database now: the one given before at this address, or made anew."""
    for _attempt in range(_ATTEMPTS):
        rows = ask()
        day = today(queries.timezone_in(rows)) if is_kept(rows) else None
        given = _given.find(address) if day else None
        if given is not None and given.rows == rows and given.day == day:
            return given.document
        try:
            with app.app_context():
                document = make(rows)
        except _Changed:
            continue
        if day is not None:
            _given.keep(address, _Given(rows, day, document))
        return document
    raise RuntimeError("the programme changes faster than it can be read")


def programme_of(engine: Engine, occasion: Occasion) -> Programme:
    """The programme in force when the occasion was read. Raises _Changed if there is a newer one by now."""
    found = programmes.kept_programme(occasion.release or "", occasion.timezone)
    if found is None:
        with engine.connect() as connection:
            found = programmes.programme_in_force(connection, occasion.id, occasion.timezone)
    if found.uid != (occasion.release or ""):
        raise _Changed
    return found


def today(timezone: str) -> date:
    """The day that it is where the congress is."""
    return now().astimezone(ZoneInfo(timezone)).date()
