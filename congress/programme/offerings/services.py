"""Writes about what cities offer to present: they offer, change and withdraw; organisers choose, place, order and decline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.delegates.models import Delegation
from congress.delegates.rules import recipients
from congress.networks import queries as networks
from congress.networks.vocabulary import Field
from congress.outbox.services import Letter, enqueue
from congress.programme.models import ProgrammeItem
from congress.programme.offerings import queries
from congress.programme.offerings.models import Offering
from congress.programme.planning import counting, history
from congress.programme.vocabulary import OfferingKind, OfferingState

MOST = 10  # that one city offers at one congress
CHOSEN, DECLINED = "offering_chosen", "offering_declined"
_OPEN = (OfferingState.OFFERED, OfferingState.CHOSEN)


class TooMany(CongressError):
    """The city offers as much as it may."""


class Decided(CongressError):
    """It was decided or withdrawn, and cannot be changed in this way any more."""


class ChangedMeanwhile(CongressError):
    """Somebody else has saved since the page was opened."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a city tells of a presentation."""

    kind: OfferingKind
    field: Field | None
    titles: Localised
    descriptions: Localised
    presenter: str
    minutes: int
    website: str


def offer(delegation: Delegation, words: Words, *, now: datetime) -> Offering:
    """What the city would like to present. Raises TooMany."""
    lock(delegation)
    live = [each for each in queries.of_delegation(delegation) if each.state is not OfferingState.WITHDRAWN]
    if len(live) >= MOST:
        raise TooMany(_("Your city offers %(most)d presentations already. Withdraw one of them first.", most=MOST))
    made = Offering(delegation=delegation, offered_at=now, state=OfferingState.OFFERED)
    _write(made, words)
    db.session.add(made)
    db.session.flush()
    return made


def change(offering: Offering, words: Words, *, seen: int) -> None:
    """Other words, as long as nobody has decided. Raises Decided, ChangedMeanwhile."""
    _check(offering, seen)
    if offering.state is not OfferingState.OFFERED:
        raise Decided(_("The organisers have decided already. Write to them if something has changed."))
    _write(offering, words)
    db.session.flush()


def reword(offering: Offering, titles: Localised, descriptions: Localised, *, seen: int, by: str, now: datetime) -> None:
    """Organisers' words for it, such as those of a language that the city has not written. Raises Decided, ChangedMeanwhile."""
    _check(offering, seen)
    if offering.state not in _OPEN:
        raise Decided(_("This was declined or withdrawn already."))
    before = _presented(offering.item) if offering.item else []
    offering.titles, offering.descriptions = titles, descriptions
    if offering.item is not None:
        _note(offering.item, before, by, now)
    db.session.flush()


def _write(offering: Offering, words: Words) -> None:
    offering.kind, offering.field = words.kind, words.field
    offering.titles, offering.descriptions = words.titles, words.descriptions
    offering.presenter, offering.minutes, offering.website = words.presenter, words.minutes, words.website


def _hold(offering: Offering, into: ProgrammeItem | None = None) -> None:
    """Lock the sessions that it leaves and enters, then itself: always in this order, since a session's others move with it."""
    items = {item.id: item for item in (offering.item, into) if item is not None}
    for number in sorted(items):
        lock(items[number])
    lock(offering)


def _check(offering: Offering, seen: int, into: ProgrammeItem | None = None) -> None:
    _hold(offering, into)
    if offering.version != seen:
        raise ChangedMeanwhile(
            _("Somebody else has changed this in the meantime. Below is how it is now; do it again if you still want to.")
        )


def withdraw(offering: Offering, *, now: datetime) -> None:
    """The city does not present it. A second time changes nothing. Raises Decided for what was declined."""
    _hold(offering)
    if offering.state is OfferingState.DECLINED:
        raise Decided(_("The organisers have declined this already."))
    _leave(offering, offering.delegation.city.names.text("en"), now)
    offering.state = OfferingState.WITHDRAWN
    db.session.flush()


