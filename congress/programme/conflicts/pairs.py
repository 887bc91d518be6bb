"""What two slots may quarrel about, and whether they do. Pure.

A slot claims what it needs: its room, each person, its field's delegates, everybody's time. Two slots are compared if they claim the
same and at least one of them needs it for itself (a strong claim): a plenary needs all delegates, a workshop only some of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from congress.programme.conflicts.facts import Conflict, Facts, Slot, Span
from congress.programme.conflicts.kinds import ConflictKind
from congress.programme.conflicts.singles import state, taken_span
from congress.programme.conflicts.transfers import Transfers

Key = tuple[str, object]

_LOOKED_IN = frozenset(
    {"registration", "break", "transfer"}
)  # one looks in when it suits; nobody sits in a coach against a session
_PLENARY = frozenset({"plenary", "ceremony", "mayors"})  # for everybody who takes part
_GATHERING = frozenset(
    {"networking", "social", "city_presentation"}
)  # to which everybody is asked, where they are for all delegates


Claim = tuple[Key, float, float, bool]
"""What is claimed; from when until when something else may be in its way; whether it is needed for itself, which makes it strong."""


def claims(slot: Slot, facts: Facts) -> Iterator[Claim]:
    """All that a slot needs. Where people have to travel, the way to what comes next belongs to it."""
    if slot.room is not None and (taken := taken_span(slot, facts)) is not None:
        # A second more, so that two things that take no time and begin at once meet, whatever has to be set up before.
        yield (("room", slot.room), taken[0] - 60 * slot.setup_minutes, taken[1] + 60 * slot.clearing_minutes + 1, True)
    span = slot.span
    if span is None:
        return
    start, end = span[0], span[1] + facts.longest_way
    for person in dict.fromkeys(slot.people):  # who is named twice is there once
        yield (("person", person), start, end, True)
    for delegate in slot.delegates:
        yield (("delegate", delegate), start, end, True)
    if (slot.audience == "everyone" and slot.kind not in _PLENARY) or slot.kind in _LOOKED_IN:
        return
    yield (("delegates", ""), start, end, is_for_all(slot))
    if slot.field and slot.audience in ("field", "delegates"):
        yield (("field", slot.field), start, end, True)
    for city in slot.cities:
        if city in facts.lone_cities:
            yield (("city", city), start, end, True)
    if slot.field and slot.audience == "field":
        for city, fields in facts.lone_cities.items():
            if slot.field in fields and city not in slot.cities:
                yield (("city", city), start, end, False)


def is_for_all(slot: Slot) -> bool:
    """Whether all delegates are meant to be there."""
    return slot.kind in _PLENARY or (slot.kind in _GATHERING and slot.audience == "delegates" and not slot.field)


def quarrel(key: Key, one: Slot, other: Slot, facts: Facts, transfers: Transfers) -> Conflict | None:
    """What is wrong between two slots that claim the same, if anything."""
    if key[0] == "room":
        return _in_room(one, other, facts)
    if one.item == other.item and one.item and key[0] != "person":
        return None  # the same thing twice: people choose one of them
    before, after = _in_order(one, other)
    if overlap(before.span, after.span):
        kind = _who_overlaps(key, before, after)
        facts_of = (key[1],) if kind is ConflictKind.FIELD_TWICE else ()
        return _between(kind, before, after, facts_of, key) if kind is not None else None
    travels = {
        "person": ConflictKind.PERSON_TRAVEL, "delegate": ConflictKind.BOOKED_TRAVEL,
        "delegates": ConflictKind.AUDIENCE_TRAVEL, "field": ConflictKind.AUDIENCE_TRAVEL,
    }  # fmt: skip
    travel = travels.get(key[0])
    if travel is None or str(key[1]).startswith("name:"):
        return None
    assert before.span and after.span  # noqa: S101  (see claims)
    needed, gap = facts.way(before, after), int(after.span[0] - before.span[1]) // 60
    if gap >= needed or transfers.connects(before, after):
        return None
    return _between(travel, before, after, (needed, gap), key)


def _who_overlaps(key: Key, one: Slot, other: Slot) -> ConflictKind | None:
    match key[0]:
        case "person":
            return ConflictKind.NAME_TWICE if str(key[1]).startswith("name:") else ConflictKind.PERSON_TWICE
        case "delegate":
            return ConflictKind.BOOKED_TWICE
        case "city":
            return ConflictKind.CITY_TWICE
        case "field":
            return ConflictKind.FIELD_TWICE
    if one.kind in _PLENARY or other.kind in _PLENARY:
        return ConflictKind.DURING_PLENARY
    # Workshops beside a gathering are offered as a choice; a field's own session is not.
    is_needed = all(each.audience == "field" or is_for_all(each) for each in (one, other))
    return ConflictKind.SAME_DELEGATES if is_needed else None


def _in_room(one: Slot, other: Slot, facts: Facts) -> Conflict | None:
    spans = {each.uid: taken_span(each, facts) for each in (one, other)}
    before, after = sorted((one, other), key=lambda each: (*(spans[each.uid] or (0, 0)), each.item, each.uid))
    first, second = spans[before.uid], spans[after.uid]
    states = (state(before), state(after))
    if overlap(first, second):
        return Conflict(ConflictKind.ROOM_OVERLAP, (before.uid, after.uid), (one.room,), state=states)
    assert first and second  # noqa: S101  (see claims)
    missing = before.clearing_minutes + after.setup_minutes - int(second[0] - first[1]) // 60
    if missing <= 0 or (before.item == after.item and before.item):
        return None
    return Conflict(ConflictKind.ROOM_TURNAROUND, (before.uid, after.uid), (one.room, missing), state=states)


def overlap(first: Span | None, second: Span | None) -> bool:
    """Half-open; two things that begin at once always do. ``first`` does not begin later."""
    return bool(first and second) and (first[0] == second[0] or second[0] < first[1])  # type: ignore[index]


def _in_order(one: Slot, other: Slot) -> tuple[Slot, Slot]:
    return (one, other) if (one.span, one.item, one.uid) <= (other.span, other.item, other.uid) else (other, one)


def _between(kind: ConflictKind, before: Slot, after: Slot, facts: tuple[object, ...], key: Key) -> Conflict:
    person = key[0] in ("person", "delegate", "city")
    people = (str(key[1]) if key[0] == "person" else f"{key[0]}:{key[1]}",) if person else ()
    return Conflict(kind, (before.uid, after.uid), facts, people, (state(before), state(after)))
