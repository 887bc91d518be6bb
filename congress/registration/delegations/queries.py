"""Reads about the people of a delegation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.text import fold
from congress.delegates.models import Delegate, Delegation, DelegationEvent
from congress.delegates.vocabulary import DelegationEventKind, Part
from congress.outbox.models import Message
from congress.registration.details import Needs, Passport, Stay
from congress.registration.missing import Missing, Told, missing
from congress.registration.models import Booking, Consent, Registration
from congress.registration.places import counts_for_delegation
from congress.registration.states import LIVE, SENT, TAKES_PART, State
from congress.registration.vocabulary import ConsentKind, RoomKind

_PARTS = list(Part)
# Who the person is, not what the delegation is: whoever edits an older version need not be told.
_NO_CHANGES = (
    DelegationEventKind.INVITED, DelegationEventKind.REMINDED, DelegationEventKind.OPENED,
    DelegationEventKind.LINK_ISSUED, DelegationEventKind.LINK_REVOKED, DelegationEventKind.HANDED_OVER,
    DelegationEventKind.CODE_ISSUED,
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One of the people as the page shows them; ``queue_number`` is the place among those of the city who wait, 0 for who does not."""

    registration: Registration
    missing: tuple[Missing, ...]
    is_written_to: bool
    queue_number: int

    @property
    def is_unsent(self) -> bool:
        return is_unsent(self.registration)


def is_unsent(registration: Registration) -> bool:
    """Whether the person goes along with the next sending of the delegation."""
    waits = registration.state is State.WAITING and registration.submitted_at is None
    return waits or registration.state in (State.INVITED, State.STARTED)


def people(delegation: Delegation) -> list[Registration]:
    """The living registrations of a delegation: the head first, then by part and name."""
    found = db.session.scalars(_people(delegation).where(Registration.state.in_(LIVE))).all()
    return sorted(found, key=lambda each: (_PARTS.index(each.delegate.part), each.sorted_as, each.id))


def find_person(delegation: Delegation, registration_id: int) -> Registration | None:
    """One of the people of this delegation, whatever has become of the registration."""
    return db.session.scalar(_people(delegation).where(Registration.id == registration_id))


def _people(delegation: Delegation) -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.delegate)
        .join(Delegate.person)
        .where(Delegate.delegation_id == delegation.id, Registration.congress_id == delegation.congress_id)
        .options(contains_eager(Registration.delegate).contains_eager(Delegate.person))
    )


def members(delegation: Delegation) -> list[Member]:
    """The people with what is missing of each, in a number of statements that does not depend on theirs."""
    found = people(delegation)
    lacks, told = missing_in(Delegate.delegation_id == delegation.id), written_to(found)
    waits = (each for each in found if each.state is State.WAITING and not each.holds_place and each.queued_at)
    queue = [each.id for each in sorted(waits, key=lambda each: (each.queued_at, each.id))]
    return [
        Member(each, lacks.get(each.id, ()), each.id in told, queue.index(each.id) + 1 if each.id in queue else 0)
        for each in found
    ]


def written_to(registrations: Iterable[Registration]) -> set[int]:
    """Ids of those to whom a mail was queued."""
    about = {f"registration:{each.id}": each.id for each in registrations}
    found = db.session.scalars(select(Message.about).where(Message.about.in_(about)).distinct())
    return {about[each] for each in found}


def missing_in_congress(congress: Congress) -> dict[int, tuple[Missing, ...]]:
    """What is missing of everybody whose registration lives, by its id; in one statement."""
    return missing_in(Registration.congress_id == congress.id)


def missing_in(which: ColumnElement[bool]) -> dict[int, tuple[Missing, ...]]:
    """What is missing of those whose registration lives and is one of ``which``, a condition on Registration or Delegate."""
    agreed = exists().where(
        Consent.registration_id == Registration.id, Consent.kind == ConsentKind.PRIVACY, Consent.withdrawn_at.is_(None)
    )
    rows = db.session.execute(
        select(
            Registration.id, Registration.steps_done, Delegate.category,
            and_(Stay.arrival_on.is_not(None), Stay.departure_on.is_not(None)),
            Stay.nights, Stay.room, Passport.needs_letter, Passport.content.is_not(None),
            exists().where(Needs.registration_id == Registration.id),
            exists().where(Booking.registration_id == Registration.id),
            agreed,
        )
        .join(Registration.delegate)
        .outerjoin(Stay, Stay.registration_id == Registration.id)
        .outerjoin(Passport, Passport.registration_id == Registration.id)
        .where(which, Registration.state.in_(LIVE))
    )  # fmt: skip
    return {
        row_id: missing(
            Told(
                category.value, bool(travels), bool(nights) or room is RoomKind.NONE, bool(letter), bool(passport),
                has_needs, has_sessions, has_agreed, steps,
            )
        )
        for row_id, steps, category, travels, nights, room, letter, passport, has_needs, has_sessions, has_agreed in rows
    }  # fmt: skip


