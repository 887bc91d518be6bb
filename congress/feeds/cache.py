"""Rendered entries and calendars, kept by what they say and never by when: nothing here can be stale.

A piece is named by everything its bytes depend on (entry, sequence, words, address), a calendar by its release, its options,
what its congress says of itself, and the day.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from congress.core.kept import Kept


class Calendar(NamedTuple):
    """A public calendar as it is sent."""

    body: bytes
    tag: str
    last_modified: datetime | None


pieces: Kept[bytes] = Kept(40_000)  # about 1.5 kB each: at most 60 MB a process
calendars: Kept[Calendar] = Kept(64_000_000, lambda calendar: len(calendar.body))
