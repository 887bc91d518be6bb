"""Conflicts of a congress's draft: what is found becomes something to read and to accept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.clock import now as current_time
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme.conflicts import USUAL_SEVERITIES, Conflict, ConflictKind, Index, Severity, Slot
from congress.programme.entries import Entry
from congress.programme.planning import drafts, sentences
from congress.programme.planning.drafts import Draft
from congress.programme.planning.models import AcceptedConflict
from congress.programme.planning.surroundings import Attendance, surroundings

__all__ = ["Accepted", "Attendance", "Desk", "Finding", "blocking", "findings"]


class Accepted(NamedTuple):
    """That organisers live with a conflict, and why."""

    fingerprint: str
    reason: str
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True)
class Finding:
    """A conflict of the draft as organisers read it. ``slots`` are its entries, in the order of its ``uids``."""

    conflict: Conflict
    severity: Severity
    slots: tuple[Slot, ...]
    names: sentences.Names
    accepted: Accepted | None = None

    @property
    def kind(self) -> ConflictKind:
        return self.conflict.kind

    @property
    def uids(self) -> tuple[str, ...]:
        return self.conflict.uids

    @cached_property
    def fingerprint(self) -> str:
        return self.conflict.fingerprint

    @cached_property
    def sentence(self) -> Localised:
        """What is wrong, in each language of the congress."""
        return sentences.sentence(self.conflict, self.slots, self.names)

    @cached_property
    def remedy(self) -> Localised:
        """What would solve it."""
        return sentences.remedy(self.kind, self.names)

    @cached_property
    def days(self) -> frozenset[date]:
        """The days on which its entries begin."""
        starts = {each.starts_at.astimezone(self.names.zone).date() for each in self.slots if each.starts_at}
        return frozenset(starts | {each.starts_on for each in self.slots if each.starts_on})


@dataclass(frozen=True)
class Judged:
    """How heavy each kind is in a congress, and what its organisers live with."""

    severities: Mapping[ConflictKind, Severity]
    accepted: Mapping[str, Accepted]


class Desk:
    """The draft of a congress at a moment, ready to be asked for its conflicts."""

    def __init__(self, draft: Draft, judged: Judged, *, now: datetime) -> None:
        self.draft, self.judged, self.now = draft, judged, now
        self.slots, self.rooms, self.venues, self.zone = draft.slots, draft.rooms, draft.venues, draft.facts.zone

    @cached_property
    def index(self) -> Index:
        return self.draft.index.at(self.now)

    def findings(self, conflicts: Sequence[Conflict] | None = None) -> list[Finding]:
        """All conflicts, or these, those first that weigh most, then in order of time."""
        chosen = self.draft.conflicts(self.now) if conflicts is None else conflicts
        weights = {severity: number for number, severity in enumerate(Severity)}
        return sorted(map(self._finding, chosen), key=lambda each: weights[each.severity])

    def _finding(self, conflict: Conflict) -> Finding:
        accepted = self.judged.accepted.get(conflict.fingerprint) if self.judged.accepted else None
        slots = tuple(self.slots[uid] for uid in conflict.uids)
        return Finding(conflict, self.judged.severities[conflict.kind], slots, self.draft.names, accepted)


def read_desk(
    congress: Congress,
    attendance: Attendance | None = None,
    *,
    now: datetime | None = None,
    standing: Mapping[str, Entry | None] | None = None,
) -> Desk:
    """The draft read from the database now. For ``standing`` see Draft.standing."""
    moment = now or current_time()
    draft = drafts.read(congress, surroundings(congress, attendance or Attendance()), now=moment)
    return Desk(draft.standing(standing) if standing else draft, judged(congress), now=moment)


def findings(congress: Congress, attendance: Attendance | None = None, *, now: datetime | None = None) -> list[Finding]:
    """All conflicts of the draft, those that block first; the accepted ones say who accepted them."""
    return read_desk(congress, attendance, now=now).findings()


def blocking(
    congress: Congress,
    uids: Collection[str] | None = None,
    attendance: Attendance | None = None,
    *,
    now: datetime | None = None,
    standing: Mapping[str, Entry | None] | None = None,
) -> list[Finding]:
    """Conflicts that no release may go out with and that nobody has accepted; with ``uids`` only those about one of these.

    For ``standing`` see Draft: what is not released now goes on as readers know it, and that is what the rest must not run into.
    """
    return stopping(read_desk(congress, attendance, now=now, standing=standing), uids)


def stopping(desk: Desk, uids: Collection[str] | None = None) -> list[Finding]:
    """What ``blocking`` finds, of a draft that has been read."""
    wanted = None if uids is None else set(uids)
    return [
        each
        for each in desk.findings()
        if each.severity is Severity.BLOCKS and each.accepted is None and (wanted is None or wanted & set(each.uids))
    ]


def judged(congress: Congress) -> Judged:
    """What this congress thinks of its conflicts now."""
    columns = (AcceptedConflict.fingerprint, AcceptedConflict.reason, AcceptedConflict.accepted_by, AcceptedConflict.accepted_at)
    rows = db.session.execute(select(*columns).where(AcceptedConflict.congress_id == congress.id))
    return Judged(severities_of(congress), {row.fingerprint: Accepted(*row) for row in rows})


def severities_of(congress: Congress) -> dict[ConflictKind, Severity]:
    """How heavy each kind is in this congress. What was stored for kinds or words that there are no longer is left aside."""
    known = {each.value for each in Severity}
    chosen = {kind: congress.severities.get(kind.value, "") for kind in ConflictKind}
    return {kind: Severity(chosen[kind]) if chosen[kind] in known else usual for kind, usual in USUAL_SEVERITIES.items()}


def accepted_conflicts(congress: Congress) -> dict[str, AcceptedConflict]:
    """The rows of what organisers live with, by fingerprint."""
    rows = db.session.scalars(select(AcceptedConflict).where(AcceptedConflict.congress_id == congress.id))
    return {row.fingerprint: row for row in rows}
