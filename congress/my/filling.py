"""The pages of the registration form, whoever fills them in: the person, or the focal point for the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.delegates.vocabulary import STEP_LABELS, Step
from congress.my import form_pages, review
from congress.registration.form import queries as step_queries
from congress.registration.form import steps
from congress.registration.form.windows import Standing
from congress.registration.models import Registration
from congress.registration.questions import answers
from congress.registration.refusals import StepClosed
from congress.registration.services import Actor
from congress.web import seen
from congress.web.language import chosen_language


@dataclass(frozen=True)
class Filler:
    """Who fills in the form of a registration, and where the pages are. ``is_person``: sees what is sensitive, agrees and sends."""

    registration: Registration
    actor: Actor
    is_person: bool
    address: Callable[[Step], str]  # of a page
    home: str  # where one stops for now
    sessions: str = ""  # where sessions are chosen; empty: not here

    @property
    def steps(self) -> list[Step]:
        """The pages in order: what one agrees to, and sending, is nobody else's."""
        own = (Step.SESSIONS, Step.CONSENTS, Step.REVIEW)
        return [step for step in step_queries.steps_of(self.registration.delegate.category) if self.is_person or step not in own]

    def after(self, step: Step) -> str:
        """Where one goes on after a page."""
        rest = self.steps[self.steps.index(step) + 1 :]
        return self.address(rest[0]) if rest else self.home

    def before(self, step: Step) -> str:
        """The page before, empty for the first."""
        position = self.steps.index(step)
        return self.address(self.steps[position - 1]) if position else ""


@dataclass(frozen=True)
class Place:
    """A page of the form in the list of all: its name, address, and whether it is done, here, or closed."""

    name: str
    url: str
    is_done: bool
    is_current: bool
    standing: Standing


def places(filler: Filler, current: Step | None) -> list[Place]:
    """All pages of the form in order."""
    standings = step_queries.standings(filler.registration, now())
    done = filler.registration.steps_done
    return [
        Place(str(STEP_LABELS[step]), filler.address(step), step in done, step is current, standings[step])
        for step in filler.steps
    ]


def fill(filler: Filler, step: Step) -> ResponseReturnValue:
    """A page with questions: shown, or saved."""
    registration = filler.registration
    if step not in filler.steps or step not in form_pages.PAGES:
        abort(404)
    page = form_pages.PAGES[step]
    given: CombinedMultiDict[str, Any] | None = None
    closed = ""
    if request.method == "POST":
        both: list[Any] = [request.form, request.files]
        given, closed = CombinedMultiDict(both), _closed(registration, step)
    form = page.make(registration, given, filler.is_person)
    questions = answers.form_for(registration, step, given, chosen_language(), is_person=filler.is_person)
    if given is None:
        return draw(filler, step, form=form, questions=questions, seen=seen.marks(form, questions))
    sent = given.get("seen", "")
    fits = [form.validate() and page.check(registration, form), questions.validate()]
    differs = seen.differences(sent, form, questions) if all(fits) and not closed else []
    try:
        if closed:
            raise StepClosed(closed)
        if all(fits) and not differs:
            page.save(registration, form, current_app.config["SECRET_KEY"])
            answers.save(registration, questions, now=now())
            steps.done(registration, step, actor=filler.actor, now=now())
            db.session.commit()
            return _go_on(filler, step)
    except CongressError as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
    sent = seen.marks(form, questions) if differs else seen.kept(sent, form, questions)
    shown = draw(filler, step, form=form, questions=questions, differs=differs, seen=sent)
    return shown, 409 if differs else 422


def _closed(registration: Registration, step: Step) -> str:
    """Why the page cannot be saved, if so. Whatever is read from now on stays as it is until the transaction ends."""
    try:
        steps.open_step(registration, step, now=now())
    except CongressError as refusal:
        return str(refusal)
    return ""


def _go_on(filler: Filler, step: Step) -> ResponseReturnValue:
    if "later" in request.form:
        flash(_("Saved. You can go on at any time."), "success")
        return redirect(filler.home, 303)
    return redirect(filler.after(step), 303)


def draw(filler: Filler, step: Step, **values: Any) -> str:
    """The page of a step."""
    listed: Sequence[Place] = places(filler, step)
    here = next(each for each in listed if each.is_current)
    if not here.standing.is_open:
        values["lines"] = review.lines_of(filler.registration, step, is_person=filler.is_person)
    return render_template(
        f"my/form/{step.value}.html",
        registration=filler.registration,
        filler=filler,
        step=step,
        places=listed,
        here=here,
        **values,
    )
