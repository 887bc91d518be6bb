"""A change of the programme side by side, old and new, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from congress.core.localised import Localised
from congress.programme.entries import Entry
from congress.programme.releases import Change
from congress.web import filters


@dataclass(frozen=True)
class Row:
    """One thing that differs. ``language`` is that of the words where it is not the reader's."""

    label: str
    old: str
    new: str
    language: str = ""


def differences(change: Change, zone: ZoneInfo) -> list[Row]:
    """What differs between the entry as it was and as it is, titles and descriptions in both languages; nothing for a new one."""
    before, after = change.before, change.after
    if before is None:
        return []
    rows = [Row(label, say(before), say(after)) for label, say in _said(zone)]
    texts = [
        Row(label, texts_of(before).get(language, ""), texts_of(after).get(language, ""), language)
        for label, language, texts_of in _texts()
    ]
    return [row for row in [*rows[:2], *texts, *rows[2:]] if row.old != row.new]


def _texts() -> list[tuple[str, str, Callable[[Entry], Localised]]]:
    return [
        (_("Title in English"), "en", lambda entry: entry.titles),
        (_("Title in Polish"), "pl", lambda entry: entry.titles),
        (_("Description in English"), "en", lambda entry: entry.descriptions),
        (_("Description in Polish"), "pl", lambda entry: entry.descriptions),
    ]


def _said(zone: ZoneInfo) -> list[tuple[str, Callable[[Entry], str]]]:
    return [
        (_("Time"), lambda entry: filters.when(entry, zone)),
        (_("Place"), filters.where),
        (_("Kind"), lambda entry: filters.label(entry.kind, "kind")),
        (_("Field"), lambda entry: filters.label(entry.field, "field")),
        (_("For whom"), lambda entry: filters.label(entry.audience, "audience")),
        (_("Listed"), lambda entry: _("Yes") if entry.is_listed else _("No")),
        (_("Speakers and artists"), lambda entry: _joined([name for _part, name in entry.people])),
        (_("Agenda"), lambda entry: "; ".join(_point(point) for point in entry.agenda)),
        (_("Languages"), lambda entry: _joined(entry.languages)),
        (_("Interpretation"), lambda entry: _joined(entry.interpretation)),
        (_("Places"), lambda entry: str(entry.places or "")),
        (_("Organiser"), lambda entry: entry.organiser),
        (_("Website"), lambda entry: entry.website),
        (_("Admission"), lambda entry: filters.label(entry.ticketing, "ticketing")),
        (_("Live stream"), lambda entry: entry.stream_url),
        (_("Online room"), lambda entry: entry.join_url),
        (_("Address"), lambda entry: entry.place.address),
        (_("How to get there"), lambda entry: filters.text(entry.place.directions)),
    ]


def _point(point: object) -> str:
    said = [filters.text(point.titles), point.name, filters.text(point.city_names)]  # type: ignore[attr-defined]
    minutes = point.minutes  # type: ignore[attr-defined]
    return ", ".join(filter(None, [*said, _("%(minutes)d min", minutes=minutes) if minutes else ""]))


def _joined(values: Sequence[str]) -> str:
    return ", ".join(values)
