"""Writes about speakers: who they are, what they agree to, their links, and one person who was entered twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.files import Checked
from congress.core.localised import Localised
from congress.core.text import sort_text
from congress.core.tokens import derive_token, digest
from congress.networks.models import City
from congress.outbox.services import Letter, enqueue
from congress.programme import services as programme
from congress.programme.documents import files
from congress.programme.models import Contributor, ProgrammeItem
from congress.programme.people.models import EndedSpeakerLink, Speaker
from congress.programme.planning import counting, history
from congress.programme.planning.models import Unavailability
from congress.programme.vocabulary import Action

LINK = "speaker_link"


class NoAddress(CongressError):
    """There is nowhere to send the link to."""


class NotTwo(CongressError):
    """Only two speakers of one congress can be made one."""


class ChangedMeanwhile(CongressError):
    """Somebody else has saved since the page was opened."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is told about a speaker."""

    name: str
    functions: Localised
    biographies: Localised
    email: str = ""
    language: str = "en"
    city: City | None = None


def sorted_name(name: str) -> str:
    """A name to sort by, the family name first, as far as a name tells it: its last word."""
    given, _space, family = name.rpartition(" ")
    return sort_text(f"{family} {given}".strip())[:300]


def add(congress: Congress, words: Words) -> Speaker:
    """A new speaker, who has agreed to nothing yet. Flushes."""
    speaker = Speaker(congress_id=congress.id, name=words.name)
    _write(speaker, words)
    db.session.add(speaker)
    db.session.flush()
    return speaker


def change(speaker: Speaker, words: Words, *, seen: int | None = None) -> None:
    """What organisers know of the speaker. ``seen`` is the version that the page showed. Raises ChangedMeanwhile."""
    lock(speaker)
    if seen is not None and seen != speaker.version:
        raise ChangedMeanwhile(
            _("Somebody else has changed this in the meantime. Below is what you entered; send it again to keep it.")
        )
    _write(speaker, words)
    db.session.flush()


def _write(speaker: Speaker, words: Words) -> None:
    speaker.name, speaker.sorted_as = words.name, sorted_name(words.name)
    speaker.functions, speaker.biographies = words.functions, words.biographies
    speaker.email, speaker.language = words.email, words.language
    speaker.city_id = words.city.id if words.city else None


def describe(speaker: Speaker, *, functions: Localised, biographies: Localised) -> None:
    """What the speaker writes behind the own link. Flushes."""
    lock(speaker)
    speaker.functions, speaker.biographies = functions, biographies
    db.session.flush()


def agree(speaker: Speaker, *, may_be_named: bool, may_show_photo: bool, now: datetime) -> None:
    """The speaker's own word about name and photo, as it holds from now on. A photo is of no use without a name.

    Who was named is taken out of what is released in the same transaction.
    """
    congress = _held_congress(speaker)
    lock(speaker)
    speaker.may_be_named, speaker.may_show_photo = may_be_named, may_be_named and may_show_photo
    speaker.agreed_at = now
    db.session.flush()
    if not may_be_named:
        programme.release_without_withdrawn(congress, now=now)


def _held_congress(speaker: Speaker) -> Congress:
    """Locked before the speaker: a release that begins now knows what the speaker says, and one that has begun ends first."""
    return lock(db.session.get_one(Congress, speaker.congress_id))


def set_photo(speaker: Speaker, photo: Checked | None, *, by: str, now: datetime) -> None:
    """This photo instead of the one before, or none. ``photo`` has passed people.photos.check. Flushes."""
    lock(speaker)
    before, speaker.photo = speaker.photo, None
    if photo is not None:
        congress = db.session.get_one(Congress, speaker.congress_id)
        speaker.photo = files.store(congress, photo, by=by, now=now)
    db.session.flush()
    if before is not None:
        files.delete(before)


def link_token(speaker: Speaker, key: str) -> str:
    """The token of the speaker's link, issued now where there is none or the installation's key has changed. Flushes then."""
    token = derive_token(key, "speaker", speaker.public_id, speaker.link_version)
    if digest(token) != speaker.link_digest:
        if speaker.link_digest is not None:
            _end_link(speaker)
            token = derive_token(key, "speaker", speaker.public_id, speaker.link_version)
        speaker.link_digest = digest(token)
        db.session.flush()
    return token


