"""Whom organisers write to: people of a list, or those who look after the delegations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates import queries as delegates
from congress.delegates import rules
from congress.delegates.models import Delegate, Delegation, Person
from congress.delegates.vocabulary import DelegationState
from congress.networks import queries as networks
from congress.registration.models import Registration
from congress.registration.organising import lists
from congress.registration.states import LIVE

_AT_ONCE = 500  # ids in one statement


class Audience(StrEnum):
    """To whom a mail to many goes."""

    REGISTRATIONS = "registrations"
    DELEGATIONS = "delegations"


@dataclass(frozen=True)
class Reader:
    """One who gets the mail: ``about`` as in Message, ``facts`` what the text is made from, beside the mailing."""

    about: str
    email: str
    language: str
    facts: dict[str, Any]


def readers(congress: Congress, audience: Audience, args: Mapping[str, str]) -> list[Reader]:
    """Everybody meant by the filter in an address, each once, in the order of its list. Who has left is not written to."""
    return _people(congress, args) if audience is Audience.REGISTRATIONS else _holders(congress, args)


def _people(congress: Congress, args: Mapping[str, str]) -> list[Reader]:
    wanted = lists.ids(congress, args)
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = db.session.execute(
            select(Registration.id, Person.email, Person.language)
            .join(Delegate, Delegate.id == Registration.delegate_id)
            .join(Person, Person.id == Delegate.person_id)
            .where(Registration.id.in_(wanted[start : start + _AT_ONCE]), Registration.state.in_(LIVE))
        )
        found |= {number: (email, language) for number, email, language in rows}
    return [Reader(f"registration:{number}", *found[number], {"registration": number}) for number in wanted if number in found]


def _holders(congress: Congress, args: Mapping[str, str]) -> list[Reader]:
    """Those of the delegations that a filter of the chase list means."""
    state = args.get("state", "")
    named = {int(each) for each in args.get("ids", "").split(",") if each.isascii() and each.isdigit() and len(each) < 10}
    chosen = delegates.delegations(congress, named or None)
    return _of(congress, (each for each in chosen if state not in set(DelegationState) or each.state == state))


def invited(congress: Congress, ids: Collection[int]) -> list[Reader]:
    """Those of these delegations: cities that were not invited yet first hear of the congress from its organisers."""
    chosen = delegates.delegations(congress, ids)
    return _of(congress, (each for each in chosen if each.state is not DelegationState.NOT_INVITED))


def _of(congress: Congress, delegations: Iterable[Delegation]) -> list[Reader]:
    """Who holds the link of a delegation, or, where nobody does, the city's contacts; nobody where the link was revoked."""
    chosen = [each for each in delegations if not each.is_revoked]
    contacts = networks.contacts(congress.network, [each.city_id for each in chosen])
    return [
        Reader(f"delegation:{each.id}", to.email, to.language, {"delegation": each.id, "name": to.name})
        for each in chosen
        for to in rules.recipients(each.holder, () if each.holder else contacts.get(each.city_id, ()))
    ]
