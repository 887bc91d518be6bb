"""A day of the timetable as the page shows it: its columns and its cards, for the table and for the calendar alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from congress.congresses.models import Congress
from congress.programme import queries
from congress.programme.models import Placement, Room, Venue
from congress.programme.planning.places import NOWHERE, column_of
from congress.programme.vocabulary import Audience, Timing
from congress.web.filters import by_name, clock, day_of_week, label, text

OPEN_END = timedelta(minutes=30)  # how long something is drawn of which the end is not known
_LOCAL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Column:
    """A room, a venue without one, a city without one, or nowhere."""

    key: str
    name: str
    house: str = ""
    city: str = ""
    venue_id: int | None = None


@dataclass(frozen=True)
class Card:
    """A placement on a day."""

    id: int
    uid: str
    version: int
    code: str
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    starts_on: date | None
    ends_on: date | None
    column: str
    other: str
    place: str
    kind: str
    kind_name: str
    field: str
    field_name: str
    is_public: bool
    is_cancelled: bool

    @property
    def when(self) -> str:
        """“09:00–10:30”, “09:00”, or that the time is open."""
        if self.starts_at is None:
            return str(_("whole day or time to be confirmed"))
        start = self.starts_at.strftime("%H:%M")
        return f"{start}–{self.ends_at:%H:%M}" if self.ends_at else start

    @property
    def first_day(self) -> date | None:
        """The day on which it begins, if that is known."""
        return self.starts_at.date() if self.starts_at else self.starts_on

    @property
    def access(self) -> str:
        """Whether it is for the public, in a word."""
        return str(_("open to the public") if self.is_public else _("closed to the public"))


def columns(congress: Congress, city: str = "", venue_id: int | None = None) -> list[Column]:
    """The columns of a day, by city and house; ``city`` is the slug, and ``venue_id`` the house, of the only ones that are wanted."""
    found: list[Column] = []
    venues, rooms = queries.venues(congress), queries.rooms(congress)
    for host in congress.hosts:
        if city and host.slug != city:
            continue
        name = text(host.names)
        for venue in _named(each for each in venues if each.city_id == host.id):
            house = text(venue.names)
            found.extend(Column(f"room-{room.id}", text(room.names), house, name, venue.id) for room in _in(rooms, venue))
            found.append(Column(f"venue-{venue.id}", _("no room yet"), house, name, venue.id))
        found.append(Column(f"city-{host.id}", _("no venue yet"), "", name))
    if venue_id is not None:
        return [each for each in found if each.venue_id == venue_id]
    return found if city else [*found, Column(NOWHERE, _("place to be confirmed"))]


def houses(congress: Congress, city: str) -> list[tuple[int, str]]:
    """The venues of a host, by name."""
    found = [each for each in queries.venues(congress) if each.city.slug == city]
    return [(venue.id, text(venue.names)) for venue in _named(found)]


def _named(venues: Iterable[Venue]) -> list[Venue]:
    return by_name(venues)


def _in(rooms: Sequence[Room], venue: Venue) -> list[Room]:
    return by_name(room for room in rooms if room.venue_id == venue.id)


def place_choices(congress: Congress) -> list[tuple[str, str]]:
    """Every place of the hosts for a list in a form: cities, their venues and their rooms."""
    choices = [(NOWHERE, _("to be confirmed"))]
    venues, rooms = queries.venues(congress), queries.rooms(congress)
    for host in congress.hosts:
        name = text(host.names)
        choices.append((f"city-{host.id}", name))
        for venue in _named(each for each in venues if each.city_id == host.id):
            choices.append((f"venue-{venue.id}", f"{name}, {text(venue.names)}"))
            choices.extend((f"room-{room.id}", f"{name}, {text(venue.names)}, {text(room.names)}") for room in _in(rooms, venue))
    return choices


def card(placement: Placement, congress: Congress) -> Card:
    """What the page says of a placement, whose item and places are loaded."""
    item, zone = placement.item, congress.zone
    cities = " – ".join(text(each.names) for each in (placement.city, placement.other_city) if each)
    names = [text(each.names) for each in (placement.room, placement.venue) if each]
    return Card(
        id=placement.id,
        uid=placement.uid,
        version=placement.version,
        code=placement.code,
        title=text(item.titles),
        starts_at=placement.starts_at.astimezone(zone) if placement.starts_at else None,
        ends_at=placement.ends_at.astimezone(zone) if placement.ends_at else None,
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
        column=column_of(placement),
        other=f"city-{placement.other_city_id}" if placement.other_city_id else "",
        place=", ".join([*names, cities] if cities else names),
        kind=item.kind.value,
        kind_name=label(item.kind, "kind"),
        field=item.field.value if item.field else "",
        field_name=label(item.field, "field"),
        is_public=item.audience is Audience.EVERYONE,
        is_cancelled=placement.is_cancelled,
    )


def lanes(cards: Iterable[Card]) -> dict[int, int]:
    """The lane of each card in its column, from 0: what happens at once stands side by side, wide enough to be read.

    Where no room is known that is no clash; in a room it is one, which its marks say.
    """
    free: dict[str, list[datetime]] = {}
    found: dict[int, int] = {}
    for each in sorted((each for each in cards if each.starts_at), key=lambda each: (each.starts_at, each.code)):
        if each.starts_at is None:
            continue
        ends = free.setdefault(each.column, [])
        lane = next((lane for lane, end in enumerate(ends) if end <= each.starts_at), len(ends))
        ends[lane : lane + 1] = [each.ends_at or each.starts_at + OPEN_END]
        found[each.id] = lane
    return found


def lane_key(column: str, lane: int) -> str:
    """The name of a lane of a column; the first one has the column's own."""
    return f"{column or 'nowhere'}~{lane + 1}" if lane else column or "nowhere"


