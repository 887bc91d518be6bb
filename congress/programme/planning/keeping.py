"""A draft with its conflicts kept in memory, one of each congress, for as long as it and all around it stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from congress.congresses.models import Congress
from congress.core.kept import Kept
from congress.programme.planning import checks, drafts
from congress.programme.planning.checks import Desk, Finding, Judged
from congress.programme.planning.drafts import Draft
from congress.programme.planning.surroundings import Attendance, Surroundings, surroundings


@dataclass
class _Known:
    """A draft, and what was true when it was read."""

    numbers: tuple[object, ...]
    around: Surroundings
    draft: Draft
    made: tuple[Judged, int, list[Finding]] | None = None


_known: Kept[_Known] = Kept(4)


class KeptDesk(Desk):
    """A desk whose findings, with their sentences, are kept, too."""

    def __init__(self, known: _Known, judged: Judged, *, now: datetime) -> None:
        super().__init__(known.draft, judged, now=now)
        self._known = known

    def all_findings(self) -> list[Finding]:
        """All conflicts, as ``findings`` has them. The list is everybody's: nobody is to change it."""
        begun, made = self.draft.begun(self.now), self._known.made
        if made is None or made[:2] != (self.judged, begun):
            self._known.made = made = self.judged, begun, self.findings()
        return made[2]


def kept_desk(congress: Congress, attendance: Attendance, *, now: datetime) -> KeptDesk:
    """The draft as the database has it now, read and checked again only if something has changed.

    What stands around it is little, and read each time. The draft itself is known by its numbers, asked before it is read: so what
    is kept is never older than they say. Only for transactions that have written nothing, since what is rolled back has numbers, too.
    """
    numbers, around = drafts.numbers(congress), surroundings(congress, attendance)
    known = _known.find(congress.id)
    if known is None or (known.numbers, known.around) != (numbers, around):
        known = _Known(numbers, around, drafts.read(congress, around, now=now))
        _known.keep(congress.id, known)
    return KeptDesk(known, checks.judged(congress), now=now)
