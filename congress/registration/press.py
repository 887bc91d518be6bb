"""What the press is told of a congress: whether and until when one is accredited, what is open to it, whom it may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from congress.congresses import rules as congresses
from congress.congresses.models import Congress, CongressKind
from congress.delegates.vocabulary import Category
from congress.networks import queries as networks
from congress.networks.models import Contact
from congress.programme.entries import Entry
from congress.programme.moments import Moment
from congress.programme.queries import Programme
from congress.registration.form import queries as forms
from congress.registration.form.windows import Access
from congress.registration.rules import is_open_to_press


@dataclass(frozen=True)
class Accreditation:
    """Whether journalists may register: ``phase`` is "open", "later", "closed", or "" where they cannot; ``changes_at`` when it opens or closes."""

    phase: str = ""
    changes_at: datetime | None = None


def accreditation(congress: Congress, phase: str, now: datetime) -> Accreditation:
    """What holds now in a ``phase`` of the congress ("before", "during", "after"): the earlier of the congress's end and the press's own."""
    opens_at, closes_at = congress.registration_opens_at, congress.registration_ends_at
    general = congresses.registration_phase(opens_at, closes_at, phase, now)
    if not general or Category.PRESS not in forms.categories_offered(congress):
        return Accreditation()
    if general != "open":
        return Accreditation(general, opens_at if general == "later" else None)
    own = forms.start_standing(congress, Category.PRESS, now)
    if own.access is Access.OPEN:
        return Accreditation("open", min(closes_at, own.changes_at or closes_at))
    return Accreditation("later", own.changes_at) if own.access is Access.NOT_YET else Accreditation("closed")


def items(released: Programme) -> list[Entry]:
    """The released entries to which journalists with an accreditation may come, in the order of the programme."""
    return [entry for entry in released.entries if entry.is_listed and is_open_to_press(entry)]


def is_for_press(congress: Congress, released: Programme, asked: Accreditation) -> bool:
    """Whether the congress says anything to the press. A study visit or a seminar does only where organisers have written something."""
    if congress.press_offices or congress.photo_terms:
        return True
    return congress.kind is CongressKind.CONGRESS and bool(asked.phase or items(released))


def contacts(congress: Congress) -> Sequence[Contact]:
    """Those standing contacts of the host cities in the network that agreed to be shown to the public, in the order of the hosts."""
    known = networks.contacts(congress.network, [city.id for city in congress.hosts])
    return [each for city in congress.hosts for each in known.get(city.id, ()) if each.may_be_shown]


def standing(congress: Congress, released: Programme, moment: Moment) -> Accreditation | None:
    """How the press is accredited, or None where the congress says nothing to it."""
    asked = accreditation(congress, moment.phase, moment.at)
    return asked if is_for_press(congress, released, asked) else None
