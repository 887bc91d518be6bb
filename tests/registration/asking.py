"""What tests of questions arrange."""

from __future__ import annotations

import io
import itertools
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.vocabulary import Step
from congress.registration.models import Registration
from congress.registration.questions import answers
from congress.registration.questions.models import Question
from congress.registration.vocabulary import QuestionKind
from tests.factories import NOW, the_congress

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20) + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(30) + b"\xff\xd9"
_count = itertools.count(1)


def make_question(**changes: Any) -> Question:
    """A text in the needs step that nobody must answer, flushed."""
    number = next(_count)
    values: dict[str, Any] = {
        "congress_id": the_congress().id,
        "code": f"question{number}",
        "step": Step.NEEDS,
        "position": number,
        "kind": QuestionKind.TEXT,
        "labels": Localised(en=f"Question {number}", pl=f"Pytanie {number}"),
        "helps": Localised(),
    }
    made = Question(**(values | changes))
    db.session.add(made)
    db.session.flush()
    return made


def offered(*values: str, retired: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Choices, each with its value as its English word."""
    return [{"value": each, "labels": {"en": each.title()}, "is_retired": each in retired} for each in values]


def sent(name: str, content: bytes = PDF) -> FileStorage:
    """A file as a browser sends it."""
    return FileStorage(io.BytesIO(content), filename=name)


def form_of(registration: Registration, step: Step = Step.NEEDS, language: str = "en", **values: Any) -> answers.QuestionsForm:
    """The form of a step with what a browser sends: lists as several values."""
    formdata = MultiDict([("csrf_token", "any")])
    for name, value in values.items():
        formdata.setlist(f"q_{name}", value if isinstance(value, list) else [value])
    return answers.form_for(registration, step, formdata if values else None, language)


def answer(registration: Registration, **values: Any) -> None:
    """Fill in a step and save it."""
    form = form_of(registration, **values)
    assert form.validate(), form.errors
    answers.save(registration, form, now=NOW)
