"""The draft of a congress as the start of the draft of the next one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import selectinload

from congress.congresses.copying import Shift
from congress.congresses.models import Congress
from congress.core.db import db
from congress.programme.models import Contributor, Placement, ProgrammeItem, ProgrammeSession, PublicEvent
from congress.programme.planning import history
from congress.programme.planning.models import OpeningHours
from congress.programme.vocabulary import Action

# Of the meeting that was: identities, versions, where it was streamed.
_NOT_OF_ITEMS = frozenset({"id", "type", "congress_id", "version", "changed_at", "stream_url", "join_url", "sign_ups_close_at"})
_OF_PLACEMENTS = ("code", "timing", "city_id", "other_city_id", "venue_id", "room_id")
_OF_PEOPLE = ("part", "name", "city_id", "minutes")


def copy_draft(congress: Congress, other: Congress, shift: Shift, *, by: str, now: datetime) -> int:
    """Items with their placements, moved by ``shift``, under new identities; how many placements. What was called off stays behind.

    People are copied as names that have yet to agree again, without the speaker whom they belong to.
    """
    items = db.session.scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.congress_id == congress.id)
        .options(selectinload(ProgrammeItem.contributors), selectinload(ProgrammeItem.placements))
        .order_by(ProgrammeItem.code)
    ).all()
    made = [_item(item, other, shift) for item in items if any(not each.is_cancelled for each in item.placements)]
    hours = db.session.scalars(select(OpeningHours).where(OpeningHours.congress_id == congress.id)).all()
    db.session.add_all(made)
    db.session.add_all(
        OpeningHours(
            congress_id=other.id, venue_id=each.venue_id, day=each.day + shift.days, opens=each.opens, closes=each.closes
        )
        for each in hours
    )
    db.session.flush()
    for item in made:
        history.note(item, {}, Action.CREATED, by=by, now=now)
        for placement in item.placements:
            history.note(placement, {}, Action.CREATED, by=by, now=now)
    return sum(len(item.placements) for item in made)


def _item(item: ProgrammeItem, other: Congress, shift: Shift) -> ProgrammeItem:
    names = [each.key for each in inspect(item).mapper.column_attrs if each.key not in _NOT_OF_ITEMS]
    values: dict[str, Any] = {name: _own(getattr(item, name)) for name in names}
    kind = PublicEvent if isinstance(item, PublicEvent) else ProgrammeSession
    made: ProgrammeItem = kind(
        congress=other, congress_id=other.id, sign_ups_close_at=shift.moment(item.sign_ups_close_at), **values
    )
    for person in item.contributors:
        made.contributors.append(Contributor(may_be_named=False, **{name: getattr(person, name) for name in _OF_PEOPLE}))
    for each in item.placements:
        if not each.is_cancelled:
            made.placements.append(_placement(each, other, shift))
    return made


def _own(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def _placement(placement: Placement, other: Congress, shift: Shift) -> Placement:
    return Placement(
        congress_id=other.id,
        starts_at=shift.moment(placement.starts_at),
        ends_at=shift.end(placement.starts_at, placement.ends_at),
        starts_on=shift.day(placement.starts_on),
        ends_on=shift.day(placement.ends_on),
        **{name: getattr(placement, name) for name in _OF_PLACEMENTS},
    )
