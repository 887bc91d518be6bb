"""Rendered entries, kept by what they say and never by when: nothing here can be stale.

A piece is named by everything its bytes depend on: entry, sequence and style.
"""

from __future__ import annotations

from congress.core.kept import Kept

pieces: Kept[bytes] = Kept(40_000)  # about 1.5 kB each: at most 60 MB a process
