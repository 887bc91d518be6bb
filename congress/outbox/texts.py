"""How a congress words its mails: kept, found, taken back; and mails to many, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.outbox.models import GIVEN_UP, Mailing, MailText, Message, MessageState


def find_text(congress_id: int, template: str, language: str) -> MailText | None:
    """The congress's own words for a mail in a language; None where ours hold."""
    return db.session.scalar(
        select(MailText).where(MailText.congress_id == congress_id, MailText.template == template, MailText.language == language)
    )


def texts(congress_id: int) -> dict[tuple[str, str], MailText]:
    """All own words of a congress, by template and language."""
    found = db.session.scalars(select(MailText).where(MailText.congress_id == congress_id))
    return {(each.template, each.language): each for each in found}


class WordsChanged(CongressError):
    """Somebody else has changed the words since the page was shown. Nothing was written."""


def seen(text: MailText | None) -> str:
    """Stands for the words as they are kept: another one means that somebody has changed them."""
    return f"{text.changed_at:%Y%m%d%H%M%S%f}" if text else ""


def word(
    congress_id: int, template: str, language: str, *, subject: str, body: str, was: str, by: str, now: datetime
) -> MailText:
    """Keep these words, which have been checked, for a mail from now on; ``was`` is what ``seen`` said of those shown.

    What is so already is no change. The caller holds the congress's lock. Raises WordsChanged.
    """
    text = find_text(congress_id, template, language)
    if text is not None and (text.subject, text.body) == (subject, body):
        return text
    if seen(text) != was:
        raise WordsChanged(
            _("Somebody else has changed these words since you opened this page. Look at them below, then save yours.")
        )
    if text is None:
        text = MailText(congress_id=congress_id, template=template, language=language)
        db.session.add(text)
    text.subject, text.body, text.changed_by, text.changed_at = subject, body, by, now
    db.session.flush()
    return text


def unword(congress_id: int, template: str, language: str) -> None:
    """Take the congress's words back: ours hold again. Nothing happens where there are none."""
    text = find_text(congress_id, template, language)
    if text is not None:
        db.session.delete(text)
        db.session.flush()


def find_mailing(key: str) -> Mailing | None:
    """The mailing that a form has sent already."""
    return db.session.scalar(select(Mailing).where(Mailing.key == key))


def new_mailing(
    congress_id: int,
    *,
    key: str,
    subjects: Localised,
    bodies: Localised,
    audience: Mapping[str, Any],
    number: int,
    by: str,
    now: datetime,
) -> Mailing:
    """A mail to many; the caller queues its messages in the same transaction."""
    mailing = Mailing(
        key=key, congress_id=congress_id, subjects=subjects, bodies=bodies, audience=dict(audience), number=number,
        queued_at=now, queued_by=by,
    )  # fmt: skip
    db.session.add(mailing)
    db.session.flush()
    return mailing


def mailings(congress_id: int) -> Sequence[Mailing]:
    """Mails to many of a congress, the latest first."""
    return db.session.scalars(
        select(Mailing).where(Mailing.congress_id == congress_id).order_by(Mailing.id.desc()).limit(50)
    ).all()


def mailings_to_field(congress_id: int, field: str, most: int) -> Sequence[Mailing]:
    """What coordinators of a field wrote to its cities, the latest first."""
    of_field = (Mailing.audience["to"].as_string() == "field") & (Mailing.audience["field"].as_string() == field)
    chosen = select(Mailing).where(Mailing.congress_id == congress_id, of_field)
    return db.session.scalars(chosen.order_by(Mailing.id.desc()).limit(most)).all()


def progress(sent: Sequence[Mailing]) -> dict[int, tuple[int, int]]:
    """How far each mailing is, by its id: how many of its mails have left or are not wanted any more, and how many were given up."""
    mailing = Message.facts["mailing"].as_integer()
    of_them = (Message.template == "bulk") & Message.congress_id.in_({each.congress_id for each in sent})
    rows = db.session.execute(select(mailing, Message.state, func.count()).where(of_them).group_by(mailing, Message.state))
    found = {each.id: (0, 0) for each in sent}
    for id_, state, number in rows:
        if id_ in found:
            done, lost = found[id_]
            left = state in {MessageState.SENT, MessageState.DROPPED}
            found[id_] = (done + number * left, lost + number * (state in GIVEN_UP))
    return found
