"""``/desk/<congress>/bookings/``: who has a place in which session, who waits, and guests of other fields who ask."""

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
from congress.programme import queries as programme
from congress.programme.models import ProgrammeItem
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.organising import lists
from congress.registration.organising.filters import Filter
from congress.registration.organising.lists import Listed
from congress.registration.vocabulary import BookingState
from congress.web.language import chosen_language

_MOST = 1_000  # guests whom a form may answer
_SHOWN = 20  # people of a name

bp = Blueprint("bookings", __name__, url_prefix="/<congress>/bookings")


@bp.get("/")
def index() -> ResponseReturnValue:
    """Items that have a limit, take guests or were chosen by anybody."""
    demand = booking_queries.demand(g.congress)
    items = booking_queries.items(g.congress).values()
    return render_template(
        "desk/bookings/index.html",
        items=[each for each in items if each.places is not None or each.takes_guests or each.id in demand],
        demand=demand,
        nobody=booking_queries.Demand(),
    )


def _item(code: str) -> ProgrammeItem:
    item = programme.find_item(g.congress, code)
    if item is None:
        abort(404)
    return item


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    item = _item(code)
    found = booking_queries.bookings_for(item)
    return render_template(
        "desk/bookings/show.html",
        item=item,
        entries=[each for each in programme.released(g.congress).entries if each.item == code],
        with_place=[each for each in found if each.state in (BookingState.TAKEN, BookingState.OFFERED)],
        waiting=[each for each in found if each.state is BookingState.WAITING and each.registration.takes_part],
        to_come=[each for each in found if each.state is BookingState.WAITING and not each.registration.takes_part],
        asking=[each for each in found if each.state is BookingState.ASKED],
        may_edit=rules.may_edit_registrations(current_user.held, g.congress.id),
        sought=(sought := Filter.of(request.args)).q,
        meant=(meant := _people(sought) if sought.q else [])[:_SHOWN],
        more=max(0, len(meant) - _SHOWN),
    )


def _people(sought: Filter) -> list[Listed]:
    """Who may be meant, of those who come."""
    ids = lists.ids(g.congress, {"q": sought.q}, language=chosen_language())
    found = lists.listed(g.congress, ids) or lists.resembling(g.congress, sought)
    return [each for each in found if each.registration.is_live]


@bp.post("/<code>/guests")
def guests(code: str) -> ResponseReturnValue:
    """Accept or refuse exactly the guests who were ticked."""
    item = _item(code)
    accepts = {"accept": True, "refuse": False}.get(request.form.get("answer", ""))
    if accepts is None:
        abort(400)
    ticked = {each for each in request.form.getlist("guest", type=int)[:_MOST] if 0 < each <= LARGEST_ID}
    number = bookings.answer_guests(item, ticked, accepts=accepts, now=now())
    db.session.commit()
    if not ticked:
        flash(_("Tick the guests first."), "warning")
    elif accepts:
        flash(ngettext("%(num)d guest is accepted.", "%(num)d guests are accepted.", number), "success")
    else:
        flash(
            ngettext("%(num)d guest is told that there is no place.", "%(num)d guests are told that there is no place.", number),
            "success",
        )
    return redirect(url_for(".show", code=code), 303)


@bp.post(f"/<code>/<int(max={LARGEST_ID}):registration_id>/drop")
def drop(code: str, registration_id: int) -> ResponseReturnValue:
    """Take a person out of the session; the next who waits is served."""
    item = _item(code)
    registration = next(
        (each.registration for each in booking_queries.bookings_for(item) if each.registration_id == registration_id), None
    )
    if registration is not None:
        bookings.drop(registration, item, now=now())
        db.session.commit()
        flash(_("%(name)s no longer has this session.", name=registration.delegate.person.name), "success")
        if request.args.get("from") == "person":
            return redirect(url_for("desk.registration_sessions.index", registration_id=registration_id), 303)
    return redirect(url_for(".show", code=code), 303)
