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
from congress.outbox.services import Letter
from congress.programme import queries as programme
from congress.programme import releases, telling
from congress.programme.models import ProgrammeItem, Release
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
    """What the mail tells when it leaves: what is left to tell of the event (see programme.telling) and is not over. Raises TooEarly."""
    congress, item = sign_up.item.congress, sign_up.item.code
    left = telling.untold(congress, release_id, lambda each: _key(each, sign_up.id), lambda entry: entry.item == item)
    told = [own for change in left.changes if (own := rules.told_of(change, now, congress.zone)) is not None]
    return News(told, left.up_to)
