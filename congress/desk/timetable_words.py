"""The history of the draft in words, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from congress.congresses.models import Congress
from congress.core.localised import Localised
from congress.networks.vocabulary import FIELD_LABELS
from congress.programme import equipment, queries
from congress.programme.forms import TIMING_LABELS
from congress.programme.models import ProgrammeItem
from congress.programme.planning import history
from congress.programme.planning import queries as queries_of_planning
from congress.programme.planning.models import DraftChange
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS, TICKETING_LABELS, Action
from congress.web.filters import clock, day, day_of_week, moment, text

ACTION_LABELS = {
    Action.CREATED: lazy_gettext("Added"),
    Action.EDITED: lazy_gettext("Edited"),
    Action.PLACED: lazy_gettext("Moved"),
    Action.CANCELLED: lazy_gettext("Cancelled"),
    Action.RESTORED: lazy_gettext("Restored"),
    Action.DELETED: lazy_gettext("Deleted"),
    Action.IMPORTED: lazy_gettext("Imported"),
    Action.APPROVED: lazy_gettext("Approved"),
}

_NAMES = {
    "timing": lazy_gettext("Time"),
    "starts_at": lazy_gettext("Start"),
    "ends_at": lazy_gettext("End"),
    "starts_on": lazy_gettext("First day"),
    "ends_on": lazy_gettext("Last day"),
    "city_id": lazy_gettext("City"),
    "other_city_id": lazy_gettext("Goes to"),
    "venue_id": lazy_gettext("Venue"),
    "room_id": lazy_gettext("Room"),
    "is_cancelled": lazy_gettext("Cancelled"),
    "code": lazy_gettext("Code"),
    "kind": lazy_gettext("Kind"),
    "field": lazy_gettext("Creative field"),
    "titles": lazy_gettext("Title"),
    "descriptions": lazy_gettext("Description"),
    "audience": lazy_gettext("For whom"),
    "is_listed": lazy_gettext("Listed in the programme"),
    "is_plausible": lazy_gettext("Not from a source"),
    "languages": lazy_gettext("Languages"),
    "interpretation": lazy_gettext("Interpretation"),
    "places": lazy_gettext("Places"),
    "public_places": lazy_gettext("Places for the public"),
    "stream_url": lazy_gettext("Live stream"),
    "join_url": lazy_gettext("Online room"),
    "expected": lazy_gettext("Expected people"),
    "needs": lazy_gettext("Equipment needed"),
    "needs_step_free": lazy_gettext("Needs a step-free room"),
    "setup_minutes": lazy_gettext("Minutes to set up"),
    "clearing_minutes": lazy_gettext("Minutes to clear"),
    "contributors": lazy_gettext("People"),
    "presentations": lazy_gettext("City presentations"),
    "organiser": lazy_gettext("Organiser"),
    "website": lazy_gettext("Website"),
    "ticketing": lazy_gettext("Admission"),
}
_WORDS: dict[str, Mapping[Any, Any]] = {
    "timing": TIMING_LABELS, "kind": KIND_LABELS, "field": FIELD_LABELS, "audience": AUDIENCE_LABELS, "ticketing": TICKETING_LABELS,
}  # fmt: skip
_MOST = 160  # characters of a long text
_MOST_DIFFERENCES = 4  # in one line
# What took back a cancelling restored the entry: to do it again is to cancel it.
_OPPOSITE = {Action.CANCELLED: Action.RESTORED, Action.RESTORED: Action.CANCELLED}


@dataclass(frozen=True)
class Difference:
    """One thing that a change made different."""

    column: str
    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.name}: {self.before} → {self.after}"


class Words:
    """Writes the changes of a congress; the names of its places are read once."""

    def __init__(self, congress: Congress) -> None:
        self.congress = congress
        rooms, venues = queries.rooms(congress), queries.venues(congress)
        self._places = {
            "room_id": {room.id: text(room.names) for room in rooms},
            "venue_id": {venue.id: text(venue.names) for venue in venues},
            "city_id": {city.id: text(city.names) for city in congress.hosts},
        }
        self._places["other_city_id"] = self._places["city_id"]

    def action(self, change: DraftChange) -> str:
        """What was done."""
        if change.undoes_id is not None:
            return str(_("Took a step back"))
        return str(ACTION_LABELS[change.action])

    def differences(self, change: DraftChange) -> list[Difference]:
        """What is different, in the order of the form; what is nothing before and after is left out."""
        found = []
        for column in sorted({*change.before, *change.after}, key=_order):
            before, after = (self._value(column, values.get(column)) for values in (change.before, change.after))
            if before != after:
                found.append(Difference(column, str(_NAMES.get(column, column)), before, after))
        return found

    def sentences(self, changes: Sequence[DraftChange]) -> list[str]:
        """Who did what to which item, each in one line."""
        titles = queries_of_planning.titles_of(changes)
        return [f"{each.made_by}: {self._title(each, titles)}. {self._what(each)}" for each in changes]

    def steps(self, last: DraftChange | None, again: DraftChange | None) -> list[str]:
        """What one would take back, and what would be done again, each in a few words; nothing for None."""
        titles = queries_of_planning.titles_of(each for each in (last, again) if each)
        steps = [(last, last.action if last else None), (again, _OPPOSITE.get(again.action, again.action) if again else None)]
        return [f"{ACTION_LABELS[action]}: {self._title(each, titles)}" if each and action else "" for each, action in steps]

    def _title(self, change: DraftChange, titles: Mapping[int, Localised]) -> str:
        """What is gone is called as it was called when it went."""
        found = titles.get(change.item_id or 0) or Localised(change.before.get("titles") or {})
        return _short(text(found)) or change.placement_code or change.item_code

    def _what(self, change: DraftChange) -> str:
        is_said = change.undoes_id is None  # “Cancelled” needs no “Cancelled: no → yes”
        differences = [each for each in self.differences(change) if not (is_said and each.column == "is_cancelled")]
        return ". ".join(filter(None, (self.action(change), "; ".join(map(str, differences[:_MOST_DIFFERENCES])))))

    def _value(self, column: str, value: Any) -> str:
        if value is None or value in ("", [], {}):
            return "–"
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if column in _WORDS:
            return str(_WORDS[column].get(value, value))
        if column in self._places:
            return str(self._places[column].get(value, _("another place")))
        if column in {"starts_at", "ends_at"}:
            return moment(datetime.fromisoformat(value), self.congress.zone)
        if column in {"starts_on", "ends_on"}:
            return day(date.fromisoformat(value))
        if column == "contributors":
            return ", ".join(str(person.get("name", "")) for person in value)
        if column == "presentations":
            return _short(
                ", ".join(
                    _("%(title)s (%(minutes)d min)", title=text(Localised(each["titles"])), minutes=each["minutes"])
                    for each in value
                )
            )
        if isinstance(value, dict):
            return _short(text(Localised(value)))
        if column == "needs":
            return _short(", ".join(equipment.all_said(value)))
        return _short(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def steps(item: ProgrammeItem, congress: Congress) -> list[dict[str, Any]]:
    """The history of an item and of its placements for a page, the newest first."""
    words, zone = Words(congress), congress.zone
    return [
        {
            "at": f"{day_of_week(each.made_at.astimezone(zone).date())}, {clock(each.made_at, zone)}",
            "by": each.made_by,
            "action": words.action(each),
            "of": each.placement_code,
            "differences": words.differences(each),
        }
        for each in history.changes_of_item(item)
    ]


def _order(column: str) -> tuple[int, str]:
    names = list(_NAMES)
    return (names.index(column) if column in names else len(names), column)


def _short(value: str) -> str:
    return value if len(value) <= _MOST else value[:_MOST].rstrip() + "…"
