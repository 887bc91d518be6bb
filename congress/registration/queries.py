"""Reads about registrations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from congress.congresses.models import Congress, HostCity
from congress.core.db import ask, db, one_of
from congress.core.tokens import digest
from congress.delegates.models import Delegate, Delegation
from congress.networks import queries as networks
from congress.networks.models import City, Designation, Membership
from congress.programme import queries as programme
from congress.programme.entries import Entry
from congress.programme.models import ProgrammeItem
from congress.registration import rules
from congress.registration.models import Booking, Consent, Move, Registration
from congress.registration.rules import Attendee
from congress.registration.states import SENT, TAKES_PART
from congress.registration.vocabulary import HOLDS_PLACE, BookingState, ConsentKind

WHOLE = (
    joinedload(Registration.delegate).joinedload(Delegate.person),
    joinedload(Registration.delegate).joinedload(Delegate.delegation).joinedload(Delegation.city).joinedload(City.country),
    joinedload(Registration.congress).joinedload(Congress.network),
)


_BY_LINK = select(Registration).where(Registration.link_digest == bindparam("link"))
_TO_BE_SHOWN = _BY_LINK.options(*WHOLE, selectinload(Registration.consents))
_TO_BE_SENT = _BY_LINK.options(
    joinedload(Registration.delegate).joinedload(Delegate.person),
    joinedload(Registration.delegate).joinedload(Delegate.delegation),
    joinedload(Registration.congress).options(
        *map(
            defer,
            (
                Congress.names,
                Congress.long_names,
                Congress.themes,
                Congress.descriptions,
                Congress.languages,
                Congress.severities,
            ),
        )
    ),
)


def find_by_link(token: str, *, to_send: bool = False) -> Registration | None:
    """The registration that a personal link opens, whatever its state; ``to_send``: without what only pages show."""
    return db.session.scalar(_TO_BE_SENT if to_send else _TO_BE_SHOWN, {"link": digest(token)})


def get_registration(registration_id: int) -> Registration:
    """A registration with person, city and congress. Raises sqlalchemy.exc.NoResultFound."""
    return db.session.scalars(select(Registration).where(Registration.id == registration_id).options(*WHOLE)).one()


def find_registration(congress: Congress, registration_id: int) -> Registration | None:
    """A registration of this congress, with person and city."""
    return db.session.scalar(
        select(Registration).where(Registration.congress_id == congress.id, Registration.id == registration_id).options(*WHOLE)
    )


def find_sent(congress: Congress, known_as: str) -> Registration | None:
    """The registration that a person of this identity has sent."""
    of_person = (Registration.congress_id == congress.id) & (Registration.identity == known_as)
    return db.session.scalar(select(Registration).where(of_person, Registration.state.in_(SENT)))


def registrations(congress: Congress) -> Sequence[Registration]:
    """All registrations of a congress by name, with person and city."""
    return db.session.scalars(
        select(Registration)
        .join(Registration.delegate)
        .join(Delegate.person)
        .where(Registration.congress_id == congress.id)
        .options(
            contains_eager(Registration.delegate).contains_eager(Delegate.person),
            contains_eager(Registration.delegate).joinedload(Delegate.delegation).joinedload(Delegation.city),
        )
        .order_by(Registration.sorted_as, Registration.id)
    ).all()


def _takes_part() -> ColumnElement[bool]:
    return one_of(Registration.state, *TAKES_PART)


def counts(congress: Congress) -> tuple[int, int, int]:
    """How many people, cities and countries are registered now."""
    people = select(func.count()).select_from(Registration).where(Registration.congress_id == congress.id, _takes_part())
    places = (
        select(func.count(Delegation.city_id.distinct()), func.count(City.country_code.distinct()))
        .select_from(Registration)
        .join(Registration.delegate)
        .join(Delegate.delegation)
        .join(Delegation.city)
        .where(Registration.congress_id == congress.id, _takes_part())
    )
    cities, countries = db.session.execute(places).one()
    return db.session.scalar(people) or 0, cities, countries


def cities_registered(congress: Congress) -> set[int]:
    """Ids of the cities with somebody registered."""
    return set(
        db.session.scalars(
            select(Delegation.city_id)
            .join(Delegate, Delegate.delegation_id == Delegation.id)
            .join(Registration, Registration.delegate_id == Delegate.id)
            .where(Registration.congress_id == congress.id, _takes_part())
        )
    )


def presence_of(city: City) -> Sequence[tuple[Congress, int, bool]]:
    """The congresses at which the city is present, the latest first: how many of its people are registered, and whether it hosts."""
    people = (
        select(Delegation.congress_id, func.count().label("number"))
        .join(Delegate, Delegate.delegation_id == Delegation.id)
        .join(Registration, Registration.delegate_id == Delegate.id)
        .where(Delegation.city_id == city.id, _takes_part())
        .group_by(Delegation.congress_id)
        .subquery()
    )
    hosts = exists().where(HostCity.congress_id == Congress.id, HostCity.city_id == city.id)
    rows = db.session.execute(
        select(Congress, func.coalesce(people.c.number, 0), hosts)
        .outerjoin(people, people.c.congress_id == Congress.id)
        .where(or_(people.c.number > 0, hosts), Congress.is_published)
        .order_by(Congress.starts_on.desc())
    )
    return [(congress, number, bool(is_host)) for congress, number, is_host in rows]


def chosen_codes(registration: Registration) -> frozenset[str]:
    """Codes of the items that the person has chosen."""
    return frozenset(
        db.session.scalars(
            select(ProgrammeItem.code)
            .join(Booking, Booking.item_id == ProgrammeItem.id)
            .where(Booking.registration_id == registration.id, Booking.state == BookingState.TAKEN)
        )
    )


def places_taken(item: ProgrammeItem) -> int:
    """Places of an item that are given away or offered."""
    given = select(func.count()).select_from(Booking).where(Booking.item_id == item.id, Booking.state.in_(HOLDS_PLACE))
    return db.session.scalar(given) or 0


# What decides about a person's programme beside the choices, and where it stands.
STANDING = (Delegate.category, Membership.since, Designation.field)


def with_standing(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement over Registration and Congress, with the rows that hold STANDING: those of the congress's first day."""
    first = Congress.starts_on
    return (
        statement.outerjoin(Delegate, Delegate.id == Registration.delegate_id)
        .outerjoin(Delegation, Delegation.id == Delegate.delegation_id)
        .outerjoin(
            Membership,
            (Membership.network_id == Congress.network_id)
            & (Membership.city_id == Delegation.city_id)
            & networks.sends_delegation_on(first),
        )
        .outerjoin(
            Designation,
            (Designation.membership_id == Membership.id)
            & (Designation.since <= first)
            & or_(Designation.until.is_(None), Designation.until > first),
        )
    )


