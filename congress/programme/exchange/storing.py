"""The rows of a table into the draft, each change noted in its history."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from congress.congresses.models import Congress
from congress.core.db import db
from congress.programme.exchange import tables
from congress.programme.exchange.cells import Named
from congress.programme.exchange.plans import Plan, Row
from congress.programme.models import Contributor, Placement, ProgrammeItem
from congress.programme.planning import history, items
from congress.programme.vocabulary import Action, Timing


@dataclass
class Stored:
    """How many placements were added, changed and called off."""

    added: int = 0
    changed: int = 0
    called_off: int = 0


def store(congress: Congress, plan: Plan, *, call_off: Collection[int] = (), by: str, now: datetime) -> Stored:
    """Write the rows without errors; of what the table does not hold, call off the placements with the ids ``call_off``.

    All in the caller's transaction, which holds the congress's lock.
    """
    good = [row for row in plan.rows if row.state in {"new", "changed"}]
    done = Stored(sum(row.state == "new" for row in good), sum(row.state == "changed" for row in good))
    before: list[tuple[ProgrammeItem | Placement, history.Snapshot, Action]] = []
    cities = {slug: number for number, slug in tables.city_slugs().items()}
    made: dict[str, ProgrammeItem] = {}
    first = {row.item_code: row for row in reversed([row for row in plan.rows if not row.errors])}
    for code in dict.fromkeys(row.item_code for row in good):
        row = first[code]
        item = row.item or items.begin(congress, code, is_event=row.is_event)
        before.append((item, history.snapshot(item) if row.item else {}, Action.IMPORTED))
        made[code] = item
        _write_item(item, row, cities)
    for row in good:
        placement = row.placement or _new_placement(congress, row, made[row.item_code])
        before.append((placement, history.snapshot(placement) if row.placement else {}, Action.IMPORTED))
        for name, value in row.placement_values.items():
            if getattr(placement, name) != value:
                setattr(placement, name, value)
    for placement in plan.missing:
        if placement.id in call_off:
            before.append((placement, history.snapshot(placement), Action.CANCELLED))
            placement.is_cancelled, done.called_off = True, done.called_off + 1
    db.session.flush()
    for changed, was, action in before:
        history.note(changed, was, action, by=by, now=now)
    return done


def _new_placement(congress: Congress, row: Row, item: ProgrammeItem) -> Placement:
    placement = Placement(congress_id=congress.id, code=row.code, uid=row.uid or str(uuid.uuid4()), timing=Timing.TO_BE_CONFIRMED)
    placement.item = item
    db.session.add(placement)
    return placement


def _write_item(item: ProgrammeItem, row: Row, cities: dict[str, int]) -> None:
    items.write(item, {**row.texts, **row.item_values})
    if row.people is not None:
        _write_people(item, row.people, cities)


def _write_people(item: ProgrammeItem, people: Iterable[Named], cities: dict[str, int]) -> None:
    """Who stands there already stays the same row, also in another part, with the speaker whom it belongs to and who alone agrees to be named."""
    slugs, known = {number: slug for slug, number in cities.items()}, list(item.contributors)
    people = list(people)
    if [tables.named(each, slugs) for each in known] == people:
        return
    wanted = []
    for person in people:
        same = next((each for each in known if (each.part, each.name) == (person.part, person.name)), None)
        if same is None and person.name:
            there = {(one.part, one.name) for one in people}  # who is meant by another line is not taken for this one
            same = next((each for each in known if each.name == person.name and (each.part, each.name) not in there), None)
        if same is None:
            same = Contributor(part=person.part, name=person.name)
        else:
            known.remove(same)
            same.part = person.part
        same.may_be_named, same.minutes, same.city_id = bool(person.may_be_named), person.minutes, cities.get(person.city)
        wanted.append(same)
    item.contributors[:] = wanted
