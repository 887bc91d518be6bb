"""Reads about speakers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.text import fold
from congress.core.tokens import digest
from congress.programme import queries as programme
from congress.programme.entries import Entry
from congress.programme.models import Contributor, ProgrammeItem
from congress.programme.people.models import EndedSpeakerLink, Speaker
from congress.programme.vocabulary import Part

WHOLE = (joinedload(Speaker.city), joinedload(Speaker.photo), joinedload(Speaker.congress).joinedload(Congress.network))


def speakers(congress: Congress) -> Sequence[Speaker]:
    """All speakers of a congress by family name, with city and photo."""
    chosen = select(Speaker).where(Speaker.congress_id == congress.id)
    return _sorted(chosen)


def _sorted(chosen: Select[Any]) -> list[Speaker]:
    """In order of ``sorted_as`` sign by sign, as a database with a collation of its own would not have it."""
    return sorted(db.session.scalars(chosen.options(*WHOLE)), key=lambda each: (each.sorted_as, each.id))


def find_speaker(congress: Congress, speaker_id: int) -> Speaker | None:
    """A speaker of this congress."""
    chosen = select(Speaker).where(Speaker.congress_id == congress.id, Speaker.id == speaker_id)
    return db.session.scalar(chosen.options(*WHOLE))


def get_speaker(speaker_id: int) -> Speaker:
    """A speaker. Raises sqlalchemy.exc.NoResultFound."""
    return db.session.scalars(select(Speaker).where(Speaker.id == speaker_id).options(*WHOLE)).one()


def find_by_link(token: str) -> Speaker | None:
    """The speaker whom a link belongs to."""
    return db.session.scalar(select(Speaker).where(Speaker.link_digest == digest(token)).options(*WHOLE))


def find_congress_of_ended_link(token: str) -> Congress | None:
    """The congress of a link that opened a speaker's page once; of the speaker nothing is told."""
    ended = select(EndedSpeakerLink.congress_id).where(EndedSpeakerLink.digest == digest(token))
    return db.session.scalar(select(Congress).where(Congress.id.in_(ended)).options(joinedload(Congress.network)))


@dataclass(frozen=True)
class Appearance:
    """What a speaker does in one item of the draft."""

    item: ProgrammeItem
    part: Part
    minutes: int | None


def appearances(congress: Congress) -> dict[int, list[Appearance]]:
    """In which items of the draft the speakers are, by the id of the speaker, in the order of codes."""
    rows = db.session.execute(
        select(Contributor.speaker_id, ProgrammeItem, Contributor.part, Contributor.minutes)
        .join(ProgrammeItem, ProgrammeItem.id == Contributor.item_id)
        .where(ProgrammeItem.congress_id == congress.id, Contributor.speaker_id.is_not(None))
        .order_by(ProgrammeItem.code, Contributor.position)
    )
    found: dict[int, list[Appearance]] = {}
    for speaker_id, item, part, minutes in rows:
        found.setdefault(speaker_id or 0, []).append(Appearance(item, part, minutes))
    return found


def doubles(found: Iterable[Speaker]) -> list[list[Speaker]]:
    """Speakers who seem to be one person: the same address, or the same name whatever its diacritics and its order."""
    groups: dict[str, list[Speaker]] = {}
    for each in found:
        groups.setdefault(" ".join(sorted(fold(each.name).split())), []).append(each)
        if each.email:
            groups.setdefault(f"@{each.email.casefold()}", []).append(each)
    told: dict[frozenset[int], list[Speaker]] = {}
    for same in groups.values():
        if len(same) > 1:
            told.setdefault(frozenset(each.id for each in same), same)
    return list(told.values())


def released_appearances(congress: Congress) -> dict[str, list[Entry]]:
    """Listed entries of the released programme by the public ids of those who speak in them."""
    found: dict[str, list[Entry]] = {}
    for entry in programme.released(congress).entries:
        if entry.is_listed and not entry.is_cancelled:
            for public_id in set(entry.speakers.values()):
                found.setdefault(public_id, []).append(entry)
    return found


def shown(congress: Congress, public_ids: Iterable[str]) -> Sequence[Speaker]:
    """Of these speakers those who agree to be named now, by family name."""
    chosen = select(Speaker).where(
        Speaker.congress_id == congress.id, Speaker.may_be_named, Speaker.public_id.in_(list(public_ids))
    )
    return _sorted(chosen)


def agreed(congress: Congress, found: Sequence[Entry]) -> list[Entry]:
    """These entries of a release without those who do not agree to be named now, whatever they said when it came out."""
    asked = {public_id for entry in found for public_id in entry.speakers.values()}
    chosen = select(Speaker.public_id).where(
        Speaker.congress_id == congress.id, Speaker.may_be_named, Speaker.public_id.in_(list(asked))
    )
    named = set(db.session.scalars(chosen)) if asked else set()
    return [entry.without({name for name, public_id in entry.speakers.items() if public_id not in named}) for entry in found]


def find_contributor(item: ProgrammeItem, contributor_id: int) -> Contributor | None:
    """Somebody who does something in this item."""
    return next((each for each in item.contributors if each.id == contributor_id), None)


def items(congress: Congress) -> Sequence[ProgrammeItem]:
    """The items of the draft by code, with their people, for lists to choose from."""
    chosen = select(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id)
    chosen = chosen.options(selectinload(ProgrammeItem.contributors))
    return db.session.scalars(chosen.order_by(ProgrammeItem.code)).all()
