"""``/desk/<congress>/timetable/…``: what the calendar of the timetable saves. Each answers with JSON, or redirects a plain form."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.types import LARGEST_ID
from congress.desk import timetable_days as days
from congress.desk.timetable import get_placement
from congress.desk.timetable_words import Words
from congress.programme.models import Placement
from congress.programme.planning import history, queries, services
from congress.programme.planning.models import DraftChange
from congress.programme.planning.places import UnknownPlace, where
from congress.programme.services import ImpossibleTime, RoomElsewhere
from congress.web.filters import text

bp = Blueprint("timetable_moves", __name__, url_prefix="/<congress>/timetable")
_PLACEMENT = f"/<int(max={LARGEST_ID}):placement_id>"


@bp.post(f"{_PLACEMENT}/move")
def move(placement_id: int) -> ResponseReturnValue:
    """Save where something was dragged to: ``version``, ``starts_at`` and ``ends_at`` (local, or none), ``day``, ``column``."""
    placement = get_placement(placement_id)
    try:
        sent = _sent()
        services.move(placement, _slot(sent), version=sent["version"], by=current_user.email, now=now())
    except services.ChangedMeanwhile as refusal:
        return _refused(refusal, 409, refusal.change, placement_id)
    except (ImpossibleTime, RoomElsewhere, UnknownPlace) as refusal:
        return _refused(refusal, 422)
    db.session.commit()
    return _done(placement)


def _sent() -> dict[str, Any]:
    """The body, of which every value has the kind that it needs. Raises ImpossibleTime."""
    sent = request.get_json(silent=True)
    if isinstance(sent, dict):
        kinds = {"version": int, "starts_at": str | None, "ends_at": str | None, "day": str | None, "column": str}
        if all(isinstance(sent.get(name), kind) and sent.get(name) is not True for name, kind in kinds.items()):
            return sent
    raise services.unreadable()


def _slot(sent: dict[str, Any]) -> services.Slot:
    starts_at = services.instant(g.congress, sent["starts_at"]) if sent["starts_at"] else None
    ends_at = services.instant(g.congress, sent["ends_at"]) if sent["ends_at"] else None
    try:
        day = date.fromisoformat(sent["day"]) if sent.get("day") else None
    except ValueError:
        raise services.unreadable() from None
    return services.Slot(where(g.congress, sent["column"]), starts_at, ends_at, day)


def _done(placement: Placement) -> dict[str, object]:
    return {
        "version": placement.version,
        "number": history.number(g.congress),
        "said": f"{text(placement.item.titles)}: {days.in_words(placement, g.congress)}",
    }


def _refused(
    refusal: CongressError, status: int, change: DraftChange | None = None, placement_id: int | None = None
) -> ResponseReturnValue:
    """Why nothing was saved; after somebody else's change also what that was, and the version that one would now change."""
    db.session.rollback()
    answer: dict[str, object] = {"error": str(refusal)}
    if change is not None:
        answer["changed"] = Words(g.congress).sentences([change])[0]
    if placement_id is not None:
        answer["version"] = get_placement(placement_id).version
    return answer, status


@bp.post("/undo")
def undo() -> ResponseReturnValue:
    """Take back one's own last step."""
    return _step(services.undo)


@bp.post("/redo")
def redo() -> ResponseReturnValue:
    """Do again what one took back."""
    return _step(services.redo)


def _step(take: Any) -> ResponseReturnValue:
    is_plain = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "text/html"
    shown: dict[str, Any] = {name: request.form.get(name) or None for name in ("day", "days", "city", "venue")}
    back = url_for("desk.timetable.index", **shown)
    try:
        change: DraftChange = take(g.congress, by=current_user.email, now=now())
    except (services.ChangedMeanwhile, services.NothingToTakeBack) as refusal:
        if not is_plain:
            return _refused(refusal, 409, getattr(refusal, "change", None))
        db.session.rollback()
        flash(str(refusal), "warning")
        return redirect(back, 303)
    placement = get_placement(change.placement_id or 0)
    db.session.commit()
    if not is_plain:
        return _done(placement)
    flash(str(_done(placement)["said"]), "success")
    return redirect(back, 303)


@bp.post(f"{_PLACEMENT}/copy")
def copy(placement_id: int) -> ResponseReturnValue:
    """Put a break into all rooms of its venue or of its city, at the same time."""
    placement = get_placement(placement_id)
    in_city = request.form.get("rooms") == "city"
    rooms = (
        queries.rooms_of_city(placement.city_id)
        if in_city and placement.city_id
        else queries.rooms_of_venue(placement.venue_id)
        if placement.venue_id
        else []
    )
    back = url_for("desk.timetable.show", placement_id=placement_id)
    try:
        made = services.copy_to_rooms(placement, rooms, by=current_user.email, now=now())
    except services.NoRoomsLeft as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
        return redirect(back, 303)
    db.session.commit()
    flash(days.copied(len(made)), "success")
    return redirect(back, 303)
