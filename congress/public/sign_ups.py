"""``/<congress>/sign-ups/<code>/``: the public signs up for an accompanying event."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.core.db import db
from congress.core.languages import of_readers
from congress.events import queries, refusals, services
from congress.events.forms import SignUpForm
from congress.events.states import Way
from congress.programme.models import ProgrammeItem
from congress.web.forms import submitted
from congress.web.language import chosen_language

bp = Blueprint("sign_ups", __name__, url_prefix="/<congress>/sign-ups/<code>")


@bp.route("/", methods=["GET", "POST"])
def show(code: str) -> ResponseReturnValue:
    item = _item(code)
    form = SignUpForm(request.form, submission=str(uuid.uuid4()), language=chosen_language(), people="1")
    form.offer(item.most_per_sign_up, of_readers(g.congress.languages))
    status = 200
    if queries.way_in(item, now=now()) is Way.OPEN and submitted(form):
        try:
            services.sign_up(item, form.visitor, key=current_app.config["SECRET_KEY"], now=now())
        except refusals.NoSeats as refusal:
            form.add_error("people", str(refusal))
            db.session.rollback()
        except refusals.SignUpsClosed:
            status = 409  # closed while this was sent
            db.session.rollback()
        else:
            db.session.commit()
            session["signed_up"] = form.email.data
            return redirect(url_for(".received", code=code), 303)
    elif request.method == "POST":
        status = 422 if form.errors else 409
    return _page(item, form), 422 if form.errors else status


def _item(code: str) -> ProgrammeItem:
    item = queries.find_item(g.congress, code)
    if item is None or not queries.occurrences(item):
        abort(404)
    return item


def _page(item: ProgrammeItem, form: SignUpForm) -> str:
    """The form, or why there is none."""
    way, found = queries.way_in(item, now=now()), queries.occurrences(item)
    return render_template(
        "public/sign_ups/show.html", form=form, way=way, item=found[0], occurrences=found, terms=item, seats=queries.seats(item)
    )


@bp.get("/received")
def received(code: str) -> ResponseReturnValue:
    """What happens next; the same for everybody. The address is the one that this browser has sent."""
    found = queries.occurrences(_item(code))
    return render_template("public/sign_ups/received.html", item=found[0], email=session.get("signed_up", ""))
