"""Releases that are planned for a time, and mails about releases that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.outbox import services as outbox
from congress.outbox.services import Letter
from congress.programme.models import Release
from congress.programme.publishing import queries
from congress.programme.publishing.models import PlannedRelease
from congress.programme.vocabulary import PlanState

FAILED_TEMPLATE = "planned_release_failed"


class TooLate(CongressError):
    """The time for which it is planned has passed, or what was to be stopped is done."""


def plan_release(
    congress: Congress,
    *,
    due_at: datetime,
    uids: Sequence[str] | None,
    notes: Localised,
    is_provisional: bool,
    tells_people: bool,
    by: str,
    now: datetime,
) -> PlannedRelease:
    """Let a release come out at a time: of these entries, or of all that has changed by then. Raises TooLate."""
    if due_at <= now:
        raise TooLate(_("This time has passed. Give a later one, or release at once."))
    plan = PlannedRelease(
        congress_id=congress.id, due_at=due_at, uids=None if uids is None else list(uids), notes=notes,
        is_provisional=is_provisional, tells_people=tells_people, planned_by=by, state=PlanState.WAITING, why_not="",
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    return plan


def stop_plan(plan: PlannedRelease) -> None:
    """Let it not come out. Raises TooLate if it has."""
    plan = lock(plan)
    if plan.state is not PlanState.WAITING:
        raise TooLate(_("This planned release has been carried out or stopped already."))
    plan.state = PlanState.STOPPED
    db.session.flush()


def note_failure(plan: PlannedRelease, why: str, *, language: str, now: datetime) -> None:
    """It did not come out; who planned it learns why by mail."""
    plan.state, plan.why_not = PlanState.FAILED, why[:500]
    if "@" in plan.planned_by:
        letter = Letter(
            key=f"planned-release-{plan.id}-failed", to=plan.planned_by, template=FAILED_TEMPLATE, language=language,
            facts={"plan": plan.id}, congress=plan.congress_id,
        )  # fmt: skip
        outbox.enqueue(letter, now=now)
    db.session.flush()


def hold_quiet(congress: Congress, release: Release, *, now: datetime) -> bool:
    """Let the mails of a release wait for the congress's quiet time; whether they do.

    What is released while mails wait joins them and leaves when the first of them would have: nobody waits for ever.
    """
    if not congress.quiet_minutes or release.number == 1:
        return False
    waiting = [each.tell_at for each in queries.untold(congress) if each.tell_at is not None]
    release.tell_at = min([*waiting, now + timedelta(minutes=congress.quiet_minutes)])
    db.session.flush()
    return True


def stop_mails(congress: Congress) -> int:
    """Hold the mails back that wait for their time, until somebody sends them or another release does; of how many releases."""
    lock(congress)
    waiting = [each for each in queries.untold(congress) if each.tell_at is not None]
    for each in waiting:
        each.tell_at = None
    db.session.flush()
    return len(waiting)


def tell_nobody(congress: Congress, up_to: int) -> int:
    """Of what is held back or waits, up to the release of this number, nobody is to be told, ever; of how many releases.

    What came out after somebody looked still is told: they have not seen it.
    """
    lock(congress)
    untold = [each for each in queries.untold(congress) if each.number <= up_to]
    for each in untold:
        each.are_people_told, each.tell_at = True, None
    db.session.flush()
    return len(untold)


def due_mails(congress: Congress, *, now: datetime) -> list[Release]:
    """The releases of which people are to be told now, the oldest first, under the congress's lock: none for a second worker."""
    lock(congress)
    untold = queries.untold(congress)
    last = max((each.number for each in untold if each.tell_at is not None and each.tell_at <= now), default=0)
    return [each for each in untold if each.number <= last]
