"""Conflicts of a programme: find_conflicts(slots, facts). Pure; what each kind means stands in ``kinds``."""

from congress.programme.conflicts.facts import Conflict, Facts, RoomFacts, Slot
from congress.programme.conflicts.index import Index, find_conflicts
from congress.programme.conflicts.kinds import USUAL_SEVERITIES, ConflictKind, Severity

__all__ = [
    "USUAL_SEVERITIES",
    "Conflict",
    "ConflictKind",
    "Facts",
    "Index",
    "RoomFacts",
    "Severity",
    "Slot",
    "find_conflicts",
]
