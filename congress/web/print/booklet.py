"""The programme booklet: what is released, on A5, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from congress.congresses.models import Congress
from congress.core.text import first_upper, sort_key
from congress.programme.entries import Entry
from congress.programme.people import order
from congress.programme.queries import Programme
from congress.programme.vocabulary import PART_LABELS, TICKETING_LABELS, Kind, Part
from congress.web import filters, links, pdf
from congress.web.language import chosen_language, speaking
from congress.web.print import pictures, typography, wording

_BEFORE = datetime(2018, 1, 1, tzinfo=UTC)  # of a programme that is not released


def booklet(congress: Congress, programme: Programme, language: str) -> bytes:
    """The booklet as a PDF; the same bytes for the same release and congress."""
    with speaking(language):
        return pdf.pdf("print/booklet.typ", facts(congress, programme), made_at=programme.released_at or _BEFORE)


def facts(congress: Congress, programme: Programme) -> dict[str, Any]:
    """What the booklet says in the language that is spoken."""
    listed = [entry for entry in programme.entries if entry.is_listed]
    address = links.absolute("public.programme.index", congress=congress.slug)
    return wording.shared(
        {
            "title": str(_("Programme")),
            "name": filters.text(congress.names),
            "congress": wording.line(filters.text(congress.long_names)),
            "theme": wording.line(filters.text(congress.themes)),
            "days_of": filters.days(congress),
            "hosts": [filters.text(city.names) for city in congress.hosts],
            "crossing": pictures.crossing(len(congress.hosts)),
            "provisional": str(_("Provisional programme")) if programme.is_provisional else "",
            "release": wording.release(programme, congress),
            "contents": str(_("In this booklet")),
            "empty": str(_("The programme has not been published yet.")),
            "again": str(_("See the first day.")),
            "days": _days(congress, listed),
            "practical": _practical(congress, listed),
            "newest": str(_("The newest state of the programme is here:")),
            "address": address,
            "qr": pictures.qr(address),
        }
    )


def _days(congress: Congress, listed: Iterable[Entry]) -> list[dict[str, Any]]:
    """Each day with its items; what lasts several days stands on each, told in full on the first. Without a day: last."""
    found: dict[date | None, list[dict[str, Any]]] = {}
    for entry in listed:
        days: tuple[date | None, ...] = entry.days(congress.zone) or (None,)
        for number, day in enumerate(days):
            found.setdefault(day, []).append(_item(entry, congress, is_again=number > 0))
    in_order = sorted(found, key=lambda day: day or date.max)
    return [{"name": _day(day), "items": found[day]} for day in in_order]


def _day(day: date | None) -> str:
    return first_upper(filters.day(day)) if day else str(_("Date to be confirmed"))


def _item(entry: Entry, congress: Congress, *, is_again: bool) -> dict[str, Any]:
    language = chosen_language()
    description = "" if is_again else filters.text(entry.descriptions)
    title = wording.line(filters.text(entry.titles))
    return {
        "time": wording.time(entry, congress.zone),
        "title": title,
        "cancelled": str(_("cancelled")) if entry.is_cancelled else "",
        "unsure": wording.unsure(entry),
        "kind": wording.kind(entry),
        "field": wording.field(entry),
        "place": wording.place(entry),
        "audience": wording.audience(entry),
        "spoken": "" if is_again else wording.spoken(entry),
        "people": [] if is_again else _people(entry),
        "agenda": [] if is_again else _agenda(entry, congress),
        "more": [] if is_again else _more(entry),
        "description": typography.paragraphs(description, language),
        "is_again": is_again,
        "whole": len(description) + len(title) + 60 * len(entry.agenda) + 30 * len(entry.people) < wording.LONG,
    }


def _people(entry: Entry) -> list[str]:
    """“With …”, “Chair: …”: those of one part in one line, in the order in which they stand, without those of the agenda."""
    parts: dict[str, list[str]] = {}
    in_turn = {(point.part, point.name) for point in entry.agenda}
    for part, name in entry.people:
        if (part, name) in in_turn:
            continue
        parts.setdefault(part, []).append(name)
    return [
        wording.line(f"{_('With') if part == Part.SPEAKER else PART_LABELS[Part(part)]}: {'; '.join(names)}")
        for part, names in parts.items()
    ]


def _agenda(entry: Entry, congress: Congress) -> list[dict[str, str]]:
    """Who speaks, or what is presented, one after the other, with the time where minutes were set."""
    turns = order.plan([point.minutes for point in entry.agenda], entry.starts_at, entry.ends_at).turns
    found = []
    for point, turn in zip(entry.agenda, turns, strict=True):
        said = (filters.text(point.titles), point.name, filters.text(point.city_names))
        time = filters.clock(turn.starts_at, congress.zone) if turn.starts_at and point.minutes else ""
        found.append({"time": time, "text": wording.line(", ".join(filter(None, said)))})
    return found


def _more(entry: Entry) -> list[str]:
    """What a visitor of a public event asks: whose it is, and how one gets in."""
    said = [str(_("Organiser: %(name)s", name=entry.organiser))] if entry.organiser else []
    if entry.is_public and entry.ticketing:
        said.append(first_upper(str(TICKETING_LABELS[entry.ticketing])))  # type: ignore[index]
    return [wording.line(each) for each in said]


def _practical(congress: Congress, listed: Iterable[Entry]) -> dict[str, Any]:
    listed = [entry for entry in listed if not entry.is_cancelled]
    hosts = ", ".join(filters.text(city.names) for city in congress.hosts)
    notes = [str(_("All times are local (%(zone)s).", zone=hosts))]
    if len(congress.hosts) > 1:
        minutes = congress.travel_minutes
        notes.append(
            ngettext(
                "From one host city to another it takes about %(num)d minute from door to door.",
                "From one host city to another it takes about %(num)d minutes from door to door.",
                minutes,
            )
        )
    if congress.contact_email:
        notes.append(str(_("Questions: %(address)s", address=congress.contact_email)))
    return {
        "title": str(_("Practical information")),
        "notes": [wording.line(each) for each in notes],
        "transfers_title": str(_("Transfers")),
        "transfers": [_transfer(entry, congress) for entry in listed if entry.kind == Kind.TRANSFER],
        "venues_title": str(_("Where it takes place")),
        "cities": _venues(congress, listed),
    }


def _transfer(entry: Entry, congress: Congress) -> dict[str, str]:
    days = entry.days(congress.zone)
    return {
        "day": first_upper(filters.day_of_week(days[0])) if days else _day(None),
        "time": wording.time(entry, congress.zone),
        "title": wording.line(filters.text(entry.titles)),
        "place": wording.place(entry),
    }


def _venues(congress: Congress, listed: Iterable[Entry]) -> list[dict[str, Any]]:
    """Host by host the houses of the programme by name, with their addresses and how to get there."""
    language = chosen_language()
    places = {entry.place.venue: entry.place for entry in listed if entry.place.venue}
    found: dict[str, list[dict[str, Any]]] = {}
    for place in sorted(places.values(), key=lambda each: sort_key(filters.text(each.venue_names), language)):
        directions = typography.paragraphs(filters.text(place.directions), language)
        about = {"name": wording.line(filters.text(place.venue_names)), "address": wording.line(place.address)}
        found.setdefault(place.city, []).append({**about, "directions": directions})
    order = {city.slug: number for number, city in enumerate(congress.hosts)}
    names = {place.city: filters.text(place.city_names) for place in places.values()}
    return [
        {"name": names[city], "venues": found[city]}
        for city in sorted(found, key=lambda slug: (order.get(slug, 99), names[slug]))
    ]