def choose(
    offering: Offering, item: ProgrammeItem | None, *, minutes: int, seen: int, by: str, now: datetime
) -> None:  # fmt: skip
    """It is presented, in this session at the end of its order, or in one that is decided later. The city is told once, and again when it moves.

    Raises Decided for what the city withdrew, ChangedMeanwhile.
    """
    _check(offering, seen, item)
    if offering.state is OfferingState.WITHDRAWN:
        raise Decided(_("The city has withdrawn this."))
    is_news = offering.state is not OfferingState.CHOSEN or offering.item_id != (item.id if item else None)
    before = _presented(item) if item else []
    if offering.item_id != (item.id if item else None):
        _leave(offering, by, now)
        if item is not None:
            offering.position = len(queries.presentations(item))
            offering.item = item
    offering.state, offering.minutes, offering.reason = OfferingState.CHOSEN, minutes, ""
    offering.decided_by, offering.decided_at = by, now
    if item is not None:
        _note(item, before, by, now)
    db.session.flush()
    if is_news:
        _tell(offering, CHOSEN, now)


def decline(offering: Offering, reason: str, *, seen: int, by: str, now: datetime) -> None:
    """It is not presented; the city is told why. Raises Decided, ChangedMeanwhile."""
    _check(offering, seen)
    if offering.state not in _OPEN:
        raise Decided(_("This was declined or withdrawn already."))
    _leave(offering, by, now)
    offering.state, offering.reason = OfferingState.DECLINED, reason
    offering.decided_by, offering.decided_at = by, now
    db.session.flush()
    _tell(offering, DECLINED, now)


def put_in_order(item: ProgrammeItem, ids: Sequence[int], *, by: str, now: datetime) -> None:
    """This order of all that is presented in an item. Raises ChangedMeanwhile when these are not those."""
    lock(item)
    found = {each.id: each for each in queries.presentations(item)}
    if sorted(ids) != sorted(found):
        raise ChangedMeanwhile(
            _("Somebody else has changed this in the meantime. Below is how it is now; do it again if you still want to.")
        )
    before = _presented(item)
    for position, each in enumerate(ids):
        found[each].position = position
    _note(item, before, by, now)


def leave_session(item: ProgrammeItem, *, by: str, now: datetime) -> None:
    """Nothing is presented in an item any more; what was chosen stays so, for another session."""
    for each in queries.presentations(item):
        _leave(each, by, now)


def _leave(offering: Offering, by: str, now: datetime) -> None:
    """Out of its session; those after it move up."""
    item = offering.item
    if item is None:
        return
    lock(item)  # held already, unless it came there in that very moment
    before = _presented(item)
    offering.item, offering.position = None, None
    db.session.flush()
    for position, each in enumerate(queries.presentations(item)):
        each.position = position
    _note(item, before, by, now)


def _presented(item: ProgrammeItem) -> list[dict[str, Any]]:
    """What the history of the draft keeps of an item's presentations, in their order."""
    return [{"id": each.id, "titles": dict(each.titles), "minutes": each.minutes} for each in queries.presentations(item)]


def _note(item: ProgrammeItem, before: list[dict[str, Any]], by: str, now: datetime) -> None:
    """What is presented in it counts as a change of the item."""
    db.session.flush()
    if history.note_around(item, {"presentations": before}, {"presentations": _presented(item)}, by=by, now=now) is not None:
        counting.count(item, now=now)


def _tell(offering: Offering, template: str, now: datetime) -> None:
    """The city's contact, if there is one to be told."""
    delegation = offering.delegation
    contacts = networks.contacts(delegation.congress.network, [delegation.city_id])
    for to in recipients(delegation.holder, contacts.get(delegation.city_id, ()))[:1]:
        enqueue(
            Letter(
                key=f"{template}-{offering.id}-{offering.version}",
                to=to.email,
                template=template,
                language=to.language,
                facts={"offering": offering.id, "name": to.name},
                congress=delegation.congress_id,
                about=f"offering:{offering.id}",
            ),
            now=now,
        )
