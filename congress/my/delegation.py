"""``/my/delegation/<token>/``: a city's delegation as a whole, for its focal point."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import CombinedMultiDict

from congress.core import files
from congress.core.db import db
from congress.core.errors import CongressError
from congress.delegates.models import DelegationEvent
from congress.delegates.vocabulary import DelegationState
from congress.my import delegation_pages as pages
from congress.registration.delegations import people, queries
from congress.registration.delegations import services as delegations
from congress.registration.delegations.edits import ChangedMeanwhile, Edit
from congress.registration.delegations.forms import DeclineForm
from congress.registration.questions import uploads
from congress.web.forms import submitted
from congress.web.uploads import takes_files

bp = Blueprint("delegation", __name__, url_prefix="/delegation/<token>")


@bp.get("/")
def show(token: str) -> ResponseReturnValue:
    return pages.show(pages.load(token))


@bp.post("/submit")
def submit(token: str) -> ResponseReturnValue:
    delegation = pages.load(token)

    def send(edit: Edit) -> str:
        delegations.submit(delegation, edit=edit)
        return str(_("The delegation is sent. The hosts confirm it; each person gets a mail."))

    return pages.act(delegation, send)


@bp.post("/send-links")
def send_links(token: str) -> ResponseReturnValue:
    """The personal links to all who have none yet."""
    delegation = pages.load(token)

    def send(edit: Edit) -> str:
        waiting = [each.registration for each in pages.page_of(delegation).unlinked]
        number = people.send_links(delegation, waiting, edit=edit)
        return str(ngettext("%(num)d personal link is on its way.", "%(num)d personal links are on their way.", number))

    return pages.act(delegation, send)


@bp.post("/withdraw")
def withdraw(token: str) -> ResponseReturnValue:
    delegation = pages.load(token)

    def end(edit: Edit) -> str:
        pages.end_calendars(delegations.withdraw_all(delegation, edit=edit))
        return str(_("Everybody’s registration is withdrawn."))

    return pages.act(delegation, end)


@bp.post("/reopen")
def reopen(token: str) -> ResponseReturnValue:
    delegation = pages.load(token)

    def again(edit: Edit) -> str:
        delegations.reopen(delegation, edit=edit)
        return str(_("The delegation is open again. Add the people who come."))

    return pages.act(delegation, again)


@bp.route("/decline", methods=["GET", "POST"])
@takes_files
def decline(token: str) -> ResponseReturnValue:
    delegation = pages.load(token)
    if request.method == "GET" and delegation.state is DelegationState.DECLINED:
        return redirect(url_for(".show", token=token))
    form = DeclineForm(CombinedMultiDict([request.form, request.files]), version=str(delegation.version))
    changes: Sequence[DelegationEvent] = ()
    status = 200
    if submitted(form):
        edit = pages.edit_of(delegation)
        try:
            letter = files.check(form.letter.data.filename, form.letter.data.stream) if form.letter.data else None
            pages.end_calendars(delegations.decline(delegation, form.reason.data, edit=edit))
            if letter is not None:
                uploads.store(letter, now=edit.now, delegation=delegation)
        except files.BadUpload as refusal:
            form.add_error("letter", str(refusal))
        except ChangedMeanwhile as changed:
            db.session.rollback()
            changes, status, form.version.data = changed.changes, 409, str(delegation.version)
        except CongressError as refusal:
            form.form_errors.append(str(refusal))
        else:
            db.session.commit()
            return redirect(url_for(".show", token=token), 303)
    number = len(queries.people(delegation))
    page = render_template(
        "my/delegation/decline.html", form=form, delegation=delegation, token=token, changes=changes, number=number
    )
    return page, 422 if form.errors else status
