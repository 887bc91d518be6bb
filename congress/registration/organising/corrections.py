"""What organisers put right about one registration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from congress.core.db import db, lock
from congress.core.sentences import said
from congress.delegates.vocabulary import OF_A_CITY, Category, Part
from congress.registration import places, queries, services
from congress.registration.models import Registration
from congress.registration.organising.decisions import note
from congress.registration.refusals import CannotMove, NoPlace
from congress.registration.services import Actor
from congress.registration.states import SENT

_OF_PERSON = ("title", "given_name", "family_name", "email", "language", "phone")
_OF_DELEGATE = ("organisation", "function", "badge_name", "badge_city")


def correct(
    registration: Registration, values: Mapping[str, Any], *, over_limit: bool, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Set names, badge, category and part; the names of what has changed.

    The caller holds the locks (decisions.hold). Raises CannotMove where the category needs a city that the person has not or somebody
    else is registered by that name and address, NoPlace where a limit would be exceeded and ``over_limit`` does not say that it may be.
    """
    delegate, person = registration.delegate, registration.delegate.person
    category, part = Category(values["category"]), Part(values["part"])
    if category in OF_A_CITY and delegate.delegation_id is None:
        raise CannotMove(_("This category needs a city, and this person has none. Correct the city first."))
    known_as = _known_as(registration, values["given_name"], values["family_name"], values["email"])
    changed = []
    for owner, names in ((person, _OF_PERSON), (delegate, _OF_DELEGATE)):
        for name in names:
            if getattr(owner, name) != values[name]:
                setattr(owner, name, values[name])
                changed.append(name)
    registration.identity = known_as
    if (category, part) != (delegate.category, delegate.part):
        changed += [name for name, value in (("category", category), ("part", part)) if getattr(delegate, name) != value]
        delegate.category, delegate.part = category, part
        db.session.flush()
        over = registration.holds_place and any(each.taken > each.most for each in places.limits(delegate))
        if over and not over_limit:
            raise NoPlace(_("There is no free place in this category. Tick the box if the limit may be exceeded."))
    if changed:
        note(registration, actor, now, said("corrected", *changed))
    return tuple(changed)


def correct_address(registration: Registration, email: str, *, actor: Actor, now: datetime) -> None:
    """Set the person's mail address, after a server has refused the one before.

    Raises CannotMove where the data were erased or somebody else is registered by that name and address.
    """
    places.lock_owners(registration.congress, registration.delegate.delegation)
    lock(registration)
    person = registration.delegate.person
    if registration.erased_at is not None:
        raise CannotMove(_("The data of this person were erased."))
    if person.email == email:
        return
    registration.identity = _known_as(registration, person.given_name, person.family_name, email)
    person.email = email
    note(registration, actor, now, said("corrected", "email"))


def _known_as(registration: Registration, given_name: str, family_name: str, email: str) -> str:
    """The identity by these. Raises CannotMove where somebody else has it."""
    known_as = services.identity(given_name, family_name, email)
    if known_as != registration.identity and registration.state in SENT:
        other = queries.find_sent(registration.congress, known_as)
        if other is not None and other.id != registration.id:
            raise CannotMove(
                _("Number %(number)d is registered by this name and address already. Merge the two.", number=other.id)
            )
    return known_as
