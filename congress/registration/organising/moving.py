"""A registration that stands under the wrong city: what it would mean to move it to another one, or to none, and moving it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.sentences import said
from congress.delegates.models import Delegate, Delegation
from congress.delegates.services import delegation_of, log
from congress.delegates.vocabulary import OF_A_CITY, DelegationEventKind, DelegationState, Part
from congress.networks import queries as networks
from congress.networks.models import City, Membership
from congress.networks.vocabulary import Field
from congress.programme import queries as programme
from congress.programme.entries import Entry
from congress.registration import places, queries, rules, services
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.delegations import queries as delegation_queries
from congress.registration.letters import is_written_to, mail
from congress.registration.models import Registration
from congress.registration.organising import decisions
from congress.registration.places import Limit
from congress.registration.refusals import CannotMove, NoPlace, RegistrationEnded
from congress.registration.rules import Attendee
from congress.registration.services import Actor
from congress.registration.states import State, can_move
from congress.registration.vocabulary import BookingState

TEMPLATE = "registration_moved"


class WhenFull(StrEnum):
    """What is done where the new city has no place."""

    WAIT = "wait"
    OVER = "over"


@dataclass(frozen=True)
class Outlook:
    """What moving would mean. ``full``: limits that leave no place; ``lost`` and ``gained``: of the person's programme, one of each
    session; ``given_back``: what the person waits or asked for and could not have any more; ``heads``: who heads the new delegation."""

    old: City | None
    new: City | None
    old_field: Field | None
    new_field: Field | None
    full: tuple[Limit, ...]
    heads: tuple[str, ...]
    leaves_no_head: bool
    is_contact: bool
    lost: tuple[Entry, ...]
    gained: tuple[Entry, ...]
    given_back: tuple[Entry, ...]


def outlook(registration: Registration, to: Membership | None) -> Outlook:
    """What moving the registration to this member city, or to none, would mean as things stand now."""
    congress, delegate = registration.congress, registration.delegate
    old, new, first = delegate.delegation, _delegation(congress, to), congress.starts_on
    was = networks.find_membership(congress.network, old.city, first) if old else None
    person = queries.attendee(registration)
    chosen = booking_queries.bookings_of(registration)
    unfit = _unfit(congress, chosen, _of(delegate, to, ()))
    will_be = _of(delegate, to, person.chosen - unfit)
    before, after = (_programme(congress, each) for each in (person, will_be))
    waits = _of(delegate, to, {code for code in unfit if chosen[code].state is not BookingState.TAKEN})
    limits = places.limits_in_city(delegate, new) if to and registration.holds_place else []
    is_head = delegate.part is Part.HEAD and registration.holds_place
    return Outlook(
        old=old.city if old else None,
        new=to.city if to else None,
        old_field=was.field_on(first) if was else None,
        new_field=to.field_on(first) if to else None,
        full=tuple(each for each in limits if each.is_reached),
        heads=_heads(new) if is_head else (),
        leaves_no_head=is_head and old is not None and old.was_sent and len(_heads(old)) == 1,
        is_contact=old is not None and old.focal_email.lower() == delegate.person.email.lower(),
        lost=tuple(entry for code, entry in before.items() if code not in after),
        gained=tuple(entry for code, entry in after.items() if code not in before),
        given_back=tuple(entry for code, entry in _programme(congress, waits).items() if code not in after),
    )


def may_wait(registration: Registration) -> bool:
    """Whether the person can be put on the waiting list: who is there already cannot."""
    return registration.state is State.WAITING or can_move(registration.state, State.WAITING)


def _delegation(congress: Congress, to: Membership | None) -> Delegation | None:
    """The city's delegation, if anybody needed it before."""
    if to is None:
        return None
    return db.session.scalar(select(Delegation).where(Delegation.congress_id == congress.id, Delegation.city_id == to.city_id))


def _of(delegate: Delegate, to: Membership | None, chosen: Collection[str]) -> Attendee:
    """The person as one of this city."""
    first = delegate.congress.starts_on
    standing = (delegate.category, to.since if to else None, to.field_on(first) if to else None)
    return queries.attendee_of(standing, first, chosen)


def _programme(congress: Congress, person: Attendee) -> dict[str, Entry]:
    """The first entry of each session in the person's programme, by the session's code."""
    found: dict[str, Entry] = {}
    for entry in rules.own_programme(programme.released(congress).entries, person):
        if not entry.is_cancelled:
            found.setdefault(entry.item, entry)
    return found


def _unfit(congress: Congress, chosen: Collection[str], person: Attendee) -> set[str]:
    """Codes of those chosen sessions that are not for this person to choose: not for them, or in their programme anyway."""
    fitting = {entry.item: rules.may_keep(entry, person) for entry in programme.released(congress).entries}
    return {code for code in chosen if not fitting.get(code, True)}


