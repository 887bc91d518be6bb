"""What can be wrong with one slot by itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from congress.core.localised import missing
from congress.programme.conflicts.facts import Conflict, Facts, Slot, Span, Times
from congress.programme.conflicts.kinds import ConflictKind

LONGEST_TITLE = 100  # characters: three lines on a phone of 390 px, two on a badge's back
_DAY = _LONGEST_SESSION = 24 * 3600  # seconds
# What has no room of its own by its nature, or takes place all over the house.
_WITHOUT_ROOM = frozenset({"transfer", "visit", "social", "break", "registration", "accompanying", "ceremony"})
# What people choose by its description.
_CHOSEN = frozenset({"workshop", "panel", "city_presentation", "debate", "visit", "accompanying"})


def conflicts_alone(slot: Slot, facts: Facts) -> Iterator[Conflict]:
    """What is wrong with a slot whatever else takes place."""
    yield from _room(slot, facts)
    yield from _closed(slot, facts)
    yield from _time(slot, facts)
    yield from _texts(slot, facts)


def taken_span(slot: Slot, facts: Facts) -> Span | None:
    """When it takes its room, without set-up and clearing; whole days where it has no time of day."""
    if slot.span is not None:
        return slot.span
    if slot.timing == "all_day" and slot.starts_on is not None:
        return facts.day_span(slot.starts_on, slot.ends_on or slot.starts_on)
    return None


def state(slot: Slot) -> tuple[object, ...]:
    """Where and when a slot is, for what is accepted."""
    days = (slot.starts_on.isoformat() if slot.starts_on else None, slot.ends_on.isoformat() if slot.ends_on else None)
    return (*(slot.span or days), slot.room, slot.venue, slot.city)


def _room(slot: Slot, facts: Facts) -> Iterator[Conflict]:
    if slot.room is None:
        if slot.timing == "timed" and slot.kind not in _WITHOUT_ROOM and slot.audience != "everyone":
            yield Conflict(ConflictKind.NO_ROOM, (slot.uid,))
        return
    room = facts.rooms.get(slot.room)
    if room is None:
        return
    if slot.people_expected is not None and room.capacity is not None and slot.people_expected > room.capacity:
        yield Conflict(ConflictKind.ROOM_TOO_SMALL, (slot.uid,), (slot.room, slot.people_expected, room.capacity))
    missing = sorted(slot.needs - room.equipment)
    if missing:
        yield Conflict(ConflictKind.ROOM_EQUIPMENT, (slot.uid,), (slot.room, *missing))
    if slot.needs_step_free and room.step_free is not True:
        yield Conflict(ConflictKind.ROOM_ACCESS, (slot.uid,), (slot.room, "no" if room.step_free is False else "unknown"))


def _closed(slot: Slot, facts: Facts) -> Iterator[Conflict]:
    taken = taken_span(slot, facts)
    if taken is None:
        return
    if slot.room is not None and _meets(taken, facts.rooms_closed.get(slot.room, ())):
        yield Conflict(ConflictKind.ROOM_CLOSED, (slot.uid,), (slot.room,), state=state(slot))
    if facts.people_away and slot.span is not None:
        away = sorted({person for person in slot.people if _meets(slot.span, facts.people_away.get(person, ()))})
        if away:
            yield Conflict(ConflictKind.PERSON_AWAY, (slot.uid,), people=tuple(away), state=state(slot))
    if slot.venue is not None and facts.hours and _is_outside_hours(slot, facts):
        yield Conflict(ConflictKind.OUTSIDE_HOURS, (slot.uid,), (slot.venue,), state=state(slot))


def _meets(span: Span, times: Times) -> bool:
    return any(
        start.timestamp() <= span[0] < end.timestamp() or span[0] < start.timestamp() < span[1] for start, end in times
    )  # fmt: skip


def _is_outside_hours(slot: Slot, facts: Facts) -> bool:
    assert slot.venue is not None  # noqa: S101  (see _closed)
    if slot.starts_at is None:
        return any(facts.hours.get((slot.venue, day), True) is None for day in _days(slot))
    start, end = slot.starts_at, slot.ends_at or slot.starts_at
    day = start.astimezone(facts.zone).date()
    beside = (facts.hours.get((slot.venue, day + timedelta(days=each))) for each in (-1, 0, 1))
    times = sorted(each for each in beside if each is not None)
    # A night belongs to the hours of its evening; where these meet those of the morning, the house stays open.
    if not any(opens <= start < closes or start == end == closes for opens, closes in times):
        return (slot.venue, day) in facts.hours
    open_until = start
    for opens, closes in times:
        if opens <= open_until:
            open_until = max(open_until, closes)
    return end > open_until


def _days(slot: Slot) -> Iterator[date]:
    if slot.starts_on is not None:
        for number in range(((slot.ends_on or slot.starts_on) - slot.starts_on).days + 1):
            yield slot.starts_on + timedelta(days=number)


def _time(slot: Slot, facts: Facts) -> Iterator[Conflict]:
    if slot.timing == "to_be_confirmed":
        yield Conflict(ConflictKind.NO_TIME, (slot.uid,))
    if slot.was_skipped:
        yield Conflict(ConflictKind.CLOCK_CHANGE, (slot.uid,), ("skipped",))
    if _is_outside_days(slot, facts):
        yield Conflict(ConflictKind.OUTSIDE_DAYS, (slot.uid,), state=state(slot))
    if slot.starts_at is None:
        return
    if slot.ends_at is not None and not 0 < (slot.ends_at - slot.starts_at).total_seconds() <= _LONGEST_SESSION:
        yield Conflict(ConflictKind.IMPOSSIBLE_LENGTH, (slot.uid,), state=state(slot))
    elif (change := _clock_change(slot, facts)) and not slot.was_skipped:
        yield Conflict(ConflictKind.CLOCK_CHANGE, (slot.uid,), (change,), state=state(slot))
    # What a release has said already is history; what is new cannot take place any more.
    if slot.starts_at < facts.now and facts.released.get(slot.uid) != (slot.starts_at, slot.ends_at):
        yield Conflict(ConflictKind.IN_THE_PAST, (slot.uid,), state=state(slot))


def _is_outside_days(slot: Slot, facts: Facts) -> bool:
    """Public events before and after the congress are usual; what is for its participants should lie within its days."""
    if slot.audience == "everyone" or slot.kind == "accompanying":
        return False
    if slot.starts_at is not None:
        first = slot.starts_at.astimezone(facts.zone).date()
        # A party that goes on after midnight belongs to the evening on which it began.
        return not facts.starts_on <= first <= facts.ends_on
    return slot.starts_on is not None and not (
        facts.starts_on <= slot.starts_on and (slot.ends_on or slot.starts_on) <= facts.ends_on
    )


def _clock_change(slot: Slot, facts: Facts) -> str:
    """How a change of clocks touches a slot: its first time comes twice that night, or it lasts across the change."""
    assert slot.starts_at is not None and slot.span is not None  # noqa: S101  (see _time)
    if not _change_is_near(facts.zone, int(slot.span[0] // _DAY)):
        return ""
    start = slot.starts_at.astimezone(UTC).astimezone(facts.zone)
    if start.utcoffset() != start.replace(fold=1 - start.fold).utcoffset():
        return "repeated"
    end = slot.ends_at.astimezone(UTC).astimezone(facts.zone) if slot.ends_at else start
    return "across" if end.utcoffset() != start.utcoffset() else ""


@lru_cache(1024)
def _change_is_near(zone: ZoneInfo, day: int) -> bool:
    """Whether clocks change on the day with this number (since 1970) or on one beside it, so that it is worth looking."""
    before, after = (datetime.fromtimestamp((day + beside) * _DAY, zone) for beside in (-1, 3))
    return before.utcoffset() != after.utcoffset()


def _texts(slot: Slot, facts: Facts) -> Iterator[Conflict]:
    titled_in = {language for language, title in slot.titles.items() if title}
    lacking = missing(facts.languages, titled_in, slot.described_in)
    if lacking:
        yield Conflict(ConflictKind.TRANSLATION_MISSING, (slot.uid,), lacking)
    for language, title in sorted(slot.titles.items()):
        if len(title) > LONGEST_TITLE:
            yield Conflict(ConflictKind.TITLE_TOO_LONG, (slot.uid,), (language, len(title)))
    if not slot.described_in and slot.kind in _CHOSEN:
        yield Conflict(ConflictKind.ABSTRACT_EMPTY, (slot.uid,))
