"""``/desk/<congress>/conflicts/try`` and ``…/proposals``: what would be wrong elsewhere, and where nothing would."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.desk.conflicts import BADGES, slot_of, the_desk
from congress.programme import queries
from congress.programme.planning import proposals_of_places
from congress.programme.planning.checks import Desk
from congress.programme.planning.labels import KIND_LABELS, SEVERITY_LABELS
from congress.programme.planning.places import UnknownPlace
from congress.programme.planning.services import ChangedMeanwhile
from congress.programme.planning.surroundings import KnownRoom
from congress.programme.rules import local_instant
from congress.web.forms import sent_number

bp = Blueprint("conflict_places", __name__, url_prefix="/<congress>/conflicts")

_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(:\d{2})?", re.ASCII)
_WORDS = {"kinds": KIND_LABELS, "severities": SEVERITY_LABELS, "badges": BADGES}


class NotFree(CongressError):
    """What was proposed is not free any more."""


class NotReadable(CongressError):
    """What was asked for is no time or no place here."""


@bp.get("/try")
def tried() -> ResponseReturnValue:
    """A fragment: what would be wrong if this entry stood there. ``room`` as the timetable names its columns: ``room-3``, ``city-1``."""
    desk = the_desk()
    slot = slot_of(desk, request.args.get("placement"))
    try:
        starts_at, was_skipped = _moment(request.args.get("start", ""))
        ends_at, _end_was_skipped = _moment(request.args.get("end", ""))
        room, places = _place(desk, request.args.get("room", ""))
    except NotReadable as refusal:
        return render_template("desk/conflicts/_try.html", refusal=str(refusal), findings=[], **_WORDS), 422
    there = proposals_of_places.tried_slot(slot, room, starts_at, ends_at, was_skipped=was_skipped, **places)
    findings = desk.findings(proposals_of_places.new_conflicts(desk, slot, there))
    return render_template("desk/conflicts/_try.html", findings=findings, refusal="", **_WORDS)


def _moment(local: str) -> tuple[datetime | None, bool]:
    """An instant of the congress's zone, and whether clocks skip that time; then it is the one that clocks show instead."""
    if not local:
        return None, False
    written = _LOCAL.fullmatch(local)
    try:
        if written is None:
            raise ValueError
        day, hour, minute = date.fromisoformat(written[1]), int(written[2]), int(written[3])
        found = local_instant(day, hour, minute, g.congress.zone)
        shown = datetime.combine(day, time(hour, minute), g.congress.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotReadable(_("This time does not exist. Choose a day and a time such as 09:30.")) from None
    return (found, False) if found is not None else (shown, True)


def _place(desk: Desk, column: str) -> tuple[KnownRoom | None, dict[str, object]]:
    kind, _dash, number = column.rpartition("-")
    known: dict[str, dict[str, Any]] = {
        "": {str(each.id): each for each in desk.rooms.values()},
        "room": {str(each.id): each for each in desk.rooms.values()},
        "venue": {str(each.id): each for each in desk.venues.values()},
        "city": {str(each.id): each for each in g.congress.hosts},
    }
    if not column:
        return None, {}
    found = known.get(kind, {}).get(number)
    if found is None:
        raise NotReadable(_("There is no such place in this congress."))
    if isinstance(found, KnownRoom):
        return found, {}
    if kind == "venue":
        return None, {"venue": found.id, "city": found.city_id}
    return None, {"venue": None, "city": found.id}


@bp.get("/proposals")
def proposals() -> ResponseReturnValue:
    """Free rooms and times for one entry."""
    desk = the_desk()
    slot = slot_of(desk, request.args.get("placement"))
    return render_template(
        "desk/conflicts/proposals.html",
        placement=queries.find_placement(g.congress, slot.number) or abort(404),
        findings=desk.findings(desk.index.conflicts_of(slot)),
        proposals=proposals_of_places.proposals(desk, slot),
        **_WORDS,
    )


@bp.post("/proposals")
def take() -> ResponseReturnValue:
    """Move an entry to a proposed place, unless somebody else has moved it or the place is not free any more."""
    desk = the_desk()
    slot = slot_of(desk, request.form.get("placement"))
    placement = queries.find_placement(g.congress, slot.number) or abort(404)
    wanted = request.form.get("starts_at"), request.form.get("room")
    found = proposals_of_places.proposals(desk, slot)
    chosen = next(
        (each for each in found if (each.starts_at.isoformat(), str(each.room.id if each.room else "")) == wanted), None
    )
    try:
        if chosen is None:
            raise NotFree(_("This place is not free any more. These are free now."))
        version = sent_number("version")
        proposals_of_places.take(g.congress, placement, chosen, version=version, by=current_user.email, now=now())
    except (NotFree, ChangedMeanwhile, UnknownPlace) as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for(".proposals", placement=placement.id), 303)
    db.session.commit()
    flash(_("Moved in the draft. Readers see it after the next release."), "success")
    return redirect(url_for("desk.conflicts.index"), 303)
