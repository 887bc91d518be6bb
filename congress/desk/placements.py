"""``/desk/<congress>/placements/…``: the draft of the programme."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.localised import Localised
from congress.core.types import LARGEST_ID
from congress.programme import queries, services
from congress.programme.forms import PlacementForm
from congress.programme.models import Placement
from congress.programme.planning import history
from congress.programme.vocabulary import Action, Timing
from congress.web.filters import by_name, text
from congress.web.forms import submitted

bp = Blueprint("placements", __name__, url_prefix="/<congress>/placements")


@bp.get("/")
def index() -> ResponseReturnValue:
    changed = {change.after.uid: change for change in services.pending_changes(g.congress)}
    return render_template("desk/placements/index.html", draft=queries.draft(g.congress), changed=changed, ids=_ids())


def _ids() -> dict[str, int]:
    return {placement.uid: placement.id for placement in queries.placements(g.congress)}


@bp.route(f"/<int(max={LARGEST_ID}):placement_id>/edit", methods=["GET", "POST"])
def edit(placement_id: int) -> ResponseReturnValue:
    placement = _placement(placement_id)
    form = PlacementForm(request.form, data=_shown(placement))
    form.offer(_places())
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
        "title_en": item.titles.get("en", ""),
        "title_pl": item.titles.get("pl", ""),
        "timing": placement.timing.value,
        "starts_on": start.date() if start else placement.starts_on,
        "starts_at": start.time() if start else None,
        "ends_at": end.time() if end else None,
        "ends_on": placement.ends_on,
        "place": _key(placement),
        "stream_url": item.stream_url,
        "join_url": item.join_url,
    }


def _key(placement: Placement) -> str:
    """The place of a placement as the form names it."""
    for kind, number in (("room", placement.room_id), ("venue", placement.venue_id), ("city", placement.city_id)):
        if number is not None:
            return f"{kind}-{number}"
    return ""


def _places() -> list[tuple[str, str]]:
    """Cities, venues and rooms of the hosts, each under the one before it."""
    choices = [("", _("to be confirmed"))]
    venues, rooms = queries.venues(g.congress), queries.rooms(g.congress)
    for city in g.congress.hosts:
        choices.append((f"city-{city.id}", text(city.names)))
        for venue in by_name(each for each in venues if each.city_id == city.id):
            choices.append((f"venue-{venue.id}", f"{text(city.names)}, {text(venue.names)}"))  # type: ignore[attr-defined]
            choices.extend(
                (f"room-{room.id}", f"{text(city.names)}, {text(room.venue.names)}, {text(room.names)}")
                for room in rooms
                if room.venue_id == venue.id  # type: ignore[attr-defined]
            )
    return choices


def _save(placement: Placement, form: PlacementForm) -> bool:
    """Whether the draft could take it; otherwise the reason stands on a field."""
    item, timing = placement.item, Timing(form.timing.data)
    before, item_before = history.snapshot(placement), history.snapshot(item)
    try:
        if timing is Timing.TIMED:
            instants = form.instants(g.congress)
            if instants is None:
                return False
            services.place_session(placement, starts_at=instants[0], ends_at=instants[1])
        else:
            services.place_on_days(placement, timing=timing, starts_on=form.starts_on.data, ends_on=form.ends_on.data)
    except services.ImpossibleTime as refusal:
        form.add_error("ends_on" if timing is not Timing.TIMED else "ends_at", str(refusal))
        return False
    item.titles = Localised({**item.titles, "en": form.title_en.data, "pl": form.title_pl.data})
    item.stream_url, item.join_url = form.stream_url.data or "", form.join_url.data or ""
    if form.place.data != _key(placement):
        services.move_to(placement, **_place(form.place.data))
    history.note(item, item_before, Action.EDITED, by=current_user.email, now=now())
    history.note(placement, before, Action.PLACED, by=current_user.email, now=now())
    return True


def _place(key: str) -> dict[str, Any]:
    kind, _dash, number = key.partition("-")
    places: dict[str, Any] = {"city": None, "venue": None, "room": None}
    found = {"city": g.congress.hosts, "venue": queries.venues(g.congress), "room": queries.rooms(g.congress)}.get(kind, ())
    if kind:
        places[kind] = next(each for each in found if str(each.id) == number)
    return places


@bp.post(f"/<int(max={LARGEST_ID}):placement_id>/cancel")
def cancel(placement_id: int) -> ResponseReturnValue:
    return _set_cancelled(placement_id, True)


@bp.post(f"/<int(max={LARGEST_ID}):placement_id>/restore")
def restore(placement_id: int) -> ResponseReturnValue:
    return _set_cancelled(placement_id, False)


def _set_cancelled(placement_id: int, is_cancelled: bool) -> ResponseReturnValue:
    placement = _placement(placement_id)
    before = history.snapshot(placement)
    placement.is_cancelled = is_cancelled
    history.note(placement, before, Action.CANCELLED if is_cancelled else Action.RESTORED, by=current_user.email, now=now())
    db.session.commit()
    said = _("Cancelled in the draft. Readers see it after the next release.") if is_cancelled else _("Restored in the draft.")
    flash(said, "success")
    return redirect(url_for(".index"), 303)
