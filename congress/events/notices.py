"""Those who have signed up for a public event are told when a release moves or cancels it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.events import rules
from congress.events.models import SignUp
from congress.events.states import CONFIRMED
from congress.outbox import services as outbox
from congress.outbox.services import Letter
from congress.programme import telling
from congress.programme.models import ProgrammeItem, Release
from congress.programme.releases import Change

TEMPLATE = "sign_up_changed"


@dataclass(frozen=True)
class News:
    """What one mail tells. ``up_to`` is the number of the release whose state it tells."""

    changes: list[Change]
    up_to: int


def tell_of_release(congress: Congress, release: Release, *, now: datetime) -> int:
    """As tell_of, of one release."""
    return tell_of(congress, [release], now=now) if release.number > 1 else 0


def tell_of(congress: Congress, group: Sequence[Release], *, now: datetime) -> int:
    """Queue one mail for each sign-up whose event these releases, the oldest first, moved, cancelled or brought back; how many were queued.

    A second time nobody is told again.
    """
    letters = [
        Letter(
            key=_key(group[-1].id, number), to=address, template=TEMPLATE, language=language,
            facts={"sign_up": number, **telling.facts(group)}, congress=congress.id, about=f"sign-up:{number}",
        )
        for number, address, language, _item in concerned(congress, group, now=now)
    ]  # fmt: skip
    return outbox.enqueue_all(letters, now=now)


def concerned(congress: Congress, group: Sequence[Release], *, now: datetime) -> list[tuple[int, str, str, str]]:
    """Id, address and language of each sign-up that these releases concern, with the code of its event.

    Who signed up between two of them is asked again when the mail leaves: what was known then is not told.
    """
    changed = set()
    for first in range(len(group)):
        changed |= changed_events(congress, telling.changes_of(congress, group[first:]), now=now)
    return whom(congress, changed, signed_up_by=group[-1].released_at)


def changed_events(congress: Congress, changes: Iterable[Change], *, now: datetime) -> set[str]:
    """Codes of the events that these changes move, cancel or bring back for the public."""
    return {change.after.item for change in changes if rules.told_of(change, now, congress.zone) is not None}


def whom(congress: Congress, items: Collection[str], *, signed_up_by: datetime) -> list[tuple[int, str, str, str]]:
    """Id, address and language of those who had signed up for these events by then, with the code of the event."""
    rows = db.session.execute(
        select(SignUp.id, SignUp.email, SignUp.language, ProgrammeItem.code)
        .join(ProgrammeItem, ProgrammeItem.id == SignUp.item_id)
        .where(
            ProgrammeItem.congress_id == congress.id,
            ProgrammeItem.code.in_(items),
            SignUp.state.in_(CONFIRMED),
            SignUp.signed_up_at <= signed_up_by,
            SignUp.email != "",
        )
        .order_by(SignUp.id)
    )
    return [(number, address, language, code) for number, address, language, code in rows]


def _key(release_id: int, sign_up_id: int) -> str:
    return f"sign-up-release-{release_id}-{sign_up_id}"


def news(sign_up: SignUp, facts: Mapping[str, Any], *, now: datetime) -> News:
    """What a mail of these facts tells when it leaves: what is left to tell of the event (see programme.telling) and is not over. Raises TooEarly."""
    congress, item = sign_up.item.congress, sign_up.item.code
    left = telling.untold(
        congress, facts, lambda each: _key(each, sign_up.id), lambda entry: entry.item == item, sign_up.signed_up_at
    )
    told = [own for change in left.changes if (own := rules.told_of(change, now, congress.zone)) is not None]
    return News(told, left.up_to)
