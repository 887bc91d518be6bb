"""``/desk/<congress>/registrations/<id>/``: one person, what is known, what happened, and what organisers decide."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.languages import of_readers
from congress.core.types import LARGEST_ID
from congress.delegates import queries as delegates
from congress.delegates.vocabulary import PART_LABELS, STEP_LABELS, Category
from congress.desk.registrations import BADGES, SHORT, actor, reason
from congress.feeds import services as feeds
from congress.networks import queries as networks
from congress.registration import privacy, queries
from congress.registration.forms.desk import EditForm, ReplaceForm, WalkInForm
from congress.registration.models import Registration
from congress.registration.organising import corrections, decisions, merging, walk_ins
from congress.registration.organising import dossier as dossiers
from congress.registration.organising.columns import CONSENT_WORDS, MAIL_WORDS, SENSITIVE_WORDS
from congress.registration.organising.decisions import DECISION_LABELS, NEEDS_REASON, Decision, Stale
from congress.registration.refusals import NoPlace, NotAMember
from congress.registration.services import Applicant
from congress.registration.states import State
from congress.registration.vocabulary import BY_LABELS
from congress.web.filters import by_name, text
from congress.web.forms import sent_number, submitted
from congress.web.language import chosen_language

_ONE = f"/<int(max={LARGEST_ID}):registration_id>"
_FOR_STATE = {
    State.INVITED: (Decision.CANCEL,),
    State.STARTED: (Decision.CANCEL,),
    State.SUBMITTED: (Decision.CONFIRM, Decision.WAIT, Decision.REJECT, Decision.CANCEL),
    State.WAITING: (Decision.CONFIRM, Decision.REJECT, Decision.CANCEL),
    State.CONFIRMED: (Decision.WAIT, Decision.REJECT, Decision.CANCEL),
    State.CHECKED_IN: (Decision.CANCEL,),
}

bp = Blueprint("registration", __name__, url_prefix="/<congress>/registrations")


def registration_of(registration_id: int) -> Registration:
    """The registration of this congress, or 404."""
    registration = queries.find_registration(g.congress, registration_id)
    if registration is None:
        abort(404)
    return registration


@bp.get(f"{_ONE}/")
def show(registration_id: int) -> ResponseReturnValue:
    return _page(registration_of(registration_id))


def _page(registration: Registration, **more: Any) -> str:
    """The page of a person; ``more`` are ``stale``, ``refusal``, ``unsaid`` (a reason that lacks), ``why`` and ``sensitive``."""
    held, congress_id = current_user.held, g.congress.id
    return render_template(
        "desk/registrations/show.html",
        registration=registration,
        dossier=dossiers.dossier(registration, chosen_language()),
        duplicates=merging.possible_duplicates(registration),
        decisions=_FOR_STATE.get(registration.state, (Decision.BRING_BACK,)),
        decision_labels=DECISION_LABELS,
        needs_reason=NEEDS_REASON,
        badges=BADGES,
        short=SHORT,
        by_labels=BY_LABELS,
        part_labels=PART_LABELS,
        step_labels=STEP_LABELS,
        consent_words=CONSENT_WORDS,
        sensitive_words=SENSITIVE_WORDS,
        mail_words=MAIL_WORDS,
        may_edit=rules.may_edit_registrations(held, congress_id),
        may_see_sensitive=rules.may_see_sensitive(held, congress_id),
        **more,
    )


def _change(registration_id: int, change: Callable[[Registration], str]) -> ResponseReturnValue:
    """Make a change of what the page showed; ``change`` says in a sentence what was done. An older page gets 409 and what happened."""
    registration = registration_of(registration_id)
    try:
        decisions.hold(registration, version=sent_number("version"), seen=sent_number("seen"))
        said = change(registration)
    except Stale as stale:
        moves = list(stale.moves)
        db.session.rollback()
        return _page(registration_of(registration_id), stale=stale, moves=moves, why=reason()), 409
    except CongressError as refusal:
        db.session.rollback()
        return _page(registration_of(registration_id), refusal=str(refusal), why=reason()), 409
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".show", registration_id=registration_id), 303)


@bp.post(f"{_ONE}/decide")
def decide(registration_id: int) -> ResponseReturnValue:
    wanted = request.form.get("decision", "")
    if wanted not in set(Decision):
        abort(400)
    decision, why = Decision(wanted), reason()
    if decision in NEEDS_REASON and not why:
        unsaid = _("Write a reason. It is kept in the history and quoted in the e-mail.")
        return _page(registration_of(registration_id), unsaid=unsaid), 422

    def carry_out(registration: Registration) -> str:
        decisions.decide(registration, decision, actor=actor(), now=now(), why=why)
        if not registration.is_live:
            feeds.revoke_calendar_tokens(registration, now=now())
        return str(_("Done: %(what)s.", what=DECISION_LABELS[decision]))

    return _change(registration_id, carry_out)


@bp.post(f"{_ONE}/new-link")
def new_link(registration_id: int) -> ResponseReturnValue:
    def renew(registration: Registration) -> str:
        decisions.renew_link(registration, actor=actor(), key=current_app.config["SECRET_KEY"], now=now())
        return str(_("The old link no longer works; the new one is on its way."))

    return _change(registration_id, renew)


@bp.post(f"{_ONE}/sensitive")
def sensitive(registration_id: int) -> ResponseReturnValue:
    """Passport, needs and such answers; that somebody looked is written down first."""
    registration = registration_of(registration_id)
    privacy.log_look(
        g.congress, registration, account_id=current_user.id, account=current_user.email, what="registration", now=now()
    )
    db.session.commit()
    return _page(registration_of(registration_id), sensitive=dossiers.sensitive(registration, chosen_language()))


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
def edit(registration_id: int) -> ResponseReturnValue:
    registration = registration_of(registration_id)
    form = EditForm(request.form, data=_stored(registration))
    form.offer(of_readers(g.congress.languages), delegates.categories(g.congress))
    status, stale = 200, None
    if submitted(form):
        try:
            decisions.hold(registration, version=sent_number("version"), seen=sent_number("seen"))
            values = {name: value or "" for name, value in form.data.items()}
            corrections.correct(registration, values, over_limit=form.over_limit.data, actor=actor(), now=now())
        except Stale as problem:
            stale, moves = problem, list(problem.moves)
            db.session.rollback()
            registration, status = registration_of(registration_id), 409
            stored = _stored(registration)
            form.version.data, form.seen.data = stored["version"], stored["seen"]
            values = {"stored": _differing(form, stored), "moves": moves}
            return render_template(
                "desk/registrations/edit.html", form=form, registration=registration, stale=stale, **values
            ), status
        except CongressError as refusal:
            db.session.rollback()
            form.add_error("over_limit" if isinstance(refusal, NoPlace) else "category", str(refusal))
        else:
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".show", registration_id=registration_id), 303)
    if form.errors:
        status = 422
    return render_template("desk/registrations/edit.html", form=form, registration=registration_of(registration_id)), status


def _stored(registration: Registration) -> dict[str, str]:
    delegate, person = registration.delegate, registration.delegate.person
    of_person = {name: getattr(person, name) for name in ("title", "given_name", "family_name", "email", "language", "phone")}
    of_delegate = {name: getattr(delegate, name) for name in ("organisation", "function", "badge_name", "badge_city")}
    words = {"category": delegate.category.value, "part": delegate.part.value}
    return {
        **of_person,
        **of_delegate,
        **words,
        "version": str(registration.version),
        "seen": str(dossiers.last_move(registration)),
    }


def _differing(form: EditForm, stored: dict[str, str]) -> list[tuple[str, str]]:
    """What is stored now where the form says something else: label and value."""
    return [
        (str(field.label.text), stored[field.short_name])
        for field in form
        if field.short_name in stored
        and field.short_name not in {"version", "seen"}
        and (field.data or "") != stored[field.short_name]
    ]


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = WalkInForm(request.form, submission=str(uuid.uuid4()), language=chosen_language())
    members = by_name(member.city for member in networks.members(g.congress.network, g.congress.starts_on))
    cities = [("", ""), *((city.slug, f"{text(city.names)}, {text(city.country.names)}") for city in members)]
    form.offer(cities, of_readers(g.congress.languages), delegates.categories(g.congress))
    known = None
    if submitted(form):
        try:
            made = walk_ins.walk_in(
                g.congress, _newcomer(form), over_limit=form.why.data if form.over_limit.data else "",
                actor=actor(), key=current_app.config["SECRET_KEY"], now=now(),
            )  # fmt: skip
        except NotAMember as refusal:
            form.add_error("city", str(refusal))
        except walk_ins.KnownAlready as refusal:
            known = refusal.known.id
            form.add_error("email", str(refusal))
        else:
            db.session.commit()
            said = (
                _("%(name)s is on the waiting list: there is no free place.")
                if made.state is State.WAITING
                else _("%(name)s is confirmed.")
            )
            flash(said % {"name": made.delegate.person.name}, "success")
            return redirect(url_for(".show", registration_id=made.id), 303)
        db.session.rollback()
    return render_template("desk/registrations/new.html", form=form, known=known), 422 if form.errors else 200


@bp.route(f"{_ONE}/replace", methods=["GET", "POST"])
def replace(registration_id: int) -> ResponseReturnValue:
    """Another person of the city in this one's place, with what was booked."""
    registration = registration_of(registration_id)
    delegation = registration.delegate.delegation
    if delegation is None:
        abort(404)
    if not registration.is_live:  # as after the same form sent twice
        return redirect(url_for(".show", registration_id=registration_id), 303)
    stored = {name: value for name, value in _stored(registration).items() if name in ("version", "seen", "organisation")}
    form = ReplaceForm(
        request.form, data={**stored, "submission": str(uuid.uuid4()), "language": registration.delegate.person.language}
    )
    form.offer_languages(of_readers(g.congress.languages))
    if submitted(form):
        try:
            decisions.hold(registration, version=sent_number("version"), seen=sent_number("seen"))
            new = decisions.replace(registration, _newcomer(form), actor=actor(), key=current_app.config["SECRET_KEY"], now=now())
        except CongressError as refusal:
            db.session.rollback()
            registration = registration_of(registration_id)
            form.version.data, form.seen.data = str(registration.version), str(dossiers.last_move(registration))
            form.add_error("email", str(refusal))
        else:
            feeds.revoke_calendar_tokens(registration, now=now())
            db.session.commit()
            flash(
                _("%(new)s comes in the place of %(old)s.", new=new.delegate.person.name, old=registration.delegate.person.name),
                "success",
            )
            return redirect(url_for(".show", registration_id=new.id), 303)
    return render_template("desk/registrations/replace.html", form=form, registration=registration), 422 if form.errors else 200


