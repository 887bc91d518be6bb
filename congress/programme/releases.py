"""What changed between two states of a programme. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime

from congress.programme import entries
from congress.programme.entries import Entry

_TIME = frozenset({"timing", "starts_at", "ends_at", "starts_on", "ends_on"})
_STAMPS = frozenset({"sequence", "created_at", "last_modified"})


@dataclass(frozen=True)
class Change:
    """One entry before and after; ``kinds`` are of added, moved, renamed, edited, cancelled, restored."""

    kinds: tuple[str, ...]
    before: Entry | None
    after: Entry

    @property
    def kind(self) -> str:
        """The one that matters most to a reader."""
        return self.kinds[0]

    @property
    def mark(self) -> str:
        """Names exactly this change: what is released must be what was on the page."""
        said = [entries.to_json(each) if each else None for each in (self.before, self.after)]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def changes(released: Iterable[Entry], draft: Iterable[Entry]) -> list[Change]:
    """What a release of ``draft`` would change, in the order of the draft, then what the draft has dropped.

    An entry that is no longer in the draft becomes cancelled: calendars that hold it must be told. One that was
    cancelled before it was ever released is no change.
    """
    before = {entry.uid: entry for entry in released}
    found = []
    seen = set()
    for entry in draft:
        seen.add(entry.uid)
        old = before.get(entry.uid)
        if old is None:
            if not entry.is_cancelled:
                found.append(Change(("added",), None, entry))
        elif not old.same_content(entry):
            found.append(Change(_kinds(old, entry), old, entry))
    found.extend(
        Change(("cancelled",), old, old.cancelled()) for uid, old in before.items() if uid not in seen and not old.is_cancelled
    )
    return found


def _kinds(old: Entry, new: Entry) -> tuple[str, ...]:
    differing = {
        each.name for each in fields(new) if each.name not in _STAMPS and getattr(old, each.name) != getattr(new, each.name)
    }
    kinds = []
    if old.is_cancelled != new.is_cancelled:
        kinds.append("cancelled" if new.is_cancelled else "restored")
    if differing & _TIME or "place" in differing:
        kinds.append("moved")
    if "titles" in differing:
        kinds.append("renamed")
    if differing - _TIME - {"place", "titles", "status"} or not kinds:
        kinds.append("edited")
    return tuple(kinds)


def stamped(change: Change, now: datetime) -> Entry:
    """The entry as the release freezes it: a new one starts at sequence 0, a changed one counts on (RFC 5545, 3.8.7.4)."""
    if change.before is None:
        return replace(change.after, sequence=0, created_at=now, last_modified=now)
    return replace(change.after, sequence=change.before.sequence + 1, created_at=change.before.created_at, last_modified=now)


def joined(steps: Iterable[tuple[Iterable[Entry], Iterable[Entry]]]) -> list[Change]:
    """What several releases changed together, each given as (before, after) of what it changed, the oldest first.

    Who reads of them at once is told the way from before the first to after the last; what came back to what it was is no change.
    """
    before: dict[str, Entry] = {}
    after: dict[str, Entry] = {}
    for old, new in steps:
        before = {entry.uid: entry for entry in old if entry.uid not in after} | before
        after |= {entry.uid: entry for entry in new}
    return changes(before.values(), after.values())
