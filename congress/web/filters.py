"""Template filters: how values of the congress are written for a reader."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from operator import attrgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

import segno
from babel import Locale, dates
from babel.dates import format_interval, format_skeleton
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup, escape

from congress.congresses.models import CONGRESS_KIND_LABELS, Congress
from congress.core.localised import Localised
from congress.core.text import first_upper, in_quotes, sort_key
from congress.delegates.vocabulary import CATEGORY_LABELS, DELEGATION_EVENT_LABELS, DELEGATION_STATE_LABELS, PART_LABELS
from congress.networks.vocabulary import CONTACT_LABELS, FIELD_LABELS, LEVEL_LABELS, OFFICE_LABELS, REGION_LABELS
from congress.programme import equipment
from congress.programme.entries import Entry
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS, TICKETING_LABELS
from congress.registration.form.windows import first_day, last_day
from congress.registration.rules import is_open_to_press
from congress.registration.vocabulary import MISSING_LABELS, STATE_LABELS, WRONG_LABELS
from congress.web import lines
from congress.web.language import chosen_language, chosen_locale

_T = TypeVar("_T")
_LABELS = {
    "field": FIELD_LABELS, "level": LEVEL_LABELS,
    "office": OFFICE_LABELS, "region": REGION_LABELS,
    "congress_kind": CONGRESS_KIND_LABELS, "category": CATEGORY_LABELS, "kind": KIND_LABELS,
    "audience": AUDIENCE_LABELS, "ticketing": TICKETING_LABELS, "state": STATE_LABELS,
    "contact": CONTACT_LABELS, "delegation_state": DELEGATION_STATE_LABELS, "delegation_event": DELEGATION_EVENT_LABELS,
    "part": PART_LABELS,
    "missing": MISSING_LABELS, "wrong": WRONG_LABELS,
}  # fmt: skip


@functools.lru_cache(4096)
def format_date(value: date, pattern: str, locale: str) -> str:
    """A day as Babel writes it; a page asks for the same few days over and over."""
    return str(dates.format_date(value, pattern, locale=locale))


def text(texts: Mapping[str, str] | None) -> str:
    """The text in the reader's language."""
    if not texts:
        return ""
    return (texts if isinstance(texts, Localised) else Localised(texts)).text(chosen_language())


def lang_of(texts: Mapping[str, str] | None) -> Markup:
    """` lang="en"` for the tag around a text that does not stand in the reader's language, so that it is read aloud in its own."""
    known = texts if isinstance(texts, Localised) else Localised(texts)
    found = known.language_of_text(chosen_language())
    return Markup(' lang="{}"').format(found) if found and found != chosen_language() else Markup()


def label(value: object, of: str) -> str:
    """The name of a word of a vocabulary: ``entry.kind|label("kind")``."""
    return str(_LABELS[of].get(value, "")) if value else ""  # type: ignore[attr-defined]


def who_may_come(entry: Entry) -> str:
    """For whom an entry is, in words: to what is for delegates and open to the media, the press comes, too."""
    if entry.audience == "delegates" and is_open_to_press(entry):
        return str(_("delegates and press"))
    return label(entry.audience, "audience")


# English as in Britain, Polish as an editor writes it; other languages as the CLDR has it.
_WRITTEN = {"en": "d MMMM y", "pl": "d MMMM y\u00a0'r.'"}
_DAY = {"en": "EEEE d MMMM y", "pl": "EEEE, d MMMM y\u00a0'r.'"}
_IN_ONE_PIECE = re.compile(r"\d\d:\d\d–\d\d:\d\d|(?:\d{1,2}–)?\d{1,2} [^\W\d]+ \d{4}(?:\u00a0r\.)?")
_DAY_OF_WEEK = {"en": "EEEE d MMMM", "pl": "EEEE, d MMMM"}


def _written(value: date) -> str:
    """“12 June 2018”, “12 czerwca 2018 r.”."""
    return format_date(value, _WRITTEN.get(chosen_language(), "long"), locale=chosen_locale())


def days(period: Congress | tuple[date, date]) -> str:
    """“12–15 June 2018”, “12–15 czerwca 2018”, “30 May – 2 June 2018”."""
    first, last = (period.starts_on, period.ends_on) if isinstance(period, Congress) else period
    written = _written(last)
    if first == last:
        return written
    if chosen_language() not in _WRITTEN:
        return format_interval(first, last, "yMMMMd", locale=chosen_locale())
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{written}"
    start = format_date(first, "d MMMM" if first.year == last.year else "d MMMM y", locale=chosen_locale())
    return f"{start} – {written}"


def day(value: date) -> str:
    """“Tuesday 12 June 2018”, “wtorek, 12 czerwca 2018”."""
    return format_date(value, _DAY.get(chosen_language(), "full"), locale=chosen_locale())


def weekday(value: date) -> str:
    """“Tuesday”, “wtorek”."""
    return format_date(value, "EEEE", locale=chosen_locale())


