"""Reads about questions and answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.delegates.models import Delegate
from congress.delegates.vocabulary import Step
from congress.registration.models import Opening, Registration
from congress.registration.questions.models import Answer, Question
from congress.registration.questions.rules import Rule
from congress.registration.vocabulary import QuestionKind, Retention

STEPS = {step: place for place, step in enumerate(Step)}
SENSITIVE = (Retention.PASSPORT, Retention.NEEDS)


_ALL = select(Question).where(Question.congress_id == bindparam("congress")).options(joinedload(Question.shown_if))
_ASKED = _ALL.where(Question.is_retired.is_(False))


def questions(congress: Congress, *, with_retired: bool = False) -> Sequence[Question]:
    """The questions of a congress as they are asked: by step, then by position."""
    found = db.session.scalars(_ALL if with_retired else _ASKED, {"congress": congress.id})
    return sorted(found, key=lambda each: (STEPS[each.step], each.position, each.id))


def find_question(congress: Congress, question_id: int) -> Question | None:
    """A question of this congress, also a retired one."""
    return db.session.scalar(select(Question).where(Question.congress_id == congress.id, Question.id == question_id))


def kinds(question_ids: Collection[int]) -> dict[int, QuestionKind]:
    """The kinds of questions as they are now, which stay so until the transaction ends."""
    chosen = select(Question.id, Question.kind).where(Question.id.in_(question_ids)).order_by(Question.id)
    return dict(db.session.execute(chosen.with_for_update(read=True)).all())


def rule(question: Question) -> Rule:
    """What decides about a question, as a value."""
    return Rule(
        code=question.code, kind=question.kind.value, step=STEPS[question.step],
        categories=frozenset(question.categories or ()),
        shown_if=question.shown_if.code if question.shown_if else "", shown_if_value=question.shown_if_value,
        closes_at=question.closes_at, is_retired=question.is_retired,
    )  # fmt: skip


def categories_of(delegate: Delegate) -> set[str]:
    """All capacities in which a person comes."""
    return {delegate.category.value, *(delegate.also or ())}


def opened_until(registration: Registration, step: Step, now: datetime) -> datetime | None:
    """Until when organisers have opened the step for this person, None if they have not or it is over."""
    return db.session.scalar(
        select(func.max(Opening.until)).where(
            Opening.registration_id == registration.id,
            Opening.until > now,
            (Opening.step == step) | Opening.step.is_(None),
        )
    )


def answers_of(registration: Registration) -> dict[str, Answer]:
    """What a person has answered, by the question's code."""
    found = db.session.scalars(
        select(Answer)
        .join(Answer.question)
        .where(Answer.registration_id == registration.id)
        .options(contains_eager(Answer.question).selectinload(Question.shown_if))
    )
    return {each.question.code: each for each in found}


def values_of(registration_ids: Collection[int], codes: Collection[str] | None = None) -> dict[int, dict[str, Any]]:
    """Answers of many people by registration and code, for lists and exports; ``codes``: of these questions only."""
    chosen = (
        select(Answer.registration_id, Question.code, Answer.value)
        .join(Answer.question)
        .where(Answer.registration_id.in_(registration_ids))
    )
    if codes is not None:
        chosen = chosen.where(Question.code.in_(codes))
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for registration_id, code, value in db.session.execute(chosen):
        found[registration_id][code] = value
    return found


def answered(congress: Congress) -> dict[int, int]:
    """How many have answered each question, by its id; questions without an answer are not in it."""
    rows = db.session.execute(
        select(Answer.question_id, func.count())
        .join(Answer.question)
        .where(Question.congress_id == congress.id)
        .group_by(Answer.question_id)
    )
    return dict(rows.all())


def is_answered(question: Question) -> bool:
    """Whether anybody has answered."""
    return db.session.scalar(select(Answer.id).where(Answer.question_id == question.id).limit(1)) is not None


def dependent(question: Question) -> Sequence[Question]:
    """The questions that an answer to this one shows."""
    return db.session.scalars(
        select(Question).where(Question.shown_if_id == question.id).order_by(Question.position, Question.id)
    ).all()


@dataclass
class Distribution:
    """What people answered: ``counts`` by value for those who choose, else ``texts`` with who wrote them, the last first."""

    number: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    texts: list[tuple[Registration, Any]] = field(default_factory=list)


def distribution(question: Question, *, most: int = 200) -> Distribution:
    """Answers of those who are registered or on their way; ended registrations are left out."""
    found = Distribution()
    counted = question.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.YES_NO, QuestionKind.COUNTRY)
    for registration, value in _live_answers(question):
        found.number += 1
        if counted:
            found.counts.update(_words(value))
        elif len(found.texts) < most:
            found.texts.append((registration, value))
    return found


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return value if isinstance(value, list) else [str(value)]


def _live_answers(question: Question) -> Iterator[tuple[Registration, Any]]:
    rows = db.session.execute(
        select(Registration, Answer.value)
        .join(Answer, Answer.registration_id == Registration.id)
        .where(Answer.question_id == question.id)
        .options(joinedload(Registration.delegate).joinedload(Delegate.person), selectinload(Registration.congress))
        .order_by(Answer.answered_at.desc(), Answer.id.desc())
    )
    for registration, value in rows:
        if registration.is_live:
            yield registration, value
