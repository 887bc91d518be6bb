"""``/<congress>/registration/``: one person begins to register; the other pages are under the personal link."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.core.db import db
from congress.core.languages import of_readers
from congress.delegates.vocabulary import Category
from congress.networks import queries as networks
from congress.registration import refusals, services
from congress.registration.form import queries as step_queries
from congress.registration.form import steps
from congress.registration.forms.start import StartForm
from congress.registration.services import Applicant
from congress.registration.states import State
from congress.web.filters import by_name, text
from congress.web.forms import submitted
from congress.web.language import chosen_language

bp = Blueprint("registration", __name__, url_prefix="/<congress>/registration")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    congress = g.congress
    if request.method == "GET" and not congress.is_registration_open(now()):
        return render_template("public/registration/closed.html")
    form = StartForm(request.form, submission=str(uuid.uuid4()), language=chosen_language())
    offered = step_queries.categories_offered(congress)
    form.offer(offered, _cities(), of_readers(congress.languages))
    if request.method == "GET" and request.args.get("category") in offered:
        form.category.data = request.args["category"]
    if submitted(form):
        key = current_app.config["SECRET_KEY"]
        try:
            begun = steps.begin(congress, _applicant(form), phone=form.phone.data or "", remark=form.remark, key=key, now=now())
        except refusals.NotAMember as refusal:
            form.add_error("city", str(refusal))
        except refusals.StepClosed as refusal:
            form.add_error("category", str(refusal))
        except refusals.RegistrationClosed:
            return render_template("public/registration/closed.html"), 409
        else:
            token = services.link_token(begun, key)
            db.session.commit()
            session["registered"] = form.email.data
            if begun.state is State.STARTED:
                return redirect(url_for("my.form.index", token=token), 303)
            return redirect(url_for(".received"), 303)  # the same form again, after it was sent
    return render_template("public/registration/index.html", form=form, offered=offered), 422 if form.errors else 200


def _cities() -> list[tuple[str, str]]:
    members = networks.members(g.congress.network, g.congress.starts_on)
    cities = by_name(member.city for member in members)
    return [("", ""), *((city.slug, f"{text(city.names)}, {text(city.country.names)}") for city in cities)]


def _applicant(form: StartForm) -> Applicant:
    return Applicant(
        submission_key=form.submission_key,
        category=Category(form.category.data),
        city=form.city.data or "",
        title=form.title.data or "",
        given_name=form.given_name.data,
        family_name=form.family_name.data,
        email=form.email.data,
        language=form.language.data,
        organisation=form.organisation,
    )


@bp.get("/received")
def received() -> ResponseReturnValue:
    """What happens next. The address is the one that this browser has sent."""
    return render_template("public/registration/received.html", email=session.get("registered", ""))
