"""``/desk/<congress>/delegations/<id>/``: one delegation: its people, link, code, limits and answer."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.datastructures import CombinedMultiDict

from congress.accounts import rules as accounts
from congress.core import files
from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.forms import BaseForm
from congress.core.languages import of_readers
from congress.core.types import LARGEST_ID
from congress.delegates import chasing, queries, services
from congress.delegates.forms import DeclineForm, HandOverForm, OverrideForm
from congress.delegates.models import Delegation
from congress.delegates.rules import Recipient
from congress.feeds import services as feeds
from congress.networks import queries as networks
from congress.registration import places
from congress.registration import services as registrations
from congress.registration.delegations import queries as delegation_queries
from congress.registration.delegations import services as delegations
from congress.registration.delegations.edits import Edit
from congress.registration.questions import uploads
from congress.registration.services import Actor
from congress.registration.vocabulary import By
from congress.web.forms import sent_number, submitted
from congress.web.uploads import takes_files

bp = Blueprint("delegation", __name__, url_prefix=f"/<congress>/delegations/<int(max={LARGEST_ID}):delegation_id>")


@dataclass(frozen=True)
class _DeskEdit(Edit):
    """An edit of an organiser on behalf of the city."""

    @property
    def actor(self) -> Actor:
        return _actor()


def _actor() -> Actor:
    return Actor(By.ORGANISER, current_user.email)


def _delegation(delegation_id: int) -> Delegation:
    delegation = queries.find_delegation(g.congress, delegation_id)
    if delegation is None:
        abort(404)
    return delegation


def _locked(delegation_id: int) -> Delegation:
    delegation = _delegation(delegation_id)
    places.lock_owners(g.congress, delegation)
    return delegation


@bp.get("/")
def show(delegation_id: int) -> ResponseReturnValue:
    return _page(_delegation(delegation_id))


def _page(delegation: Delegation, wrong: BaseForm | None = None) -> ResponseReturnValue:
    """The page of the delegation; ``wrong`` is a form that was sent and refused."""
    forms: dict[str, BaseForm] = {
        "hand_over": _hand_over_form(),
        "override": OverrideForm(
            data={"most": delegation.max_override, "least": delegation.min_override, "reason": delegation.limit_reason}
        ),
        "decline": DeclineForm(),
    }
    for name, form in forms.items():
        if wrong is not None and type(form) is type(wrong):
            forms[name] = wrong
    contacts = networks.contacts(g.congress.network, [delegation.city_id])
    page = render_template(
        "desk/delegations/show.html",
        delegation=delegation,
        members=delegation_queries.members(delegation),
        letters=uploads.of_delegation(delegation),
        events=delegation_queries.events(delegation),
        contacts=contacts.get(delegation.city_id, []),
        forms=forms,
        wrong=wrong,
        may_edit=accounts.may_edit_registrations(current_user.held, g.congress.id),
    )
    return page, 422 if wrong is not None else 200


def _hand_over_form(data: object = None) -> HandOverForm:
    form = HandOverForm(data, language=g.congress.default_language)
    form.offer(of_readers(g.congress.languages))
    return form


def _done(delegation: Delegation, sentence: str) -> ResponseReturnValue:
    """Keep what was done, and back to the page, which says so."""
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for(".show", delegation_id=delegation.id), 303)


def _refused(delegation_id: int, refusal: CongressError) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(refusal), "warning")
    return redirect(url_for(".show", delegation_id=delegation_id), 303)


@bp.post("/confirm")
def confirm(delegation_id: int) -> ResponseReturnValue:
    """Confirm all who were sent with the delegation."""
    delegation = _delegation(delegation_id)
    try:
        number = delegations.confirm_delegation(delegation, actor=_actor(), now=now())
    except CongressError as refusal:
        return _refused(delegation_id, refusal)
    said = ngettext("The delegation is confirmed: %(num)d person.", "The delegation is confirmed: %(num)d people.", number)
    return _done(delegation, said)


@bp.post("/new-link")
def new_link(delegation_id: int) -> ResponseReturnValue:
    delegation = _delegation(delegation_id)
    key = current_app.config["SECRET_KEY"]
    try:
        written = chasing.send_new_link(delegation, key=key, by=current_user.email, now=now())
    except CongressError as refusal:
        return _refused(delegation_id, refusal)
    said = ngettext(
        "The old link has ended; %(num)d e-mail brings the new one.",
        "The old link has ended; %(num)d e-mails bring the new one.",
        written.mails,
    )
    return _done(delegation, said)


@bp.post("/revoke-link")
def revoke_link(delegation_id: int) -> ResponseReturnValue:
    delegation = _locked(delegation_id)
    services.revoke_link(delegation, by=current_user.email, now=now())
    return _done(delegation, _("The link has ended. Nobody of the city can change the delegation until you send a new one."))


@bp.post("/hand-over")
def hand_over(delegation_id: int) -> ResponseReturnValue:
    delegation = _delegation(delegation_id)
    form = _hand_over_form(request.form)
    if not submitted(form):
        return _page(delegation, form)
    successor = Recipient(form.name.data or "", form.email.data or "", form.language.data)
    key = current_app.config["SECRET_KEY"]
    chasing.hand_over(delegation, successor, key=key, by=current_user.email, now=now())
    return _done(delegation, _("The old link has ended; %(email)s gets a mail with the new one.", email=successor.email))


@bp.post("/limits")
def limits(delegation_id: int) -> ResponseReturnValue:
    """Limits of this city alone. Who waits gets what becomes free; who has a place keeps it."""
    delegation = _locked(delegation_id)
    form = OverrideForm(request.form)
    if not submitted(form):
        return _page(delegation, form)
    services.set_limits(
        delegation, most=form.most.data, least=form.least.data, reason=form.reason.data or "", by=current_user.email, now=now()
    )
    registrations.serve_next(g.congress, now=now())
    taken = delegation_queries.counted(delegation_queries.people(delegation))
    if taken > delegation.most:
        flash(_("More people have a place than the limit allows now. Nobody loses a place by it."), "warning")
    return _done(delegation, _("The limits are saved."))


@bp.post("/decline")
@takes_files
def decline(delegation_id: int) -> ResponseReturnValue:
    """Note for the city that it sends nobody. The people named before are withdrawn, and their calendars end."""
    delegation = _delegation(delegation_id)
    form = DeclineForm(CombinedMultiDict([request.form, request.files]))
    if not submitted(form):
        return _page(delegation, form)
    moment = now()
    edit = _DeskEdit(sent_number("version"), current_user.email, moment)
    try:
        letter = files.check(form.letter.data.filename, form.letter.data.stream) if form.letter.data else None
        ended = delegations.decline(delegation, form.reason.data or "", edit=edit)
        if letter is not None:
            uploads.store(letter, now=moment, delegation=delegation)
    except files.BadUpload as refusal:
        form.add_error("letter", str(refusal))
        return _page(delegation, form)
    except CongressError as refusal:
        return _refused(delegation_id, refusal)
    for each in ended:
        feeds.revoke_calendar_tokens(each, now=moment)
    return _done(delegation, _("Noted: the city sends nobody."))


@bp.post("/reopen")
def reopen(delegation_id: int) -> ResponseReturnValue:
    delegation = _locked(delegation_id)
    try:
        services.reopen(delegation, by=current_user.email, now=now())
    except CongressError as refusal:
        return _refused(delegation_id, refusal)
    return _done(delegation, _("The city can change its delegation again."))


@bp.post("/code")
def code(delegation_id: int) -> ResponseReturnValue:
    """A new code for the letter of invitation. This page is the only one that ever shows it."""
    delegation = _locked(delegation_id)
    key = current_app.config["SECRET_KEY"]
    issued = services.issue_code(delegation, key=key, by=current_user.email, now=now())
    db.session.commit()
    return render_template("desk/delegations/code.html", delegation=delegation, code=issued)
