"""A change of the programme side by side, old and new, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from congress.core.languages import name_of
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
    """What differs between the entry as it was and as it is, titles and descriptions in each language; nothing for a new one."""
    before, after = change.before, change.after
    if before is None:
        return []
    rows = [Row(label, say(before), say(after)) for label, say in _said(zone)]
    texts = [
        Row(label, texts_of(before).get(language, ""), texts_of(after).get(language, ""), language)
        for label, language, texts_of in _texts(_written_in(before, after))
    ]
    return [row for row in [*rows[:2], *texts, *rows[2:]] if row.old != row.new]


def _written_in(*entries: Entry) -> list[str]:
    """The languages of the texts, English first."""
    return sorted(
        {code for each in entries for code in (*each.titles, *each.descriptions)}, key=lambda code: (code != "en", code)
    )


def _texts(languages: Iterable[str]) -> list[tuple[str, str, Callable[[Entry], Localised]]]:
    """What differs from language to language, with its label."""
    titles = {"en": _("Title in English"), "pl": _("Title in Polish")}
    descriptions = {"en": _("Description in English"), "pl": _("Description in Polish")}
    found: list[tuple[str, str, Callable[[Entry], Localised]]] = []
    for code in languages:
        label = titles.get(code) or _("Title (%(language)s)", language=name_of(code))
        found.append((label, code, lambda entry: entry.titles))
    for code in languages:
        label = descriptions.get(code) or _("Description (%(language)s)", language=name_of(code))
        found.append((label, code, lambda entry: entry.descriptions))
    return found


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
