"""The organisers' questions as a part of the form's steps: its fields, and what is kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField

from congress.core import clock
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.forms import BaseForm, OfAnyField
from congress.delegates.vocabulary import Category, Step
from congress.registration.models import Registration
from congress.registration.questions import queries, rules, uploads
from congress.registration.questions.fields import choices, field_for, label, shown, value_of, written
from congress.registration.questions.models import Answer, Question, Upload
from congress.registration.questions.rules import Rule
from congress.registration.vocabulary import QuestionKind


class QuestionChanged(CongressError):
    """A question is of another kind than when the form was made, or gone."""


@dataclass
class Drawn:
    """A question as a page shows it. ``field`` is None where it is closed; ``condition`` says in words when it is asked,
    where an answer on the same page decides (``shown_if`` is then the name of that field)."""

    question: Question
    label: str
    field: Any = None
    remove: Any = None
    answer: str = ""
    upload: Upload | None = None
    condition: str = ""
    shown_if: str = ""


class QuestionsForm(BaseForm):
    """Fields ``q_<code>``. ``validate`` asks for an answer only where the other answers show the question."""

    drawn: Sequence[Drawn] = ()
    rules: Mapping[str, Rule] = {}
    stored: Mapping[str, Any] = {}  # what was answered before, by code, on all pages

    @property
    def has_files(self) -> bool:
        """Whether the page's form must be sent as multipart/form-data."""
        return any(each.field is not None and each.question.kind is QuestionKind.FILE for each in self.drawn)

    @property
    def open(self) -> list[Drawn]:
        """The questions that can be answered now."""
        return [each for each in self.drawn if each.field is not None]

    def given(self) -> dict[str, Any]:
        """All answers as they would be after this page was saved, by code."""
        return {**self.stored, **{each.question.code: self._value(each) for each in self.open}}

    def _value(self, drawn: Drawn) -> Any:
        if drawn.question.kind is not QuestionKind.FILE:
            return value_of(drawn.question.kind, drawn.field)
        if drawn.field.checked is not None:
            return "new"
        is_removed = drawn.remove is not None and drawn.remove.data
        return None if is_removed else self.stored.get(drawn.question.code)

    def is_shown(self, question: Question, given: Mapping[str, Any]) -> bool:
        """Whether these answers show the question."""
        return rules.is_shown(self.rules[question.code], self.rules, given)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        given = self.given()
        for each in self.open:
            if not self.is_shown(each.question, given):
                each.field.errors = []
            elif each.question.is_required and given[each.question.code] is None and not each.field.errors:
                self.add_error(each.field.name, _needed(each.question.kind))
        return not self.errors


def _needed(kind: QuestionKind) -> str:
    if kind is QuestionKind.FILE:
        return OfAnyField(_("Choose a file."))
    if kind in (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.YES_NO, QuestionKind.COUNTRY):
        return OfAnyField(_("Choose an answer."))
    return OfAnyField(_("Fill in this field."))


def form_for(registration: Registration, step: Step, formdata: Any, language: str, *, is_person: bool = True) -> QuestionsForm:
    """The form of a step's questions, without fields if there are none. ``formdata`` holds texts and files, None to show what is stored.

    Whoever fills it in for the person (``is_person`` false) neither sees nor answers what is sensitive.
    """
    now = clock.now()
    found = queries.questions(registration.congress)
    known = {each.code: queries.rule(each) for each in found}
    rows = queries.answers_of(registration)
    stored = {code: row.value for code, row in rows.items()}
    opened = queries.opened_until(registration, step, now) if any(each.closes_at for each in found) else None
    asked = [
        each
        for each in found
        if each.step is step
        and (is_person or each.retention not in queries.SENSITIVE)
        and rules.is_for(known[each.code], queries.categories_of(registration.delegate))
        and _may_be_shown(each, known, stored)
    ]
    closed = {each.code for each in asked if rules.is_closed(known[each.code], now, opened)}
    has_files = any(each.kind is QuestionKind.FILE for each in asked)
    files = uploads.of_registration(registration) if has_files else {}
    return _form(asked, closed, known, stored, files, formdata, language)


