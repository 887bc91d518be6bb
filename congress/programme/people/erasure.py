"""What becomes of a speaker who is to be forgotten, and of those named in the history of the draft when its time is over.

What was released stays as the record of the congress; whoever shows it asks who agrees to be named now (``queries.agreed``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, or_, select, update

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.text import fold
from congress.outbox.models import Message, MessageState
from congress.programme import services as programme
from congress.programme.models import ProgrammeItem
from congress.programme.people import services
from congress.programme.people.models import Speaker
from congress.programme.planning import counting, history
from congress.programme.planning.models import DraftChange, Unavailability
from congress.programme.proposals.models import Proposal
from congress.programme.vocabulary import Action, ProposalState

ERASED = "–"  # what stands for a name that was erased
KEPT_DAYS = 90  # after the congress: addresses, absences and the names in the history of the draft, as long as travel data


def masked(value: Any, name: str, speaker_id: int | None = None) -> Any:
    """A JSON value in which the name stands nowhere any more, and what leads to the speaker neither. Pure."""
    if isinstance(value, str):
        return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ERASED, value, flags=re.IGNORECASE) if name else value
    if isinstance(value, list):
        return [masked(each, name, speaker_id) for each in value]
    if isinstance(value, dict):
        found = {key: masked(each, name, speaker_id) for key, each in value.items()}
        if speaker_id is not None and found.get("speaker_id") == speaker_id:
            found |= {"speaker_id": None, "name": ERASED}
        return found
    return value


def erase(speaker: Speaker, *, by: str, now: datetime) -> None:
    """Forget the speaker: in the sessions of the draft and its history, in proposals, with photo, words and address.

    The link ends. The released programme names nobody from now on. Mails that wait are not sent (they ask for the speaker).
    """
    congress = lock(db.session.get_one(Congress, speaker.congress_id))
    lock(speaker)
    name, number = speaker.name, speaker.id
    for item in services.items_of(speaker):
        before = history.snapshot(item)
        for each in [each for each in item.contributors if each.speaker_id == number]:
            item.contributors.remove(each)
        history.note(item, before, Action.EDITED, by=by, now=now)
        counting.count(item, now=now)
    services.set_photo(speaker, None, by=by, now=now)
    services.renew_link(speaker)
    _forget_recipients(congress, [number])
    db.session.delete(speaker)
    db.session.flush()
    _mask(congress, name, number)
    programme.release_without_withdrawn(congress, now=now)


def _mask(congress: Congress, name: str, speaker_id: int) -> None:
    """Names are read row by row: as JSON keeps them, ł is no letter that the database could look for."""
    for change in db.session.scalars(select(DraftChange).where(DraftChange.congress_id == congress.id)):
        # A column is written only where its value differs.
        change.before, change.after = masked(change.before, name, speaker_id), masked(change.after, name, speaker_id)
    for proposal in db.session.scalars(_proposals(congress)):
        proposal.content, proposal.remark = masked(proposal.content, name), masked(proposal.remark, name)
        proposal.reason = masked(proposal.reason, name)
    db.session.flush()


def _proposals(congress: Congress) -> Select[Proposal]:
    return select(Proposal).join(Proposal.item).where(ProgrammeItem.congress_id == congress.id)


def _forget_recipients(congress: Congress, speakers: Sequence[int]) -> None:
    """Of the mails that have left; of those about links and of those about releases."""
    about = [f"speaker{sign}{number}" for number in speakers for sign in ":-"]
    sent = (Message.congress_id == congress.id) & (Message.state != MessageState.QUEUED) & (Message.recipient != "")
    db.session.execute(update(Message).where(sent, Message.about.in_(about)).values(recipient=""))


def same_person(speakers: Iterable[Speaker], *, name: str, email: str) -> tuple[list[Speaker], list[Speaker]]:
    """Those of the speakers who are this person, by name and address; and those who may be, by one of them: people share both."""
    sure, perhaps = [], []
    for each in speakers:
        is_name = _key(each.name) == _key(name)
        is_address = bool(email) and each.email.casefold() == email.casefold()
        if is_name and is_address:
            sure.append(each)
        elif is_name or is_address:
            perhaps.append(each)
    return sure, perhaps


def _key(name: str) -> list[str]:
    """Whatever its diacritics and its order."""
    return sorted(fold(name).split())


def purge(congress: Congress, *, now: datetime) -> dict[str, int]:
    """Delete what has been kept long enough: how many rows of what.

    Words and photos of those who agreed stay with the programme, and so does the link by which they withdraw.
    """
    if now.astimezone(congress.zone).date() <= congress.ends_on + timedelta(days=KEPT_DAYS):
        return {}
    known = db.session.scalars(select(Speaker).where(Speaker.congress_id == congress.id, Speaker.email != "")).all()
    for speaker in known:
        speaker.email = ""
    _forget_recipients(congress, db.session.scalars(select(Speaker.id).where(Speaker.congress_id == congress.id)).all())
    absent = Unavailability.speaker_id.in_(select(Speaker.id).where(Speaker.congress_id == congress.id))
    db.session.execute(delete(Unavailability).where(absent))
    done = {"speakers": len(known), "history": _purge_history(congress)}
    db.session.flush()
    return done


def _purge_history(congress: Congress) -> int:
    """Who changed what in whose part of a session; that and when a session was changed stays."""
    changes = db.session.scalars(
        select(DraftChange).where(DraftChange.congress_id == congress.id, DraftChange.made_by != "")
    ).all()
    for change in changes:
        change.made_by = ""
        change.before, change.after = _without_people(change.before), _without_people(change.after)
    ended = or_(Proposal.proposed_by != "", Proposal.decided_by != "") & (Proposal.state != ProposalState.WAITING)
    proposals = db.session.scalars(_proposals(congress).where(ended)).all()
    for proposal in proposals:
        proposal.proposed_by = proposal.decided_by = proposal.remark = proposal.reason = ""
        proposal.content = {when: _without_people(values) for when, values in proposal.content.items()}
    return len(changes) + len(proposals)


def _without_people(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "contributors"}
