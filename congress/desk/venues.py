"""``/desk/<congress>/venues/``: the houses of the host cities, when they are open, their rooms, and the ways between them."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core.db import db
from congress.core.errors import CongressError, NotAllowed
from congress.core.types import LARGEST_ID
from congress.desk import choices
from congress.programme import queries
from congress.programme.models import Room, Venue
from congress.programme.planning import availability, travel
from congress.programme.planning import venues as places
from congress.programme.planning.availability_forms import HoursForm, RoomForm, WayForm, shown
from congress.programme.planning.spans import read_hours, read_spans, written_hours, written_spans
from congress.programme.planning.venue_forms import VenueForm
from congress.programme.planning.venue_forms import shown as venue_shown
from congress.web import filters
from congress.web.forms import submitted

bp = Blueprint("venues", __name__, url_prefix="/<congress>/venues")
_VENUE = f"/<int(max={LARGEST_ID}):venue_id>"


@bp.get("/")
def index() -> ResponseReturnValue:
    rooms: dict[int, list[Room]] = {}
    for room in queries.rooms(g.congress):
        rooms.setdefault(room.venue_id, []).append(room)
    venues = queries.venues(g.congress)
    return render_template(
        "desk/venues/index.html", venues=venues, rooms=rooms, hours=availability.hours(g.congress),
        mine={each.id for each in venues if _may_edit(each)}, ways=travel.ways(g.congress),
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """One more house in a host city of the editor's own."""
    form = VenueForm.within(choices.languages(g.congress))(request.form or None)
    cities = {each.slug: each for each in g.congress.hosts if rules.may_edit_venue(current_user.held, g.congress.id, each.slug)}
    form.city.choices = [(slug, filters.text(each.names)) for slug, each in cities.items()]
    if submitted(form):
        try:
            places.add_venue(cities[form.city.data], form.words(None))
        except places.VenueThere as refusal:
            _refused(form, form.names("name")[0][1], refusal)
        else:
            return _saved()
    return render_template("desk/venues/venue.html", form=form, venue=None), 422 if form.errors else 200


@bp.route(f"{_VENUE}/edit", methods=["GET", "POST"])
def edit(venue_id: int) -> ResponseReturnValue:
    """What a house is called, where it stands; readers have it after the next release."""
    venue, status = _venue(venue_id), 200
    form = VenueForm.within(choices.languages(g.congress))(request.form or None, data=venue_shown(venue))
    del form.city
    if submitted(form):
        try:
            _need(venue)
            places.change_venue(venue, form.words(venue), seen=form.seen.data or "")
        except CongressError as refusal:
            status = _refused(form, form.names("name")[0][1], refusal)
            form.seen.data = places.fingerprint_of_venue(_venue(venue_id)) if status == 409 else form.seen.data
        else:
            return _saved(said=_("Saved. Where the programme names this house, readers have it after the next release."))
    return render_template("desk/venues/venue.html", form=form, venue=_venue(venue_id)), 422 if form.errors else status


@bp.route(f"{_VENUE}/hours", methods=["GET", "POST"])
def hours(venue_id: int) -> ResponseReturnValue:
    venue = _venue(venue_id)
    known = availability.hours(g.congress).get(venue.id, {})
    form = HoursForm(request.form or None, data={"hours": written_hours(known), "seen": availability.fingerprint(known)})
    status = 200
    if submitted(form):
        try:
            _need(venue)
            availability.set_hours(g.congress, venue, read_hours(form.hours.data or ""), seen=form.seen.data or "")
        except CongressError as refusal:
            status = _refused(form, "hours", refusal)
            if status == 409:
                form.seen.data = availability.fingerprint(availability.hours(g.congress).get(venue_id, {}))
        else:
            return _saved()
    return render_template("desk/venues/hours.html", form=form, venue=_venue(venue_id)), 422 if form.errors else status


