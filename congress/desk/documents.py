"""``/desk/<congress>/documents/``: the documents of an item, for whom they are, and their versions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core import files
from congress.core.clock import now
from congress.core.db import db
from congress.core.types import LARGEST_ID
from congress.desk import sent_documents
from congress.programme import queries as programme
from congress.programme.documents import forms, queries, services
from congress.programme.documents.models import Document
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import ProposalState
from congress.web.forms import submitted
from congress.web.uploads import given, gives_file, takes_files

_ONE = f"/<int(max={LARGEST_ID}):document_id>"

bp = Blueprint("documents", __name__, url_prefix="/<congress>/documents")


@bp.route("/of/<code>/", methods=["GET", "POST"])
@takes_files
def index(code: str) -> ResponseReturnValue:
    item = programme.find_item(g.congress, code)
    if item is None:
        abort(404)
    form = sent_documents.form_of(item, None)
    if submitted(form) and (file := sent_documents.file_in(form, is_needed=True)):
        services.add(item, file, **sent_documents.said_in(form), by=current_user.email, now=now())
        return _done(item, _("Added. Who may read it finds it from now on, as soon as the session is released."))
    page = render_template(
        "desk/documents/index.html",
        accepted=files.ACCEPTED_OFFICE,
        item=item,
        documents=queries.of_item(item),
        form=form,
        labels=forms.AUDIENCE_LABELS,
        waiting=[each for each in queries.proposed(item) if each.proposal is ProposalState.WAITING],
    )
    return page, 422 if form.errors else 200


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
@takes_files
def edit(document_id: int) -> ResponseReturnValue:
    """Another title or other readers; with a file, a new version."""
    document, item = _document(document_id)
    form = sent_documents.form_of(item, document)
    if submitted(form):
        file = sent_documents.file_in(form, is_needed=False)
        if not form.file.errors:
            try:
                if file is None:
                    services.describe(document, item, **sent_documents.said_in(form))
                else:
                    services.add_version(document, item, file, **sent_documents.said_in(form), by=current_user.email, now=now())
            except services.ChangedMeanwhile as refusal:
                db.session.rollback()
                flash(str(refusal), "warning")
                return redirect(url_for(".index", code=item.code), 303)
            return _done(item, _saved(document, is_new=file is not None))
    return render_template(
        "desk/documents/edit.html", accepted=files.ACCEPTED_OFFICE, item=item, document=document, form=form
    ), 422 if form.errors else 200


def _saved(document: Document, *, is_new: bool) -> str:
    if not is_new:
        return str(_("Saved."))
    if document.is_withdrawn:
        return str(_("The new version is kept. The document stays taken back until you give it again."))
    return str(_("The new version is what readers get from now on."))


@bp.post(f"{_ONE}/withdraw")
def withdraw(document_id: int) -> ResponseReturnValue:
    document, item = _document(document_id)
    services.set_withdrawn(document, item, True)
    return _done(item, _("Taken back: only organisers can read it now."))


@bp.post(f"{_ONE}/restore")
def restore(document_id: int) -> ResponseReturnValue:
    document, item = _document(document_id)
    services.set_withdrawn(document, item, False)
    return _done(item, _("It can be read again."))


@bp.get(f"{_ONE}/file")
@gives_file
def file(document_id: int) -> ResponseReturnValue:
    """Any version, also one that is only proposed."""
    document, _item = _found(document_id)
    return given(document.file)


def _document(document_id: int) -> tuple[Document, ProgrammeItem]:
    """A version that readers can get, unless it was taken back."""
    document, item = _found(document_id)
    if document.proposal not in (None, ProposalState.APPROVED):
        abort(404)
    return document, item


def _found(document_id: int) -> tuple[Document, ProgrammeItem]:
    found = queries.find_document(g.congress, document_id)
    if found is None:
        abort(404)
    return found


def _done(item: ProgrammeItem, said: str) -> ResponseReturnValue:
    code = item.code
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".index", code=code), 303)
