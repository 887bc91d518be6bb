"""One thing that is in the way of several others: its conflicts of one kind, said in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from congress.core.localised import Localised
from congress.programme.conflicts import ConflictKind, Severity, Slot
from congress.programme.planning import sentences
from congress.programme.planning.checks import Finding
from congress.programme.planning.labels import GROUPS


@dataclass(frozen=True)
class Group:
    """Conflicts of one kind that the entry ``centre`` has with others; or one conflict by itself, without a centre."""

    findings: tuple[Finding, ...]
    centre: Slot | None = None

    @property
    def kind(self) -> ConflictKind:
        return self.findings[0].kind

    @property
    def severity(self) -> Severity:
        return self.findings[0].severity

    @property
    def uids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(uid for each in self.findings for uid in each.uids))

    @cached_property
    def sentence(self) -> Localised:
        """What is wrong, in each language of the congress."""
        if self.centre is None:
            return self.findings[0].sentence
        others = [slot for each in self.findings for slot in each.slots if slot.uid != self.centre.uid]
        return sentences.group_sentence(self.kind, self.centre, others, self.findings[0].names)


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """The same conflicts in the same order, each group where its first one stands. An entry is the centre where it has most of them."""
    findings = list(findings)
    times = Counter((each.severity, each.kind, uid) for each in findings for uid in _centres(each))
    members: dict[object, list[Finding]] = {}
    for number, each in enumerate(findings):
        centre = max(_centres(each), key=lambda uid: times[each.severity, each.kind, uid], default="")
        members.setdefault((each.severity, each.kind, centre) if centre else number, []).append(each)
    return [_group(name[2] if isinstance(name, tuple) else "", each) for name, each in members.items()]


def _centres(finding: Finding) -> Sequence[str]:
    """Which of two entries others may be gathered around."""
    if finding.kind not in GROUPS or len(finding.uids) != 2:
        return ()
    return finding.uids[1:] if finding.kind is ConflictKind.LAST_COACH else finding.uids


def _group(centre: str, findings: list[Finding]) -> Group:
    slot = next((each for each in findings[0].slots if each.uid == centre), None)
    return Group(tuple(findings), slot if len(findings) > 1 else None)
