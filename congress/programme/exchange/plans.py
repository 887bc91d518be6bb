"""What a table would do to the draft: its rows, each with what it means, what is wrong with it, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from congress.core.localised import Localised
from congress.programme.exchange.cells import Named
from congress.programme.models import Placement, ProgrammeItem
from congress.programme.vocabulary import Audience, Kind


@dataclass(frozen=True)
class Defaults:
    """What holds for new items where the table says nothing."""

    kind: Kind = Kind.WORKSHOP
    audience: Audience = Audience.DELEGATES
    may_be_named: bool = False  # whether the people in the table have agreed to be named


@dataclass
class Row:
    """One row: its cells by column, what is wrong with which, and what it would make of which placement.

    ``item_values`` and ``placement_values`` are attributes; ``people`` None: the table says nothing of people. ``changes`` are cells that
    would differ: column, old, new.
    """

    line: int
    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    placement: Placement | None = None
    item: ProgrammeItem | None = None
    code: str = ""
    item_code: str = ""
    uid: str = ""
    is_event: bool = False
    texts: dict[str, Localised] = field(default_factory=dict)
    item_values: dict[str, Any] = field(default_factory=dict)
    placement_values: dict[str, Any] = field(default_factory=dict)
    people: list[Named] | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.errors:
            return "wrong"
        if self.placement is None:
            return "new"
        return "changed" if self.changes else "same"


@dataclass(frozen=True)
class Plan:
    """All rows, and the placements of the draft of which the table has none; they stay unless somebody calls them off."""

    rows: list[Row]
    missing: list[Placement]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)
