"""Reads about what belongs to an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from congress.belongings import rules
from congress.belongings.models import JoinedAddress, Visit
from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.tokens import digest
from congress.delegates import queries as delegates
from congress.delegates.models import Delegate, Delegation, Person
from congress.events.models import SignUp, Subscriber
from congress.events.states import SubscriberState
from congress.networks.models import City, Contact, Network
from congress.networks.vocabulary import ContactKind
from congress.programme.models import ProgrammeItem
from congress.programme.people.models import Speaker
from congress.registration import queries as registrations
from congress.registration.models import Registration


def find_by_link(token: str) -> Visit | None:
    """The visit that a mailed link begins, whatever has become of it."""
    return db.session.scalar(select(Visit).where(Visit.link_digest == digest(token)))


def find_by_cookie(session: str, *, now: datetime) -> Visit | None:
    """The visit that this browser is on."""
    found = db.session.scalar(select(Visit).where(Visit.session_digest == digest(session)))
    return found if found is not None and rules.goes_on(found.opened_at, found.ended_at, now) else None


def addresses(visit: Visit) -> list[str]:
    """All addresses of the person, that of the visit first."""
    person = select(JoinedAddress.person).where(JoinedAddress.address == visit.address).scalar_subquery()
    others = db.session.scalars(
        select(JoinedAddress.address)
        .where(JoinedAddress.person == person, JoinedAddress.address != visit.address)
        .order_by(JoinedAddress.address)
    )
    return [visit.address, *others]


@dataclass
class AtCongress:
    """What belongs to somebody at one congress."""

    congress: Congress
    registrations: list[Registration] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)
    sign_ups: list[SignUp] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)
    subscribers: list[Subscriber] = field(default_factory=list)

    def is_past(self, today: date) -> bool:
        return self.congress.ends_on < today


def belongings(of: Sequence[str]) -> list[AtCongress]:
    """What belongs to these addresses, in lower case: the latest congress first. As many statements, however much it is."""
    found: dict[int, AtCongress] = {}
    for chosen, name in (
        (_registrations(of), "registrations"), (_delegations(of), "delegations"), (_sign_ups(of), "sign_ups"),
        (_speakers(of), "speakers"), (_subscribers(of), "subscribers"),
    ):  # fmt: skip
        for each in db.session.scalars(chosen).unique():
            congress = each.item.congress if isinstance(each, SignUp) else each.congress
            getattr(found.setdefault(congress.id, AtCongress(congress)), name).append(each)
    return sorted(found.values(), key=lambda each: (each.congress.starts_on, each.congress.id), reverse=True)


def _registrations(of: Sequence[str]) -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.delegate)
        .join(Delegate.person)
        .where(func.lower(Person.email).in_(of), Registration.erased_at.is_(None))
        .options(*registrations.WHOLE)
        .order_by(Registration.started_at, Registration.id)
    )


def _delegations(of: Sequence[str]) -> Select[Delegation]:
    """Of those who hold the link, and of the city's standing contacts: whom mails about the delegation go to, too."""
    stands = exists().where(
        Contact.city_id == Delegation.city_id, Contact.network_id == Congress.network_id, func.lower(Contact.email).in_(of)
    )
    return (
        select(Delegation)
        .join(Congress, Congress.id == Delegation.congress_id)
        .where(or_(func.lower(Delegation.focal_email).in_(of), stands))
        .options(*delegates.WHOLE)
        .order_by(Delegation.city_id)
    )


def _sign_ups(of: Sequence[str]) -> Select[SignUp]:
    whole = joinedload(SignUp.item).joinedload(ProgrammeItem.congress).joinedload(Congress.network)
    return select(SignUp).where(SignUp.address.in_(of)).options(whole).order_by(SignUp.signed_up_at, SignUp.id)


def _speakers(of: Sequence[str]) -> Select[Speaker]:
    whole = joinedload(Speaker.congress).joinedload(Congress.network)
    return select(Speaker).where(func.lower(Speaker.email).in_(of)).options(whole).order_by(Speaker.id)


def _subscribers(of: Sequence[str]) -> Select[Subscriber]:
    whole = joinedload(Subscriber.congress).joinedload(Congress.network)
    listed = Subscriber.state != SubscriberState.LEFT
    return select(Subscriber).where(Subscriber.address.in_(of), listed).options(whole).order_by(Subscriber.id)


def contacts(of: Sequence[str]) -> Sequence[Contact]:
    """Where these addresses are standing contacts of cities."""
    whole = (joinedload(Contact.network), joinedload(Contact.city).joinedload(City.country))
    chosen = select(Contact).where(func.lower(Contact.email).in_(of)).options(*whole)
    return db.session.scalars(chosen.order_by(Contact.network_id, Contact.city_id, Contact.kind)).all()


@dataclass
class OwnCity:
    """A city of a network that somebody looks after: as its standing contact, or holding a delegation of it (``is_held``)."""

    network: Network
    city: City
    kinds: list[ContactKind] = field(default_factory=list)
    is_held: bool = False

    @property
    def may_be_handed_over(self) -> bool:
        """Mayors and their representatives are in office; they hand over nothing here."""
        return self.is_held or ContactKind.MAIN in self.kinds or ContactKind.ALTERNATE in self.kinds


def own_cities(of: Sequence[str], found: Sequence[AtCongress]) -> list[OwnCity]:
    """The cities that the person of these addresses looks after, ``found`` being what belongs to them."""
    known: dict[tuple[int, int], OwnCity] = {}
    for contact in contacts(of):
        known.setdefault((contact.network_id, contact.city_id), OwnCity(contact.network, contact.city))
        known[contact.network_id, contact.city_id].kinds.append(contact.kind)
    for delegation in (delegation for each in found for delegation in each.delegations):
        own = known.setdefault(
            (delegation.congress.network_id, delegation.city_id), OwnCity(delegation.congress.network, delegation.city)
        )
        own.is_held |= delegation.focal_email.lower() in of
    return list(known.values())


def over(now: datetime) -> Sequence[int]:
    """Ids of visits of which nothing has to be kept any more."""
    return db.session.scalars(select(Visit.id).where(Visit.asked_at <= now - rules.KEPT_FOR)).all()
