"""``/desk/<congress>/registrations/<id>/sessions/``: a person is put into a session or a coach."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.text import in_quotes
from congress.core.types import LARGEST_ID
from congress.desk.registration import registration_of
from congress.desk.registrations import actor
from congress.programme import queries as programme
from congress.programme.models import ProgrammeItem
from congress.registration.bookings import options as session_options
from congress.registration.bookings.clashes import Clash
from congress.registration.bookings.options import Sessions
from congress.registration.forms.desk import PutInForm
from congress.registration.models import Registration
from congress.registration.organising import placing
from congress.registration.organising.moving import WhenFull
from congress.registration.refusals import SessionFull, StepClosed
from congress.registration.vocabulary import BookingState
from congress.web.filters import text
from congress.web.forms import REFUSED, submitted

_ONE = f"/<int(max={LARGEST_ID}):registration_id>/sessions/"
_WHEN_FULL = {
    WhenFull.WAIT: lazy_gettext("The person waits, as the last on the list."),
    WhenFull.OVER: lazy_gettext("The person gets a place although all are taken; write why."),
}

bp = Blueprint("registration_sessions", __name__, url_prefix="/<congress>/registrations")


@bp.get(_ONE)
def index(registration_id: int) -> ResponseReturnValue:
    """What is open to this person, with the places that are left."""
    registration = registration_of(registration_id)
    return render_template(
        "desk/registrations/sessions.html",
        registration=registration,
        sessions=session_options.sessions_of(registration, now()),
        is_late=placing.is_late(registration, now()),
        may_edit=rules.may_edit_registrations(current_user.held, g.congress.id),
    )


@bp.route(f"{_ONE}<code>", methods=["GET", "POST"])
def put_in(registration_id: int, code: str) -> ResponseReturnValue:
    """See what it would mean (GET), and put the person in (POST). ``from=list`` leads back to the list of the session."""
    registration, item = registration_of(registration_id), programme.find_item(g.congress, code)
    if item is None:
        abort(404)
    sessions = session_options.sessions_of(registration, now())
    clashes = _clashes(registration, sessions, code)
    form = PutInForm(request.form)
    form.offer(_ways())
    if submitted(form):
        if {clash.name for clash in clashes} - set(request.form.getlist("keep")):
            form.form_errors.append(_("Not everything can be reached. See below, and send it again if it is to be so."))
        elif (answer := _put_in(registration, item, form)) is not None:
            return answer
    page = render_template(
        "desk/registrations/session.html",
        form=form,
        registration=registration_of(registration_id),
        item=item,
        option=sessions.options.get(code),
        own=[each for each in sessions.own if each.item == code],
        clashes=clashes,
        is_late=placing.is_late(registration, now()),
        back=_back(registration_id, code),
    )
    return page, REFUSED if form.errors else 200


def _ways() -> list[tuple[str, str]]:
    """What may be done where a session is full: past its number go those who may change that number."""
    may_exceed = rules.may_edit_programme(current_user.held, g.congress.id)
    return [(each.value, str(_WHEN_FULL[each])) for each in WhenFull if each is WhenFull.WAIT or may_exceed]


def _clashes(registration: Registration, sessions: Sessions, code: str) -> list[Clash]:
    """What the person could not reach beside this session."""
    option = sessions.options.get(code)
    if option is None or option.state is BookingState.TAKEN:
        return []
    found = session_options.clashes_of(registration, sessions, {*sessions.chosen, code})
    return [clash for clash in found if code in (clash.before.item, clash.after.item)]


def _put_in(registration: Registration, item: ProgrammeItem, form: PutInForm) -> ResponseReturnValue | None:
    """Where to go after it; None where it was refused, and the form says why."""
    when_full = WhenFull(form.full.data) if form.full.data else None
    try:
        state = placing.put_in(registration, item, when_full=when_full, why=form.why.data or "", actor=actor(), now=now())
    except CongressError as refusal:
        db.session.rollback()
        _say(form, refusal)
        return None
    name, back, takes_part = registration.delegate.person.name, _back(registration.id, item.code), registration.takes_part
    db.session.commit()
    title = in_quotes(text(item.titles))
    if state is BookingState.TAKEN:
        flash(_("%(name)s has a place in “%(session)s”.", name=name, session=title), "success")
    elif takes_part:
        flash(_("%(name)s is on the waiting list of “%(session)s”.", name=name, session=title), "success")
    else:
        flash(_("%(name)s gets “%(session)s” with the place at the congress.", name=name, session=title), "success")
    return redirect(back, 303)


def _say(form: PutInForm, refusal: CongressError) -> None:
    """Put a refusal where its answer is given; what cannot be answered stands above the form."""
    name = "full" if isinstance(refusal, SessionFull) else "why" if isinstance(refusal, StepClosed) else ""
    if name:
        form.add_error(name, str(refusal))
    else:
        form.form_errors.append(str(refusal))


def _back(registration_id: int, code: str) -> str:
    """The list of the session for who came from there, else the person's sessions."""
    if request.args.get("from") == "list":
        return url_for("desk.bookings.show", code=code)
    return url_for(".index", registration_id=registration_id)
