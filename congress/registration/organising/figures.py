"""The numbers of a congress: expected, invited, registered, confirmed. Each question is one statement, whatever the number of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate, Delegation
from congress.delegates.vocabulary import Category
from congress.networks import queries as networks
from congress.networks.models import City, Membership
from congress.programme.models import ProgrammeItem
from congress.registration.models import Booking, Registration
from congress.registration.states import IS_CONFIRMED, TAKES_PART, State
from congress.registration.vocabulary import HOLDS_PLACE, BookingState


@dataclass(frozen=True)
class Stage:
    """How many are expected, invited, registered, confirmed or checked in; ``people`` is None where cities are the unit."""

    name: str
    cities: int
    countries: int
    people: int | None = None


@dataclass(frozen=True)
class Presence:
    """A member city, with how many of its people are registered, and how many of these confirmed."""

    membership: Membership
    is_invited: bool
    registered: int
    confirmed: int

    @property
    def city(self) -> City:
        return self.membership.city


@dataclass(frozen=True)
class Filling:
    """An item with limited places: how many are given or offered, and how many people wait."""

    item: ProgrammeItem
    taken: int
    waiting: int


def states_by_category(congress: Congress) -> dict[Category, Counter[State]]:
    """How many registrations of each category are in each state."""
    rows = db.session.execute(
        select(Delegate.category, Registration.state, func.count())
        .select_from(Registration)
        .join(Delegate, Delegate.id == Registration.delegate_id)
        .where(Registration.congress_id == congress.id)
        .group_by(Delegate.category, Registration.state)
    )
    found: dict[Category, Counter[State]] = {}
    for category, state, number in rows:
        found.setdefault(category, Counter())[state] = number
    return found


def presences(congress: Congress) -> list[Presence]:
    """Every member city on the first day of the congress, once."""
    rows = db.session.execute(
        select(
            Delegation.city_id,
            Delegation.invited_at,
            func.count(case((Registration.state.in_(TAKES_PART), 1))),
            func.count(case((Registration.state.in_(IS_CONFIRMED), 1))),
        )
        .select_from(Delegation)
        .outerjoin(Delegate, Delegate.delegation_id == Delegation.id)
        .outerjoin(Registration, Registration.delegate_id == Delegate.id)
        .where(Delegation.congress_id == congress.id)
        .group_by(Delegation.city_id, Delegation.invited_at)
    )
    found = {city_id: (invited_at is not None, registered, confirmed) for city_id, invited_at, registered, confirmed in rows}
    once = {each.city_id: each for each in networks.members(congress.network, congress.starts_on)}
    return [Presence(each, *found.get(each.city_id, (False, 0, 0))) for each in once.values()]


def stages(present: Sequence[Presence], by_category: dict[Category, Counter[State]]) -> list[Stage]:
    """The four numbers that the press quotes, and what is checked in; cities and countries are those of member cities."""

    def of(name: str, chosen: Sequence[Presence], people: int | None = None) -> Stage:
        return Stage(name, len(chosen), len({each.city.country_code for each in chosen}), people)

    def people(states: Sequence[State]) -> int:
        return sum(counted[state] for counted in by_category.values() for state in states)

    return [
        of("expected", present),
        of("invited", [each for each in present if each.is_invited]),
        of("registered", [each for each in present if each.registered], people(TAKES_PART)),
        of("confirmed", [each for each in present if each.confirmed], people(IS_CONFIRMED)),
    ]


def registrations_by_day(congress: Congress) -> list[tuple[date, int]]:
    """How many registrations were sent on each day of the congress's zone, from the first day to the last one, days without any too.

    What has ended since counts too: it tells when work came in, not how many come.
    """
    column, sqlite = Registration.submitted_at, db.engine.name == "sqlite"
    hour = func.strftime("%Y-%m-%d %H", column) if sqlite else func.to_char(column, "YYYY-MM-DD HH24")
    rows = db.session.execute(
        select(hour, func.count()).where(Registration.congress_id == congress.id, column.is_not(None)).group_by(hour)
    )
    days: Counter[date] = Counter()
    for text, number in rows:
        days[datetime.fromisoformat(f"{text}:00+00:00").astimezone(congress.zone).date()] += number
    if not days:
        return []
    first, last = min(days), max(days)
    return [(day := first + timedelta(days=number), days[day]) for number in range((last - first).days + 1)]


def fillings(congress: Congress) -> list[Filling]:
    """Items with limited places, the fullest first."""
    taken = func.count(case((Booking.state.in_(HOLDS_PLACE), 1)))
    waiting = func.count(case((Booking.state == BookingState.WAITING, 1)))
    counted = select(Booking.item_id, taken.label("taken"), waiting.label("waiting")).group_by(Booking.item_id).subquery()
    rows = db.session.execute(
        select(ProgrammeItem, counted.c.taken, counted.c.waiting)
        .outerjoin(counted, counted.c.item_id == ProgrammeItem.id)
        .where(ProgrammeItem.congress_id == congress.id, ProgrammeItem.places.is_not(None))
    )
    found = [Filling(item, taken or 0, waiting or 0) for item, taken, waiting in rows]
    return sorted(found, key=lambda each: (-each.taken / (each.item.places or 1), each.item.code))