def _newcomer(form: ReplaceForm | WalkInForm) -> Applicant:
    return Applicant(
        submission_key=form.submission_key,
        category=Category(form.category.data) if "category" in form else Category.DELEGATE,  # of the one who is replaced
        city=(form.city.data or "") if "city" in form else "",
        title=form.title.data or "",
        given_name=form.given_name.data,
        family_name=form.family_name.data,
        email=form.email.data,
        language=form.language.data,
        organisation=form.organisation.data or "",
        function=form.function.data or "",
    )


@bp.route(f"{_ONE}/merge/<int(max={LARGEST_ID}):other_id>", methods=["GET", "POST"])
def merge(registration_id: int, other_id: int) -> ResponseReturnValue:
    """Two registrations of one person side by side; the first of the address is kept."""
    keep, other = registration_of(registration_id), registration_of(other_id)
    if keep.id == other.id:
        abort(404)
    refusal = ""
    if request.method == "POST":
        try:
            merging.merge(keep, other, actor=actor(), now=now())
        except CongressError as problem:
            db.session.rollback()
            keep, other, refusal = registration_of(registration_id), registration_of(other_id), str(problem)
        else:
            feeds.revoke_calendar_tokens(other, now=now())
            db.session.commit()
            flash(_("The two are one registration now."), "success")
            return redirect(url_for(".show", registration_id=registration_id), 303)
    both = [dossiers.dossier(each, chosen_language()) for each in (keep, other)]
    values = {"both": both, "badges": BADGES, "short": SHORT, "consent_words": CONSENT_WORDS, "refusal": refusal}
    return render_template("desk/registrations/merge.html", **values), 409 if refusal else 200
