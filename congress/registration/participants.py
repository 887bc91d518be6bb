"""The list of participants: names of those who agreed, at the level they agreed to; of the others only their city."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate, Delegation, Person
from congress.delegates.vocabulary import Category
from congress.networks.models import City
from congress.registration.models import Consent, Registration
from congress.registration.states import IS_CONFIRMED
from congress.registration.vocabulary import ConsentKind

# Who is shown to whom: names that everybody may see are seen by delegates, too.
_SEEN_BY_ALL = (ConsentKind.PARTICIPANT_LIST_PUBLIC,)
_SEEN_BY_DELEGATES = (ConsentKind.PARTICIPANT_LIST, ConsentKind.PARTICIPANT_LIST_PUBLIC)


@dataclass(frozen=True)
class Participant:
    """Somebody who may be named."""

    name: str
    family_name: str
    category: Category
    function: str
    organisation: str


@dataclass(frozen=True)
class CityPresent:
    """A city with confirmed people: those who may be named, and how many more there are. ``city`` is None for people of no city."""

    city: City | None
    named: list[Participant]
    others: int


def participants(congress: Congress, *, for_delegates: bool) -> list[CityPresent]:
    """All cities with confirmed people. In two queries."""
    kinds = _SEEN_BY_DELEGATES if for_delegates else _SEEN_BY_ALL
    agreed = exists().where(
        Consent.registration_id == Registration.id, Consent.kind.in_(kinds), Consent.withdrawn_at.is_(None)
    )  # fmt: skip
    rows = db.session.execute(
        select(Delegation.city_id, Person, Delegate, agreed)
        .select_from(Registration)
        .join(Delegate, Delegate.id == Registration.delegate_id)
        .join(Person, Person.id == Delegate.person_id)
        .outerjoin(Delegation, Delegation.id == Delegate.delegation_id)
        .where(Registration.congress_id == congress.id, Registration.state.in_(IS_CONFIRMED))
        .order_by(Registration.id)
    ).all()
    cities = {city.id: city for city in db.session.scalars(select(City).where(City.id.in_({row[0] for row in rows})))}
    named: dict[int | None, list[Participant]] = {}
    others: dict[int | None, int] = {}
    for city_id, person, delegate, may_be_named in rows:
        listed = named.setdefault(city_id, [])
        others.setdefault(city_id, 0)
        if may_be_named:
            listed.append(
                Participant(person.name, person.family_name, delegate.category, delegate.function, delegate.organisation)
            )
        else:
            others[city_id] += 1
    return [CityPresent(cities.get(city_id) if city_id else None, named[city_id], others[city_id]) for city_id in named]
