"""Items of the draft: how each is begun, written, put in time and place, and deleted, whoever asks: the desk, a table or a proposal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.programme import queries, services
from congress.programme.documents import files
from congress.programme.documents.models import Document
from congress.programme.models import Placement, ProgrammeItem, ProgrammeSession, PublicEvent
from congress.programme.offerings import services as presentations
from congress.programme.planning import history
from congress.programme.planning.models import DraftChange
from congress.programme.planning.places import Where
from congress.programme.vocabulary import Action, Audience, Ticketing, Timing

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}", re.ASCII)


class UnusableCode(CongressError):
    """The code is none, or belongs to something else."""


class FieldNeeded(CongressError):
    """What is for delegates of a field has no field."""


class TitleNeeded(CongressError):
    """There is no title in any language."""


class ChangedMeanwhile(CongressError):
    """Somebody else has changed the item; ``changes`` are what its history has kept of that."""

    def __init__(self, sentence: str, changes: Sequence[DraftChange] = ()) -> None:
        super().__init__(sentence)
        self.changes = changes


@dataclass(frozen=True)
class When:
    """The time of a placement: TIMED has instants, the others days or nothing."""

    timing: Timing
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def begin(congress: Congress, code: str, *, is_event: bool) -> ProgrammeItem:
    """An item with nothing but its code, for whoever writes the rest at once. Does not flush."""
    kind = PublicEvent if is_event else ProgrammeSession
    item = kind(congress=congress, congress_id=congress.id, code=code, languages=[], interpretation=[], needs=[])
    item.titles, item.descriptions = Localised(), Localised()
    if isinstance(item, PublicEvent):
        item.ticketing = Ticketing.UNKNOWN
    db.session.add(item)
    return item


def write(item: ProgrammeItem, values: Mapping[str, Any]) -> None:
    """Set the attributes that differ. Raises TitleNeeded, FieldNeeded."""
    after = {name: values.get(name, getattr(item, name)) for name in ("titles", "audience", "field")}
    if not after["titles"]:
        raise TitleNeeded(_("Write the title in at least one language."))
    if after["audience"] is Audience.FIELD and after["field"] is None:
        raise FieldNeeded(_("What is for delegates of a field needs a field."))
    for name, value in values.items():
        if getattr(item, name) != value:
            setattr(item, name, value)


def create(
    congress: Congress, code: str, values: Mapping[str, Any], *, is_event: bool, by: str, now: datetime
) -> ProgrammeItem:  # fmt: skip
    """A new item, without time or place so far. Raises UnusableCode, TitleNeeded, FieldNeeded."""
    lock(congress)
    _check_code(congress, code)
    item = begin(congress, code, is_event=is_event)
    with db.session.no_autoflush:
        write(item, values)
    db.session.flush()
    history.note(item, {}, Action.CREATED, by=by, now=now)
    return item


def _check_code(congress: Congress, code: str) -> None:
    """A code is an address for life: what readers have had under it stays what it is, also when it is deleted here."""
    if not CODE.fullmatch(code):
        raise UnusableCode(_("Write 1 to 20 letters, digits and hyphens, beginning with a letter or digit."))
    if code.casefold() in _item_codes(congress) | _placement_codes(congress):
        raise UnusableCode(_("This code belongs to another entry. Choose one that has never been used."))


def _item_codes(congress: Congress) -> set[str]:
    """Of the draft and of what was ever released, in small letters."""
    drafted = db.session.scalars(select(ProgrammeItem.code).where(ProgrammeItem.congress_id == congress.id))
    return {code.casefold() for code in [*drafted, *(entry.item for entry in queries.released(congress).entries)]}


def _placement_codes(congress: Congress) -> set[str]:
    """Of the draft and of what was ever released, in small letters."""
    drafted = db.session.scalars(select(Placement.code).where(Placement.congress_id == congress.id))
    return {code.casefold() for code in [*drafted, *(entry.code for entry in queries.released(congress).entries)]}


def change(item: ProgrammeItem, values: Mapping[str, Any], *, seen: int, since: int, by: str, now: datetime) -> None:
    """Write what an organiser has entered. ``seen`` is the version, ``since`` the last change of the item, that the page showed.

    Raises ChangedMeanwhile, TitleNeeded, FieldNeeded; then nothing is changed.
    """
    item = _hold(item, seen, since)
    before = history.snapshot(item)
    write(item, values)
    history.note(item, before, Action.EDITED, by=by, now=now)


def _hold(item: ProgrammeItem, seen: int, since: int) -> ProgrammeItem:
    item = lock(item)
    if item.version != seen:
        changes = [each for each in history.changes_of_item(item) if each.placement_id is None and each.id > since]
        raise ChangedMeanwhile(_("Somebody else has changed this in the meantime."), changes)
    return item


def last_number(item: ProgrammeItem) -> int:
    """The number of the item's last change, of itself or of one of its placements; 0 before the first."""
    return max((each.id for each in history.changes_of_item(item)), default=0)


def put(placement: Placement, when: When, where: Where | None) -> None:
    """Give a placement a time and, unless ``where`` is None, a place. Who puts it there notes it. Raises ImpossibleTime, RoomElsewhere."""
    if when.timing is Timing.TIMED and when.starts_at is not None:
        services.place_session(placement, starts_at=when.starts_at, ends_at=when.ends_at)
    else:
        services.place_on_days(placement, timing=when.timing, starts_on=when.starts_on, ends_on=when.ends_on)
    if where is not None:
        services.move_to(placement, city=where.city, venue=where.venue, room=where.room)


def add_placement(item: ProgrammeItem, when: When, where: Where, *, by: str, now: datetime) -> Placement:
    """One more time and place of an item. Raises ImpossibleTime, RoomElsewhere."""
    congress = lock(item.congress)
    item = lock(item)
    taken = _placement_codes(congress) | (_item_codes(congress) - {item.code.casefold()})
    usual = [item.code, *(f"{item.code[:14]}-{number}" for number in range(2, len(taken) + 3))]
    code = next(each for each in usual if each.casefold() not in taken)
    made = Placement(congress_id=congress.id, item=item, code=code, timing=Timing.TO_BE_CONFIRMED)
    db.session.add(made)
    put(made, when, where)
    history.note(made, {}, Action.CREATED, by=by, now=now)
    return made


def delete(item: ProgrammeItem, *, seen: int, since: int, by: str, now: datetime) -> None:
    """The item with its placements, people, documents and proposals; what cities present in it waits for another session.

    Whether people hold places there is asked before (``web.deleting``). Raises ChangedMeanwhile.
    """
    item = _hold(item, seen, since)
    presentations.leave_session(item, by=by, now=now)
    for placement in item.placements:
        history.note(placement, history.snapshot(placement), Action.DELETED, by=by, now=now)
    history.note(item, history.snapshot(item), Action.DELETED, by=by, now=now)
    documents = db.session.scalars(select(Document).where(Document.item_id == item.id)).all()
    stored = [each.file for each in documents]
    for each in documents:
        db.session.delete(each)
    db.session.flush()
    for file in stored:
        files.delete(file)
    db.session.delete(item)
    db.session.flush()
