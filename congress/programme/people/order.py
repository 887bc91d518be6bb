"""The order of a session in which each has some minutes: when whom it is the turn of, and by how much it is too long. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from congress.programme.entries import Entry, Point


@dataclass(frozen=True)
class Turn:
    """From when to when somebody has the floor; None where no time is known, or before it somebody without minutes comes."""

    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class Plan:
    """Turns in order; ``over`` are the minutes by which they are longer than the session, ``left`` those that nobody has."""

    turns: tuple[Turn, ...]
    total: int
    over: int = 0
    left: int = 0


def plan(minutes: Sequence[int | None], starts_at: datetime | None, ends_at: datetime | None) -> Plan:
    """The turns of those who have these minutes one after the other from the start of the session."""
    turns = []
    clock = starts_at
    for each in minutes:
        after = clock + timedelta(minutes=each) if clock is not None and each is not None else None
        turns.append(Turn(clock, after))
        clock = after
    total = sum(each or 0 for each in minutes)
    if starts_at is None or ends_at is None:
        return Plan(tuple(turns), total)
    room = int((ends_at - starts_at).total_seconds()) // 60
    return Plan(tuple(turns), total, over=max(0, total - room), left=max(0, room - total))


def of_entry(entry: Entry) -> list[tuple[Point, Turn]]:
    """The points of a released session, each with its turn."""
    return list(
        zip(entry.agenda, plan([each.minutes for each in entry.agenda], entry.starts_at, entry.ends_at).turns, strict=True)
    )
