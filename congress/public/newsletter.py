"""``/<congress>/newsletter/``: somebody asks for the newsletter."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.core.db import db
from congress.core.languages import of_readers
from congress.events import newsletter
from congress.events.forms import NewsletterForm
from congress.web.forms import submitted
from congress.web.language import chosen_language

bp = Blueprint("newsletter", __name__, url_prefix="/<congress>/newsletter")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = NewsletterForm(request.form, language=chosen_language())
    form.offer(of_readers(g.congress.languages))
    if submitted(form):
        key = current_app.config["SECRET_KEY"]
        newsletter.subscribe(g.congress, form.email.data or "", form.language.data, key=key, now=now())
        db.session.commit()
        session["subscribed"] = form.email.data
        return redirect(url_for(".received"), 303)
    return render_template("public/newsletter/index.html", form=form), 422 if form.errors else 200


@bp.get("/received")
def received() -> ResponseReturnValue:
    """What happens next; the same for everybody. The address is the one that this browser has sent."""
    return render_template("public/newsletter/received.html", email=session.get("subscribed", ""))