def attendee_of(standing: Sequence[Any], starts_on: date, chosen: Iterable[str]) -> Attendee:
    """The person as the rules of the own programme see them, from STANDING, the congress's first day and the items chosen."""
    category, since, field = standing
    return Attendee(
        category=category.value,
        field=field.value if field else "",
        is_of_new_city=since is not None and since >= date(starts_on.year - 1, 1, 1),
        chosen=frozenset(chosen),
    )


_ATTENDEES = with_standing(
    select(Registration.id, *STANDING).join_from(Registration, Congress, Congress.id == Registration.congress_id)
)
_CHOICES = select(Booking.registration_id, ProgrammeItem.code).join(ProgrammeItem, ProgrammeItem.id == Booking.item_id)


def attendees(congress: Congress) -> dict[int, Attendee]:
    """Everybody who takes part, by the id of the registration, as the rules of the own programme see them."""
    of_congress = (Registration.congress_id == congress.id) & _takes_part()
    chosen: dict[int, list[str]] = {}
    bookings = _CHOICES.join(Registration, Registration.id == Booking.registration_id).where(
        of_congress, Booking.state == BookingState.TAKEN
    )
    for registration_id, code in db.session.execute(bookings):
        chosen.setdefault(registration_id, []).append(code)
    people = db.session.execute(_ATTENDEES.where(of_congress))
    return {each: attendee_of(standing, congress.starts_on, chosen.get(each, ())) for each, *standing in people}


def attendee(registration: Registration) -> Attendee:
    """The person as the rules of the own programme see them."""
    _id, *standing = db.session.execute(_ATTENDEES.where(Registration.id == registration.id)).one()
    return attendee_of(standing, registration.congress.starts_on, chosen_codes(registration))


def own_programme(registration: Registration) -> list[Entry]:
    """The person's released programme."""
    return rules.own_programme(programme.released(registration.congress).entries, attendee(registration))


_CONSENTS = select(Consent.id).where(
    Consent.registration_id == bindparam("registration"), Consent.kind == bindparam("kind"), Consent.withdrawn_at.is_(None)
)


def has_consent(registration: Registration, kind: ConsentKind) -> bool:
    """Whether the consent stands now."""
    return ask(_CONSENTS, registration=registration.id, kind=kind).first() is not None


def why_ended(registration: Registration) -> str:
    """The reason that was given when the registration came to the state in which it is; empty where none was."""
    latest = select(Move.why).where(Move.registration_id == registration.id, Move.after == registration.state)
    return db.session.scalar(latest.order_by(Move.id.desc()).limit(1)) or ""


def last_move(registration: Registration) -> Move:
    """How the registration came into the state in which it is."""
    latest = select(Move).where(Move.registration_id == registration.id)
    return db.session.scalars(latest.order_by(Move.id.desc()).limit(1)).one()
