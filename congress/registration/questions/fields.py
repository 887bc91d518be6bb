"""Fields for the kinds of questions, and the values that are kept of them (JSON)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext
from wtforms import DateField, Field, FileField, RadioField, SelectField, SelectMultipleField, TimeField, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from congress.core import files
from congress.core.countries import countries
from congress.core.files import BadUpload, Checked
from congress.core.forms import LineField, TextField
from congress.core.localised import Localised
from congress.registration.questions.models import Question
from congress.registration.vocabulary import QuestionKind

_FEW = 7  # so many choices are shown at once; more are in a list
_LARGEST_NUMBER = 1e15


def number(text: str) -> int | float:
    """A number as people write it: with a comma or a point, with spaces between thousands. Raises ValueError."""
    plain = text.replace(" ", "").replace("\u202f", "").replace("\u2212", "-").replace(",", ".")
    if not plain.isascii() or "_" in plain:
        raise ValueError
    value = float(plain)
    if not math.isfinite(value) or abs(value) > _LARGEST_NUMBER:
        raise ValueError
    return int(value) if value.is_integer() else value


class NumberField(LineField):
    """A number. What was typed stays text, so that it can be shown again."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data:
            try:
                number(self.data)
            except ValueError:
                raise ValidationError(gettext("This is not a number. Write it as 12 or 12.5.")) from None


class DayField(DateField):
    """A date."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("This day does not exist. Write it as 2018-06-12.")) from None


class ClockField(TimeField):
    """A time of day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("This is no time of day. Write it as 09:30.")) from None


class _Offered:
    """Choices that say so in our words when something else is sent."""

    def pre_validate(self, form: Any) -> None:
        sent = self.data if isinstance(self.data, list) else [self.data]  # type: ignore[attr-defined]
        known = {str(value) for value, *_label in self.choices or ()}  # type: ignore[attr-defined]
        if any(each and each not in known for each in sent):
            raise ValidationError(gettext("Choose one of the answers in the list."))


class OneField(_Offered, SelectField):
    """One of many choices."""


class RadioOneField(_Offered, RadioField):
    """One of a few choices."""


class SeveralField(_Offered, SelectMultipleField):
    """Any of several choices."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class UploadField(FileField):
    """A file; ``checked`` is what may be kept of it once the field was validated."""

    checked: Checked | None = None

    def pre_validate(self, form: Any) -> None:
        name = getattr(self.data, "filename", None)
        if self.data and name is None:
            raise ValidationError(gettext("The file did not arrive. Choose it again."))
        if name:
            try:
                self.checked = files.check(name, self.data.stream)
            except BadUpload as refusal:
                raise ValidationError(str(refusal)) from None


def choices(question: Question, language: str, answer: Any) -> list[tuple[str, str]]:
    """What the question's field offers: of retired choices only those that this person has chosen before."""
    nothing = [] if question.is_required else [("", gettext("No answer"))]
    match question.kind:
        case QuestionKind.CHOICE:
            offered = _offered(question, language, answer)
            return [*offered, *nothing] if _at_once(question) else [("", gettext("Choose an answer")), *offered]
        case QuestionKind.CHOICES:
            return _offered(question, language, answer)
        case QuestionKind.YES_NO:
            return [("yes", gettext("Yes")), ("no", gettext("No")), *nothing]
        case QuestionKind.COUNTRY:
            return [("", gettext("Choose a country")), *countries(language).items()]
    return []


def _offered(question: Question, language: str, answer: Any) -> list[tuple[str, str]]:
    kept = answer if isinstance(answer, list) else [answer]
    return [
        (each["value"], label(each, language)) for each in question.choices if not each.get("is_retired") or each["value"] in kept
    ]


def _at_once(question: Question) -> bool:
    return sum(not each.get("is_retired") for each in question.choices) <= _FEW


def label(choice: Mapping[str, Any], language: str) -> str:
    """The words of a choice in this language, else in English, else its value."""
    labels: Mapping[str, str] = choice.get("labels") or {}
    return Localised(labels).text(language) or str(choice["value"])


def field_for(question: Question, language: str) -> Any:
    """A field of WTForms, not bound yet; its ``choices`` are handed in then. Whether an answer is needed is asked of the whole form."""
    words: dict[str, Any] = {"label": question.labels.text(language), "description": question.helps.text(language)}
    match question.kind:
        case QuestionKind.TEXT:
            return LineField(most=500, **words)
        case QuestionKind.LONG_TEXT:
            return TextField(most=5000, render_kw={"rows": 5}, **words)
        case QuestionKind.NUMBER:
            return NumberField(most=30, render_kw={"inputmode": "decimal"}, **words)
        case QuestionKind.CHOICE:
            return (RadioOneField if _at_once(question) else OneField)(validate_choice=False, **words)
        case QuestionKind.CHOICES:
            return SeveralField(validate_choice=False, **words)
        case QuestionKind.YES_NO:
            return RadioOneField(validate_choice=False, **words)
        case QuestionKind.DATE:
            return DayField(validators=[Optional()], **words)
        case QuestionKind.TIME:
            return ClockField(validators=[Optional()], **words)
        case QuestionKind.COUNTRY:
            return OneField(validate_choice=False, render_kw={"data-searchable": ""}, **words)
        case QuestionKind.FILE:
            return UploadField(render_kw={"accept": files.ACCEPTED}, **words)


def shown(kind: QuestionKind, value: Any) -> Any:
    """The kept value as its field shows it."""
    match kind:
        case QuestionKind.NUMBER if value is not None:
            return str(value)
        case QuestionKind.YES_NO if value is not None:
            return "yes" if value else "no"
        case QuestionKind.DATE if value:
            return date.fromisoformat(value)
        case QuestionKind.TIME if value:
            return time.fromisoformat(value)
        case QuestionKind.CHOICE | QuestionKind.COUNTRY | QuestionKind.YES_NO:
            return value or ""
        case QuestionKind.FILE:
            return None
    return value


def value_of(kind: QuestionKind, field: Field) -> Any:
    """What is kept of a valid field; None where nothing was answered. Files are kept by ``answers``."""
    data = field.data
    match kind:
        case _ if not data and not isinstance(data, time):
            return None
        case QuestionKind.NUMBER:
            try:
                return number(data)
            except ValueError:
                return None
        case QuestionKind.YES_NO:
            return {"yes": True, "no": False}.get(data)
        case QuestionKind.CHOICES:
            return [str(value) for value, *_label in field.choices if value in data]
        case QuestionKind.DATE:
            return data.isoformat()
        case QuestionKind.TIME:
            return data.strftime("%H:%M")
    return data


def written(question: Question, value: Any, language: str) -> str:
    """The kept value in words of this language; days and times as ISO 8601 has them. Of a file there is only its id."""
    match question.kind:
        case _ if value is None:
            return ""
        case QuestionKind.YES_NO:
            return str(gettext("Yes") if value else gettext("No"))
        case QuestionKind.CHOICE | QuestionKind.CHOICES:
            words = {each["value"]: label(each, language) for each in question.choices}
            chosen: Sequence[str] = value if isinstance(value, list) else [value]
            return "; ".join(words.get(each, each) for each in chosen)
        case QuestionKind.COUNTRY:
            return countries(language).get(str(value), str(value))
    return str(value)
