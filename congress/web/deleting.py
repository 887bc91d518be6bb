"""Deleting an item of the draft, if nobody has or asks for a place in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from congress.core.db import lock
from congress.core.errors import CongressError
from congress.events import queries as events
from congress.programme import queries as programme
from congress.programme.documents import queries as documents
from congress.programme.models import ProgrammeItem
from congress.programme.offerings import queries as offerings
from congress.programme.planning import items
from congress.programme.proposals import queries as proposals
from congress.registration.bookings import queries as bookings


class HasPlaces(CongressError):
    """People have places in the item, wait for one or ask for one."""


@dataclass(frozen=True)
class Hanging:
    """What hangs on an item. ``booked`` and ``signed_up`` count people's choices and sign-ups, whatever their state."""

    placements: int
    people: int
    documents: int
    presentations: int
    has_proposal: bool
    is_released: bool
    booked: int
    signed_up: int

    @property
    def may_go(self) -> bool:
        """Nobody would lose anything."""
        return not self.booked and not self.signed_up


def hanging(item: ProgrammeItem) -> Hanging:
    """What would go with the item, and what keeps it."""
    entries = programme.released(item.congress).by_code.get(item.code, [])
    return Hanging(
        placements=len(item.placements),
        people=len(item.contributors),
        documents=len(documents.of_item(item)),
        presentations=len(offerings.presentations(item)),
        has_proposal=proposals.waiting_of(item) is not None,
        is_released=any(not entry.is_cancelled for entry in entries),
        booked=len(bookings.bookings_for(item)),
        signed_up=len(events.sign_ups(item)),
    )


def delete_item(item: ProgrammeItem, *, seen: int, since: int, by: str, now: datetime) -> None:
    """Raises HasPlaces, items.ChangedMeanwhile."""
    item = lock(item)  # whoever books locks it too
    if not hanging(item).may_go:
        raise HasPlaces(
            _("People have chosen this item or signed up for it. Cancel its entries instead: then everybody is told.")
        )
    items.delete(item, seen=seen, since=since, by=by, now=now)
