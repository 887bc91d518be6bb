"""Who is told what of a release, by mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.delegates.models import Delegate, Person
from congress.outbox import services as outbox
from congress.outbox.services import Letter
from congress.programme import queries as programme
from congress.programme import telling
from congress.programme.entries import Entry
from congress.programme.models import Release
from congress.programme.releases import Change
from congress.registration import queries, rules
from congress.registration.changes import is_in_calendars, is_to_come, is_worth_telling, own_change, own_changes
from congress.registration.models import Registration
from congress.registration.rules import Attendee

TEMPLATE = "programme_changed"


class ReleaseReplaced(CongressError):
    """A newer release is in force, which tells people of its own changes."""


def replaced() -> ReleaseReplaced:
    """The refusal, in words."""
    return ReleaseReplaced(_("A newer release is out. Its own mails say what holds now."))


@dataclass(frozen=True)
class News:
    """What one digest tells. ``up_to`` is the number of the release whose state it tells."""

    release: Release
    changes: list[Change]
    up_to: int


def concerned(congress: Congress, changes: Sequence[Change], *, now: datetime) -> dict[int, list[Change]]:
    """Whose own programme these changes change, and how: by the id of the live registration. In two queries.

    Nothing that is over concerns anybody. What people of one standing share is found once, and for each person only what the
    own choices add.
    """

    def ahead(change: Change, attendee: Attendee) -> Change | None:
        own = own_change(change, attendee)
        return own if own is not None and is_worth_telling(own, now, congress.zone) else None

    of_item: dict[str, set[int]] = {}
    for place, change in enumerate(changes):
        for entry in filter(None, (change.before, change.after)):
            of_item.setdefault(entry.item, set()).add(place)
    shared: dict[Attendee, list[Change | None]] = {}
    found = {}
    for number, attendee in queries.attendees(congress).items():
        standing = replace(attendee, chosen=frozenset())
        if standing not in shared:
            shared[standing] = [ahead(change, standing) for change in changes]
        own = list(shared[standing])
        for place in (place for code in attendee.chosen for place in of_item.get(code, ())):
            own[place] = ahead(changes[place], attendee)
        if told := [change for change in own if change is not None]:
            found[number] = told
    return found


def tell_people(congress: Congress, release: Release, *, now: datetime) -> int:
    """Queue one digest for each person whose own programme the release changed; how many were queued.

    It tells with it of the releases before it of which nobody has been told: what was held back, and what waited for its quiet
    time. A second time nobody is told again, not even at the same moment. Nobody is told of the first release: before it there was
    no programme that could have changed, and a confirmation sent from then on holds all of it. Nor is anybody who registered after
    the release, and so never knew what was before. Raises ReleaseReplaced.
    """
    lock(congress)
    lock(release)
    if release.are_people_told or release.number == 1:
        return 0
    last = programme.latest_release(congress)
    if last is None or last.id != release.id:
        raise replaced()
    return tell_of(congress, telling.group_to_tell(congress, release), now=now)


def tell_of(congress: Congress, group: Sequence[Release], *, now: datetime) -> int:
    """Queue one digest of these releases, the oldest first, for each person concerned, and mark them as told; how many were queued."""
    people = _addresses(congress, group[-1])
    told = whom_to_tell(congress, group, [(number, sent_at) for number, _address, _language, sent_at in people], now=now)
    for each in group:
        each.are_people_told, each.tell_at = True, None
    return outbox.enqueue_all(
        [
            Letter(
                key=_key(group[-1].id, number), to=address, template=TEMPLATE, language=language,
                facts={"registration": number, **telling.facts(group)}, congress=congress.id, about=f"registration:{number}",
            )
            for number, address, language, _sent_at in people
            if number in told
        ],
        now=now,
    )  # fmt: skip


def whom_to_tell(
    congress: Congress, group: Sequence[Release], people: Iterable[tuple[int, datetime]], *, now: datetime
) -> dict[int, list[Change]]:
    """Whose own programme these releases change together, and how; who registered between two of them knew what the earlier one said."""
    knew: dict[int, set[int]] = {}
    for number, sent_at in people:
        first = next((place for place, each in enumerate(group) if sent_at <= each.released_at), None)
        if first is not None:
            knew.setdefault(first, set()).add(number)
    found: dict[int, list[Change]] = {}
    for first, numbers in knew.items():
        changed = concerned(congress, telling.changes_of(congress, group[first:]), now=now)
        found |= {number: changes for number, changes in changed.items() if number in numbers}
    return found


def _key(release_id: int, registration_id: int) -> str:
    return f"release-{release_id}-{registration_id}"


def _addresses(congress: Congress, release: Release) -> list[tuple[int, str, str, datetime]]:
    """Registration, address, language and time of sending of all who were registered when it was released, in the order of registration."""
    rows = db.session.execute(
        select(Registration.id, Person.email, Person.language, Registration.submitted_at)
        .join(Delegate, Delegate.id == Registration.delegate_id)
        .join(Person, Person.id == Delegate.person_id)
        .where(Registration.congress_id == congress.id, Registration.submitted_at <= release.released_at)
        .order_by(Registration.id)
    )
    return [(number, address, language, sent_at) for number, address, language, sent_at in rows if sent_at is not None]


def news(registration: Registration, told: Mapping[str, Any], *, now: datetime) -> News:
    """What a digest of these facts tells a person when it leaves: what is left to tell (see programme.telling) and is not over. Raises TooEarly."""
    left = telling.untold(
        registration.congress, told, lambda each: _key(each, registration.id), lambda _entry: True, registration.submitted_at
    )
    own = own_changes(left.changes, queries.attendee(registration))
    return News(left.release, [each for each in own if is_worth_telling(each, now, registration.congress.zone)], left.up_to)


def left_behind(registration: Registration, chosen: Iterable[str]) -> list[Entry]:
    """What calendars may still hold of a registration that has ended: its programme from then on, by time.

    ``chosen``: codes of the items that the person had chosen; the bookings themselves went with the registration.
    """
    ended_at = registration.ended_at
    if ended_at is None:
        return []
    person = replace(queries.attendee(registration), chosen=frozenset(chosen))
    return [
        entry
        for entry in rules.own_programme(programme.released(registration.congress).entries, person)
        if is_in_calendars(entry) and not entry.is_cancelled and is_to_come(entry, ended_at, registration.congress.zone)
    ]