def day_of_week(value: date) -> str:
    """“Tuesday 12 June”, “wtorek, 12 czerwca”."""
    if chosen_language() in _DAY_OF_WEEK:
        return format_date(value, _DAY_OF_WEEK[chosen_language()], locale=chosen_locale())
    return format_skeleton("MMMMEEEEd", value, locale=chosen_locale())


def day_month(value: date) -> str:
    """“12 June”, “12 czerwca”."""
    return format_date(value, "d MMMM", locale=chosen_locale())


def iso_day(value: str) -> date:
    """A day from its form in an address."""
    return date.fromisoformat(value)


def clock(value: datetime, zone: ZoneInfo) -> str:
    """The time of day in the congress's zone, “09:00”."""
    return dates.format_time(value.astimezone(zone), "HH:mm", locale=chosen_locale())


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Day and time in the congress's zone."""
    local = value.astimezone(zone)
    return f"{_written(local.date())}, {clock(value, zone)}"


def beginning(value: datetime, zone: ZoneInfo) -> str:
    """From when on: “1 March 2018”, with the time of day only where it is not the day's beginning."""
    whole = first_day(value, zone)
    return _written(whole) if whole else moment(value, zone)


def deadline(value: datetime, zone: ZoneInfo) -> str:
    """Until when: “20 May 2018”, that day included, with the time of day only where it is not the day's end."""
    whole = last_day(value, zone)
    return _written(whole) if whole else moment(value, zone)


def when(entry: Entry, zone: ZoneInfo) -> str:
    """Day and time of an entry in words."""
    if entry.starts_at is not None:
        start = f"{day(entry.starts_at.astimezone(zone).date())}, {clock(entry.starts_at, zone)}"
        return start if entry.ends_at is None else f"{start}–{clock(entry.ends_at, zone)}"
    if entry.starts_on is None:
        return str(_("date to be confirmed"))
    last = entry.ends_on or entry.starts_on
    written = day(entry.starts_on) if last == entry.starts_on else days((entry.starts_on, last))
    return written if entry.is_confirmed_time else str(_("%(day)s, time to be confirmed", day=written))


def held(words: str) -> Markup:
    """Hours from–to and dates in one piece: no line ends after their dash, or between day and month."""
    return Markup(_IN_ONE_PIECE.sub(r'<span class="held">\g<0></span>', str(escape(words))))  # noqa: S704


def where(entry: Entry) -> str:
    """“ICE Kraków Congress Centre, room 1, Kraków”."""
    place = entry.place
    cities = " – ".join(filter(None, (text(place.city_names), text(place.other_city_names))))
    return ", ".join(dict.fromkeys(filter(None, (text(place.venue_names), text(place.room_names), cities))))


def number(value: float) -> str:
    return format_decimal(value, locale=chosen_locale())


def size(of_bytes: int) -> str:
    """“14.2 kB”, “14,2 kB”, “3 MB”."""
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if of_bytes >= factor:
            return f"{format_decimal(of_bytes / factor, '#,##0.#', locale=chosen_locale())}\u00a0{unit}"
    return f"{of_bytes}\u00a0B"


def language_name(code: str) -> str:
    """What a language is called in the reader's: “Polish”, “polski”."""
    return str(Locale.parse(chosen_locale()).languages.get(code, code))


def opening(sentence: str) -> str:
    """The first sentence of a mail: after "Dear …," English goes on with a capital, Polish does not."""
    return first_upper(sentence) if chosen_language() == "en" else sentence


def by_name(values: Iterable[_T], attribute: str = "names") -> list[_T]:
    """Sorted by a localised name as a dictionary of the reader's language does; ``attribute`` may have dots."""

    name = attrgetter(attribute)

    def said(value: _T) -> str:
        found = name(value)
        return text(found) if isinstance(found, Localised) else str(found)

    return sorted(values, key=lambda value: sort_key(said(value), chosen_language()))


def by_label(values: Iterable[str], of: str | Mapping[str, Localised]) -> list[str]:
    """Words of a vocabulary, or keys of names, sorted by what readers see of them."""
    return sorted(
        values, key=lambda value: sort_key(label(value, of) if isinstance(of, str) else text(of[value]), chosen_language())
    )


def qr(address: str) -> Markup:
    """A QR code of an address as inline SVG."""
    return Markup(segno.make(address, error="m").svg_inline(scale=4, border=2, light="#ffffff", dark="#14213d", omitsize=True))  # noqa: S704


def init_app(app: Flask) -> None:
    for function in (
        text,
        lang_of,
        first_upper,
        opening,
        label,
        who_may_come,
        days,
        day,
        weekday,
        day_of_week,
        day_month,
        iso_day,
        clock,
        moment,
        beginning,
        deadline,
        when,
        held,
        where,
        number,
        size,
        in_quotes,
        language_name,
        by_name,
        by_label,
        qr,
    ):
        app.add_template_filter(function)
    app.add_template_filter(equipment.said, "equipment")
    app.add_template_global(lines.kept)