def preview(questions: Iterable[Question], step: Step, category: Category, formdata: Any, language: str) -> QuestionsForm:
    """The form of a step as a person of this category would see it who has answered nothing yet."""
    known = {each.code: queries.rule(each) for each in questions}
    asked = [
        each
        for each in questions
        if each.step is step and rules.is_for(known[each.code], {category.value}) and _may_be_shown(each, known, {})
    ]
    closed = {each.code for each in asked if rules.is_closed(known[each.code], clock.now())}
    return _form(asked, closed, known, {}, {}, formdata, language)


def _may_be_shown(question: Question, known: Mapping[str, Rule], stored: Mapping[str, Any]) -> bool:
    """Whether an answer on this page can show it, or one on an earlier page already does."""
    above = question.shown_if
    return above is None or above.step is question.step or rules.is_shown(known[question.code], known, stored)


def _form(
    asked: Sequence[Question],
    closed: set[str],
    known: Mapping[str, Rule],
    stored: Mapping[str, Any],
    files: Mapping[str, Upload],
    formdata: Any,
    language: str,
) -> QuestionsForm:
    # An answer that can no longer be changed has already decided.
    asked = [
        each
        for each in asked
        if each.shown_if is None or each.shown_if.code not in closed or rules.is_shown(known[each.code], known, stored)
    ]
    fields: dict[str, Any] = {}
    for each in asked:
        if each.code not in closed:
            fields[_name(each)] = field_for(each, language)
            if each.kind is QuestionKind.FILE and stored.get(each.code) in files and not each.is_required:
                fields[_remove_name(each)] = BooleanField(_("Delete this file"))
    data = {_name(each): shown(each.kind, stored.get(each.code)) for each in asked}
    form: QuestionsForm = type("AnswersForm", (QuestionsForm,), fields)(formdata, data=data)
    for each in asked:
        if offered := choices(each, language, stored.get(each.code)) if _name(each) in fields else []:
            form[_name(each)].choices = offered
    form.rules, form.stored = known, stored
    form.drawn = [_drawn(form, each, asked, closed, files, language) for each in asked]
    return form


def _name(question: Question) -> str:
    return f"q_{question.code}"


def _remove_name(question: Question) -> str:
    return f"q-{question.code}-remove"


def _find(form: QuestionsForm, name: str) -> Any:
    return form[name] if name in form else None  # noqa: SIM401  (a form has no get)


def _drawn(
    form: QuestionsForm,
    question: Question,
    asked: Sequence[Question],
    closed: set[str],
    files: Mapping[str, Upload],
    language: str,
) -> Drawn:
    value, name = form.stored.get(question.code), _name(question)
    drawn = Drawn(question, question.labels.text(language), _find(form, name))
    drawn.remove = _find(form, _remove_name(question))
    drawn.upload = files.get(value) if isinstance(value, str) else None
    drawn.answer = drawn.upload.name if drawn.upload else written(question, value, language)
    if drawn.field is not None and question.is_required:
        drawn.field.flags.required = True
    above = question.shown_if
    if above is not None and above in asked:
        drawn.condition = _("Only if your answer to “%(question)s” is “%(answer)s”.", **condition(question, language))
        drawn.shown_if = _name(above) if above.code not in closed else ""
    return drawn


def condition(question: Question, language: str) -> dict[str, str]:
    """In words: the question and the answer that show this one."""
    above = question.shown_if
    if above is None:
        return {"question": "", "answer": ""}
    words = {"yes": _("Yes"), "no": _("No")} if above.kind is QuestionKind.YES_NO else {}
    words |= {each["value"]: label(each, language) for each in above.choices or ()}
    return {
        "question": above.labels.text(language),
        "answer": words.get(question.shown_if_value, question.shown_if_value),
    }


def save(registration: Registration, form: QuestionsForm, *, now: datetime) -> None:
    """Keep the answers of a valid form. What another answer no longer shows is dropped; closed and retired questions keep theirs.

    Raises QuestionChanged when an organiser was quicker.
    """
    if not form.open:
        return
    lock(registration)
    _refuse_if_changed(form)
    rows = queries.answers_of(registration)
    files = uploads.of_registration(registration)
    given = form.given()
    for each in form.open:
        question, row = each.question, rows.get(each.question.code)
        value = given[question.code] if form.is_shown(question, given) else None
        if value is not None and question.kind is QuestionKind.FILE:
            checked = each.field.checked
            value = uploads.store(checked, registration=registration, now=now).public_id if checked else row and row.value
        _put(registration, question, row, value, files, now)
    for code, row in rows.items():
        rule = form.rules.get(code)
        is_elsewhere = all(each.question.code != code for each in form.drawn)
        if rule is not None and is_elsewhere and not rules.is_closed(rule, now) and not rules.is_shown(rule, form.rules, given):
            _put(registration, row.question, row, None, files, now)
    db.session.flush()