def _end_link(speaker: Speaker) -> None:
    """Nothing is opened by it from now on, but that it was a link is remembered."""
    if speaker.link_digest is not None:
        db.session.add(EndedSpeakerLink(digest=speaker.link_digest, congress_id=speaker.congress_id))
    speaker.link_version, speaker.link_digest = speaker.link_version + 1, None


def renew_link(speaker: Speaker) -> None:
    """The link ends; the next mail carries another one. Flushes."""
    lock(speaker)
    _end_link(speaker)
    db.session.flush()


def send_link(speaker: Speaker, *, now: datetime) -> None:
    """Queue the mail with the speaker's link. Pressed twice within a minute it is one mail. Raises NoAddress."""
    if not speaker.email:
        raise NoAddress(_("Write the speaker’s e-mail address first: the link is sent there."))
    enqueue(
        Letter(
            key=f"{LINK}-{speaker.public_id}-{speaker.link_version}-{now:%Y%m%d%H%M}",
            to=speaker.email,
            template=LINK,
            language=speaker.language,
            facts={"speaker": speaker.id},
            congress=speaker.congress_id,
            about=f"speaker:{speaker.id}",
        ),
        now=now,
    )


def merge(kept: Speaker, double: Speaker, *, by: str, now: datetime) -> None:
    """Make one of two: sessions, times of absence and what is missing go to ``kept``; what the person agreed to holds only if it was said of both, where both were asked.

    The links of ``double`` end. Raises NotTwo.
    """
    if kept.id == double.id or kept.congress_id != double.congress_id:
        raise NotTwo(_("Choose another speaker of this congress."))
    congress = _held_congress(kept)
    for each in sorted((kept, double), key=lambda speaker: speaker.id):
        lock(each)
    _take_over(kept, double)
    for item in items_of(double):
        before = history.snapshot(item)
        _relink(item, kept, double)
        history.note(item, before, Action.EDITED, by=by, now=now)
        counting.count(item, now=now)
    db.session.execute(update(Unavailability).where(Unavailability.speaker_id == double.id).values(speaker_id=kept.id))
    _end_link(double)
    db.session.flush()
    db.session.expire(double)
    db.session.delete(double)
    db.session.flush()
    if not kept.may_be_named:
        programme.release_without_withdrawn(congress, now=now)


def _take_over(kept: Speaker, double: Speaker) -> None:
    kept.functions = Localised({**double.functions, **kept.functions})
    kept.biographies = Localised({**double.biographies, **kept.biographies})
    kept.email = kept.email or double.email
    kept.city_id = kept.city_id or double.city_id
    said = [each for each in (kept, double) if each.agreed_at is not None]  # the other one was not asked yet
    kept.may_be_named = bool(said) and all(each.may_be_named for each in said)
    kept.may_show_photo = bool(said) and all(each.may_show_photo for each in said)
    kept.agreed_at = max((each.agreed_at for each in said if each.agreed_at), default=None)
    if kept.photo is None:
        kept.photo = double.photo
        double.photo = None
    elif double.photo is not None:
        old, double.photo = double.photo, None
        db.session.flush()
        files.delete(old)


def items_of(speaker: Speaker) -> list[ProgrammeItem]:
    """The items of the draft in which the speaker does something."""
    ids = select(Contributor.item_id).where(Contributor.speaker_id == speaker.id)
    return list(db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.id.in_(ids)).order_by(ProgrammeItem.id)))


def _relink(item: ProgrammeItem, kept: Speaker, double: Speaker) -> None:
    """The double's place in an item is the kept one's; whoever is there in the same part already is there once."""
    there: Mapping[object, Contributor] = {each.part: each for each in item.contributors if each.speaker_id == kept.id}
    for each in [each for each in item.contributors if each.speaker_id == double.id]:
        if each.part in there:
            there[each.part].minutes = there[each.part].minutes or each.minutes
            item.contributors.remove(each)
        else:
            each.speaker, each.name = kept, kept.name
    db.session.flush()
