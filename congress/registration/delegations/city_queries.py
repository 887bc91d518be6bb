"""Reads about the people of cities, for the organisers' chase list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate, Delegation, Person
from congress.delegates.vocabulary import Category
from congress.registration.delegations.queries import missing_in
from congress.registration.missing import Missing
from congress.registration.models import Registration
from congress.registration.places import COUNTED, NOT_COUNTED
from congress.registration.states import LIVE, TAKES_PART, State

_DRAFTS = (State.INVITED, State.STARTED)
_COUNTS = Registration.holds_place & Delegate.category.in_(COUNTED) & Delegate.part.not_in(NOT_COUNTED)


def places_taken(congress: Congress) -> dict[int, int]:
    """How many people hold a place that counts against the limit of their delegation, by its id."""
    rows = db.session.execute(
        select(Delegate.delegation_id, func.count())
        .join(Registration, Registration.delegate_id == Delegate.id)
        .where(Registration.congress_id == congress.id, Delegate.delegation_id.is_not(None), _COUNTS)
        .group_by(Delegate.delegation_id)
    )
    return {delegation_id: number for delegation_id, number in rows if delegation_id is not None}


def places_taken_of_categories(congress: Congress) -> dict[Category, int]:
    """How many people hold a place, by their category."""
    rows = db.session.execute(
        select(Delegate.category, func.count())
        .join(Registration, Registration.delegate_id == Delegate.id)
        .where(Registration.congress_id == congress.id, Registration.holds_place)
        .group_by(Delegate.category)
    )
    return {category: number for category, number in rows}  # noqa: C416  (rows are no pairs to a type checker)


@dataclass(frozen=True)
class Lack:
    """What a person still has to tell."""

    name: str
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Progress:
    """How far a delegation is: people named, of them not sent yet, and what those who were sent still have to tell."""

    named: int = 0
    drafts: int = 0
    lacks: tuple[Lack, ...] = ()


def progress(delegation: Delegation) -> Progress:
    """How far the delegation is now."""
    return progresses(delegation.congress, delegation).get(delegation.id, Progress())


def progresses(congress: Congress, delegation: Delegation | None = None) -> dict[int, Progress]:
    """How far delegations with people are now, all or one, by their id."""
    chosen = Registration.congress_id == congress.id
    if delegation is not None:
        chosen &= Delegate.delegation_id == delegation.id
    missing = missing_in(chosen)
    rows = db.session.execute(
        select(Delegate.delegation_id, Registration.id, Registration.state, Person.given_name, Person.family_name)
        .join(Registration, Registration.delegate_id == Delegate.id)
        .join(Delegate.person)
        .where(chosen, Delegate.delegation_id.is_not(None), Registration.state.in_(LIVE))
        .order_by(Registration.sorted_as, Registration.id)
    )
    found: dict[int, Progress] = defaultdict(Progress)
    for delegation_id, number, state, given_name, family_name in rows:
        if delegation_id is None:
            continue
        before = found[delegation_id]
        lacks = before.lacks
        if state in TAKES_PART and missing.get(number):
            lacks = (*lacks, Lack(f"{given_name} {family_name}".strip(), missing[number]))
        found[delegation_id] = Progress(before.named + 1, before.drafts + (state in _DRAFTS), lacks)
    return found


def undecided(congress: Congress) -> set[int]:
    """Ids of the delegations in which somebody was sent and not confirmed yet."""
    found = db.session.scalars(
        select(Delegate.delegation_id)
        .join(Registration, Registration.delegate_id == Delegate.id)
        .where(Registration.congress_id == congress.id, Registration.state == State.SUBMITTED)
        .distinct()
    )
    return {each for each in found if each is not None}
