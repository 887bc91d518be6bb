"""Reads about networks and cities."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from congress.core.db import db
from congress.core.text import fold, slugify
from congress.networks.models import City, Contact, Designation, Membership, Network, Office
from congress.networks.vocabulary import CONTACT_ORDER, MEMBER_LEVELS, ContactKind, Field, Level


def networks() -> Sequence[Network]:
    """All networks by name."""
    return db.session.scalars(select(Network).order_by(Network.id)).all()


def find_network(slug: str) -> Network | None:
    return db.session.scalar(select(Network).where(Network.slug == slug))


def find_city(slug: str) -> City | None:
    return db.session.scalar(select(City).where(City.slug == slug).options(joinedload(City.country)))


def find_city_in(country: str, slug: str) -> City | None:
    """The city of this country whose English name makes this slug; towns of one name in two countries have different addresses."""
    found = db.session.scalars(select(City).where(City.country_code == country).options(joinedload(City.country)))
    return next((each for each in found if slugify(each.names.text("en")) == slug), None)


def find_membership_by_id(network: Network, city: City, membership_id: int) -> Membership | None:
    """A membership of this city in this network, past or present, by its id."""
    return next((each for each in memberships_of(city) if (each.id, each.network_id) == (membership_id, network.id)), None)


def every_membership(network: Network) -> Sequence[Membership]:
    """All memberships, past ones too, with city, country and designations loaded; of each city the latest last."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.network_id == network.id)
        .options(joinedload(Membership.city).joinedload(City.country), selectinload(Membership.designations))
        .order_by(Membership.city_id, Membership.since)
    ).all()


def find_city_named(network: Network, typed: str) -> City | None:
    """A city by its slug or a name in any language; of two with one name the one that is or was in the network."""
    if (city := find_city(slugify(typed)[:80])) is not None:
        return city
    wanted, own = fold(typed), {each.id for each in cities(network)}
    named = [
        each
        for each in db.session.scalars(select(City).order_by(City.id))
        if wanted in {fold(name) for name in each.names.values()}
    ]
    return next((each for each in named if each.id in own), named[0] if len(named) == 1 else None)


def _on(day: date | InstrumentedAttribute[date]) -> ColumnElement[bool]:
    return or_(Membership.since.is_(None), Membership.since <= day) & or_(Membership.until.is_(None), Membership.until > day)


def sends_delegation_on(day: date | InstrumentedAttribute[date]) -> ColumnElement[bool]:
    """Whether a Membership is one that sends a delegation on that day."""
    return Membership.level.in_(MEMBER_LEVELS) & _on(day)


def memberships(network: Network, day: date, levels: Sequence[Level] = tuple(Level)) -> Sequence[Membership]:
    """Memberships of the network on that day, with city, country and designations loaded."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.network_id == network.id, Membership.level.in_(levels), _on(day))
        .options(joinedload(Membership.city).joinedload(City.country), selectinload(Membership.designations))
        .order_by(Membership.city_id)
    ).all()


def members(network: Network, day: date) -> Sequence[Membership]:
    """Those memberships that send a delegation."""
    return memberships(network, day, MEMBER_LEVELS)


def fields_of_members(network: Network, day: date, cities: Collection[int]) -> dict[int, frozenset[str]]:
    """The fields on that day of those members that are among these cities, by the id of the city."""
    if not cities:
        return {}
    held = (Designation.since <= day) & or_(Designation.until.is_(None), Designation.until > day)
    rows = db.session.execute(
        select(Membership.city_id, Designation.field)
        .outerjoin(Designation, (Designation.membership_id == Membership.id) & held)
        .where(Membership.network_id == network.id, sends_delegation_on(day), Membership.city_id.in_(cities))
    )
    found: dict[int, frozenset[str]] = {}
    for city, field in rows:
        found[city] = found.get(city, frozenset()) | ({field.value} if field is not None else frozenset())
    return found


def fields(network: Network) -> list[Field]:
    """The creative fields that this network has: those in which a member of it was ever designated, in their order."""
    rows = select(Designation.field).join(Membership).where(Membership.network_id == network.id).distinct()
    found = set(db.session.scalars(rows))
    return [each for each in Field if each in found]


def find_membership(network: Network, city: City, day: date) -> Membership | None:
    """The city's membership in this network on that day, if it is one that sends a delegation."""
    return db.session.scalar(
        select(Membership)
        .where(Membership.network_id == network.id, Membership.city_id == city.id, sends_delegation_on(day))
        .options(selectinload(Membership.designations), joinedload(Membership.city).joinedload(City.country))
    )


def find_member(network: Network, typed: str, day: date) -> Membership | None:
    """The member that a person means by a slug or a name in any language, with or without diacritics or country."""
    city = find_city(slugify(typed)[:80])
    found = find_membership(network, city, day) if city else None
    if found is not None:
        return found
    wanted = fold(typed.partition(",")[0])
    named = (each for each in members(network, day) if wanted in {fold(name) for name in each.city.names.values()})
    return next(named, None)


def memberships_of(city: City) -> Sequence[Membership]:
    """All memberships of a city, past ones too, with network and designations."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.city_id == city.id)
        .options(joinedload(Membership.network), selectinload(Membership.designations))
        .order_by(Membership.since)
    ).all()


def offices_of(city: City) -> Sequence[Office]:
    """Offices that the city holds or held, with their networks."""
    return db.session.scalars(
        select(Office).where(Office.city_id == city.id).options(joinedload(Office.network)).order_by(Office.since)
    ).all()


def offices(network: Network, day: date) -> Sequence[Office]:
    """Offices of the network on that day, with their cities."""
    return db.session.scalars(
        select(Office)
        .where(Office.network_id == network.id, Office.since <= day, or_(Office.until.is_(None), Office.until > day))
        .options(joinedload(Office.city))
        .order_by(Office.kind, Office.field)
    ).all()


# In the order in which a city is written to: whoever has the same address further down gets no second mail.
_CONTACTS_IN_ORDER = case({kind.value: place for place, kind in enumerate(CONTACT_ORDER)}, value=Contact.kind)


def contacts(network: Network, city_ids: Collection[int] | None = None) -> dict[int, list[Contact]]:
    """The standing contacts by the id of their city, of these cities or of all, the one who is written to first coming first."""
    chosen = select(Contact).where(Contact.network_id == network.id)
    if city_ids is not None:
        chosen = chosen.where(Contact.city_id.in_(city_ids))
    found: dict[int, list[Contact]] = {}
    for contact in db.session.scalars(chosen.order_by(Contact.city_id, _CONTACTS_IN_ORDER)):
        found.setdefault(contact.city_id, []).append(contact)
    return found


def contacts_shown(city: City) -> Sequence[Contact]:
    """Those standing contacts of a city that agreed to stand on its public page, with their networks."""
    agreed = (Contact.city_id == city.id) & Contact.may_be_shown
    return db.session.scalars(
        select(Contact).where(agreed).options(joinedload(Contact.network)).order_by(Contact.network_id, _CONTACTS_IN_ORDER)
    ).all()


def find_contact(network: Network, city: City, kind: ContactKind) -> Contact | None:
    return db.session.scalar(
        select(Contact).where(Contact.network_id == network.id, Contact.city_id == city.id, Contact.kind == kind)
    )


def cities(network: Network) -> Sequence[City]:
    """Every city that is or was in the network."""
    belongs = select(Membership.city_id).where(Membership.network_id == network.id)
    return db.session.scalars(select(City).where(City.id.in_(belongs)).order_by(City.id)).all()
