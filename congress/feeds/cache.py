"""Rendered entries, kept by what they say and never by when: nothing here can be stale.

A piece is named by everything its bytes depend on: entry, sequence and style.
"""

from __future__ import annotations

from congress.core.kept import Kept

pieces: Kept[bytes] = Kept(96_000_000, len)  # bytes a process; an entry takes one to four thousand
