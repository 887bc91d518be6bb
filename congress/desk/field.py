"""``/desk/<congress>/field/``: a coordinator's own sessions, and what the coordinator proposes for them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import db
from congress.core.types import LARGEST_ID
from congress.desk import choices
from congress.programme.models import ProgrammeSession
from congress.programme.proposals import content, forms, queries, services
from congress.programme.proposals.forms import SessionForm
from congress.programme.proposals.models import Proposal
from congress.programme.queries import as_entry
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.vocabulary import HOLDS_PLACE, BookingState
from congress.web.forms import submitted

_MOST_GUESTS = 1_000  # whom a form may answer

bp = Blueprint("field", __name__, url_prefix="/<congress>/field")


@bp.get("/")
def index() -> ResponseReturnValue:
    fields = rules.fields_of(current_user.held, g.congress.id)
    sessions = queries.sessions(g.congress, fields)
    return render_template(
        "desk/field/index.html",
        fields=sorted(fields),
        rows=[(each, [as_entry(placement) for placement in each.placements]) for each in sessions],
        proposals=queries.of_items(sessions),
    )


@bp.route("/<code>", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    session = _session(code)
    waiting = queries.waiting_of(session)
    form, status = _form(session, waiting), 200
    if submitted(form):
        try:
            made = services.propose(
                session, form.wanted(queries.values(session)), seen=form.seen.data or "", remark=form.remark.data or "",
                by=current_user.email, now=now(),
            )  # fmt: skip
        except services.NothingProposed as refusal:
            flash(str(refusal), "info")
            return redirect(url_for(".index"), 303)
        except services.ChangedMeanwhile as refusal:
            db.session.rollback()
            session, status = _session(code), 409
            waiting = queries.waiting_of(session)
            flash(str(refusal), "warning")
            _see(form, session, waiting)
        else:
            db.session.commit()
            flash(_said(made), "success")
            return redirect(url_for(".index"), 303)
    return render_template(
        "desk/field/edit.html",
        form=form,
        session=session,
        entries=[as_entry(each) for each in session.placements],
        waiting=waiting,
        past=[each for each in queries.of_items([session]).get(session.id, []) if each is not waiting],
        stored=queries.values(session) if status == 409 else None,
        cities={str(each["id"]): each["city"] for each in queries.values(session)["contributors"] if "city" in each},
    ), 422 if form.errors else status


def _session(code: str) -> ProgrammeSession:
    found = queries.find_session(g.congress, rules.fields_of(current_user.held, g.congress.id), code)
    if found is None:
        abort(404)
    return found


def _form(session: ProgrammeSession, waiting: Proposal | None) -> SessionForm:
    """What waits is shown rather than the draft, so that coordinator and deputies go on from it."""
    values, remark = queries.values(session), ""
    if waiting is not None:
        values, remark = content.merged(values, waiting.content["after"]), waiting.remark
    form = SessionForm.within(choices.languages(g.congress))(request.form or None, data=forms.shown(values) | {"remark": remark})
    form.offer()
    if request.method == "GET":
        _see(form, session, waiting)
    return form


def _see(form: SessionForm, session: ProgrammeSession, waiting: Proposal | None) -> None:
    seen = content.fingerprint(queries.values(session), waiting.id if waiting else None)
    form.seen.raw_data, form.seen.data = [seen], seen


def _said(made: Proposal | None) -> str:
    if made is None:
        return str(_("Your proposal is taken back: it says what the draft says."))
    return str(_("Proposed. The organisers decide about it, and you get an e-mail."))


@bp.route("/<code>/guests", methods=["GET", "POST"])
def guests(code: str) -> ResponseReturnValue:
    """Delegates of other fields who ask for a place: exactly those who were ticked are accepted or refused, and told so."""
    session = _session(code)
    if request.method == "POST":
        accepts = {"accept": True, "refuse": False}.get(request.form.get("answer", ""))
        if accepts is None:
            abort(400)
        ticked = {each for each in request.form.getlist("guest", type=int)[:_MOST_GUESTS] if 0 < each <= LARGEST_ID}
        number = bookings.answer_guests(session, ticked, accepts=accepts, now=now())
        db.session.commit()
        flash(ngettext("%(num)d guest is answered.", "%(num)d guests are answered.", number), "success" if number else "warning")
        return redirect(url_for(".guests", code=code), 303)
    found = booking_queries.bookings_for(session)
    return render_template(
        "desk/field/guests.html",
        session=session,
        asking=[each for each in found if each.state is BookingState.ASKED],
        taken=sum(each.state in HOLDS_PLACE for each in found),
    )


@bp.post("/<code>/take-back")
def take_back(code: str) -> ResponseReturnValue:
    """The draft as it is, instead of the proposal that waits."""
    session = _session(code)
    values = queries.values(session)
    waiting = queries.waiting_of(session)
    seen = content.fingerprint(values, waiting.id if waiting else None)
    if waiting is not None:
        services.propose(session, values, seen=seen, remark="", by=current_user.email, now=now())
        db.session.commit()
    flash(_("Your proposal is taken back."), "success")
    return redirect(url_for(".index"), 303)
