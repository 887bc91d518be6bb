"""Reads of many registrations at once: filtered, searched, sorted, by the page or in a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import joinedload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.text import fold, sort_key
from congress.delegates.models import Delegate, Delegation
from congress.delegates.vocabulary import Category
from congress.networks import queries as networks
from congress.networks.models import City, Country, Designation, Membership
from congress.networks.vocabulary import Field
from congress.registration.delegations import queries as delegation_queries
from congress.registration.details import Needs, Passport, Stay
from congress.registration.missing import Missing
from congress.registration.models import Booking, Consent, Registration
from congress.registration.organising import resembling as resembling_names
from congress.registration.organising.filters import Filter, Sort
from congress.registration.states import LIVE, State
from congress.registration.vocabulary import ConsentKind, RoomKind

PAGE = 50
_CHUNK = 500  # registrations that a stream holds at once


@dataclass(frozen=True)
class Listed:
    """A registration as lists show it, with the creative field of its city and what is still missing."""

    registration: Registration
    field: Field | None
    lacking: tuple[Missing, ...]
    stay: Stay | None


@dataclass(frozen=True)
class Page:
    """One page of a list: ``number`` of ``last``, counted from 1, of ``total`` registrations."""

    rows: list[Listed]
    number: int
    last: int
    total: int


def ids(congress: Congress, args: Mapping[str, str], *, language: str = "en") -> list[int]:
    """Ids of the registrations that a list with these filters in its address shows, in its order; ``ids=1,2,3`` names them."""
    found = _in_order(congress, Filter.of(args), language)
    if named := args.get("ids", ""):
        wanted = {int(each) for each in named.split(",") if each.isascii() and each.isdigit() and len(each) < 10}
        return [each for each in found if each in wanted]
    return list(found)


def counts_by_state(congress: Congress, chosen: Filter) -> dict[State, int]:
    """How many there are in each state, whatever the state in the filter."""
    counted = (
        select(Registration.state, func.count())
        .where(*_conditions(congress, chosen.but(state=None)))
        .group_by(Registration.state)
    )
    return {state: number for state, number in db.session.execute(counted)}  # noqa: C416  (a dict of rows has no types)


def counts_lacking(congress: Congress) -> dict[Missing, int]:
    """Of how many people each thing is missing, in the order in which it is asked for: as many as a list narrowed to it shows."""
    numbers = [func.count(case((lacks, 1))) for lacks in _LACKS.values()]
    counted = db.session.execute(
        select(*numbers).where(Registration.congress_id == congress.id, Registration.state.in_(LIVE))
    ).one()
    return dict(zip(_LACKS, counted, strict=True))


def page(congress: Congress, chosen: Filter, *, number: int, total: int, language: str = "en") -> Page:
    """The page of that number of a list of ``total``; beyond the last one, the last one."""
    last = max(1, -(-total // PAGE))
    number = min(max(1, number), last)
    wanted = _in_order(congress, chosen, language, (number - 1) * PAGE, PAGE)
    return Page(listed(congress, wanted), number, last, total)


def resembling(congress: Congress, chosen: Filter) -> list[Listed]:
    """Those whose names or cities resemble the words that were searched for, in whatever state; the other filters hold."""
    known = select(Registration.id, Registration.searched).where(*_conditions(congress, chosen.but(q="", state=None)))
    found = resembling_names.resembling(fold(chosen.q), ((key, text) for key, text in db.session.execute(known)))
    return listed(congress, found)


def listed(congress: Congress, wanted: Sequence[int]) -> list[Listed]:
    """Those of these registrations that are of this congress, in the order given."""
    if not wanted:
        return []
    rows = db.session.execute(_WHOLE.where(Registration.congress_id == congress.id, Registration.id.in_(wanted)))
    fields, found, lacking = city_fields(congress), {}, delegation_queries.missing_in(Registration.id.in_(wanted))
    for registration, stay in rows:
        city = registration.delegate.city
        field = fields.get(city.id) if city else None
        found[registration.id] = Listed(registration, field, lacking.get(registration.id, ()), stay)
    return [found[each] for each in wanted if each in found]


def stream(congress: Congress, chosen: Filter, *, language: str = "en") -> Iterator[list[Listed]]:
    """All that match, some hundred at a time, so that a list of any length needs the same memory."""
    wanted = ids(congress, chosen.args(), language=language)
    for start in range(0, len(wanted), _CHUNK):
        yield listed(congress, wanted[start : start + _CHUNK])
        db.session.expunge_all()  # the identity map would hold all of them


def city_fields(congress: Congress) -> dict[int, Field]:
    """The creative field of each member city on the congress's first day, by the city's id."""
    return {city_id: field for city_id, field in db.session.execute(_fields_of(congress))}  # noqa: C416


def countries(congress: Congress) -> Sequence[Country]:
    """Countries with a delegation at the congress."""
    return db.session.scalars(
        select(Country).where(
            Country.code.in_(select(City.country_code).join(Delegation).where(Delegation.congress_id == congress.id))
        )
    ).all()


def _fields_of(congress: Congress) -> Select[int, Field]:
    first = congress.starts_on
    return (
        select(Membership.city_id, Designation.field)
        .join(Designation, Designation.membership_id == Membership.id)
        .where(
            Membership.network_id == congress.network_id,
            networks.sends_delegation_on(first),
            Designation.since <= first,
            or_(Designation.until.is_(None), Designation.until > first),
        )
    )


def _has(details: type[Stay | Needs | Passport], *that: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(details.registration_id == Registration.id, *that).correlate(Registration)


def _agreed(kind: ConsentKind) -> ColumnElement[bool]:
    return exists().where(Consent.registration_id == Registration.id, Consent.kind == kind, Consent.withdrawn_at.is_(None))


# As missing.missing, for those that a list may be narrowed to; of a mayor only the letter is asked.
_NO_SESSIONS = (Category.MAYOR, Category.COMPANION, Category.PRESS)
_NO_MAYOR = Registration.delegate_id.not_in(select(Delegate.id).where(Delegate.category == Category.MAYOR))
_LACKS: dict[Missing, ColumnElement[bool]] = {
    Missing.TRAVEL: ~_has(Stay, Stay.arrival_on.is_not(None), Stay.departure_on.is_not(None)) & _NO_MAYOR,
    Missing.NIGHTS: ~_has(Stay, or_(cast(Stay.nights, String) != "{}", Stay.room == RoomKind.NONE)) & _NO_MAYOR,
    Missing.LETTER: _has(Passport, Passport.needs_letter.is_(True), Passport.content.is_(None)),
    Missing.NEEDS: ~_has(Needs) & cast(Registration.steps_done, String).not_like('%"needs"%') & _NO_MAYOR,
    Missing.SESSIONS: ~exists().where(Booking.registration_id == Registration.id).correlate(Registration)
    & cast(Registration.steps_done, String).not_like('%"sessions"%')
    & Registration.delegate_id.not_in(select(Delegate.id).where(Delegate.category.in_(_NO_SESSIONS))),
    Missing.CONSENTS: ~_agreed(ConsentKind.PRIVACY) & _NO_MAYOR,
}
_WHOLE = (
    select(Registration, Stay)
    .outerjoin(Stay, Stay.registration_id == Registration.id)
    .options(
        joinedload(Registration.delegate).joinedload(Delegate.person),
        joinedload(Registration.delegate).joinedload(Delegate.delegation).joinedload(Delegation.city).joinedload(City.country),
    )
)


def _conditions(congress: Congress, chosen: Filter) -> list[ColumnElement[bool]]:
    found = [Registration.congress_id == congress.id]
    found += [Registration.searched.contains(word, autoescape=True) for word in fold(chosen.q).split()]
    if chosen.state:
        found.append(Registration.state == chosen.state)
    if chosen.consent:
        found.append(_agreed(chosen.consent))
    if chosen.lacking:
        found += [_LACKS[chosen.lacking], Registration.state.in_(LIVE)]
    if chosen.since:
        found.append(Registration.submitted_at >= datetime.combine(chosen.since, time(), congress.zone))
    if of_delegate := _of_delegate(congress, chosen):
        found.append(Registration.delegate_id.in_(select(Delegate.id).where(*of_delegate)))
    return found


def _of_delegate(congress: Congress, chosen: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Delegate.category == chosen.category] if chosen.category else []
    cities: list[ColumnElement[bool]] = [City.slug == chosen.city] if chosen.city else []
    if chosen.country:
        cities.append(City.country_code == chosen.country)
    if chosen.region:
        cities.append(City.country_code.in_(select(Country.code).where(Country.region == chosen.region)))
    if chosen.field:
        cities.append(
            City.id.in_(_fields_of(congress).where(Designation.field == chosen.field).with_only_columns(Membership.city_id))
        )
    if cities:
        of = (
            select(Delegation.id)
            .join(City, City.id == Delegation.city_id)
            .where(Delegation.congress_id == congress.id, and_(*cities))
        )
        found.append(Delegate.delegation_id.in_(of))
    return found


_NAME: tuple[Any, ...] = (Registration.sorted_as, Registration.id)


def _in_order(congress: Congress, chosen: Filter, language: str, first: int = 0, most: int | None = None) -> Sequence[int]:
    """Ids of those that match, in the order asked for: at most ``most`` of them from the ``first`` on."""
    that = _conditions(congress, chosen)
    if chosen.sort is Sort.CITY:
        return _by_city(congress, that, language)[first : first + most if most else None]
    found = select(Registration.id).where(*that).order_by(*_order(chosen.sort)).offset(first or None).limit(most)
    return db.session.scalars(found).all()


def _order(sort: Sort) -> tuple[Any, ...]:
    if sort is Sort.SENT:
        return (Registration.submitted_at.desc().nulls_last(), Registration.id.desc())
    return (Registration.state, *_NAME) if sort is Sort.STATE else _NAME


def _by_city(congress: Congress, that: Sequence[ColumnElement[bool]], language: str) -> list[int]:
    """By the names of the cities in this language, which the database cannot sort, and in each by name; who is of no city comes last."""
    of_congress = select(Delegation.city_id).where(Delegation.congress_id == congress.id)
    cities = db.session.execute(select(City.id, City.names).where(City.id.in_(of_congress)))
    in_order = sorted(cities, key=lambda city: sort_key(city.names.text(language), language))
    place = {city.id: number for number, city in enumerate(in_order)}
    found = db.session.execute(
        select(Registration.id, Delegation.city_id)
        .join(Registration.delegate)
        .outerjoin(Delegate.delegation)
        .where(*that)
        .order_by(*_NAME)
    )
    return [each for each, _city in sorted(found, key=lambda row: place.get(row.city_id, len(place)))]
