"""Whom organisers register themselves."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.db import lock
from congress.delegates.services import delegation_of
from congress.registration import places, queries, services
from congress.registration.letters import mail
from congress.registration.models import Registration
from congress.registration.refusals import CannotMove
from congress.registration.services import Actor, Applicant
from congress.registration.states import State


class KnownAlready(CannotMove):
    """Somebody of that name and address is registered. ``known`` is that registration."""

    def __init__(self, known: Registration) -> None:
        super().__init__(
            _("%(name)s is registered already (number %(number)d).", name=known.delegate.person.name, number=known.id)
        )
        self.known = known


def walk_in(
    congress: Congress,
    applicant: Applicant,
    *,
    over_limit: str = "",
    confirmed: bool = True,
    actor: Actor,
    key: str,
    now: datetime,
) -> Registration:
    """Register somebody at once, whether or not registration is open, and queue the one mail that says how it stands.

    With a place the person is confirmed (or only received, where not ``confirmed``); without one on the waiting list, unless
    ``over_limit`` says why the limit may be exceeded. The same form sent twice gives the registration that is there.
    Raises NotAMember, KnownAlready.
    """
    lock(congress)
    sent_before = services.find_begun(congress, applicant.submission_key)
    if sent_before is not None:
        return sent_before
    city = services.member_city(congress, applicant.city, applicant.category)
    known = queries.find_sent(congress, applicant.identity)
    if known is not None:
        raise KnownAlready(known)
    delegation = delegation_of(congress, city) if city else None
    places.lock_owners(congress, delegation)
    made = services.new_registration(
        congress, applicant, delegation, state=State.STARTED, actor=actor, key=key, now=now, why=over_limit
    )
    made.submitted_at, made.holds_place = now, bool(over_limit)
    services.take_place(made, now=now)
    services.move(made, State.SUBMITTED if made.holds_place else State.WAITING, actor, now, over_limit)
    if made.holds_place and confirmed:
        services.confirm(made, actor=actor, now=now, why=over_limit)
    else:
        told = "registration_received" if made.holds_place else "registration_waiting"
        mail(made, told, f"{told.replace('_', '-')}-{made.id}", now)
    return made
