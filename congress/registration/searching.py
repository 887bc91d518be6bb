"""``Registration.searched``: what one finds a registration by, folded, in one column that the database can look through.

``Registration.sorted_as``: by what lists of names are sorted, the family name first, ł after l.

Both are kept whenever a registration is made, and whenever something of the person or the delegate changes that they are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import get_history

from congress.core.text import fold, sort_text
from congress.delegates.models import Delegate, Delegation, Person
from congress.networks.models import City
from congress.registration.models import SEARCHED, SORTED, Registration

_OF_PERSON = ("given_name", "family_name", "email")
_OF_DELEGATE = ("badge_name", "organisation", "delegation", "delegation_id", "person", "person_id")


def searched_text(family_name: str, given_name: str, email: str, city_names: Iterable[str], *more: str) -> str:
    """The folded words by which a person is found, the family name first."""
    return fold(" ".join(filter(None, (family_name, given_name, email, *dict.fromkeys(city_names), *more))))[:SEARCHED]


def sorted_text(family_name: str, given_name: str) -> str:
    """By what the name is sorted."""
    return sort_text(f"{family_name} {given_name}")[:SORTED]


def text_of(delegate: Delegate) -> str:
    """The words by which the registration of this delegate is found."""
    person, city = delegate.person, delegate.city
    names = city.names.values() if city else ()
    return searched_text(person.family_name, person.given_name, person.email, names, delegate.badge_name, delegate.organisation)


@event.listens_for(Session, "before_flush")
def _keep(session: Session, _context: Any, _instances: Any) -> None:
    for each in [*session.new, *session.dirty]:
        if isinstance(each, Registration) and each in session.new:
            delegate = each.delegate or session.get(Delegate, each.delegate_id)
            if delegate is not None:
                _write(each, delegate)
        elif isinstance(each, Person | Delegate) and each in session.dirty and _has_changed(each):
            for registration in _registrations(session, each):
                _write(registration, registration.delegate)


def _write(registration: Registration, delegate: Delegate) -> None:
    registration.searched = text_of(delegate)
    registration.sorted_as = sorted_text(delegate.person.family_name, delegate.person.given_name)


def _has_changed(each: Person | Delegate) -> bool:
    names = _OF_PERSON if isinstance(each, Person) else _OF_DELEGATE
    return any(get_history(each, name).has_changes() for name in names)


def _registrations(session: Session, each: Person | Delegate) -> Iterator[Registration]:
    of = Delegate.person_id if isinstance(each, Person) else Delegate.id
    found = (
        select(Registration)
        .join(Registration.delegate)
        .where(of == each.id)
        .options(
            joinedload(Registration.delegate).joinedload(Delegate.person),
            joinedload(Registration.delegate).joinedload(Delegate.delegation).joinedload(Delegation.city).load_only(City.names),
        )
    )
    with session.no_autoflush:
        yield from session.scalars(found).all()
