"""Writes about conflicts: accepting one with a reason, taking that back, and how heavy each kind is in a congress."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.programme.conflicts import USUAL_SEVERITIES, ConflictKind, Severity
from congress.programme.planning.checks import Finding, accepted_conflicts
from congress.programme.planning.models import AcceptedConflict


class ConflictGone(CongressError):
    """There is no such conflict now: it was solved, or its facts are others."""


def accept(
    congress: Congress, findings: Iterable[Finding], fingerprints: Collection[str], *, reason: str, by: str, now: datetime
) -> list[AcceptedConflict]:
    """Live with these conflicts as they are now; accepting one again puts the new reason in place of the old.

    Raises ConflictGone, and accepts none, if one of them is not there.
    """
    lock(congress)
    found = {each.fingerprint: each for each in findings if each.fingerprint in fingerprints}
    if not found or len(found) < len(set(fingerprints)):
        raise ConflictGone(_("This conflict is not there any more, or something about it has changed. Look at it again."))
    known, rows = accepted_conflicts(congress), []
    for fingerprint, finding in found.items():
        row = known.get(fingerprint)
        if row is None:
            row = AcceptedConflict(congress_id=congress.id, fingerprint=fingerprint, kind=finding.kind.value)
            db.session.add(row)
        row.reason, row.accepted_by, row.accepted_at = reason, by, now
        rows.append(row)
    db.session.flush()
    return rows


def take_back(congress: Congress, fingerprint: str) -> None:
    """Live with a conflict no longer. Raises ConflictGone."""
    lock(congress)
    row = accepted_conflicts(congress).get(fingerprint)
    if row is None:
        raise ConflictGone(_("This conflict was not accepted, or somebody else has taken that back already."))
    db.session.delete(row)
    db.session.flush()


def set_severities(congress: Congress, wanted: Mapping[ConflictKind, Severity]) -> None:
    """How heavy each kind is from now on. Only what is not as usual is kept."""
    lock(congress)
    congress.severities = {kind.value: each.value for kind, each in wanted.items() if each is not USUAL_SEVERITIES[kind]}
    db.session.flush()
