"""What those who run the rooms need to know of each placement: equipment, times before and after, who serves in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.programme import queries
from congress.programme.entries import Entry
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Part


@dataclass(frozen=True)
class Serving:
    """Somebody in an item, also one whom the programme does not name; ``minutes`` to speak, where they were set."""

    part: Part
    name: str
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
        """In the order of the programme. Those who speak follow each other from the beginning on, until one has no minutes."""
        found, turn = [], self.entry.starts_at
        for each in self.item.contributors:
            speaks = each.part in (Part.SPEAKER, Part.MAYOR)
            is_next = speaks and turn is not None and each.minutes is not None
            found.append(Serving(each.part, each.name, each.minutes, turn if is_next else None))
            if speaks:
                turn = turn + timedelta(minutes=each.minutes) if turn is not None and each.minutes is not None else None
        return found


def uses(congress: Congress, *, of_draft: bool) -> list[Use]:
    """All placements of the draft, or all entries of the release that is in force, in the order of a programme; in few queries."""
    if of_draft:
        found = [Use(queries.as_entry(placement), placement.item) for placement in queries.placements(congress)]
        return sorted(found, key=lambda use: use.entry.order(congress.zone))
    items = {item.code: item for item in _items(congress)}
    return [Use(entry, items[entry.item]) for entry in queries.released(congress).entries if entry.item in items]


def _items(congress: Congress) -> Sequence[ProgrammeItem]:
    return db.session.scalars(
        select(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id).options(selectinload(ProgrammeItem.contributors))
    ).all()
