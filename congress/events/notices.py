"""Those who have signed up for a public event are told when a release moves or cancels it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.events import rules
from congress.events.models import SignUp
from congress.events.states import CONFIRMED
from congress.outbox import services as outbox
from congress.outbox.models import MessageState
from congress.outbox.services import Letter, TooEarly
from congress.programme import queries as programme
from congress.programme import releases
from congress.programme.models import ProgrammeItem, Release, ReleasedEntry
from congress.programme.releases import Change

TEMPLATE = "sign_up_changed"


@dataclass(frozen=True)
class News:
    """What one mail tells. ``up_to`` is the number of the release whose state it tells."""

    changes: list[Change]
    up_to: int


def tell_of_release(congress: Congress, release: Release, *, now: datetime) -> int:
    """Queue one mail for each sign-up whose event the release moved, cancelled or brought back; how many were queued.

    A second time nobody is told again. Nobody is told of the first release.
    """
    if release.number == 1:
        return 0
    step = programme.step_of(congress, release)
    changed = [
        change.after.item
        for change in releases.changes(step.before, step.after)
        if rules.told_of(change, now, congress.zone) is not None
    ]
    concerned = db.session.execute(
        select(SignUp.id, SignUp.email, SignUp.language)
        .join(ProgrammeItem, ProgrammeItem.id == SignUp.item_id)
        .where(
            ProgrammeItem.congress_id == congress.id,
            ProgrammeItem.code.in_(changed),
            SignUp.state.in_(CONFIRMED),
            SignUp.signed_up_at <= release.released_at,
            SignUp.email != "",
        )
        .order_by(SignUp.id)
    )
    return outbox.enqueue_all(
        [
            Letter(
                key=_key(release.id, number), to=address, template=TEMPLATE, language=language,
                facts={"sign_up": number, "release": release.id}, congress=congress.id, about=f"sign-up:{number}",
            )
            for number, address, language in concerned
        ],
        now=now,
    )  # fmt: skip


def _key(release_id: int, sign_up_id: int) -> str:
    return f"sign-up-release-{release_id}-{sign_up_id}"


def news(sign_up: SignUp, release_id: int, *, now: datetime) -> News:
    """What the mail tells when it leaves: what changed from before that release to now, and is not over.

    If a later release changed the event once more before the mail left, it tells the state of now, and the later one's leaves
    that out. There may be nothing left to tell. Raises TooEarly.
    """
    congress, release = sign_up.item.congress, db.session.get_one(Release, release_id)
    current, step = programme.released(congress), programme.step_of(congress, release)
    uids = {entry.uid for entry in step.after if entry.item == sign_up.item.code} - _told_already(sign_up, release)
    changes = releases.changes(
        [entry for entry in step.before if entry.uid in uids], [entry for entry in current.entries if entry.uid in uids]
    )
    told = [own for change in changes if (own := rules.told_of(change, now, congress.zone)) is not None]
    return News(told, current.number)


def _told_already(sign_up: SignUp, release: Release) -> set[str]:
    """Uids of the entries of which an earlier release's mail has told the state of this release, or a later one."""
    earlier = db.session.scalars(
        select(Release.id).where(Release.congress_id == release.congress_id, Release.number < release.number)
    ).all()
    sent = outbox.messages(_key(each, sign_up.id) for each in earlier)
    if any(message.state is MessageState.QUEUED for message in sent):
        raise TooEarly
    ended = (MessageState.SENT, MessageState.DROPPED)
    covering = [each.facts["release"] for each in sent if each.state in ended and each.facts.get("up_to", 0) >= release.number]
    return set(db.session.scalars(select(ReleasedEntry.uid).where(ReleasedEntry.release_id.in_(covering))))
