"""Speakers, and coordinators of a field, are told when a release changes their sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate, Person
from congress.outbox import services as outbox
from congress.outbox.services import Letter
from congress.programme import telling
from congress.programme.models import Contributor, ProgrammeItem, Release
from congress.programme.people.models import Speaker
from congress.programme.releases import Change
from congress.registration import notices
from congress.registration.changes import is_worth_telling
from congress.registration.models import Registration
from congress.registration.notices import News

TEMPLATE = "sessions_changed"


@dataclass
class Recipient:
    """Somebody whose sessions changed. ``key`` is "speaker-3" or "account-5"; ``changes`` stand in the order of the release."""

    key: str
    address: str
    name: str
    language: str
    changes: list[Change] = field(default_factory=list)


def concerned(congress: Congress, changes: Sequence[Change], *, now: datetime) -> list[Recipient]:
    """Speakers with an address and coordinators whose sessions these changes change, one for each address. In three queries.

    A speaker who was taken out of a session is told of its change, too: then the name stood in it.
    """
    ahead = [change for change in changes if is_worth_telling(change, now, congress.zone)]
    if not ahead:
        return []
    found: dict[str, Recipient] = {}
    for speaker, items in _speakers(congress):
        own = [
            each for each in ahead
            if each.after.item in items or (each.before and speaker.public_id in each.before.speakers.values())
        ]  # fmt: skip
        _add(found, Recipient(f"speaker-{speaker.id}", speaker.email, speaker.name, speaker.language, own))
    for coordinator, of_field in _coordinators(congress):
        own = [each for each in ahead if of_field in (each.after.field, each.before.field if each.before else "")]
        _add(found, replace(coordinator, changes=own))
    return list(found.values())


def _add(found: dict[str, Recipient], new: Recipient) -> None:
    if new.changes:
        there = found.setdefault(new.address.casefold(), new)
        if there is not new:
            known = {each.after.uid for each in there.changes}
            there.changes += [each for each in new.changes if each.after.uid not in known]


def _speakers(congress: Congress) -> list[tuple[Speaker, set[str]]]:
    """Those with an address, and the codes of the items to which they contribute."""
    speakers = db.session.scalars(
        select(Speaker).where(Speaker.congress_id == congress.id, Speaker.email != "").order_by(Speaker.id)
    ).all()
    rows = db.session.execute(
        select(Contributor.speaker_id, ProgrammeItem.code)
        .join(ProgrammeItem, ProgrammeItem.id == Contributor.item_id)
        .where(ProgrammeItem.congress_id == congress.id, Contributor.speaker_id.is_not(None))
    )
    items: dict[int, set[str]] = {}
    for speaker_id, code in rows:
        items.setdefault(speaker_id or 0, set()).add(code)
    return [(each, items.get(each.id, set())) for each in speakers]


def _coordinators(congress: Congress) -> list[tuple[Recipient, str]]:
    rows = db.session.execute(
        select(Account.id, Account.email, Account.name, Account.language, Role.field)
        .join(Role, Role.account_id == Account.id)
        .where(Role.congress_id == congress.id, Role.kind == RoleKind.FIELD_COORDINATOR, Account.active)
        .order_by(Account.id, Role.field)
    )
    return [
        (Recipient(f"account-{number}", address, name, language), of_field) for number, address, name, language, of_field in rows
    ]


def tell_of(congress: Congress, group: Sequence[Release], *, now: datetime) -> int:
    """Queue one mail of these releases, the oldest first, for each of them; how many were queued.

    What a registered person's own digest tells is not told a second time.
    """
    found = concerned(congress, telling.changes_of(congress, group), now=now)
    told = _told_as_registered(congress, group, [each.address for each in found], now=now)
    letters = []
    for each in found:
        entries = [uid for change in each.changes if (uid := change.after.uid) not in told.get(each.address.casefold(), ())]
        kind, _, number = each.key.partition("-")
        if entries:
            letters.append(
                Letter(
                    key=_key(group[-1].id, each.key), to=each.address, template=TEMPLATE, language=each.language,
                    facts={kind: int(number), "entries": entries, **telling.facts(group)}, congress=congress.id, about=each.key,
                )
            )  # fmt: skip
    return outbox.enqueue_all(letters, now=now)


def _key(release_id: int, recipient: str) -> str:
    return f"release-{release_id}-{recipient}"


def _told_as_registered(
    congress: Congress, group: Sequence[Release], addresses: Sequence[str], *, now: datetime
) -> dict[str, set[str]]:
    """Uids of the entries of which the digest of a registered person with one of these addresses tells, by address."""
    asked = {each.casefold() for each in addresses}
    rows = db.session.execute(
        select(Registration.id, Registration.submitted_at, Person.email)
        .join(Delegate, Delegate.id == Registration.delegate_id)
        .join(Person, Person.id == Delegate.person_id)
        .where(Registration.congress_id == congress.id, Registration.submitted_at.is_not(None), func.lower(Person.email).in_(asked))
    ).all() if asked else []  # fmt: skip
    changed = notices.whom_to_tell(congress, group, [(number, sent_at) for number, sent_at, _email in rows if sent_at], now=now)
    found: dict[str, set[str]] = {}
    for number, _sent_at, email in rows:
        found.setdefault(email.casefold(), set()).update(each.after.uid for each in changed.get(number, ()))
    return found


def news(congress: Congress, recipient: str, facts: Mapping[str, Any], *, now: datetime) -> News:
    """What a mail of these facts tells when it leaves: what is left to tell (see programme.telling) and is not over. Raises TooEarly."""
    entries = set(facts["entries"])
    left = telling.untold(congress, facts, lambda each: _key(each, recipient), lambda entry: entry.uid in entries)
    return News(left.release, [each for each in left.changes if is_worth_telling(each, now, congress.zone)], left.up_to)
