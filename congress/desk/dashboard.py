"""``/desk/<congress>/dashboard/``: how the congress fills, in pictures with a table beside each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from congress.congresses.models import Congress
from congress.core.clock import now
from congress.events import queries as events
from congress.events.rules import Seats
from congress.networks.vocabulary import Field, Region
from congress.programme.models import ProgrammeItem
from congress.registration.organising import figures, lists
from congress.registration.organising.figures import Presence
from congress.registration.states import IS_CONFIRMED, LIVE, TAKES_PART, State
from congress.registration.vocabulary import MISSING_LABELS
from congress.web import charts, maps

bp = Blueprint("dashboard", __name__, url_prefix="/<congress>/dashboard")


@dataclass(frozen=True)
class Group:
    """Member cities of one field or region: how many there are, and how many are present."""

    value: str
    cities: int
    present: int

    @property
    def share(self) -> float:
        return charts.share(self.present, self.cities)


@dataclass(frozen=True)
class Row:
    """People of one category: how many are registered, how many of these confirmed, how many wait."""

    value: str
    registered: int
    confirmed: int
    waiting: int


@bp.get("/")
def show() -> ResponseReturnValue:
    congress = g.congress
    present, by_category = figures.presences(congress), figures.states_by_category(congress)
    by_day = figures.registrations_by_day(congress)
    rows = [_row(category.value, counted) for category, counted in by_category.items()]
    return render_template(
        "desk/dashboard/show.html",
        stages=figures.stages(present, by_category),
        by_day=by_day,
        days=charts.days(by_day),
        categories=sorted(rows, key=lambda row: -row.registered),
        fields=_groups(present, [field.value for field in Field], lambda each: _field(congress, each)),
        regions=_groups(present, [region.value for region in Region], lambda each: each.city.country.region or ""),
        absent=[each.city for each in present if not each.registered],
        places=_dots(congress, present),
        fillings=figures.fillings(congress),
        events=_events(congress),
        lacking=lists.counts_lacking(congress),
        live=sum(counted[state] for counted in by_category.values() for state in LIVE),
        missing_labels=MISSING_LABELS,
        share=charts.share,
        as_of=now(),
    )


def _row(category: str, counted: Counter[State]) -> Row:
    def total(states: Iterable[State]) -> int:
        return sum(counted[state] for state in states)

    return Row(category, total(TAKES_PART), total(IS_CONFIRMED), counted[State.WAITING])


def _field(congress: Congress, presence: Presence) -> str:
    return presence.membership.field_on(congress.starts_on) or ""


def _groups(present: Sequence[Presence], values: Sequence[str], of: Callable[[Presence], str]) -> list[Group]:
    """The groups that have cities, in the order of their values."""
    cities = Counter(of(each) for each in present)
    registered = Counter(of(each) for each in present if each.registered)
    return [Group(value, cities[value], registered[value]) for value in values if cities[value]]


def _events(congress: Congress) -> list[tuple[ProgrammeItem, Seats]]:
    """Events with limited seats for the public, the fullest first."""
    found = [(item, seats) for item, seats in events.items_for_the_public(congress).items() if seats.most is not None]
    return sorted(found, key=lambda each: (-charts.share(each[1].held, each[1].most or 1), each[0].code))


def _dots(congress: Congress, present: Sequence[Presence]) -> list[dict[str, object]]:
    """Cities on the map, those that are missing marked as such."""
    absent = {each.city.slug for each in present if not each.registered}
    dots = maps.places([(each.city, _field(congress, each)) for each in present], congress.hosts)
    return [{**dot, "is_absent": str(dot["url"]).rstrip("/").rpartition("/")[2] in absent} for dot in dots]
