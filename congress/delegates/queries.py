"""Reads about delegations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.tokens import digest
from congress.delegates.models import CategoryTerms, Delegation, DelegationEvent, EndedLink
from congress.delegates.rules import ChasedCity, recipients
from congress.delegates.vocabulary import USUAL_CATEGORIES, Category, DelegationEventKind, DelegationState
from congress.networks import queries as networks
from congress.networks.models import City, Contact
from congress.networks.vocabulary import Field

WHOLE = (
    joinedload(Delegation.city).joinedload(City.country),
    joinedload(Delegation.congress).joinedload(Congress.network),
)


def find_by_link(token: str) -> Delegation | None:
    """The delegation that a focal point's link opens."""
    return db.session.scalar(select(Delegation).where(Delegation.link_digest == digest(token)).options(*WHOLE))


def find_congress_of_ended_link(token: str) -> Congress | None:
    """The congress of a link that opened a delegation once; of the delegation itself nothing is told."""
    ended = select(EndedLink.delegation_id).where(EndedLink.digest == digest(token))
    return db.session.scalar(
        select(Congress)
        .join(Delegation, Delegation.congress_id == Congress.id)
        .where(Delegation.id == ended.scalar_subquery())
        .options(joinedload(Congress.network))
    )


def find_by_code(congress: Congress, stored: str) -> Delegation | None:
    """The delegation of this congress that a code leads to; ``stored`` is its services.code_digest."""
    return db.session.scalar(
        select(Delegation).where(Delegation.congress_id == congress.id, Delegation.code_digest == stored).options(*WHOLE)
    )


def find_delegation(congress: Congress, delegation_id: int) -> Delegation | None:
    """A delegation of this congress."""
    return db.session.scalar(
        select(Delegation).where(Delegation.congress_id == congress.id, Delegation.id == delegation_id).options(*WHOLE)
    )


def delegations(congress: Congress, ids: Collection[int] | None = None) -> Sequence[Delegation]:
    """Delegations of this congress, of these ids or all, with city and country."""
    chosen = select(Delegation).where(Delegation.congress_id == congress.id)
    if ids is not None:
        chosen = chosen.where(Delegation.id.in_(ids))
    return db.session.scalars(chosen.options(*WHOLE).order_by(Delegation.id)).all()


def get_delegation(delegation_id: int) -> Delegation:
    """A delegation with city and congress. Raises sqlalchemy.exc.NoResultFound."""
    return db.session.scalars(select(Delegation).where(Delegation.id == delegation_id).options(*WHOLE)).one()


def categories(congress: Congress) -> list[Category]:
    """The roles that this congress has: those of its kind, and those that its organisers offer besides."""
    usual, known = USUAL_CATEGORIES.get(congress.kind, tuple(Category)), terms(congress)
    return [each for each in Category if each in usual or each not in known or known[each].is_offered]


def terms(congress: Congress) -> dict[Category, CategoryTerms]:
    """What holds for the categories that have terms of their own."""
    found = db.session.scalars(select(CategoryTerms).where(CategoryTerms.congress_id == congress.id))
    return {each.category: each for each in found}


def chase_list(congress: Congress, people: Mapping[int, int], lacking: Mapping[int, int]) -> list[ChasedCity]:
    """Every member city on the congress's first day once, and others that have a delegation, in no order.

    ``people`` tells how many hold a place, ``lacking`` how many still have to tell something, by the id of the delegation: registrations are not known here.
    """
    fields: dict[int, dict[Field, None]] = defaultdict(dict)
    cities: dict[int, City] = {}
    levels: dict[int, str] = {}
    for membership in networks.members(congress.network, congress.starts_on):
        cities[membership.city_id] = membership.city
        levels[membership.city_id] = membership.level.value
        field = membership.field_on(congress.starts_on)
        if field is not None:
            fields[membership.city_id][field] = None
    known = {each.city_id: each for each in delegations(congress)}
    cities.update({each.city_id: each.city for each in known.values()})
    contacts, reminded = networks.contacts(congress.network), _reminded_at(congress)
    return [
        _chased(congress, city, known.get(city_id), contacts.get(city_id, ()), people, lacking, reminded, tuple(fields[city_id]), levels.get(city_id, ""))
        for city_id, city in cities.items()
    ]  # fmt: skip


def _chased(
    congress: Congress,
    city: City,
    delegation: Delegation | None,
    contacts: Sequence[Contact],
    people: Mapping[int, int],
    lacking: Mapping[int, int],
    reminded: Mapping[int, datetime],
    fields: tuple[Field, ...],
    level: str,
) -> ChasedCity:
    return ChasedCity(
        city_id=city.id,
        slug=city.slug,
        names=city.names,
        country_code=city.country_code,
        country_names=city.country.names,
        region=city.country.region.value if city.country.region else "",
        fields=tuple(field.value for field in fields),
        delegation_id=delegation.id if delegation else None,
        state=delegation.state if delegation else DelegationState.NOT_INVITED,
        people=people.get(delegation.id, 0) if delegation else 0,
        most=delegation.most if delegation else congress.max_delegates,
        lacking=lacking.get(delegation.id, 0) if delegation else 0,
        active_at=delegation.active_at if delegation else None,
        reminded_at=reminded.get(delegation.id) if delegation else None,
        contacts=tuple(recipients(delegation.holder if delegation else None, contacts)),
        is_member=bool(level),
        level=level,
    )


def _reminded_at(congress: Congress) -> dict[int, datetime]:
    """When each delegation was reminded last."""
    rows = db.session.execute(
        select(DelegationEvent.delegation_id, func.max(DelegationEvent.at))
        .join(Delegation, Delegation.id == DelegationEvent.delegation_id)
        .where(Delegation.congress_id == congress.id, DelegationEvent.kind == DelegationEventKind.REMINDED)
        .group_by(DelegationEvent.delegation_id)
    )
    return {delegation_id: at for delegation_id, at in rows if at is not None}


def member_cities(congress: Congress, city_ids: Collection[int]) -> list[City]:
    """Those of these cities that send a delegation to the congress, each once."""
    wanted = set(city_ids)
    members = networks.members(congress.network, congress.starts_on)
    return list({each.city_id: each.city for each in members if each.city_id in wanted}.values())


def find_member_city(congress: Congress, city_id: int) -> City | None:
    """The city, if it sends a delegation to the congress."""
    return next(iter(member_cities(congress, [city_id])), None)


def find_delegating_city(congress: Congress, city: City) -> City | None:
    """The city, if it sends a delegation to the congress or has one there."""
    if networks.find_membership(congress.network, city, congress.starts_on) is not None:
        return city
    known = select(Delegation.id).where(Delegation.congress_id == congress.id, Delegation.city_id == city.id)
    return city if db.session.scalar(known) is not None else None
