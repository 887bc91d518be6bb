"""``/desk/<congress>/windows/``: when the pages of the form are open, for roles and for one person."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.types import LARGEST_ID
from congress.delegates import queries as delegates
from congress.delegates.models import Window
from congress.delegates.vocabulary import CATEGORY_LABELS, STEP_LABELS, Category, Step
from congress.desk.registrations import actor
from congress.registration import queries
from congress.registration.form import queries as step_queries
from congress.registration.form import window_services
from congress.registration.form.windows import first_day, last_day
from congress.registration.forms.windows import OpeningForm, WindowForm
from congress.web import seen
from congress.web.forms import submitted

_WINDOW, _PERSON = f"<int(max={LARGEST_ID}):window_id>", f"<int(max={LARGEST_ID}):registration_id>"

bp = Blueprint("windows", __name__, url_prefix="/<congress>/windows")


@bp.get("/")
def index() -> ResponseReturnValue:
    return render_template(
        "desk/windows/index.html",
        windows=step_queries.window_rows(g.congress),
        opened=step_queries.openings_of_congress(g.congress),
        steps=STEP_LABELS,
        categories=CATEGORY_LABELS,
    )


@bp.route("/new", methods=["GET", "POST"], defaults={"window_id": None})
@bp.route(f"/{_WINDOW}", methods=["GET", "POST"])
def edit(window_id: int | None) -> ResponseReturnValue:
    if request.method == "POST":
        lock(g.congress)  # whoever sets a deadline at the same time waits, and is told of this one
    window = step_queries.find_window(g.congress, window_id) if window_id is not None else None
    sent = request.form.get("seen", "")
    is_gone = window is None and window_id is not None
    if is_gone and not sent:
        abort(404)
    form = WindowForm(request.form, data=_shown(window))
    form.offer(delegates.categories(g.congress))
    fits = submitted(form)
    differs = seen.differences(sent, form) if fits and window else []
    if fits and not differs and not is_gone:
        _set(window, form)
        return redirect(url_for(".index"), 303)
    page = render_template(
        "desk/windows/edit.html",
        form=form,
        window=window,
        differs=differs,
        is_gone=is_gone,
        seen=seen.kept(sent, form) if form.errors else seen.marks(form),
    )
    return page, 422 if form.errors else 409 if differs or is_gone else 200


def _set(window: Window | None, form: WindowForm) -> None:
    zone = g.congress.zone
    window_services.set_window(
        g.congress,
        window,
        category=Category(form.category.data) if form.category.data else None,
        step=Step(form.step.data) if form.step.data else None,
        opens_at=form.opens_at(zone),
        closes_at=form.closes_at(zone),
    )
    db.session.commit()
    flash(_("Saved."), "success")


def _shown(window: Window | None) -> dict[str, object]:
    """What the form shows of a window: a whole day without a time."""
    if window is None:
        return {}
    zone = g.congress.zone
    values: dict[str, object] = {"category": window.category or "", "step": window.step or ""}
    for name, at, whole in (("opens", window.opens_at, first_day), ("closes", window.closes_at, last_day)):
        if at is not None:
            local = at.astimezone(zone)
            day = whole(at, zone)
            values |= {f"{name}_on": day or local.date(), f"{name}_time": None if day else local.time()}
    return values


@bp.post(f"/{_WINDOW}/remove")
def remove(window_id: int) -> ResponseReturnValue:
    window = step_queries.find_window(g.congress, window_id)
    if window is not None:  # a second time changes nothing
        window_services.remove_window(window)
        db.session.commit()
    return redirect(url_for(".index"), 303)


@bp.route(f"/people/{_PERSON}", methods=["GET", "POST"])
def open_for(registration_id: int) -> ResponseReturnValue:
    """Open pages for one person, who is late with a good reason."""
    registration = queries.find_registration(g.congress, registration_id)
    if registration is None:
        abort(404)
    form = OpeningForm(request.form)
    form.offer()
    if submitted(form):
        until = form.until(g.congress.zone)
        assert until is not None  # noqa: S101  (the form has asked for it)
        step = Step(form.step.data) if form.step.data else None
        try:
            window_services.open_for(registration, step=step, until=until, actor=actor(), why=form.why.data, now=now())
        except CongressError as refusal:
            form.add_error("until_on", str(refusal))
        else:
            db.session.commit()
            flash(_("The form is open for %(name)s.", name=registration.delegate.person.name), "success")
            return redirect(url_for("desk.registration.show", registration_id=registration_id), 303)
    return render_template(
        "desk/windows/open_for.html",
        form=form,
        registration=registration,
        standings=step_queries.standings(registration, now()),
        openings=step_queries.openings(registration),
        steps=STEP_LABELS,
    ), 422 if form.errors else 200