@bp.route("/ways", methods=["GET", "POST"])
def ways() -> ResponseReturnValue:
    """How long the way takes between two houses, of which one at least is the editor's own."""
    known, venues = travel.ways(g.congress), {str(each.id): each for each in queries.venues(g.congress)}
    form = WayForm(request.form or request.args or None, data={"seen": travel.fingerprint_of(known)})
    form.offer(_by_city(venues.values()))
    status = 200
    if submitted(form):
        pair = [venues[form.venue.data], venues[form.other.data]]
        try:
            if not any(_may_edit(each) for each in pair):
                raise NotAllowed(_("This venue belongs to the team of the other city."))
            travel.set_way(g.congress, pair, form.minutes.data, seen=form.seen.data or "")
        except CongressError as refusal:
            status = _refused(form, "other", refusal)
            known = travel.ways(g.congress)
            form.seen.data = travel.fingerprint_of(known) if status == 409 else form.seen.data
        else:
            return _saved("ways")
    return render_template("desk/venues/ways.html", form=form, ways=known), 422 if form.errors else status


@bp.route(f"{_VENUE}/rooms/new", methods=["GET", "POST"])
def new_room(venue_id: int) -> ResponseReturnValue:
    venue = _venue(venue_id)
    form = RoomForm.within(choices.languages(g.congress))(request.form or None)
    form.offer()
    if submitted(form):
        try:
            _need(venue)
            away = read_spans(form.away.data or "", g.congress.zone)
            room = availability.add_room(venue, form.words)
            availability.change_room(g.congress, room, form.words, away, seen=availability.fingerprint_of_room(g.congress, room))
        except CongressError as refusal:
            _refused(form, form.names("name")[0][1] if isinstance(refusal, availability.RoomThere) else "away", refusal)
        else:
            return _saved()
    return render_template("desk/venues/room.html", form=form, venue=_venue(venue_id), room=None), 422 if form.errors else 200


@bp.route(f"/rooms/<int(max={LARGEST_ID}):room_id>", methods=["GET", "POST"])
def room(room_id: int) -> ResponseReturnValue:
    found = _room(room_id)
    away = written_spans(availability.absences(g.congress, found), g.congress.zone)
    data = {**shown(found), "away": away, "seen": availability.fingerprint_of_room(g.congress, found)}
    form = RoomForm.within(choices.languages(g.congress))(request.form or None, data=data)
    form.offer()
    status = 200
    if submitted(form):
        try:
            _need(found.venue)
            spans = read_spans(form.away.data or "", g.congress.zone)
            availability.change_room(g.congress, found, form.words, spans, seen=form.seen.data or "")
        except CongressError as refusal:
            status = _refused(form, "away", refusal)
            if status == 409:
                form.seen.data = availability.fingerprint_of_room(g.congress, _room(room_id))
        else:
            return _saved()
    found = _room(room_id)
    return render_template("desk/venues/room.html", form=form, venue=found.venue, room=found), 422 if form.errors else status


def _may_edit(venue: Venue) -> bool:
    return rules.may_edit_venue(current_user.held, g.congress.id, venue.city.slug)


def _need(venue: Venue) -> None:
    if not _may_edit(venue):
        raise NotAllowed(_("This venue belongs to the team of the other city."))


def _by_city(venues: Iterable[Venue]) -> dict[str, list[tuple[str, str]]]:
    """The houses as a list to choose from."""
    found: dict[str, list[tuple[str, str]]] = {}
    for venue in filters.by_name(venues):
        found.setdefault(filters.text(venue.city.names), []).append((str(venue.id), filters.text(venue.names)))
    return found


def _refused(form: HoursForm | RoomForm | VenueForm | WayForm, name: str, refusal: CongressError) -> int:
    """The status of the answer; what somebody else has saved is no error of what was entered."""
    db.session.rollback()
    if isinstance(refusal, availability.ChangedMeanwhile):
        flash(str(refusal), "warning")
        return 409
    form.add_error(name, str(refusal))
    return 422


def _saved(page: str = "index", said: str = "") -> ResponseReturnValue:
    db.session.commit()
    flash(said or _("Saved. Conflicts are found with it from now on."), "success")
    return redirect(url_for(f".{page}"), 303)


def _venue(venue_id: int) -> Venue:
    venue = availability.find_venue(g.congress, venue_id)
    if venue is None:
        abort(404)
    return venue


def _room(room_id: int) -> Room:
    found = availability.find_room(g.congress, room_id)
    if found is None:
        abort(404)
    return found