def _refuse_if_changed(form: QuestionsForm) -> None:
    """An answer to one kind of question must not be kept as one to another. The lock makes whoever changes a question wait."""
    now_asked = queries.kinds([each.question.id for each in form.open])
    if any(now_asked.get(each.question.id) is not each.question.kind for each in form.open):
        raise QuestionChanged(_("The hosts have just changed a question on this page. Load the page again and look at it."))


def _put(
    registration: Registration, question: Question, row: Answer | None, value: Any, files: Mapping[str, Upload], now: datetime
) -> None:
    if row is not None and row.value == value:
        return
    if row is not None and question.kind is QuestionKind.FILE and row.value in files:
        uploads.delete(files[row.value])
    if row is None and value is not None:
        db.session.add(Answer(registration_id=registration.id, question_id=question.id, value=value, answered_at=now))
    elif row is not None and value is None:
        db.session.delete(row)
    elif row is not None:
        row.value, row.answered_at = value, now


@dataclass(frozen=True)
class Given:
    """An answer to be read; ``is_sensitive`` by how long it is kept."""

    question: Question
    label: str
    text: str
    upload: Upload | None
    is_sensitive: bool


def given(registration: Registration, language: str, step: Step | None = None) -> list[Given]:
    """What a person has answered, in the order of the questions, also to retired ones; ``step``: on this page only."""
    rows = queries.answers_of(registration)
    files = uploads.of_registration(registration) if rows else {}
    found = []
    for each in queries.questions(registration.congress, with_retired=True) if rows else ():
        row = rows.get(each.code)
        if row is None or (step is not None and each.step is not step):
            continue
        upload = files.get(row.value) if each.kind is QuestionKind.FILE else None
        text = upload.name if upload else written(each, row.value, language)
        found.append(Given(each, each.labels.text(language), text, upload, each.retention in queries.SENSITIVE))
    return found


def unanswered(registrations: Sequence[Registration]) -> dict[int, list[Question]]:
    """Required questions that people of one congress are asked and have not answered, by registration; two reads for all of them."""
    if not registrations:
        return {}
    found = queries.questions(registrations[0].congress)
    known = {each.code: queries.rule(each) for each in found}
    now = clock.now()
    required = [each for each in found if each.is_required and not rules.is_closed(known[each.code], now)]
    values = queries.values_of([each.id for each in registrations]) if required else {}
    missing = {}
    for registration in registrations:
        answers, categories = values.get(registration.id, {}), queries.categories_of(registration.delegate)
        missing[registration.id] = [
            each
            for each in required
            if each.code not in answers
            and rules.is_for(known[each.code], categories)
            and rules.is_shown(known[each.code], known, answers)
        ]
    return missing


@dataclass(frozen=True)
class Summary:
    """What people answered to one question: how many each choice, or the texts with who wrote them, the last first."""

    number: int
    counts: Sequence[tuple[str, int, int]]  # words, people, of a hundred
    texts: Sequence[tuple[Registration, str, str]]  # who, the text, the id of an upload where it is one


def summary(question: Question, language: str) -> Summary:
    """Answers of those whose registrations have not ended; choices in their order, countries the most frequent first."""
    found = queries.distribution(question)
    words = {"yes": _("Yes"), "no": _("No")} if question.kind is QuestionKind.YES_NO else {}
    words |= {each["value"]: label(each, language) for each in question.choices}
    if question.kind is QuestionKind.COUNTRY:
        words = {code: written(question, code, language) for code, _number in found.counts.most_common()}
    values = [*words, *(each for each in found.counts if each not in words)]
    counts = [
        (words.get(each, each), found.counts[each], round(100 * found.counts[each] / found.number))
        for each in values
        if found.number
    ]
    is_file = question.kind is QuestionKind.FILE
    texts = [
        (who, "" if is_file else written(question, value, language), str(value) if is_file else "") for who, value in found.texts
    ]
    return Summary(found.number, counts, texts)
