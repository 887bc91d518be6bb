"""The chase list as the desk asks for it: what its address says, its lines, and its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.text import UnprintableText, clean_line, sort_key
from congress.delegates import queries as delegates
from congress.delegates import rules
from congress.delegates.rules import LACKING, SILENT, ChasedCity, Wanted
from congress.delegates.vocabulary import DELEGATION_STATE_LABELS, DelegationState
from congress.networks.vocabulary import Field, Level, Region
from congress.registration.delegations import city_queries
from congress.web.filters import label, moment, text
from congress.web.language import chosen_language

_MOST_DAYS = 3650


@dataclass(frozen=True)
class ChaseList:
    """What the page shows: the cities that are wanted, and how many there would be in each state."""

    wanted: Wanted
    shown: Sequence[ChasedCity]
    counts: Mapping[str, int]
    all: Sequence[ChasedCity]

    @property
    def fields(self) -> list[str]:
        """The creative fields that any of all cities has."""
        return [each.value for each in Field if any(each in city.fields for city in self.all)]

    @property
    def levels(self) -> list[str]:
        """The levels of membership, where the network has more than one among all cities."""
        found = [each.value for each in Level if any(each == city.level for city in self.all)]
        return found if len(found) > 1 else []

    @property
    def regions(self) -> list[str]:
        """The regions, where the cities lie in more than one."""
        found = [each.value for each in Region if any(each == city.region for city in self.all)]
        return found if len(found) > 1 else []

    @property
    def countries(self) -> list[tuple[str, str]]:
        """The countries of all cities by code and name."""
        names = {city.country_code: text(city.country_names) for city in self.all}
        return sorted(names.items(), key=lambda pair: sort_key(pair[1], chosen_language()))


def wanted(args: Mapping[str, str]) -> Wanted:
    """What an address asks for; what it says wrong asks for nothing."""
    days = args.get("silent_days", "")
    states = {SILENT, LACKING, *DelegationState}
    return Wanted(
        state=_one_of(args.get("state", ""), states),
        field=_one_of(args.get("field", ""), set(Field)),
        level=_one_of(args.get("level", ""), set(Level)),
        region=_one_of(args.get("region", ""), set(Region)),
        country=args.get("country", "")[:2],
        silent_days=min(int(days), _MOST_DAYS) if days.isascii() and days.isdigit() and len(days) < 10 else None,
        typed=_typed(args.get("q", "")),
    )


def _one_of(value: str, known: Iterable[str]) -> str:
    return value if value in known else ""


def _typed(value: str) -> str:
    try:
        return clean_line(value[:100])
    except UnprintableText:
        return ""


def chase_list(congress: Congress, asked: Wanted, *, now: datetime) -> ChaseList:
    """The list in the order of the reader's dictionary."""
    lacking = {number: len(each.lacks) for number, each in city_queries.progresses(congress).items()}
    cities = delegates.chase_list(congress, city_queries.places_taken(congress), lacking)
    cities.sort(key=lambda city: sort_key(text(city.names), chosen_language()))
    days = congress.silent_days
    near = [city for city in cities if rules.is_wanted(city, asked, silent_days=days, now=now, but_state=True)]
    shown = [city for city in near if rules.is_wanted(city, asked, silent_days=days, now=now)]
    return ChaseList(asked, shown, rules.counted(near, silent_days=days, now=now), cities)


def table(congress: Congress, cities: Iterable[ChasedCity], *, now: datetime) -> list[list[str]]:
    """The list as rows of a file, its heading first."""
    heading = [
        _("City"), _("Country"), _("Region"), _("Creative field"), _("State"), _("Days without an answer"), _("People"),
        _("Most people"), _("Last activity"), _("Last reminder"), _("Contacts"),
    ]  # fmt: skip
    return [heading, *(_row(congress, city, now) for city in cities)]


def _row(congress: Congress, city: ChasedCity, now: datetime) -> list[str]:
    quiet = city.silent_for(now)
    return [
        text(city.names),
        text(city.country_names),
        label(city.region, "region"),
        ", ".join(label(field, "field") for field in city.fields),
        str(DELEGATION_STATE_LABELS[city.state]),
        str(quiet.days) if quiet is not None else "",
        str(city.people),
        str(city.most),
        moment(city.active_at, congress.zone) if city.active_at else "",
        moment(city.reminded_at, congress.zone) if city.reminded_at else "",
        ", ".join(each.email for each in city.contacts),
    ]