def _heads(delegation: Delegation | None) -> tuple[str, ...]:
    """Who heads the delegation, of those who have a place."""
    people = delegation_queries.people(delegation) if delegation else []
    return tuple(each.delegate.person.name for each in people if each.delegate.part is Part.HEAD and each.holds_place)


def move(
    registration: Registration,
    to: Membership | None,
    *,
    version: int,
    seen: int,
    when_full: WhenFull | None = None,
    why: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Move a registration to this member city, or to none, with its place if there is one, and queue the mail that says so.

    ``version`` and ``seen`` as in decisions.hold. Sessions stay chosen but for those that are not for people of the new city. Whoever
    headed a delegation is a member of one that has a head. The freed place goes to the next who waits.
    Raises Stale, RegistrationEnded, CannotMove; NoPlace where the city is full and ``when_full`` does not say what then.
    """
    congress, delegate = registration.congress, registration.delegate
    lock(congress)
    new = delegation_of(congress, to.city) if to else None
    decisions.hold(registration, version=version, seen=seen, also=new)
    _check(registration, new)
    served = services.give_places(congress, now, but=registration)  # who waits longer comes first
    limits = places.limits_in_city(delegate, new) if new and registration.holds_place else []
    is_full = any(each.is_reached for each in limits)
    if is_full and when_full is None:
        raise NoPlace(_("The delegation of this city is full. Choose what is to be done."))
    old, before, took_part = (
        delegate.delegation,
        set(_programme(congress, queries.attendee(registration))),
        registration.takes_part,
    )
    if delegate.part is Part.HEAD and (new is None or _heads(new)):
        delegate.part = Part.MEMBER
    delegate.delegation, registration.awaits_focal_point = new, False
    db.session.flush()
    if is_full and when_full is WhenFull.WAIT:
        _wait(registration, actor, now)
    _note(registration, old, new, why, actor, now)
    served += services.give_places(congress, now, but=registration if is_full else None)
    _give_back(registration, now, all_of_it=took_part and not registration.takes_part)
    services.settle(served, now)
    _tell(registration, old, before - set(_programme(congress, queries.attendee(registration))), now)


def _check(registration: Registration, new: Delegation | None) -> None:
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended. Bring it back first."))
    if new is None and registration.delegate.category in OF_A_CITY:
        raise CannotMove(_("People of this category come from a member city. Choose a city, or correct the category first."))


def _wait(registration: Registration, actor: Actor, now: datetime) -> None:
    """Take the place away; who had only the offer of one keeps the place in the list."""
    if registration.state is State.WAITING:
        registration.holds_place, registration.offered_until = False, None
    else:
        services.move(registration, State.WAITING, actor, now)
        registration.queued_at = now
    db.session.flush()


def _note(
    registration: Registration, old: Delegation | None, new: Delegation | None, why: str, actor: Actor, now: datetime
) -> None:
    """Write it into the histories of the person and of both cities."""
    language, name = registration.congress.default_language, registration.delegate.person.name
    was, will_be = (each.city.names.text(language) if each else "–" for each in (old, new))
    decisions.note(registration, actor, now, said("city", was, will_be, why))
    if old is not None:
        if old.was_sent and not delegation_queries.people(old):
            old.state = DelegationState.DRAFTING
        detail = f"{name} → {will_be}"
        log(old, DelegationEventKind.REMOVED, by=actor.name, now=now, detail=detail, is_answer=False)
    if new is not None:
        log(new, DelegationEventKind.ADDED, by=actor.name, now=now, detail=f"{name} ← {was}", is_answer=False)


def _give_back(registration: Registration, now: datetime, *, all_of_it: bool) -> None:
    """Give back the chosen sessions that a person of the new city cannot have, or all of them."""
    if all_of_it:
        bookings.give_back_all(registration, now=now)
        return
    chosen = booking_queries.bookings_of(registration)
    unfit = _unfit(registration.congress, chosen, queries.attendee(registration))
    for item in sorted((chosen[code].item for code in unfit), key=lambda each: each.id):
        bookings.drop(registration, item, now=now)


def _tell(registration: Registration, old: Delegation | None, left: Collection[str], now: datetime) -> None:
    """Queue the mails. Whom a focal point only noted down is told nothing; ``left``: sessions to be taken out of the calendar."""
    if registration.submitted_at is None and not is_written_to(registration):
        return
    once = f"{registration.id}-{registration.version}"
    facts = {"before": old.city.slug if old else "", "left": sorted(left)}
    mail(registration, TEMPLATE, f"registration-moved-{once}", now, **facts)
    if registration.state is State.WAITING and registration.queued_at == now and registration.submitted_at:
        mail(registration, "registration_waiting", f"registration-waiting-{once}", now)
