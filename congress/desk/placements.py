"""``/desk/<congress>/placements/…``: the draft of the programme."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.localised_forms import spread
from congress.core.types import LARGEST_ID
from congress.desk import choices
from congress.desk import timetable_days as days
from congress.desk.timetable_words import Words
from congress.programme import queries, services
from congress.programme.forms import PlacementForm, TimesForm
from congress.programme.models import Placement
from congress.programme.planning import history, items
from congress.programme.planning import services as planning
from congress.programme.planning.places import column_of, where
from congress.programme.vocabulary import Action, Timing
from congress.web.forms import sent_number, submitted

bp = Blueprint("placements", __name__, url_prefix="/<congress>/placements")


@bp.get("/")
def index() -> ResponseReturnValue:
    return _index()


def _index() -> str:
    changed = {change.after.uid: change for change in services.pending_changes(g.congress)}
    placements = {placement.uid: placement for placement in queries.placements(g.congress)}
    return render_template(
        "desk/placements/index.html", draft=queries.draft(g.congress), changed=changed, placements=placements
    )  # fmt: skip


@bp.route(f"/<int(max={LARGEST_ID}):placement_id>/edit", methods=["GET", "POST"])
def edit(placement_id: int) -> ResponseReturnValue:
    placement = _placement(placement_id)
    form = PlacementForm.within(choices.languages(g.congress))(request.form, data=_shown(placement))
    form.offer(days.place_choices(g.congress))
    status = 200
    if submitted(form):
        lock(placement)
        lock(placement.item)
        if form.version.data != _version(placement):
            flash(
                _("Somebody else has changed this in the meantime. Below is what you entered; above it what is stored now."),
                "warning",
            )
            form.version.raw_data = [_version(placement)]
            form.version.data = _version(placement)
            status = 409
        elif _save(placement, form):
            db.session.commit()
            flash(_("Saved in the draft. Readers see it after the next release."), "success")
            return redirect(url_for(".index"), 303)
    if form.errors:
        db.session.rollback()
        placement, status = _placement(placement_id), 422
    return render_template("desk/placements/edit.html", form=form, placement=placement, entry=queries.as_entry(placement)), status


def _placement(placement_id: int) -> Placement:
    placement = queries.find_placement(g.congress, placement_id)
    if placement is None:
        abort(404)
    return placement


def _version(placement: Placement) -> str:
    """Of the placement and of its item, whose titles stand in the same form."""
    return f"{placement.version}.{placement.item.version}"


def _shown(placement: Placement) -> dict[str, object]:
    zone, item = g.congress.zone, placement.item
    start = placement.starts_at.astimezone(zone) if placement.starts_at else None
    end = placement.ends_at.astimezone(zone) if placement.ends_at else None
    return {
        "version": _version(placement),
        **spread("title", item.titles),
        "timing": placement.timing.value,
        "starts_on": start.date() if start else placement.starts_on,
        "starts_at": start.time() if start else None,
        "ends_at": end.time() if end else None,
        "ends_on": placement.ends_on,
        "place": column_of(placement),
        "stream_url": item.stream_url,
        "join_url": item.join_url,
    }


def _save(placement: Placement, form: PlacementForm) -> bool:
    """Whether the draft could take it; otherwise the reason stands on a field."""
    when, item = when_of(form), placement.item
    if when is None:
        return False
    before, item_before = history.snapshot(placement), history.snapshot(item)
    try:
        items.put(placement, when, None if form.place.data == column_of(placement) else where(g.congress, form.place.data))
    except services.ImpossibleTime as refusal:
        refuse_time(form, refusal)
        return False
    titles = form.texts("title", item.titles)
    items.write(item, {"titles": titles, "stream_url": form.stream_url.data or "", "join_url": form.join_url.data or ""})
    history.note(item, item_before, Action.EDITED, by=current_user.email, now=now())
    history.note(placement, before, Action.PLACED, by=current_user.email, now=now())
    return True


def when_of(form: TimesForm) -> items.When | None:
    """What a form says of the time; None, with an error on the field, in an hour that the clocks skip."""
    timing = Timing(form.timing.data)
    if timing is not Timing.TIMED:
        return items.When(timing, starts_on=form.starts_on.data, ends_on=form.ends_on.data)
    instants = form.instants(g.congress)
    return items.When(timing, *instants) if instants else None


def refuse_time(form: TimesForm, refusal: services.ImpossibleTime) -> None:
    """Put the sentence on the end that the form has."""
    form.add_error("ends_at" if form.timing.data == Timing.TIMED else "ends_on", str(refusal))


@bp.post(f"/<int(max={LARGEST_ID}):placement_id>/cancel")
def cancel(placement_id: int) -> ResponseReturnValue:
    return _set_cancelled(placement_id, True)


@bp.post(f"/<int(max={LARGEST_ID}):placement_id>/restore")
def restore(placement_id: int) -> ResponseReturnValue:
    return _set_cancelled(placement_id, False)


def _set_cancelled(placement_id: int, is_cancelled: bool) -> ResponseReturnValue:
    placement = _placement(placement_id)
    try:
        planning.set_cancelled(placement, is_cancelled, version=sent_number("version"), by=current_user.email, now=now())
    except planning.ChangedMeanwhile as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
        for each in Words(g.congress).sentences([refusal.change] if refusal.change else []):
            flash(each, "warning")
        return _index(), 409
    db.session.commit()
    said = _("Cancelled in the draft. Readers see it after the next release.") if is_cancelled else _("Restored in the draft.")
    flash(said, "success")
    return redirect(url_for(".index"), 303)
