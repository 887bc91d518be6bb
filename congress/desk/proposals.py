"""``/desk/<congress>/proposals/``: what coordinators propose for their sessions, for organisers to approve or reject."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import queries as accounts
from congress.core.clock import now
from congress.core.db import db
from congress.core.languages import LANGUAGES
from congress.core.types import LARGEST_ID
from congress.programme.documents import queries as documents
from congress.programme.proposals import content, queries, services
from congress.programme.proposals.forms import RejectForm
from congress.programme.proposals.models import Proposal
from congress.programme.queries import as_entry
from congress.programme.vocabulary import PART_LABELS, ProposalState
from congress.web.forms import submitted

bp = Blueprint("proposals", __name__, url_prefix="/<congress>/proposals")
_ONE = f"/<int(max={LARGEST_ID}):proposal_id>"


@bp.get("/")
def index() -> ResponseReturnValue:
    return render_template(
        "desk/proposals/index.html", waiting=queries.waiting(g.congress), documents=documents.waiting(g.congress), decided=queries.decided(g.congress)
    )  # fmt: skip


@bp.get(f"{_ONE}/")
def show(proposal_id: int) -> ResponseReturnValue:
    return _page(_proposal(proposal_id), RejectForm())


@bp.post(f"{_ONE}/approve")
def approve(proposal_id: int) -> ResponseReturnValue:
    proposal = _proposal(proposal_id)
    try:
        services.approve(
            proposal, seen=request.form.get("seen", ""), language=_language(proposal), by=current_user.email, now=now()
        )
    except (services.ChangedMeanwhile, services.DecidedAlready) as refusal:
        return _refused(proposal_id, refusal)
    db.session.commit()
    flash(_("Taken over into the draft. Readers see it after the next release."), "success")
    return redirect(url_for(".index"), 303)


@bp.post(f"{_ONE}/reject")
def reject(proposal_id: int) -> ResponseReturnValue:
    proposal, form = _proposal(proposal_id), RejectForm(request.form)
    if not submitted(form):
        return _page(proposal, form), 422
    try:
        services.reject(
            proposal, reason=form.reason.data or "", language=_language(proposal), by=current_user.email, now=now()
        )  # fmt: skip
    except services.DecidedAlready as refusal:
        return _refused(proposal_id, refusal)
    db.session.commit()
    flash(_("Rejected. The coordinator gets an e-mail with your reason."), "success")
    return redirect(url_for(".index"), 303)


def _proposal(proposal_id: int) -> Proposal:
    found = queries.find_proposal(g.congress, proposal_id)
    if found is None:
        abort(404)
    return found


def _language(proposal: Proposal) -> str:
    """In which language who proposed reads."""
    account = accounts.find_account(proposal.proposed_by)
    return account.language if account else g.congress.default_language


def _refused(proposal_id: int, refusal: Exception) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(refusal), "warning")
    return _page(_proposal(proposal_id), RejectForm()), 409


def _page(proposal: Proposal, form: RejectForm) -> str:
    """Old and new side by side. What was decided is shown as it was decided, against the session as it was then."""
    waits = proposal.state is ProposalState.WAITING
    then, wanted = proposal.content["before"], proposal.content["after"]
    now_ = queries.values(proposal.item) if waits else then
    return render_template(
        "desk/proposals/show.html",
        proposal=proposal,
        form=form,
        waits=waits,
        entries=[as_entry(each) for each in proposal.item.placements],
        differences=content.differences(now_, wanted, then=then, languages=LANGUAGES),
        meanwhile=content.differences(then, content.changed(then, now_), languages=LANGUAGES),
        changes=queries.changes_since(proposal) if waits else [],
        seen=content.fingerprint(now_, proposal.id),
        languages=LANGUAGES,
        parts=PART_LABELS,
    )
