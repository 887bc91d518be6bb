"""The plain algorithm: every slot with every other one. Slow and simple, the oracle of ``find_conflicts`` and what it is measured against.

It shares with the product only what concerns one slot alone; what is wrong between slots is written here once more, in plain words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import combinations

from congress.programme.conflicts import ConflictKind, Facts, Slot
from congress.programme.conflicts.singles import conflicts_alone

Found = tuple[ConflictKind, tuple[str, ...], tuple[object, ...], tuple[str, ...]]

_LOOKED_IN = ("registration", "break", "transfer")
_PLENARY = ("plenary", "ceremony", "mayors")
_GATHERING = ("networking", "social", "city_presentation")


def pairwise(slots: Iterable[Slot], facts: Facts) -> list[Found]:
    """All conflicts, sorted: kind, uids, facts, people."""
    live = [slot for slot in slots if not slot.is_cancelled]
    found = [(each.kind, each.uids, each.facts, each.people) for slot in live for each in conflicts_alone(slot, facts)]
    for one, other in combinations(live, 2):
        found += _between(one, other, live, facts)
    coaches = [slot for slot in live if _is_coach(slot)]
    for slot in live:
        found += _missed(slot, coaches, facts)
    found += _seats(coaches, facts)
    return sorted(found, key=repr)


def _begin(slot: Slot) -> datetime:
    assert slot.starts_at is not None
    return slot.starts_at


def _end(slot: Slot) -> datetime:
    return max(_begin(slot), slot.ends_at or _begin(slot))


def _between(one: Slot, other: Slot, live: list[Slot], facts: Facts) -> Iterator[Found]:
    yield from _in_room(one, other, facts)
    if one.starts_at is None or other.starts_at is None:
        return
    before, after = sorted((one, other), key=lambda each: (_begin(each), _end(each), each.item, each.uid))
    overlaps = _begin(before) == _begin(after) or _begin(after) < _end(before)
    gap = int((_begin(after) - _end(before)).total_seconds()) // 60
    needed = _way(before, after, facts)
    is_late = not overlaps and gap < needed and not _coach_between(before, after, live)
    yield from _people(before, after, overlaps, (needed, gap) if is_late else None)
    if not _same_item(one, other) and _needs_delegates(one) and _needs_delegates(other):
        yield from _audiences(before, after, overlaps, (needed, gap) if is_late else None)
        if overlaps:
            yield from _cities(before, after, facts)


def _people(before: Slot, after: Slot, overlaps: bool, late: tuple[int, int] | None) -> Iterator[Found]:
    uids = before.uid, after.uid
    people = sorted(set(before.people) & set(after.people))
    surely = tuple(each for each in people if not each.startswith("name:"))
    names = tuple(each for each in people if each.startswith("name:"))
    if overlaps and surely:
        yield ConflictKind.PERSON_TWICE, uids, (), surely
    if overlaps and names:
        yield ConflictKind.NAME_TWICE, uids, (), names
    if late and surely:
        yield ConflictKind.PERSON_TRAVEL, uids, late, surely
    booked = tuple(sorted(f"delegate:{each}" for each in before.delegates & after.delegates))
    if not booked or _same_item(before, after):
        return
    if overlaps:
        yield ConflictKind.BOOKED_TWICE, uids, (), booked
    if late:
        yield ConflictKind.BOOKED_TRAVEL, uids, late, booked


def _audiences(before: Slot, after: Slot, overlaps: bool, late: tuple[int, int] | None) -> Iterator[Found]:
    uids = before.uid, after.uid
    needs_field = (
        bool(before.field) and before.field == after.field and {before.audience, after.audience} <= {"field", "delegates"}
    )
    if needs_field and overlaps:
        yield ConflictKind.FIELD_TWICE, uids, (before.field,), ()
    for_all = [each for each in (before, after) if _is_for_all(each)]
    if for_all and overlaps:
        if before.kind in _PLENARY or after.kind in _PLENARY:
            yield ConflictKind.DURING_PLENARY, uids, (), ()
        elif all(each.audience == "field" or _is_for_all(each) for each in (before, after)):
            yield ConflictKind.SAME_DELEGATES, uids, (), ()
    if late and (for_all or needs_field):
        yield ConflictKind.AUDIENCE_TRAVEL, uids, late, ()


def _cities(before: Slot, after: Slot, facts: Facts) -> Iterator[Found]:
    alone = [
        city for city, fields in facts.lone_cities.items()
        if (city in before.cities or city in after.cities)
        and all(city in each.cities or (each.audience == "field" and each.field in fields) for each in (before, after))
    ]  # fmt: skip
    if alone:
        yield ConflictKind.CITY_TWICE, (before.uid, after.uid), (), tuple(sorted(f"city:{city}" for city in alone))


def _same_item(one: Slot, other: Slot) -> bool:
    return bool(one.item) and one.item == other.item


def _needs_delegates(slot: Slot) -> bool:
    return slot.kind not in _LOOKED_IN and (slot.audience != "everyone" or slot.kind in _PLENARY)


def _is_for_all(slot: Slot) -> bool:
    return slot.kind in _PLENARY or (slot.kind in _GATHERING and slot.audience == "delegates" and not slot.field)


def _in_room(one: Slot, other: Slot, facts: Facts) -> Iterator[Found]:
    times = [_taken(each, facts) for each in (one, other)]
    if one.room is None or one.room != other.room or None in times:
        return
    both = [(*span, each.item, each.uid, each) for span, each in zip(times, (one, other), strict=True) if span]
    (start, end, _item, uid, before), (next_start, _next_end, _next_item, next_uid, after) = sorted(
        both, key=lambda each: each[:4]
    )
    if start == next_start or next_start < end:
        yield ConflictKind.ROOM_OVERLAP, (uid, next_uid), (one.room,), ()
        return
    missing = before.clearing_minutes + after.setup_minutes - int((next_start - end).total_seconds()) // 60
    if missing > 0 and not _same_item(one, other):
        yield ConflictKind.ROOM_TURNAROUND, (uid, next_uid), (one.room, missing), ()


def _taken(slot: Slot, facts: Facts) -> tuple[datetime, datetime] | None:
    if slot.starts_at is not None:
        return _begin(slot), _end(slot)
    if slot.timing != "all_day" or slot.starts_on is None or slot.ends_on is None:
        return None
    first, after = (
        datetime.combine(day, time(), facts.zone).astimezone(UTC) for day in (slot.starts_on, slot.ends_on + timedelta(1))
    )
    return first, after


def _way(before: Slot, after: Slot, facts: Facts) -> int:
    if before.other_city is None and before.venue is not None and after.venue is not None:
        pair = frozenset({before.venue, after.venue})
        if pair in facts.between_venues:
            return facts.between_venues[pair]
    here = before.other_city or before.city
    return facts.between_cities if here is not None and after.city is not None and here != after.city else 0


def _is_coach(slot: Slot) -> bool:
    return slot.kind == "transfer" and slot.starts_at is not None and slot.city is not None and slot.other_city is not None


def _coach_between(before: Slot, after: Slot, live: list[Slot]) -> bool:
    way = before.other_city or before.city, after.city
    return any(
        _is_coach(each) and (each.city, each.other_city) == way and _begin(each) >= _end(before) and _end(each) <= _begin(after)
        for each in live
    )


def _evening(moment: datetime, facts: Facts) -> object:
    return (moment.astimezone(facts.zone).replace(tzinfo=None) - timedelta(hours=4)).date()


def _missed(slot: Slot, coaches: list[Slot], facts: Facts) -> Iterator[Found]:
    if slot.starts_at is None or slot.city is None or slot.kind in _LOOKED_IN:
        return
    evening = _evening(slot.starts_at, facts)
    there = [each for each in coaches if each.city == slot.city and _evening(_begin(each), facts) == evening]
    for city in {each.other_city for each in there}:
        last = max((each for each in there if each.other_city == city), key=lambda each: (_begin(each), each.uid))
        if _begin(last) < _end(slot):
            yield ConflictKind.LAST_COACH, (slot.uid, last.uid), (_begin(last).timestamp(),), ()


def _seats(coaches: list[Slot], facts: Facts) -> Iterator[Found]:
    for way in {(each.city, each.other_city, _evening(_begin(each), facts)) for each in coaches}:
        together = [each for each in coaches if (each.city, each.other_city, _evening(_begin(each), facts)) == way]
        if any(each.seats is None for each in together):
            continue
        people = max(each.people_expected or len(each.delegates) for each in together)
        if facts.participants is not None and any(each.audience == "delegates" for each in together):
            people = max(people, facts.participants)
        seats = sum(each.seats or 0 for each in together)
        if people > seats:
            uids = [each.uid for each in sorted(together, key=lambda each: (_begin(each), _end(each), each.uid))]
            yield ConflictKind.TRANSFER_SEATS, tuple(uids), (people, seats), ()
