"""The columns of a programme's table: one row for each placement, with what is of its item repeated in each of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from congress.core.text import fold


@dataclass(frozen=True)
class Column:
    """``language`` is of a text that stands in several languages, of which each has a column."""

    label: LazyString
    headings: tuple[str, ...] = ()
    language: str = ""
    of_item: bool = True


_TEXTS = {
    "title": (_("Title"), ("title", "name", "tytul", "nazwa", "summary", "subject", "temat")),
    "description": (_("Description"), ("description", "abstract", "opis", "streszczenie")),
}
_BEFORE = {
    "code": Column(_("Code"), ("code", "id", "kod", "nr", "number", "numer"), of_item=False),
    "item": Column(_("Code of the item"), ("item", "session", "pozycja"), of_item=True),
    "uid": Column(_("Identifier in calendars"), ("uid", "guid"), of_item=False),
    "is_event": Column(_("Public event"), ("event", "wydarzenie")),
    "kind": Column(_("Kind"), ("kind", "type", "rodzaj", "typ", "category")),
    "field": Column(_("Field"), ("field", "creative field", "dziedzina", "track")),
}
_AFTER = {
    "timing": Column(_("Certainty of the time"), ("timing", "termin"), of_item=False),
    "date": Column(_("Day"), ("date", "day", "dzien", "data"), of_item=False),
    "starts": Column(_("Start"), ("start", "starts", "begin", "from", "poczatek", "od", "godzina"), of_item=False),
    "ends": Column(_("End"), ("end", "ends", "to", "koniec", "do"), of_item=False),
    "city": Column(_("City"), ("city", "miasto"), of_item=False),
    "other_city": Column(_("City of arrival"), ("other city", "to city", "miasto docelowe"), of_item=False),
    "venue": Column(_("Venue"), ("venue", "building", "obiekt", "miejsce"), of_item=False),
    "room": Column(_("Room"), ("room", "sala", "hall"), of_item=False),
    "place": Column(_("Place in one cell"), ("place", "location", "lokalizacja"), of_item=False),
    "is_cancelled": Column(_("Called off"), ("cancelled", "canceled", "odwolane"), of_item=False),
    "audience": Column(_("For whom"), ("access", "audience", "dla kogo", "odbiorcy", "dostep")),
    "people": Column(_("People"), ("people", "speakers", "speaker", "osoby", "prelegenci", "prelegent")),
    "languages": Column(_("Languages"), ("languages", "language", "jezyki", "jezyk")),
    "interpretation": Column(_("Interpretation into"), ("interpretation", "tlumaczenie")),
    "places": Column(_("Places"), ("places", "capacity", "liczba miejsc")),
    "expected": Column(_("Expected people"), ("expected", "oczekiwane osoby", "liczba osob")),
    "needs": Column(_("Equipment"), ("equipment", "needs", "wyposazenie", "sprzet")),
    "needs_step_free": Column(_("Needs a room without steps"), ("step free",)),
    "setup_minutes": Column(_("Minutes to set up"), ("setup", "setup minutes")),
    "clearing_minutes": Column(_("Minutes to clear"), ("clearing", "clearing minutes")),
    "is_listed": Column(_("In the public list"), ("listed",)),
    "is_plausible": Column(_("Not from a source"), ("plausible",)),
    "offer_hours": Column(_("Hours that an offer holds"), ("offer hours",)),
    "takes_guests": Column(_("Takes guests of other fields"), ("guests",)),
    "takes_sign_ups": Column(_("Takes sign-ups"), ("sign ups",)),
    "public_places": Column(_("Places for the public"), ("public places",)),
    "sign_ups_close_at": Column(_("Sign-ups close"), ("sign ups close",)),
    "most_per_sign_up": Column(_("Most in one sign-up"), ()),
    "stream_url": Column(_("Live stream"), ("stream", "transmisja")),
    "join_url": Column(_("Online room"), ("join", "pokoj online")),
    "organiser": Column(_("Organiser"), ("organizer", "organizator")),
    "website": Column(_("Website"), ("url", "link", "strona", "www")),
    "ticketing": Column(_("Admission"), ("tickets", "wstep")),
}  # fmt: skip
OF_EVENTS = ("organiser", "website", "ticketing")


def columns(languages: Sequence[str]) -> dict[str, Column]:
    """All columns by name, in the order of an exported table, with the texts in these languages."""
    texts = {
        f"{name}_{language}": Column(label, headings, language) for name, (label, headings) in _TEXTS.items() for language in languages
    }  # fmt: skip
    return {**_BEFORE, **texts, **_AFTER}


def labels(languages: Sequence[str]) -> dict[str, str]:
    """What each column is called on pages and in exported files: a language is named where a text has several."""
    return {
        name: f"{column.label} ({column.language})" if column.language else str(column.label)
        for name, column in columns(languages).items()
    }


def guess(header: Sequence[str], languages: Sequence[str], known: Sequence[dict[str, str]] = ()) -> list[str]:
    """Which column each heading means, empty where none; each is guessed once. ``known`` are our own labels in any language.

    A title without a language is in the first one.
    """
    meant: dict[str, str] = {}
    for name, column in columns(languages).items():
        words = [name.replace("_", " "), *column.headings]
        for word in words:
            if column.language:
                base = word.removesuffix(f" {column.language}")
                meant.setdefault(f"{base} {column.language}", name)
                meant.setdefault(f"{base} ({column.language})", name)
            meant.setdefault(word, name)
    for said in known:
        meant |= {fold(label): name for name, label in said.items()}
    found: list[str] = []
    for heading in header:
        name = meant.get(fold(heading.replace("_", " ")), "")
        found.append("" if name in found else name)
    return found
