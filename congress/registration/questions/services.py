"""Writes about questions. What was answered stays readable: code, kind and the values of choices are fixed with the first answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.languages import name_of
from congress.core.localised import Localised
from congress.core.text import slugify
from congress.delegates.vocabulary import Step
from congress.registration.questions import queries, rules
from congress.registration.questions.models import Question
from congress.registration.vocabulary import QuestionKind, Retention

ASKED_AT = tuple(step for step in Step if step not in (Step.SESSIONS, Step.REVIEW))  # pages that have a form of their own
_WITH_CHOICES = (QuestionKind.CHOICE, QuestionKind.CHOICES)
Act = Callable[[Question], None]
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class BadCode(CongressError):
    """The short name is no name, or another question has it."""


class Fixed(CongressError):
    """Somebody has answered, and the change would make the answer mean something else."""


class BadChoices(CongressError):
    """There is nothing to choose, or a choice would be lost."""


class BadCondition(CongressError):
    """The question would never be asked."""


class OthersDepend(CongressError):
    """Answers to this question show other ones."""


@dataclass(frozen=True)
class Choice:
    """A choice as it was typed; ``value`` is empty for a new one."""

    value: str
    labels: Localised
    is_retired: bool = False


@dataclass(frozen=True)
class Wanted:
    """A question as an organiser wants it; an empty ``code`` is made of the English label."""

    code: str
    step: Step
    kind: QuestionKind
    labels: Localised
    helps: Localised = field(default_factory=Localised)
    choices: Sequence[Choice] = ()
    is_required: bool = False
    shown_if_id: int | None = None
    shown_if_value: str = ""
    categories: Sequence[str] = ()
    closes_at: datetime | None = None
    retention: Retention = Retention.KEPT


def add(congress: Congress, wanted: Wanted) -> Question:
    """A new question at the end of its page. Raises BadCode, BadChoices, BadCondition. Flushes."""
    lock(congress)
    question = Question(congress_id=congress.id, code=_code(congress, wanted, None), choices=[], position=0)
    _set(question, wanted, choices=_choices(question, wanted, False, congress.languages))
    question.position = _last(question) + 1
    _check(congress, question)
    db.session.add(question)
    db.session.flush()
    return question


def change(congress: Congress, question: Question, wanted: Wanted) -> None:
    """Change a question that the caller has locked. Raises Fixed, BadCode, BadChoices, BadCondition; the caller then rolls back."""
    is_answered = queries.is_answered(question)
    if is_answered and wanted.kind is not question.kind:
        raise Fixed(_("Somebody has answered this question already, so its kind stays. Retire it and add another one."))
    code = question.code if is_answered else _code(congress, wanted, question)
    choices = _choices(question, wanted, is_answered, congress.languages)
    with db.session.no_autoflush:
        has_moved = wanted.step is not question.step
        question.code = code
        _set(question, wanted, choices=choices)
        _check(congress, question)
        if has_moved:
            question.position = _last(question) + 1
    db.session.flush()


def _set(question: Question, wanted: Wanted, *, choices: list[dict[str, Any]]) -> None:
    question.choices = choices
    question.step, question.kind, question.labels, question.helps = wanted.step, wanted.kind, wanted.labels, wanted.helps
    question.is_required, question.closes_at, question.retention = wanted.is_required, wanted.closes_at, wanted.retention
    question.categories = list(wanted.categories)
    question.shown_if_id, question.shown_if_value = wanted.shown_if_id, wanted.shown_if_value
    question.is_retired = bool(question.is_retired)


def _code(congress: Congress, wanted: Wanted, question: Question | None) -> str:
    taken = set(db.session.scalars(select(Question.code).where(Question.congress_id == congress.id)))
    taken -= {question.code} if question else set()
    if wanted.code:
        if not _CODE.fullmatch(wanted.code):
            raise BadCode(_("Write a short name of small letters without accents, digits and _, beginning with a letter."))
        if wanted.code in taken:
            raise BadCode(_("Another question has this short name. Write another one."))
        return wanted.code
    made = re.sub(r"^[^a-z]+", "", slugify(wanted.labels.text("en")).replace("-", "_"))[:30].rstrip("_") or "question"
    return next(each for number in range(1, 10_000) if (each := f"{made}_{number}" if number > 1 else made) not in taken)


def _choices(question: Question, wanted: Wanted, is_answered: bool, languages: Sequence[str]) -> list[dict[str, Any]]:
    """The choices as they are kept. One that may stand in an answer is retired, never left out."""
    if wanted.kind not in _WITH_CHOICES:
        return []
    kept = {each["value"] for each in question.choices or ()}
    values = {each.value for each in wanted.choices}
    named = [each for each in wanted.choices if each.labels]
    needed = "en" if "en" in languages else languages[0]
    if any(not each.labels.get(needed) for each in named):
        raise BadChoices(
            _("Write each choice in English; Polish may be left out.")
            if set(languages) == {"en", "pl"}
            else _("Write each choice in this language: %(language)s. Others may be left out.", language=name_of(needed))
        )
    lost = kept - {each.value for each in named} if is_answered else set()
    if lost:
        raise BadChoices(_("Somebody may have chosen what you took away. Write its words again and tick “no longer offered”."))
    found: list[dict[str, Any]] = []
    for each in named:
        value = each.value if each.value in kept else _value(each, kept | values | {one["value"] for one in found})
        found.append({"value": value, "labels": dict(each.labels), "is_retired": each.is_retired})
    if sum(not each["is_retired"] for each in found) < 2:
        raise BadChoices(_("Write at least two choices that are offered."))
    return found


def _value(choice: Choice, taken: set[str]) -> str:
    made = slugify(choice.labels.text("en"))[:60] or "choice"
    return next(each for number in range(1, 10_000) if (each := f"{made}-{number}" if number > 1 else made) not in taken)


def _last(question: Question) -> int:
    of_step = select(func.max(Question.position)).where(
        Question.congress_id == question.congress_id, Question.step == question.step, Question.id != (question.id or 0)
    )
    return db.session.scalar(of_step) or 0


def _check(congress: Congress, question: Question) -> None:
    """Whether the conditions of all questions still make sense. Raises BadCondition."""
    with db.session.no_autoflush:
        others = {each.id: each for each in queries.questions(congress) if each is not question}
        above = others.get(question.shown_if_id or 0)
        if question.shown_if_id is not None and (above is None or above.kind.value not in rules.CONDITIONAL):
            raise BadCondition(_("The question whose answer shows this one is no longer asked. Choose another condition."))
        if above is not None and not _is_answer(above, question.shown_if_value):
            raise BadCondition(_("Choose one of the answers in the list."))
        below = [each for each in others.values() if question.id is not None and each.shown_if_id == question.id]
        if any(not _is_answer(question, each.shown_if_value) for each in below):
            raise BadCondition(
                _("Another question is shown by an answer that would no longer be offered. Change that question first.")
            )
        known = [_rule(each, others, question) for each in [*others.values(), question]]
    if rules.circle(known):
        raise BadCondition(_("These questions would wait for each other’s answers. Choose another condition."))
    if rules.asked_too_early(known):
        raise BadCondition(_("A question must come on the same page as the one that shows it, or on a later one."))


def _rule(question: Question, others: dict[int, Question], edited: Question) -> rules.Rule:
    above = edited if edited.id is not None and question.shown_if_id == edited.id else others.get(question.shown_if_id or 0)
    return rules.Rule(
        question.code, question.kind.value, queries.STEPS[question.step], shown_if=above.code if above else "",
        shown_if_value=question.shown_if_value,
    )  # fmt: skip


def _is_answer(question: Question, value: str) -> bool:
    if question.kind is QuestionKind.YES_NO:
        return value in ("yes", "no")
    return any(each["value"] == value and not each.get("is_retired") for each in question.choices)


def move(congress: Congress, question: Question, *, up: bool) -> None:
    """Swap with the question before or after it on the page; at the end nothing happens. It is no change for who edits it meanwhile."""
    lock(congress)
    of_step = [each for each in queries.questions(congress) if each.step is question.step]
    order = [each.id for each in of_step]
    place = order.index(question.id) if question.id in order else -1
    other = place - 1 if up else place + 1
    if place < 0 or not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, question_id in enumerate(order, 1):
        db.session.execute(update(Question).where(Question.id == question_id).values(position=position))


def retire(question: Question) -> None:
    """Ask no longer; what was answered stays. Raises OthersDepend. Flushes."""
    lock(question)
    _refuse_if_others_depend(question)
    question.is_retired = True
    db.session.flush()


def restore(congress: Congress, question: Question) -> None:
    """Ask again, at the end of the page. Raises BadCondition. Flushes."""
    lock(congress)
    lock(question)
    question.is_retired = False
    _check(congress, question)
    question.position = _last(question) + 1
    db.session.flush()


def delete(question: Question) -> None:
    """Delete a question that nobody has answered. Raises Fixed, OthersDepend. Flushes."""
    lock(question)
    if queries.is_answered(question):
        raise Fixed(_("Somebody has answered this question already, so it cannot be deleted. Retire it: the answers stay."))
    _refuse_if_others_depend(question, with_retired=True)
    db.session.delete(question)
    db.session.flush()


def _refuse_if_others_depend(question: Question, *, with_retired: bool = False) -> None:
    found = [each for each in queries.dependent(question) if with_retired or not each.is_retired]
    if found:
        names = ", ".join(each.code for each in found)
        raise OthersDepend(_("An answer to this question shows other ones (%(names)s). Change those first.", names=names))
