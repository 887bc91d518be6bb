"""The draft of a congress whose days or time zone have changed: all of it moves, and each step is noted. Releases stay as they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select

from congress.congresses.copying import Shift
from congress.congresses.models import Congress
from congress.core.db import db
from congress.programme import queries
from congress.programme.models import Placement
from congress.programme.planning import history
from congress.programme.planning.models import Unavailability
from congress.programme.vocabulary import Action


def move_draft(congress: Congress, shift: Shift, *, by: str, now: datetime) -> int:
    """Move every placement, and until when the public signs up; how many placements. Flushes."""
    moved, items = 0, {}
    for placement in queries.placements(congress):
        items[placement.item.id] = placement.item
        before = history.snapshot(placement)
        placement.starts_at, placement.ends_at = (
            shift.moment(placement.starts_at),
            shift.end(placement.starts_at, placement.ends_at),
        )
        placement.starts_on, placement.ends_on = shift.day(placement.starts_on), shift.day(placement.ends_on)
        moved += history.note(placement, before, Action.PLACED, by=by, now=now) is not None
    for item in items.values():
        before = history.snapshot(item)
        item.sign_ups_close_at = shift.moment(item.sign_ups_close_at)
        history.note(item, before, Action.EDITED, by=by, now=now)
    return moved


def move_absences(congress: Congress, shift: Shift) -> None:
    """When rooms and speakers are not there, by the clocks of the new zone. Flushes."""
    for each in db.session.scalars(select(Unavailability).where(Unavailability.congress_id == congress.id)):
        starts_at, ends_at = shift.moment(each.starts_at), shift.end(each.starts_at, each.ends_at)
        if starts_at is not None and ends_at is not None:
            each.starts_at, each.ends_at = starts_at, ends_at
    db.session.flush()


def number_in(congress: Congress, cities: Collection[int]) -> int:
    """How many placements of the draft are in these cities."""
    there = or_(Placement.city_id.in_(cities), Placement.other_city_id.in_(cities))
    return db.session.scalar(select(func.count(Placement.id)).where(Placement.congress_id == congress.id, there)) or 0
