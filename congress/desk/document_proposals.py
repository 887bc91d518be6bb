"""``/desk/<congress>/document-proposals/``: documents that coordinators propose, for organisers to approve or reject."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.accounts import queries as accounts
from congress.core.clock import now
from congress.core.db import db
from congress.core.types import LARGEST_ID
from congress.programme.documents import forms, proposing, queries
from congress.programme.documents.models import Document
from congress.programme.models import ProgrammeItem
from congress.programme.proposals.forms import RejectForm
from congress.programme.vocabulary import ProposalState
from congress.web.forms import submitted

_ONE = f"/<int(max={LARGEST_ID}):document_id>"

bp = Blueprint("document_proposals", __name__, url_prefix="/<congress>/document-proposals")


@bp.get(f"{_ONE}/")
def show(document_id: int) -> ResponseReturnValue:
    return _page(*_proposed(document_id), RejectForm())


@bp.post(f"{_ONE}/approve")
def approve(document_id: int) -> ResponseReturnValue:
    document, item = _proposed(document_id)
    try:
        proposing.approve(document, item, language=_language(document), now=now())
    except proposing.DecidedAlready as refusal:
        return _refused(refusal)
    return _done(item, _("Approved. Who may read it finds it from now on, as soon as the session is released."))


@bp.post(f"{_ONE}/reject")
def reject(document_id: int) -> ResponseReturnValue:
    document, item = _proposed(document_id)
    form = RejectForm(request.form)
    if not submitted(form):
        return _page(document, item, form), 422
    try:
        proposing.reject(document, item, reason=form.reason.data or "", language=_language(document), now=now())
    except proposing.DecidedAlready as refusal:
        return _refused(refusal)
    return _done(item, _("Rejected. The coordinator gets an e-mail with your reason."))


def _proposed(document_id: int) -> tuple[Document, ProgrammeItem]:
    """What a coordinator has proposed, decided or not."""
    found = queries.find_document(g.congress, document_id)
    if found is None or found[0].proposal is None:
        abort(404)
    return found


def _language(document: Document) -> str:
    """In which language who proposed reads."""
    account = accounts.find_account(document.file.uploaded_by)
    return account.language if account else g.congress.default_language


def _page(document: Document, item: ProgrammeItem, form: RejectForm) -> str:
    return render_template(
        "desk/document_proposals/show.html",
        document=document,
        item=item,
        form=form,
        waits=document.proposal is ProposalState.WAITING,
        before=next(iter(queries.versions(document)), None),
        labels=forms.AUDIENCE_LABELS,
    )


def _refused(refusal: Exception) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(refusal), "warning")
    return redirect(url_for("desk.proposals.index"), 303)


def _done(item: ProgrammeItem, said: str) -> ResponseReturnValue:
    code = item.code
    db.session.commit()
    flash(said, "success")
    return redirect(url_for("desk.documents.index", code=code), 303)
