"""What a mail about a release has left to tell when it leaves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.outbox import services as outbox
from congress.outbox.models import MessageState
from congress.outbox.services import TooEarly
from congress.programme import queries, releases
from congress.programme.entries import Entry
from congress.programme.models import Release, ReleasedEntry
from congress.programme.people import queries as people
from congress.programme.publishing import queries as publishing
from congress.programme.queries import Step
from congress.programme.releases import Change


@dataclass(frozen=True)
class Untold:
    """What changed from before a release to now. ``up_to`` is the number of the release whose state that is."""

    release: Release
    changes: list[Change]
    up_to: int


def facts(group: Sequence[Release]) -> dict[str, int]:
    """What a mail that tells of these releases at once, the oldest first, carries of them."""
    since = {"since": group[0].number} if len(group) > 1 else {}
    return {"release": group[-1].id, **since}


def untold(
    congress: Congress,
    told: Mapping[str, Any],
    key: Callable[[int], str],
    concerns: Callable[[Entry], bool],
    knew_at: datetime | None = None,
) -> Untold:
    """What the mail of these facts has to tell of the entries that concern its reader, whose mails stand under ``key`` of a release's id.

    A later release may have changed an entry once more before the mail left. Then it tells the state of now, and the later one's
    leaves that entry out: nobody reads a time that is no longer right, and nobody reads of one change twice. For that the mails to
    one person leave one after another; facts of a message keep ``up_to``. Who came at ``knew_at`` knew what was released by then.
    There may be nothing left to tell. Raises TooEarly.
    """
    group = _group(congress, told)
    current, up_to = queries.released(congress), _told_up_to(group, key)
    steps = []
    for release in group:
        if knew_at is None or release.released_at >= knew_at:
            step = _step(congress, release)
            new = [entry for entry in step.after if concerns(entry) and up_to.get(entry.uid, 0) < release.number]
            uids = {entry.uid for entry in new}
            steps.append(([entry for entry in step.before if entry.uid in uids], new))
    uids = {entry.uid for _old, new in steps for entry in new}
    now = people.agreed(congress, [entry for entry in current.entries if entry.uid in uids])
    return Untold(group[-1], releases.joined([*steps, ([], now)]), current.number)


def _group(congress: Congress, told: Mapping[str, Any]) -> list[Release]:
    """The releases of which a mail tells, the oldest first."""
    last = db.session.get_one(Release, told["release"])
    chosen = select(Release).where(
        Release.congress_id == congress.id, Release.number >= told.get("since", last.number), Release.number <= last.number
    )
    return list(db.session.scalars(chosen.order_by(Release.number)))


def _told_up_to(group: Sequence[Release], key: Callable[[int], str]) -> dict[str, int]:
    """Of which entries earlier mails to this reader have told, each with the number of the release whose state they told."""
    earlier = db.session.scalars(
        select(Release).where(Release.congress_id == group[0].congress_id, Release.number < group[0].number)
    )
    number_of = {each.id: each.number for each in earlier}
    sent = outbox.messages(key(each) for each in number_of)
    if any(message.state is MessageState.QUEUED for message in sent):
        raise TooEarly
    up_to: dict[int, int] = {}  # by the id of the release of which was told
    for message in sent:
        if message.state in (MessageState.SENT, MessageState.DROPPED):
            last = number_of[message.facts["release"]]
            for release_id, number in number_of.items():
                if message.facts.get("since", last) <= number <= last:
                    up_to[release_id] = max(up_to.get(release_id, 0), message.facts.get("up_to", 0))
    found: dict[str, int] = {}
    for uid, release_id in db.session.execute(
        select(ReleasedEntry.uid, ReleasedEntry.release_id).where(ReleasedEntry.release_id.in_(up_to))
    ):
        found[uid] = max(found.get(uid, 0), up_to[release_id])
    return found


def group_to_tell(congress: Congress, release: Release) -> list[Release]:
    """The releases of which mails tell that are sent of this one: with it those before it of which nobody has been told."""
    return [each for each in publishing.untold(congress) if each.number <= release.number]


def changes_of(congress: Congress, group: Sequence[Release]) -> list[Change]:
    """What these releases, the oldest first, changed together."""
    steps = [_step(congress, each) for each in group]
    return releases.joined((step.before, step.after) for step in steps)


def _step(congress: Congress, release: Release) -> Step:
    """What one release changed, without those who do not agree to be named any more: that they are gone is no news of a session."""
    step = queries.step_of(congress, release)
    found = people.agreed(congress, [*step.before, *step.after])
    return dataclasses.replace(step, before=tuple(found[: len(step.before)]), after=tuple(found[len(step.before) :]))
