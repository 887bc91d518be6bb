"""``/desk/<congress>/field-documents/``: documents that a coordinator proposes for sessions of the own field."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core import files
from congress.core.clock import now
from congress.core.db import db
from congress.core.types import LARGEST_ID
from congress.desk import sent_documents
from congress.programme.documents import forms, proposing, queries
from congress.programme.documents.models import Document
from congress.programme.models import ProgrammeItem
from congress.programme.proposals import queries as sessions
from congress.web.forms import submitted
from congress.web.uploads import given, gives_file, takes_files

_ONE = f"/<int(max={LARGEST_ID}):document_id>"

bp = Blueprint("field_documents", __name__, url_prefix="/<congress>/field-documents")


@bp.route("/of/<code>/", methods=["GET", "POST"])
@takes_files
def index(code: str) -> ResponseReturnValue:
    item = sessions.find_session(g.congress, rules.fields_of(current_user.held, g.congress.id), code)
    if item is None:
        abort(404)
    form = sent_documents.form_of(item, None)
    if submitted(form) and _propose(form, item, None):
        return _done(code)
    page = render_template(
        "desk/field_documents/index.html", item=item, documents=queries.of_item(item), proposed=queries.proposed(item),
        form=form, labels=forms.AUDIENCE_LABELS, accepted=files.ACCEPTED_OFFICE,
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
@takes_files
def edit(document_id: int) -> ResponseReturnValue:
    """A new version, instead of the one that waits or was rejected."""
    document, item = _document(document_id)
    form = sent_documents.form_of(item, document)
    if submitted(form) and _propose(form, item, document):
        return _done(item.code)
    page = render_template(
        "desk/field_documents/edit.html", item=item, document=document, form=form, accepted=files.ACCEPTED_OFFICE
    )
    return page, 422 if form.errors else 200


def _propose(form: forms.DocumentForm, item: ProgrammeItem, of: Document | None) -> bool:
    """Whether it could be proposed; otherwise the reason stands on a field."""
    file = sent_documents.file_in(form, is_needed=True)
    if file is None:
        return False
    proposing.propose(item, file, **sent_documents.said_in(form), by=current_user.email, now=now(), of=of)
    return True


@bp.post(f"{_ONE}/take-back")
def take_back(document_id: int) -> ResponseReturnValue:
    """What waits, or was rejected, is there no more."""
    document, item = _document(document_id)
    code = item.code
    try:
        proposing.take_back(document, item)
    except proposing.DecidedAlready as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        flash(_("The file is deleted."), "success")
    return redirect(url_for(".index", code=code), 303)


@bp.get(f"{_ONE}/file")
@gives_file
def file(document_id: int) -> ResponseReturnValue:
    document, _item = _document(document_id)
    return given(document.file)


def _document(document_id: int) -> tuple[Document, ProgrammeItem]:
    """A document of a session of the reader's own field."""
    found = queries.find_document(g.congress, document_id)
    fields = rules.fields_of(current_user.held, g.congress.id)
    if found is None or sessions.find_session(g.congress, fields, found[1].code) is None:
        abort(404)
    return found


def _done(code: str) -> ResponseReturnValue:
    db.session.commit()
    flash(_("Proposed. The organisers decide about it, and you get an e-mail."), "success")
    return redirect(url_for(".index", code=code), 303)
