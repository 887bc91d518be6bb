"""``/desk/<congress>/timetable/``: the draft day by day, room by room."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.types import LARGEST_ID
from congress.desk import timetable_days as days
from congress.desk.conflicts import in_panel
from congress.desk.timetable_shown import Shown
from congress.desk.timetable_words import Words, steps
from congress.programme.models import Placement
from congress.programme.planning import history, queries, services
from congress.programme.planning.forms import MoveForm
from congress.programme.planning.places import column_of, where
from congress.programme.queries import find_placement
from congress.programme.services import ImpossibleTime
from congress.programme.vocabulary import Kind
from congress.web.filters import text
from congress.web.forms import submitted

bp = Blueprint("timetable", __name__, url_prefix="/<congress>/timetable")
_PLACEMENT = f"/<int(max={LARGEST_ID}):placement_id>"
_LONGEST_SEARCH = 200


@bp.get("/")
def index() -> ResponseReturnValue:
    counts = queries.day_counts(g.congress)
    shown, houses = _shown_of(counts)
    first = _for_calendar(shown, counts)
    return render_template(
        "desk/timetable/index.html",
        counts=dict(sorted({shown.day: 0, **counts}.items())),
        shown=shown,
        houses=houses,
        search=_search(),
        tables=_tables(shown),
        first=first,
        panel=in_panel("" if shown.span else shown.day.isoformat()),
    )


def _search() -> str:
    return request.args.get("q", "").strip()[:_LONGEST_SEARCH]


def _shown_of(counts: dict[date, int]) -> tuple[Shown, list[tuple[int, str]]]:
    """What is asked for, and the houses of its city, of which it may be one."""
    shown = Shown.of(request.args, g.congress, counts, now().astimezone(g.congress.zone).date())
    houses = days.houses(g.congress, shown.city)
    return (shown if shown.venue in dict(houses) else replace(shown, venue=None)), houses


def _cards(shown: Shown) -> list[days.Card]:
    placed = queries.day_placements(g.congress, shown.dates[0], shown.dates[-1])
    return [days.card(each, g.congress) for each in placed if shown.has(each)]


def _tables(shown: Shown) -> dict[date, list[days.Card]]:
    """What stands on each day; what began before the first one, on that."""
    tables: dict[date, list[days.Card]] = {each: [] for each in shown.dates}
    for card in _cards(shown):
        tables[max(shown.dates[0], card.first_day or shown.dates[0])].append(card)
    return tables


def _steps() -> list[str]:
    """What one would take back, and do again, in words; nothing for who only reads."""
    return Words(g.congress).steps(*services.next_steps(g.congress, current_user.email))


@bp.get("/day.json")
def day() -> ResponseReturnValue:
    """The days shown for the calendar, as they are now."""
    counts = queries.day_counts(g.congress)
    return _for_calendar(_shown_of(counts)[0], counts)


def _for_calendar(shown: Shown, counts: dict[date, int]) -> dict[str, Any]:
    """Columns, what stands in them, what waits, and the number of the draft that this is."""
    number = history.number(g.congress)  # first: what is changed between the reads is then read again
    placed = _cards(shown)
    used = {each.column for each in placed} | {each.other for each in placed}
    lanes = days.lanes(placed)
    wide = {each.column: lanes[each.id] for each in sorted(placed, key=lambda each: lanes.get(each.id, 0)) if each.id in lanes}
    waiting, found = queries.unplaced(g.congress, _search())
    moment = now().astimezone(g.congress.zone)  # a line says what time it is, where today is shown
    begins = moment if moment.date() in shown.dates else queries.bounds(g.congress, shown.dates[0])[0]
    offset = begins.astimezone(g.congress.zone).strftime("%z")
    return {
        "number": number,
        "day": shown.day.isoformat(),
        "offset": f"{offset[:3]}:{offset[3:]}",
        "resources": [
            days.as_resource(each, lane)
            for each in days.columns(g.congress, shown.city, shown.venue)
            if _is_shown(each.key, used)
            for lane in range(wide.get(each.key, 0) + 1)
        ],
        "events": [days.as_event(each, shown.dates, lanes.get(each.id, 0)) for each in placed],
        "unplaced": [days.as_item(days.card(each, g.congress)) for each in waiting],
        "found": found,
        "counts": {each.isoformat(): count for each, count in counts.items()},
        "steps": _steps(),
    }


def _is_shown(key: str, used: set[str]) -> bool:
    """Rooms and cities always; what is only a place without a room where something stands there."""
    return key.startswith(("room-", "venue-", "city-")) or key in used


@bp.get("/changes.json")
def changes() -> ResponseReturnValue:
    """What others and oneself did since the draft had the number that the page knows; 204 when that is nothing."""
    since = request.args.get("since", "")
    found = history.changes_since(g.congress, int(since) if since.isascii() and since.isdigit() and len(since) < 10 else 0, 50)
    if not found:
        return "", 204
    said = Words(g.congress).sentences(found)
    return {
        "number": found[-1].id,
        "changes": [
            {"is_own": each.made_by == current_user.email, "said": sentence, "placement": each.placement_id}
            for each, sentence in zip(found, said, strict=True)
        ],
    }


@bp.route(f"{_PLACEMENT}/", methods=["GET", "POST"])
def show(placement_id: int) -> ResponseReturnValue:
    """Moving an entry by a plain form."""
    placement = get_placement(placement_id)
    form = MoveForm(request.form, data=_shown(placement))
    form.place.choices = days.place_choices(g.congress)
    said, status = [], 200
    if submitted(form):
        starts_at, ends_at = form.instants(g.congress)
        try:
            if not form.errors:
                slot = services.Slot(where(g.congress, form.place.data), starts_at, ends_at, form.day.data)
                services.move(placement, slot, version=_number(form.version.data), by=current_user.email, now=now())
                db.session.commit()
                flash(f"{text(placement.item.titles)}: {days.in_words(placement, g.congress)}", "success")
                return redirect(_back(form.day.data), 303)
        except services.ChangedMeanwhile as refusal:
            db.session.rollback()
            placement, status = get_placement(placement_id), 409
            said = [str(refusal), *(Words(g.congress).sentences([refusal.change]) if refusal.change else [])]
            form.version.raw_data, form.version.data = [str(placement.version)], str(placement.version)
        except ImpossibleTime as refusal:
            form.add_error("minutes", str(refusal))
    if form.errors:
        db.session.rollback()
        placement, status = get_placement(placement_id), 422
    card = days.card(placement, g.congress)
    return render_template(
        "desk/timetable/show.html", form=form, placement=placement, card=card, said=said,
        now_at=days.in_words(placement, g.congress), may_be_copied=placement.item.kind is Kind.BREAK, back=_back(),
    ), status  # fmt: skip


def get_placement(placement_id: int) -> Placement:
    """A placement of this congress; 404 if there is none."""
    placement = find_placement(g.congress, placement_id)
    if placement is None:
        abort(404)
    return placement


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _shown(placement: Placement) -> dict[str, object]:
    zone = g.congress.zone
    start = placement.starts_at.astimezone(zone) if placement.starts_at else None
    length = placement.ends_at - placement.starts_at if placement.ends_at and placement.starts_at else None
    return {
        "version": str(placement.version),
        "day": start.date() if start else placement.starts_on,
        "starts_at": start.time() if start else None,
        "minutes": int(length.total_seconds() // 60) if length else None,
        "place": column_of(placement),
    }


def _back(chosen: date | None = None) -> str:
    """The timetable as it was when a form was opened from it, or at the day that it moved something to."""
    asked: dict[str, Any] = {name: request.args.get(name) or None for name in ("day", "days", "city", "venue")}
    return url_for("desk.timetable.index", **(asked | ({"day": chosen.isoformat()} if chosen else {})))


@bp.get(f"{_PLACEMENT}/history")
def past(placement_id: int) -> ResponseReturnValue:
    """Who changed what of an item and of its entries."""
    placement = get_placement(placement_id)
    return render_template("desk/timetable/past.html", placement=placement, steps=steps(placement.item, g.congress))
