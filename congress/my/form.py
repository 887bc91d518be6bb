"""``/my/registration/<token>/form/<step>``: the person fills in the own registration, page by page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.delegates.vocabulary import Step
from congress.my import filling, opened, review
from congress.my.filling import Filler
from congress.programme import queries as programme
from congress.programme import search
from congress.registration import queries, rules
from congress.registration.form import queries as step_queries
from congress.registration.form import steps
from congress.registration.models import Registration
from congress.registration.services import PERSON
from congress.registration.states import SENT
from congress.web.uploads import takes_files

bp = Blueprint("form", __name__, url_prefix="/registration/<token>/form")


def filler_of(registration: Registration, token: str) -> Filler:
    """The person, who fills in everything."""
    return Filler(
        registration,
        PERSON,
        is_person=True,
        address=lambda step: _address(token, step),
        home=url_for("my.registration.show", token=token),
        sessions=url_for("my.sessions.show", token=token, form=1),
    )


def _address(token: str, step: Step) -> str:
    special = {Step.SESSIONS: "my.form.sessions", Step.REVIEW: "my.form.check"}
    if step in special:
        return url_for(special[step], token=token)
    return url_for("my.form.show", token=token, step=step.value)


def _opened(token: str, *, to_send: bool = False) -> Registration:
    registration = opened.registration_of(token, to_send=to_send)
    if not registration.is_live:
        abort(410)
    return registration


@bp.get("/")
def index(token: str) -> ResponseReturnValue:
    """To the first page that is not filled in."""
    registration = _opened(token)
    return redirect(_address(token, step_queries.next_step(registration)))


@bp.route("/<any(identity, role, travel, needs, consents):step>", methods=["GET", "POST"])
@takes_files
def show(token: str, step: str) -> ResponseReturnValue:
    return filling.fill(filler_of(_opened(token), token), Step(step))


@bp.route("/sessions", methods=["GET", "POST"])
def sessions(token: str) -> ResponseReturnValue:
    """What is in the programme anyway; the others are chosen when there is a place."""
    registration = _opened(token)
    filler = filler_of(registration, token)
    if request.method == "POST":
        try:
            steps.open_step(registration, Step.SESSIONS, now=now())
        except CongressError as refusal:
            db.session.rollback()
            flash(str(refusal), "warning")
        else:
            steps.done(registration, Step.SESSIONS, now=now())
            db.session.commit()
        return redirect(filler.home if "later" in request.form else filler.after(Step.SESSIONS), 303)
    if registration.takes_part and filler.sessions:
        return redirect(filler.sessions)
    person = queries.attendee(registration)
    own = rules.own_programme(programme.released(registration.congress).entries, person)
    return filling.draw(filler, Step.SESSIONS, days=search.by_day(own, registration.congress.zone), attendee=person)


@bp.route("/review", methods=["GET", "POST"])
def check(token: str) -> ResponseReturnValue:
    """Everything to read before it is sent."""
    registration = _opened(token, to_send=request.method == "POST")
    filler = filler_of(registration, token)
    opened.remember_sending(registration, token)
    problem = ""
    is_public = steps.came_alone(registration)
    if request.method == "POST":
        email = registration.delegate.person.email
        try:
            steps.send(registration, key=current_app.config["SECRET_KEY"], now=now())
        except CongressError as refusal:
            db.session.rollback()
            problem = str(refusal)
        else:
            answer = _sent(
                registration, email, is_public, filler
            )  # before the commit, after which everything would be read again
            db.session.commit()
            return answer
    values: dict[str, Any] = {
        "sections": review.sections(registration),
        "ready": steps.readiness(registration, now()),
        "may_send": steps.may_send(registration, now()) or registration.holds_place,
        "is_sent": registration.state in SENT and registration.submitted_at is not None,
        "problem": problem,
        "asks_focal_point": is_public and steps.is_for_focal_point(registration),
    }
    return filling.draw(filler, Step.REVIEW, **values), 409 if problem else 200


def _sent(registration: Registration, email: str, is_public: bool, filler: Filler) -> ResponseReturnValue:
    if is_public:
        session["registered"] = email
        return redirect(url_for("public.registration.received", congress=registration.congress.slug), 303)
    flash(_("Your registration has been sent."), "success")
    return redirect(filler.home, 303)
