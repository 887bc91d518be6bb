"""A congress as the start of the next one: settings, draft, questions, terms, deadlines, words of mails. Nobody's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from congress.congresses.copying import Shift, Wanted, copy_row
from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import CategoryTerms, Window
from congress.outbox.models import MailText
from congress.programme.copying import copy_draft
from congress.registration.questions.models import Question

_OF_QUESTIONS = (
    "code", "step", "position", "kind", "labels", "helps", "is_required", "shown_if_value", "categories", "retention",
)  # fmt: skip


@dataclass(frozen=True)
class Copied:
    """The congress that was made, and how much is in its draft."""

    congress: Congress
    placements: int


def copy_congress(congress: Congress, wanted: Wanted, *, by: str, now: datetime) -> Copied:
    """Make the next congress, in the caller's transaction. Raises congresses.copying.CannotCopy.

    What people told, sent or were given stays behind: registrations, delegations, answers, releases, links, speakers, documents,
    accepted conflicts. Venues, rooms and the ways between them belong to no congress, so they are there already.
    """
    made, shift = copy_row(congress, wanted)
    placements = copy_draft(congress, made, shift, by=by, now=now)
    _copy_questions(congress, made, shift)
    for terms in db.session.scalars(select(CategoryTerms).where(CategoryTerms.congress_id == congress.id)):
        values = {name: getattr(terms, name) for name in ("category", "is_offered", "max_per_city", "max_people")}
        db.session.add(CategoryTerms(congress_id=made.id, **values))
    for window in db.session.scalars(select(Window).where(Window.congress_id == congress.id).order_by(Window.id)):
        times = {"opens_at": shift.moment(window.opens_at), "closes_at": shift.moment(window.closes_at)}
        db.session.add(Window(congress_id=made.id, category=window.category, step=window.step, **times))
    for text in db.session.scalars(select(MailText).where(MailText.congress_id == congress.id).order_by(MailText.id)):
        words = {name: getattr(text, name) for name in ("template", "language", "subject", "body")}
        db.session.add(MailText(congress_id=made.id, changed_at=now, changed_by=by, **words))
    db.session.flush()
    return Copied(made, placements)


def _copy_questions(congress: Congress, made: Congress, shift: Shift) -> None:
    """Those that are still asked, without the choices that are not offered any more."""
    asked = select(Question).where(Question.congress_id == congress.id, Question.is_retired.is_(False))
    questions = db.session.scalars(asked.order_by(Question.position, Question.id)).all()
    copies = {}
    for each in questions:
        values = {name: getattr(each, name) for name in _OF_QUESTIONS}
        choices = [choice for choice in each.choices if not choice.get("is_retired")]
        copies[each.id] = Question(congress_id=made.id, choices=choices, closes_at=shift.moment(each.closes_at), **values)
    db.session.add_all(copies.values())
    for each in questions:
        if each.shown_if_id in copies:
            copies[each.id].shown_if = copies[each.shown_if_id]
        elif each.shown_if_id is not None:  # of one that is not asked any more
            copies[each.id].shown_if_value = ""
    db.session.flush()
