"""``/sign-in/``: somebody without an account asks for a link to everything that belongs to the own mail address."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from congress.belongings import services
from congress.belongings.forms import AddressForm
from congress.core.clock import now
from congress.core.db import db
from congress.web import visits
from congress.web.forms import submitted
from congress.web.language import chosen_language

bp = Blueprint("sign_in", __name__, url_prefix="/sign-in")


@bp.after_request
def _not_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"  # what it says depends on who asks
    return response


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """The same is done and answered for every address (see services.ask). Whoever is signed in is led on."""
    if request.method == "GET" and visits.find() is not None:
        return redirect(url_for("my.everything.show"))
    form = AddressForm(request.form)
    if submitted(form):
        key = current_app.config["SECRET_KEY"]
        services.ask(form.email.data or "", language=chosen_language(), key=key, now=now())
        db.session.commit()
        session["signing_in"] = form.email.data
        return redirect(url_for(".received"), 303)
    has_ended = request.method == "GET" and "ended" in request.args
    return render_template("public/sign_in/index.html", form=form, has_ended=has_ended), 422 if form.errors else 200


@bp.get("/received")
def received() -> ResponseReturnValue:
    """What happens next; the same for everybody. The address is the one that this browser has sent."""
    return render_template("public/sign_in/received.html", email=session.get("signing_in", ""))
