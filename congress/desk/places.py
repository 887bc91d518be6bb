"""``/desk/<congress>/places/<code>``: how many may come to an item, and how the public signs up for it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db, lock
from congress.events import queries, services
from congress.events.forms import PlacesForm
from congress.programme.models import ProgrammeItem
from congress.programme.planning import history
from congress.programme.vocabulary import Action
from congress.registration.bookings import services as bookings
from congress.web.forms import submitted

bp = Blueprint("places", __name__, url_prefix="/<congress>/places")


@bp.route("/<code>", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    item = queries.find_item(g.congress, code)
    if item is None:
        abort(404)
    form = PlacesForm(request.form or None, data=_shown(item))  # an empty form would take the ticks away
    status = 200
    if submitted(form):
        lock(item)
        if form.version.data != str(item.version):
            flash(
                _("Somebody else has changed this in the meantime. Below is what you entered; send it again to keep it."),
                "warning",
            )
            form.version.raw_data = [str(item.version)]
            form.version.data = str(item.version)
            status = 409
        elif _save(item, form):
            db.session.commit()
            flash(_("Saved. It holds from now on."), "success")
            return redirect(url_for(".edit", code=code), 303)
    status = 422 if form.errors else status
    return render_template("desk/places/edit.html", form=form, item=item, seats=queries.seats(item)), status


def _shown(item: ProgrammeItem) -> dict[str, object]:
    closes = item.sign_ups_close_at.astimezone(g.congress.zone) if item.sign_ups_close_at else None
    numbers = ("places", "public_places", "most_per_sign_up", "offer_hours")
    return {
        "version": str(item.version),
        **{name: getattr(item, name) for name in numbers},
        "takes_guests": item.takes_guests,
        "takes_sign_ups": item.takes_sign_ups,
        "closes_on": closes.date() if closes else None,
        "closes_at": closes.time() if closes else None,
    }


def _save(item: ProgrammeItem, form: PlacesForm) -> bool:
    """Whether it could be kept; otherwise the reason stands on a field. New places go to those who wait."""
    exists, closes_at = form.closing(g.congress)
    if not exists:
        return False
    before = history.snapshot(item)
    item.places, item.public_places, item.offer_hours = form.places.data, form.public_places.data, form.offer_hours.data
    item.most_per_sign_up = form.most_per_sign_up.data or item.most_per_sign_up
    item.takes_guests, item.takes_sign_ups = form.takes_guests.data, form.takes_sign_ups.data
    item.sign_ups_close_at = closes_at
    history.note(item, before, Action.EDITED, by=current_user.email, now=now())
    services.serve(item, now=now())
    bookings.serve_next(item, now=now())
    return True