def as_event(each: Card, dates: Sequence[date], lane: int = 0) -> dict[str, Any]:
    """A card as the calendar of these days takes it. Times are without a zone: the calendar shows them as they are."""
    first = max(dates[0], each.starts_on or dates[0])
    last = min(dates[-1], each.ends_on or first)
    start = each.starts_at.strftime(_LOCAL) if each.starts_at else first.isoformat()
    end = each.ends_at or (each.starts_at + OPEN_END if each.starts_at else None)
    shown = [lane_key(each.column, lane), *([each.other] if each.other else [])]
    return {
        "id": str(each.id),
        "title": each.title,
        "start": start,
        "end": end.strftime(_LOCAL) if end else (last + timedelta(days=1)).isoformat(),
        "allDay": each.starts_at is None,
        "resourceIds": shown,
        "editable": each.starts_at is not None and not each.is_cancelled,
        "classNames": [
            f"kind-{each.kind}", f"field-{each.field or 'none'}", "is-public" if each.is_public else "is-closed",
            *(["is-cancelled"] if each.is_cancelled else []),
        ],
        "extendedProps": {
            **as_item(each), "end_is_open": each.starts_at is not None and each.ends_at is None, "other": each.other,
        },
    }  # fmt: skip


def as_item(each: Card) -> dict[str, Any]:
    """A card as the list of what has no time takes it."""
    return {
        "id": each.id,
        "uid": each.uid,
        "version": each.version,
        "code": each.code,
        "title": each.title,
        "column": each.column,
        "place": each.place,
        "kind": each.kind_name,
        "field": each.field_name,
        "access": each.access,
        "cancelled": _("cancelled") if each.is_cancelled else "",
    }


def as_resource(column: Column, lane: int = 0) -> dict[str, Any]:
    """A column, or a lane of it, as the calendar takes it."""
    name = ", ".join(filter(None, (column.name, column.house, column.city)))
    return {
        "id": lane_key(column.key, lane),
        "title": name,
        "extendedProps": {"name": column.name, "house": column.house, "city": column.city},
    }  # fmt: skip


def in_words(placement: Placement, congress: Congress) -> str:
    """Where and when something stands, in a few words for a reader who does not see it."""
    each = card(placement, congress)
    if placement.timing is Timing.TIMED and placement.starts_at:
        day = day_of_week(placement.starts_at.astimezone(congress.zone).date())
        time = f"{day}, {clock(placement.starts_at, congress.zone)}"
        time += f"–{clock(placement.ends_at, congress.zone)}" if placement.ends_at else ""
    else:
        time = day_of_week(placement.starts_on) if placement.starts_on else _("time to be confirmed")
    return f"{time}; {each.place or _('place to be confirmed')}"


def copied(number: int) -> str:
    """Into how many rooms something was copied."""
    return str(ngettext("It is now in %(num)d more room.", "It is now in %(num)d more rooms.", number))
