"""``/my/registration/<token>/sessions/``: what is in the programme anyway, what can be chosen, and who waits for what.

With ``?form=1`` it is a page of the registration form: it shows its steps, and saving goes on to the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.text import in_quotes
from congress.delegates.vocabulary import Step
from congress.my import filling, opened
from congress.my.form import filler_of
from congress.programme.models import ProgrammeItem
from congress.registration.bookings import options as session_options
from congress.registration.bookings import queries as booking_queries
from congress.registration.bookings import services as bookings
from congress.registration.bookings.clashes import Clash
from congress.registration.bookings.options import Sessions
from congress.registration.form import queries as step_queries
from congress.registration.form import steps
from congress.registration.models import Registration
from congress.registration.vocabulary import BookingState
from congress.web.filters import text

_MOST = 500  # codes that a form may send

bp = Blueprint("sessions", __name__, url_prefix="/registration/<token>/sessions")


@bp.route("/", methods=["GET", "POST"])
def show(token: str) -> ResponseReturnValue:
    registration = opened.registration_of(token)
    if not registration.is_live:
        return render_template("my/registration/ended.html", registration=registration), 410
    sessions = session_options.sessions_of(registration, now())
    if request.method == "GET":
        return _page(token, registration, sessions, sessions.chosen)
    wanted, had = (set(request.form.getlist(name)[:_MOST]) & set(sessions.options) for name in ("item", "had"))
    before = set(sessions.chosen)
    # What another page has changed meanwhile stays as it is: only what was ticked or unticked here is asked for.
    add, remove = wanted - had - before, had - wanted
    new = _new_clashes(registration, sessions, before - remove, add)
    if new and {clash.name for clash in new} - set(request.form.getlist("keep")):
        return _page(token, registration, sessions, wanted, had=had, new=new, status=422)
    return _save(token, registration, add, remove)


def _new_clashes(registration: Registration, sessions: Sessions, kept: set[str], add: set[str]) -> list[Clash]:
    """Clashes that what is chosen now would bring."""
    found = session_options.clashes_of(registration, sessions, kept | add) if add else []
    return [clash for clash in found if {clash.before.item, clash.after.item} & add]


def _page(
    token: str,
    registration: Registration,
    sessions: Sessions,
    ticked: Collection[str],
    *,
    had: Collection[str] | None = None,
    new: Collection[Clash] = (),
    status: int = 200,
) -> ResponseReturnValue:
    standing = step_queries.standings(registration, now()).get(Step.SESSIONS)
    page = render_template(
        "my/sessions/show.html",
        registration=registration,
        token=token,
        sessions=sessions,
        ticked=set(ticked),
        had=sorted(sessions.chosen if had is None else had),
        standing=standing,
        places=filling.places(filler_of(registration, token), Step.SESSIONS) if _is_in_form() else (),
        new=new,
        clashes=[] if new else session_options.clashes_of(registration, sessions, set(sessions.chosen)),
    )
    return page, status


def _is_in_form() -> bool:
    return "form" in request.args


def _save(token: str, registration: Registration, add: set[str], remove: set[str]) -> ResponseReturnValue:
    items = booking_queries.items_by_code(registration.congress, add | remove)
    moment = now()
    try:
        steps.open_step(registration, Step.SESSIONS, now=moment)
        states = bookings.change(
            registration,
            add=[items[code] for code in sorted(add)],
            remove=[items[code] for code in sorted(remove)],
            now=moment,
        )
        steps.done(registration, Step.SESSIONS, now=moment)
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
        return redirect(url_for(".show", token=token, form=1 if _is_in_form() else None), 303)
    takes_part, filler = registration.takes_part, filler_of(registration, token)
    following = filler.after(Step.SESSIONS) if _is_in_form() else url_for(".show", token=token)
    db.session.commit()
    flash(_("Your choice is saved."), "success")
    _tell(items, states, takes_part)
    return redirect(following, 303)


def _tell(items: dict[str, ProgrammeItem], states: dict[str, BookingState], takes_part: bool) -> None:
    """What came of a choice other than a place."""
    for code, state in states.items():
        title = in_quotes(text(items[code].titles))
        if state is BookingState.WAITING and takes_part:
            flash(_("All places in “%(session)s” are taken: you are on the waiting list.", session=title), "warning")
        elif state is BookingState.ASKED:
            flash(_("We have asked whether you may be a guest at “%(session)s”. You get an e-mail.", session=title), "info")


@bp.post("/accept/<code>")
def accept(token: str, code: str) -> ResponseReturnValue:
    """Take the place that was offered."""
    return _answer(token, code, lambda registration, item: bookings.accept_offer(registration, item, now=now()))


@bp.post("/decline/<code>")
def decline(token: str, code: str) -> ResponseReturnValue:
    """Leave the place that was offered to the next who waits."""
    return _answer(token, code, lambda registration, item: bookings.drop(registration, item, now=now()))


def _answer(token: str, code: str, answer: Callable[[Registration, ProgrammeItem], object]) -> ResponseReturnValue:
    registration = opened.registration_of(token)
    if not registration.is_live:
        return render_template("my/registration/ended.html", registration=registration), 410
    opened.change_item(registration, code, answer)
    return redirect(url_for(".show", token=token), 303)
