"""``/desk/<congress>/registrations/export.csv``, ``.xlsx``: a list as a file, with the filter and the columns of its page."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, abort, g, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core import sheets_out
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.registration import privacy
from congress.registration.organising import columns, lists
from congress.registration.organising.columns import COLUMN_LABELS, Column
from congress.registration.organising.filters import Filter
from congress.registration.questions import fields as question_fields
from congress.registration.questions import queries as question_queries
from congress.registration.questions.models import Question
from congress.web.language import chosen_language

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

bp = Blueprint("exports", __name__, url_prefix="/<congress>/registrations")


@bp.get("/export.<suffix>")
def show(suffix: str) -> ResponseReturnValue:
    if suffix not in _TYPES:
        abort(404)
    congress, name = g.congress, f"{g.congress.slug}-registrations.{suffix}"
    shown = columns.chosen(request.args.getlist("columns"))
    with_answers = bool(request.args.get("answers"))
    with_sensitive = (
        with_answers and bool(request.args.get("sensitive")) and rules.may_see_sensitive(current_user.held, congress.id)
    )
    if with_sensitive:
        begin_writing()
        privacy.log_look(
            congress, None, account_id=current_user.id, account=current_user.email, what="export of registrations", now=now()
        )
        db.session.commit()
    asked = [
        each
        for each in (question_queries.questions(congress, with_retired=True) if with_answers else ())
        if with_sensitive or each.retention not in question_queries.SENSITIVE
    ]
    rows = _rows(Filter.of(request.args), shown, asked)
    body = sheets_out.csv(rows) if suffix == "csv" else sheets_out.xlsx(rows, title=_("Registrations"))
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(stream_with_context(body), content_type=_TYPES[suffix], headers=headers)


def _rows(chosen: Filter, shown: tuple[Column, ...], asked: list[Question]) -> Iterator[list[str]]:
    """The heading, then a row for each registration; answers are read some hundred people at a time."""
    congress, language, zone = g.congress, chosen_language(), g.congress.zone
    codes = [each.code for each in asked]
    db.session.expunge_all()  # what follows must not be read again when the stream lets go of what it has given
    yield [_("Number"), _("Family name"), _("Given name"), *(str(COLUMN_LABELS[each]) for each in shown),
           *(each.labels.text(language) for each in asked)]  # fmt: skip
    for some in lists.stream(congress, chosen, language=language):
        answers = question_queries.values_of([each.registration.id for each in some], codes) if codes else {}
        for each in some:
            person, given = each.registration.delegate.person, answers.get(each.registration.id, {})
            written = [columns.written(each, column, language=language, zone=zone) for column in shown]
            told = [question_fields.written(question, given.get(question.code), language) for question in asked]
            yield [str(each.registration.id), person.family_name, person.given_name, *written, *told]
