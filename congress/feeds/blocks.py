"""Rendered entries joined in the order of a calendar, so that what many people share is put together once. Pure."""

from __future__ import annotations

import hashlib
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from congress.feeds.ical import last_modified, years
from congress.feeds.selection import start
from congress.programme.entries import Entry


@dataclass(frozen=True, eq=False)
class Block:
    """Entries of a calendar: their order, where each one's bytes begin and end, and what a calendar's frame must know of them."""

    order: tuple[tuple[datetime, str], ...]
    ends: tuple[int, ...]  # of the bytes before the first entry (0), and of each
    body: bytes
    digest: bytes
    years: tuple[int, int] | None
    last_modified: datetime | None

    @classmethod
    def of(cls, entries: Sequence[Entry], pieces: Sequence[bytes]) -> Block:
        """From entries in the order of a calendar and the bytes of each."""
        body = b"".join(pieces)
        return cls(
            order=tuple((start(entry), entry.uid) for entry in entries),
            ends=(0, *accumulate(map(len, pieces))),
            body=body,
            digest=hashlib.sha256(body).digest(),
            years=years(entries),
            last_modified=last_modified(entries),
        )

    def place(self, entry: Entry) -> int:
        """Where the bytes of an entry that is not of the block belong."""
        return self.ends[bisect(self.order, (start(entry), entry.uid))]

    def parts(self, others: Iterable[tuple[int, bytes]]) -> list[bytes]:
        """The block's bytes with others in between, given with their places in rising order."""
        parts, done = [], 0
        for place, piece in others:
            parts += [self.body[done:place], piece]
            done = place
        return [*parts, self.body[done:]]