def counted(registrations: Iterable[Registration]) -> int:
    """How many of these hold a place that counts for the delegation."""
    return sum(each.holds_place and counts_for_delegation(each.delegate) for each in registrations)


def same_person(
    delegation: Delegation, given_name: str, family_name: str, known_as: str, but: Registration | None = None
) -> Registration | None:
    """Somebody else who may be the same: of this name in the delegation, or of this identity anywhere at the congress."""
    name = fold(f"{given_name} {family_name}")
    inside = next((each for each in people(delegation) if fold(each.delegate.person.name) == name and each is not but), None)
    return inside or find_elsewhere(delegation, known_as)


def find_elsewhere(delegation: Delegation, known_as: str) -> Registration | None:
    """The registration of this identity that stands at the congress outside the delegation. One that was only begun says nothing."""
    return db.session.scalar(
        select(Registration).join(Registration.delegate).where(_elsewhere(delegation), Registration.identity == known_as).limit(1)
    )


def _elsewhere(delegation: Delegation) -> ColumnElement[bool]:
    return and_(
        Registration.congress_id == delegation.congress_id,
        Registration.state.in_((State.INVITED, *SENT)),
        or_(Delegate.delegation_id.is_(None), Delegate.delegation_id != delegation.id),
    )


class Where(StrEnum):
    """Where somebody of a list is found already."""

    LIST = "list"
    DELEGATION = "delegation"
    CONGRESS = "congress"


def known_already(delegation: Delegation, names: Sequence[tuple[str, str]]) -> list[Where | None]:
    """For each of a list of people (folded name, identity): where the person stands already; in the list itself for a second one."""
    inside = {fold(each.delegate.person.name) for each in people(delegation)}
    outside = set(
        db.session.scalars(
            select(Registration.identity)
            .join(Registration.delegate)
            .where(_elsewhere(delegation), Registration.identity.in_({known_as for _name, known_as in names}))
        )
    )
    found: list[Where | None] = []
    before: set[str] = set()
    for name, known_as in names:
        where = Where.LIST if name in before else Where.DELEGATION if name in inside else None
        found.append(where or (Where.CONGRESS if known_as in outside else None))
        before.add(name)
    return found


def find_sent_form(submission_key: str) -> Registration | None:
    """The registration that a form sent before has made."""
    return db.session.scalar(select(Registration).where(Registration.submission_key == submission_key))


def events(delegation: Delegation) -> Sequence[DelegationEvent]:
    """What happened to the delegation, the latest first."""
    return db.session.scalars(
        select(DelegationEvent).where(DelegationEvent.delegation_id == delegation.id).order_by(DelegationEvent.id.desc())
    ).all()


def changes_since(delegation: Delegation, version: int) -> Sequence[DelegationEvent]:
    """What has changed in the delegation since this version, in order."""
    return db.session.scalars(
        select(DelegationEvent)
        .where(
            DelegationEvent.delegation_id == delegation.id,
            DelegationEvent.version > version,
            DelegationEvent.kind.not_in(_NO_CHANGES),
        )
        .order_by(DelegationEvent.id)
    ).all()


def earlier_congress(delegation: Delegation) -> Congress | None:
    """The last congress of the network before this one for which people of the city were registered."""
    return db.session.scalar(
        select(Congress)
        .join(Registration, Registration.congress_id == Congress.id)
        .join(Registration.delegate)
        .join(Delegate.delegation)
        .where(
            Congress.network_id == delegation.congress.network_id,
            Congress.starts_on < delegation.congress.starts_on,
            Delegation.city_id == delegation.city_id,
            Registration.state.in_(TAKES_PART),
        )
        .order_by(Congress.starts_on.desc())
        .limit(1)
    )


def earlier_people(delegation: Delegation, earlier: Congress) -> Sequence[Registration]:
    """Who took part for the city then, by name."""
    return db.session.scalars(
        select(Registration)
        .join(Registration.delegate)
        .join(Delegate.person)
        .join(Delegate.delegation)
        .where(
            Registration.congress_id == earlier.id,
            Delegation.city_id == delegation.city_id,
            Registration.state.in_(TAKES_PART),
        )
        .options(joinedload(Registration.delegate).joinedload(Delegate.person))
        .order_by(Registration.sorted_as, Registration.id)
    ).all()
