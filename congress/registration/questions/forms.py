"""The shape of a question as organisers write it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField, HiddenField
from wtforms.validators import Optional

from congress.core.forms import LineField, Needed
from congress.core.localised_forms import LocalisedForm, spread
from congress.core.text import first_upper
from congress.delegates.vocabulary import CATEGORY_LABELS, STEP_LABELS, Category, Step
from congress.registration.questions.fields import DayField, OneField, SeveralField, label
from congress.registration.questions.models import Question
from congress.registration.questions.rules import CONDITIONAL
from congress.registration.questions.services import ASKED_AT, Choice, Wanted
from congress.registration.vocabulary import QUESTION_LABELS, RETENTION_LABELS, QuestionKind, Retention

EMPTY_ROWS = 4  # for new choices
_MOST_CHOICES = 200


class ChoiceForm(LocalisedForm):
    """One choice; both texts empty: none."""

    value = HiddenField()
    en = LineField(_("In English"), most=120, render_kw={"lang": "en"})
    pl = LineField(_("In Polish"), most=120, render_kw={"lang": "pl"})
    is_retired = BooleanField(_("no longer offered"))


class QuestionForm(LocalisedForm):
    """A question. The other questions are handed in, since an answer to one of them may show it."""

    version = HiddenField()
    label_en = LineField(_("Question in English"), [Needed(_("Write the question in English."))], most=300)
    label_pl = LineField(_("Question in Polish"), [Needed(_("Write the question in Polish."))], most=300)
    help_en = LineField(
        _("Help in English"), most=500, description=_("Why you ask, and how to answer. It is shown under the question.")
    )
    help_pl = LineField(_("Help in Polish"), most=500)
    kind = OneField(_("Kind of answer"), [Needed()], validate_choice=False)
    step = OneField(_("Page of the form"), [Needed()], validate_choice=False)
    choices = FieldList(FormField(ChoiceForm), max_entries=_MOST_CHOICES)
    is_required = BooleanField(_("An answer is needed"))
    shown_if = OneField(_("Asked"), validate_choice=False)
    categories = SeveralField(_("Only of these categories"), validate_choice=False, description=_("None ticked: of everybody."))
    closes_on = DayField(
        _("Last day on which it can be answered"), [Optional()],
        description=_("To the end of this day where the congress is. Left empty: as long as the page is open."),
    )  # fmt: skip
    retention = OneField(
        _("Answers are kept"), validate_choice=False,
        description=_("What is kept as passport data or as needs is seen only by roles that need it, and each look is written down."),
    )  # fmt: skip
    code = LineField(
        _("Short name in exports"), most=40,
        description=_("Small letters, digits and _. Left empty, it is made of the English question. It stays for life."),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )  # fmt: skip

    @classmethod
    def within(cls, languages: Mapping[str, str]) -> type[Self]:
        form = super().within(languages)
        if form is not cls:
            form.choices = FieldList(FormField(ChoiceForm.within(languages)), max_entries=_MOST_CHOICES)
        return form

    def offer(self, others: Sequence[Question], roles: Collection[Category], language: str) -> None:
        """Hand in the choices; ``others`` are the questions that may show this one, ``roles`` those of the congress."""
        self.step.choices = [(each.value, str(STEP_LABELS[each])) for each in ASKED_AT]
        self.kind.choices = [(each.value, first_upper(str(QUESTION_LABELS[each]))) for each in QuestionKind]
        asked = [each for each in Category if each in roles or each in (self.categories.object_data or ())]
        self.categories.choices = [(each.value, first_upper(str(CATEGORY_LABELS[each]))) for each in asked]
        self.retention.choices = [(each.value, first_upper(str(RETENTION_LABELS[each]))) for each in Retention]
        self.shown_if.choices = [("", gettext("always")), *(pair for each in others for pair in _conditions(each, language))]

    def add_rows(self) -> None:
        """Empty rows for choices at the end."""
        for _number in range(min(EMPTY_ROWS, _MOST_CHOICES - len(self.choices))):
            self.choices.append_entry()

    def wanted(self, zone: ZoneInfo) -> Wanted:
        """The question of a valid form."""
        above, _dash, value = (self.shown_if.data or "").partition(":")
        return Wanted(
            code=self.code.data or "",
            step=Step(self.step.data),
            kind=QuestionKind(self.kind.data),
            labels=self.texts("label"),
            helps=self.texts("help"),
            choices=[
                Choice(row.value.data or "", row.texts(""), row.is_retired.data) for row in (entry.form for entry in self.choices)
            ],
            is_required=self.is_required.data,
            shown_if_id=int(above) if above else None,
            shown_if_value=value,
            categories=self.categories.data or [],
            closes_at=_end_of(self.closes_on.data, zone),
            retention=Retention(self.retention.data or Retention.KEPT.value),
        )


def _end_of(day: Any, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day + timedelta(days=1), time(0), zone) if day and day.year < 9999 else None


def _conditions(question: Question, language: str) -> list[tuple[str, str]]:
    """What may be chosen as condition: each answer to a question, in words."""
    if question.kind.value not in CONDITIONAL:
        return []
    answers = [("yes", gettext("Yes")), ("no", gettext("No"))] if question.kind is QuestionKind.YES_NO else []
    answers += [(each["value"], label(each, language)) for each in question.choices if not each.get("is_retired")]
    asked = question.labels.text(language)
    return [
        (f"{question.id}:{value}", gettext("only if “%(question)s” is answered “%(answer)s”", question=asked, answer=words))
        for value, words in answers
    ]


def shown(question: Question, zone: ZoneInfo) -> dict[str, Any]:
    """A question as the form shows it."""
    closes_at = question.closes_at.astimezone(zone) if question.closes_at else None
    return {
        "version": str(question.version),
        **spread("label", question.labels),
        **spread("help", question.helps),
        "code": question.code,
        "step": question.step.value,
        "kind": question.kind.value,
        "choices": [
            {"value": each["value"], **spread("", each["labels"]), "is_retired": each.get("is_retired", False)}
            for each in question.choices
        ],
        "is_required": question.is_required,
        "shown_if": f"{question.shown_if_id}:{question.shown_if_value}" if question.shown_if_id else "",
        "categories": list(question.categories),
        "closes_on": (closes_at - timedelta(seconds=1)).date() if closes_at else None,
        "retention": question.retention.value,
    }
