"""What those who run the rooms need to know of each placement: equipment, times before and after, who serves in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.models import Delegation
from congress.programme import queries
from congress.programme.entries import Entry
from congress.programme.models import Contributor, ProgrammeItem
from congress.programme.offerings.models import Offering
from congress.programme.people import order
from congress.programme.vocabulary import SERVING_PARTS, Part


@dataclass(frozen=True)
class Serving:
    """Somebody in an item, also one whom the programme does not name, or a project that is presented (``part`` is None)."""

    part: Part | None
    names: Localised
    city_names: Localised
    minutes: int | None = None
    starts_at: datetime | None = None  # when it is their turn, as far as minutes were set


@dataclass(frozen=True)
class Use:
    """A placement as it stands in the draft or in the release; ``item`` is as it is now, since no release holds its needs."""

    entry: Entry
    item: ProgrammeItem

    @property
    def needed_from(self) -> datetime | None:
        """From when on the room is set up; None where that takes no time of its own."""
        start, minutes = self.entry.starts_at, self.item.setup_minutes
        return start - timedelta(minutes=minutes) if start and minutes else None

    @property
    def clear_by(self) -> datetime | None:
        """When the room is cleared; None where that takes no time of its own."""
        end, minutes = self.entry.ends_at, self.item.clearing_minutes
        return end + timedelta(minutes=minutes) if end and minutes else None

    @property
    def people(self) -> list[Serving]:
        """Those who have turns, one after the other from the beginning on, and presentations; then who serves or chairs."""
        in_turn = [each for each in self.item.contributors if _has_turn(each)]
        found = [_serving(each) for each in in_turn]
        for each in self.item.presentations:
            presenter = f" ({each.presenter})" if each.presenter else ""
            titles = Localised({code: text + presenter for code, text in each.titles.items()})
            found.append(Serving(None, titles, each.delegation.city.names, each.minutes))
        turns = order.plan([each.minutes for each in found], self.entry.starts_at, self.entry.ends_at).turns
        timed = [
            replace(each, starts_at=turn.starts_at if each.minutes else None) for each, turn in zip(found, turns, strict=True)
        ]
        return [*timed, *(_serving(each) for each in self.item.contributors if not _has_turn(each))]


def _has_turn(person: Contributor) -> bool:
    return person.part not in SERVING_PARTS and (person.minutes is not None or person.part is Part.MAYOR)


def _serving(person: Contributor) -> Serving:
    city = person.city.names if person.city else Localised()
    return Serving(person.part, Localised(en=person.printed), city, person.minutes)


def uses(congress: Congress, *, of_draft: bool) -> list[Use]:
    """All placements of the draft, or all entries of the release that is in force, in the order of a programme; in few queries."""
    if of_draft:
        found = [Use(queries.as_entry(placement), placement.item) for placement in queries.placements(congress)]
        return sorted(found, key=lambda use: use.entry.order(congress.zone))
    items = {item.code: item for item in _items(congress)}
    return [Use(entry, items[entry.item]) for entry in queries.released(congress).entries if entry.item in items]


def entries_of(congress: Congress, code: str) -> list[Entry]:
    """What is released of an item; where nothing is, how it stands in the draft."""
    released = queries.released(congress).by_code.get(code)
    if released:
        return released
    return [entry for entry in queries.draft(congress) if entry.item == code]


def _items(congress: Congress) -> Sequence[ProgrammeItem]:
    return db.session.scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.congress_id == congress.id)
        .options(
            selectinload(ProgrammeItem.contributors).joinedload(Contributor.city),
            selectinload(ProgrammeItem.presentations).joinedload(Offering.delegation).joinedload(Delegation.city),
        )
    ).all()
