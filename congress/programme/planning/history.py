"""The history of the draft: what each change made different, by whom, and when.

Whoever writes to an item, its contributors or a placement takes a ``snapshot`` before and calls ``note`` after::

    before = history.snapshot(placement)
    services.place_session(placement, starts_at=…, ends_at=…)
    history.note(placement, before, Action.PLACED, by=email, now=now)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import class_mapper

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme.models import Placement, ProgrammeItem
from congress.programme.planning.models import DraftChange
from congress.programme.vocabulary import Action

Snapshot = dict[str, Any]

_UNCHANGING = frozenset({"id", "uid", "congress_id", "item_id", "type", "version", "changed_at"})


def snapshot(row: ProgrammeItem | Placement) -> Snapshot:
    """The columns of a row as plain JSON values; an item's with its ``contributors``. Flushes what waits."""
    db.session.flush()
    values = {name: _plain(getattr(row, name)) for name in class_mapper(type(row)).column_attrs.keys() if name not in _UNCHANGING}  # noqa: SIM118
    if isinstance(row, ProgrammeItem):
        values["contributors"] = [
            {
                "part": person.part.value,
                "name": person.name,
                "may_be_named": person.may_be_named,
                "speaker_id": person.speaker_id,
                "city_id": person.city_id,
                "minutes": person.minutes,
            }
            for person in row.contributors
        ]
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Localised):
        return dict(value)
    if isinstance(value, list):
        return list(value)  # a copy: the row's own may be changed in place
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def note(
    row: ProgrammeItem | Placement,
    before: Mapping[str, Any],
    action: Action,
    *,
    by: str,
    now: datetime,
    undoes: DraftChange | None = None,
) -> DraftChange | None:
    """Write down how the row differs from ``before``; None when it does not.

    A row that is new has ``{}`` before. For DELETED it is called before the row goes, and keeps all that it was.
    """
    after = {} if action is Action.DELETED else snapshot(row)
    return _write_down(row, before, after, action, by=by, now=now, undoes=undoes)


def note_around(
    item: ProgrammeItem, before: Mapping[str, Any], after: Mapping[str, Any], *, by: str, now: datetime
) -> DraftChange | None:  # fmt: skip
    """Write down how something that is kept elsewhere and stands around an item differs; None when it does not."""
    return _write_down(item, before, after, Action.EDITED, by=by, now=now, undoes=None)


def _write_down(
    row: ProgrammeItem | Placement,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    action: Action,
    *,
    by: str,
    now: datetime,
    undoes: DraftChange | None,
) -> DraftChange | None:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not names and action is not Action.DELETED:
        return None
    placement = row if isinstance(row, Placement) else None
    item = row.item if isinstance(row, Placement) else row
    change = DraftChange(
        congress_id=item.congress_id,
        item_id=item.id,
        placement_id=placement.id if placement else None,
        item_code=item.code,
        placement_code=placement.code if placement else "",
        action=action,
        before={name: before[name] for name in names if name in before},
        after={name: after[name] for name in names if name in after},
        made_by=by,
        made_at=now,
        undoes_id=undoes.id if undoes else None,
    )
    db.session.add(change)
    db.session.flush()
    return change


def number(congress: Congress) -> int:
    """The draft's number: that of its last change, 0 before the first. It only grows."""
    return db.session.scalar(select(func.max(DraftChange.id)).where(DraftChange.congress_id == congress.id)) or 0


def changes_since(congress: Congress, since: int, limit: int = 500) -> Sequence[DraftChange]:
    """What was changed after the draft had this number, the oldest first."""
    return db.session.scalars(
        select(DraftChange)
        .where(DraftChange.congress_id == congress.id, DraftChange.id > since)
        .order_by(DraftChange.id)
        .limit(limit)
    ).all()


def changes_of_item(item: ProgrammeItem) -> Sequence[DraftChange]:
    """The history of an item and of its placements, the newest first."""
    return db.session.scalars(select(DraftChange).where(DraftChange.item_id == item.id).order_by(DraftChange.id.desc())).all()


def last_change(placement: Placement) -> DraftChange | None:
    """The last change of a placement, who made it and what it was."""
    return db.session.scalar(
        select(DraftChange).where(DraftChange.placement_id == placement.id).order_by(DraftChange.id.desc()).limit(1)
    )
