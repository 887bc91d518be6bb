"""``/desk/<congress>/sign-ups/…``: who of the public comes to which event, and the list at the door."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core import sheets_out
from congress.core.clock import now
from congress.core.db import db
from congress.core.types import LARGEST_ID
from congress.events import queries, refusals, services
from congress.events.forms import WalkInForm
from congress.events.models import SignUp
from congress.events.states import ENDED, SIGN_UP_LABELS, WAY_LABELS
from congress.programme.models import ProgrammeItem
from congress.web.filters import by_name, moment
from congress.web.forms import submitted
from congress.web.language import chosen_language

bp = Blueprint("sign_ups", __name__, url_prefix="/<congress>/sign-ups")


@bp.get("/")
def index() -> ResponseReturnValue:
    ways = queries.ways_in(g.congress, now=now())
    events = queries.items_for_the_public(g.congress)
    may_see_people = rules.may_see_registrations(current_user.held, g.congress.id)
    return render_template("desk/sign_ups/index.html", events=events, ways=ways, labels=WAY_LABELS, may_see_people=may_see_people)


def _item(code: str) -> ProgrammeItem:
    item = queries.find_item(g.congress, code)
    if item is None:
        abort(404)
    return item


@bp.route("/<code>/", methods=["GET", "POST"])
def show(code: str) -> ResponseReturnValue:
    """All sign-ups for an event; the form lets in somebody who stands at the door."""
    item = _item(code)
    form = WalkInForm(request.form, people="1")
    form.offer(item.most_per_sign_up)
    if submitted(form):
        key = current_app.config["SECRET_KEY"]
        try:
            name, people = form.name.data or "", int(form.people.data)
            services.add_walk_in(item, name, people, language=chosen_language(), key=key, now=now())
        except refusals.NoSeats as refusal:
            form.add_error("people", str(refusal))
            db.session.rollback()
        else:
            db.session.commit()
            flash(_("%(name)s is on the list.", name=form.name.data), "success")
            return redirect(url_for(".show", code=code), 303)
    found = queries.sign_ups(item)
    page = render_template(
        "desk/sign_ups/show.html",
        item=item,
        form=form,
        way=queries.way_in(item, now=now()),
        way_labels=WAY_LABELS,
        labels=SIGN_UP_LABELS,
        seats=queries.seats(item),
        live=by_name((each for each in found if each.state not in ENDED), "name"),
        ended=[each for each in found if each.state in ENDED],
    )
    return page, 422 if form.errors else 200


@bp.get("/<code>/door")
def door(code: str) -> ResponseReturnValue:
    """The list for the door, to be printed: who has seats, as a dictionary of the reader's language sorts names."""
    item = _item(code)
    guests = _sorted(queries.guests(item))
    return render_template(
        "desk/sign_ups/door.html", item=item, occurrences=queries.occurrences(item), guests=guests, seats=queries.seats(item)
    )


def _sorted(sign_ups: Iterable[SignUp]) -> list[SignUp]:
    return by_name(sign_ups, "name")


@bp.get("/<code>/sign-ups.csv")
def export(code: str) -> ResponseReturnValue:
    item = _item(code)
    name = f"{g.congress.slug}-sign-ups-{item.code}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(b"".join(sheets_out.csv(_rows(item))), content_type="text/csv; charset=utf-8", headers=headers)


def _rows(item: ProgrammeItem) -> Iterator[list[str]]:
    yield [_("Name"), _("Number of people"), _("State"), _("E-mail address"), _("Language"), _("Signed up")]
    for each in _sorted(queries.sign_ups(item)):
        signed_up = moment(each.signed_up_at, item.congress.zone)
        yield [each.name, str(each.people), str(SIGN_UP_LABELS[each.state]), each.email, each.language, signed_up]


@bp.post(f"/<code>/<int(max={LARGEST_ID}):sign_up_id>/cancel")
def cancel(code: str, sign_up_id: int) -> ResponseReturnValue:
    sign_up = queries.find_sign_up(_item(code), sign_up_id)
    if sign_up is None:
        abort(404)
    services.cancel(sign_up, now=now(), by_organisers=True)
    db.session.commit()
    flash(_("The sign-up of %(name)s is cancelled.", name=sign_up.name), "success")
    return redirect(url_for(".show", code=code), 303)


@bp.post("/<code>/close")
def close(code: str) -> ResponseReturnValue:
    services.close(_item(code), now=now())
    db.session.commit()
    flash(_("Sign-ups are closed. Those who wait still get the places that others give back."), "success")
    return redirect(url_for(".show", code=code), 303)


@bp.post("/<code>/open")
def reopen(code: str) -> ResponseReturnValue:
    services.open_again(_item(code), now=now())
    db.session.commit()
    flash(_("Sign-ups are open."), "success")
    return redirect(url_for(".show", code=code), 303)
