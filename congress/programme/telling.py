"""What a mail about a release has left to tell when it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.outbox import services as outbox
from congress.outbox.models import MessageState
from congress.outbox.services import TooEarly
from congress.programme import queries, releases
from congress.programme.entries import Entry
from congress.programme.models import Release, ReleasedEntry
from congress.programme.releases import Change


@dataclass(frozen=True)
class Untold:
    """What changed from before a release to now. ``up_to`` is the number of the release whose state that is."""

    release: Release
    changes: list[Change]
    up_to: int


def untold(congress: Congress, release_id: int, key: Callable[[int], str], concerns: Callable[[Entry], bool]) -> Untold:
    """What the mail about this release has to tell of the entries that concern its reader, whose mails stand under ``key`` of a release's id.

    A later release may have changed an entry once more before the mail left. Then it tells the state of now, and the later one's
    leaves that entry out: nobody reads a time that is no longer right, and nobody reads of one change twice. For that the mails to
    one person leave one after another; facts of a message keep ``up_to``. There may be nothing left to tell. Raises TooEarly.
    """
    release = db.session.get_one(Release, release_id)
    current, step = queries.released(congress), queries.step_of(congress, release)
    uids = {entry.uid for entry in step.after if concerns(entry)} - _told_already(release, key)
    changes = releases.changes(
        [entry for entry in step.before if entry.uid in uids], [entry for entry in current.entries if entry.uid in uids]
    )
    return Untold(release, changes, current.number)


def _told_already(release: Release, key: Callable[[int], str]) -> set[str]:
    """Uids of the entries of which an earlier release's mail has told the state of this release, or a later one."""
    earlier = db.session.scalars(
        select(Release.id).where(Release.congress_id == release.congress_id, Release.number < release.number)
    ).all()
    sent = outbox.messages(key(each) for each in earlier)
    if any(message.state is MessageState.QUEUED for message in sent):
        raise TooEarly
    ended = (MessageState.SENT, MessageState.DROPPED)
    covering = [each.facts["release"] for each in sent if each.state in ended and each.facts.get("up_to", 0) >= release.number]
    return set(db.session.scalars(select(ReleasedEntry.uid).where(ReleasedEntry.release_id.in_(covering))))
