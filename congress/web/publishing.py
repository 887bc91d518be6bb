"""Releasing and telling whom it concerns, at the desk, by the worker and on the command line alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from congress.accounts import queries as accounts
from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.events import notices as event_notices
from congress.programme import services
from congress.programme.entries import Entry
from congress.programme.models import Release
from congress.programme.planning import checks
from congress.programme.planning.checks import Desk, Finding
from congress.programme.planning.keeping import kept_desk
from congress.programme.publishing import queries
from congress.programme.publishing import services as publishing
from congress.programme.publishing.models import PlannedRelease
from congress.programme.releases import Change
from congress.programme.vocabulary import PlanState
from congress.registration import notices, speaker_notices
from congress.registration.bookings.attendance import attendance
from congress.web.language import chosen_language, speaking


class Blocked(CongressError):
    """Conflicts of what is to be released have to be solved or accepted first."""

    def __init__(self, sentence: str, findings: Sequence[Finding]) -> None:
        super().__init__(sentence)
        self.findings = findings


@dataclass(frozen=True)
class Published:
    """A release that is out. ``mails`` were queued; with ``tell_at`` they wait for that time instead."""

    release: Release
    changes: Sequence[Change]
    mails: int = 0
    tell_at: datetime | None = None


def publish(
    congress: Congress,
    *,
    notes: Localised,
    by: str,
    now: datetime,
    only: Mapping[str, str] | None = None,
    is_provisional: bool | None = None,
    tells_people: bool = True,
) -> Published:
    """Release (see services.release_programme) and tell, or let the mails wait.

    Raises what services.release_programme raises, and Blocked.
    """
    lock(congress)
    _refuse_conflicts(congress, only, now=now)
    release, changes = services.release_programme(congress, note=notes, by=by, now=now, only=only, is_provisional=is_provisional)
    return _told(congress, release, changes, now=now) if tells_people else Published(release, changes)


def _refuse_conflicts(congress: Congress, only: Mapping[str, str] | None, *, now: datetime) -> None:
    pending = services.pending_changes(congress)
    chosen = {change.after.uid for change in pending if only is None or change.after.uid in only}
    found = blocking(congress, pending, chosen, now=now)
    if found:
        said = [each.sentence.text(chosen_language()) for each in found[:3]]
        concerned = {uid for each in found for uid in each.uids} - chosen
        left = [change.after.code for change in pending if change.after.uid in concerned]
        if left:
            said.append(_("Not chosen here, so it stays as readers know it: %(codes)s.", codes=", ".join(left)))
        raise Blocked(
            ngettext(
                "%(num)d conflict stops this release: %(said)s",
                "%(num)d conflicts stop this release: %(said)s",
                len(found),
                said=" ".join(said),
            ),
            found,
        )


def blocking(congress: Congress, pending: Sequence[Change], chosen: Collection[str], *, now: datetime) -> list[Finding]:
    """What stops the entries of these uids from being released while the rest of what is pending stays as readers know it."""
    if not chosen:
        return []
    return checks.blocking(congress, chosen, attendance(congress), now=now, standing=_standing(pending, chosen))


def would_stop(congress: Congress, pending: Sequence[Change], chosen: Collection[str], *, now: datetime) -> list[Finding]:
    """The same for a page, of the draft that is kept in memory; for views that have written nothing yet."""
    if not chosen:
        return []
    kept = kept_desk(congress, attendance(congress), now=now)
    return checks.stopping(Desk(kept.draft.standing(_standing(pending, chosen)), kept.judged, now=now), chosen)


def stops_plans(
    congress: Congress, plans: Sequence[PlannedRelease], pending: Sequence[Change], *, now: datetime
) -> dict[int, list[Finding]]:
    """What would stop each planned release that waits, if its time were now; by its id."""
    waiting = [plan for plan in plans if plan.state is PlanState.WAITING]
    return {plan.id: would_stop(congress, pending, planned(pending, plan.uids), now=now) for plan in waiting}


def planned(pending: Sequence[Change], uids: Collection[str] | None) -> set[str]:
    """Which of the pending changes a release of these entries, or of all, takes."""
    return {change.after.uid for change in pending if uids is None or change.after.uid in uids}


def _standing(pending: Sequence[Change], chosen: Collection[str]) -> dict[str, Entry | None]:
    return {change.after.uid: change.before for change in pending if change.after.uid not in chosen}


def return_to(
    congress: Congress, number: int, *, notes: Localised, by: str, now: datetime, seen: int, tells_people: bool
) -> Published:
    """Release once more what an earlier release said, and tell. Raises what services.return_to_release raises."""
    release, changes = services.return_to_release(congress, number, note=notes, by=by, now=now, seen=seen)
    return _told(congress, release, changes, now=now) if tells_people else Published(release, changes)


def _told(congress: Congress, release: Release, changes: Sequence[Change], *, now: datetime) -> Published:
    if publishing.hold_quiet(congress, release, now=now):
        return Published(release, changes, tell_at=release.tell_at)
    return Published(release, changes, mails=tell(congress, release, now=now))


def tell(congress: Congress, release: Release, *, now: datetime) -> int:
    """Queue the mails of a release and of those before it of which nobody has been told; how many. Raises notices.ReleaseReplaced."""
    lock(congress)
    group = queries.untold(congress)
    if release.are_people_told or release.number == 1:
        return 0
    if not group or group[-1].id != release.id:
        raise notices.replaced()
    return _tell_of(congress, group, now=now)


def _tell_of(congress: Congress, group: Sequence[Release], *, now: datetime) -> int:
    tellers = (notices.tell_of, event_notices.tell_of, speaker_notices.tell_of)
    return sum(each(congress, group, now=now) for each in tellers)


def tell_due(congress_id: int, now: datetime) -> int:
    """Queue the mails whose quiet time is over; how many."""
    congress = db.session.get_one(Congress, congress_id)
    group = publishing.due_mails(congress, now=now)
    return _tell_of(congress, group, now=now) if group else 0


def carry_out(plan_id: int, now: datetime) -> None:
    """Bring a planned release out; once, whoever else tries. If it cannot, it says why, on its page and by mail."""
    plan = db.session.get_one(PlannedRelease, plan_id)
    congress = lock(db.session.get_one(Congress, plan.congress_id))
    plan = lock(plan)
    if plan.state is not PlanState.WAITING:
        return
    account = accounts.find_account(plan.planned_by)
    language = account.language if account else congress.default_language
    with speaking(language):
        try:
            with db.session.begin_nested():
                done = publish(
                    congress, notes=plan.notes, by=plan.planned_by, now=now, is_provisional=plan.is_provisional,
                    only=None if plan.uids is None else dict.fromkeys(plan.uids, ""), tells_people=plan.tells_people,
                )  # fmt: skip
        except services.NothingToRelease:
            publishing.note_failure(plan, _("Nothing of what was planned is left to release."), language=language, now=now)
        except CongressError as refusal:
            publishing.note_failure(plan, str(refusal), language=language, now=now)
        else:
            plan.state, plan.release_id = PlanState.RELEASED, done.release.id
