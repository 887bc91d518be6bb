"""``/desk/<congress>/questions/``: the organisers' own questions in the form, and what people answered."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.errors import CongressError, NotAllowed
from congress.core.types import LARGEST_ID
from congress.delegates import queries as delegates
from congress.delegates.vocabulary import CATEGORY_LABELS, STEP_LABELS, Category, Step
from congress.desk import choices
from congress.registration import privacy
from congress.registration.questions import answers, forms, queries, services
from congress.registration.questions.forms import QuestionForm
from congress.registration.questions.models import Question
from congress.registration.vocabulary import QUESTION_LABELS, RETENTION_LABELS
from congress.web.forms import submitted
from congress.web.language import chosen_language

_ONE = f"/<int(max={LARGEST_ID}):question_id>"
_FIELDS = {services.BadCode: "code", services.Fixed: "kind", services.BadCondition: "shown_if"}

bp = Blueprint("questions", __name__, url_prefix="/<congress>/questions")


@bp.get("/")
def index() -> ResponseReturnValue:
    found = queries.questions(g.congress, with_retired=True)
    return render_template(
        "desk/questions/index.html",
        pages=[(STEP_LABELS[step], [each for each in found if each.step is step and not each.is_retired]) for step in Step],
        retired=[each for each in found if each.is_retired],
        number=sum(not each.is_retired for each in found),
        answered=queries.answered(g.congress),
        conditions={each.id: answers.condition(each, chosen_language()) for each in found if each.shown_if_id},
        kinds=QUESTION_LABELS,
        may_edit=_may_edit(),
    )


def _may_edit() -> bool:
    return rules.may_edit_registrations(current_user.held, g.congress.id)


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = _form(None)
    if "more" in request.form:
        form.add_rows()
    elif submitted(form):
        try:
            question = services.add(g.congress, form.wanted(g.congress.zone))
        except CongressError as refusal:
            _refuse(form, refusal)
        else:
            db.session.commit()
            flash(_("Added at the end of its page."), "success")
            return redirect(url_for(".index", _anchor=f"question-{question.id}"), 303)
    return render_template("desk/questions/edit.html", form=form, question=None), 422 if _has_errors(form) else 200


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
def edit(question_id: int) -> ResponseReturnValue:
    question = _question(question_id)
    form, status = _form(question), 200
    if "more" in request.form:
        form.add_rows()
    elif submitted(form):
        lock(g.congress)  # as whoever adds, moves or restores one: conditions concern several questions
        lock(question)
        if form.version.data != str(question.version):
            form.version.raw_data, form.version.data = [str(question.version)], str(question.version)
            flash(
                _("Somebody else has changed this in the meantime. Below is what you entered; above it what is stored now."),
                "warning",
            )
            status = 409
        else:
            try:
                services.change(g.congress, question, form.wanted(g.congress.zone))
            except CongressError as refusal:
                _refuse(form, refusal)
            else:
                db.session.commit()
                flash(_("Saved."), "success")
                return redirect(url_for(".index", _anchor=f"question-{question.id}"), 303)
    return _edit_page(form, question_id), 422 if _has_errors(form) else status


def _edit_page(form: QuestionForm, question_id: int) -> str:
    """The form, with what is stored now above it."""
    question = _question(question_id)
    return render_template(
        "desk/questions/edit.html",
        form=form,
        question=question,
        is_answered=queries.is_answered(question),
        kinds=QUESTION_LABELS,
        steps=STEP_LABELS,
        has_changed=question.version != int(request.form.get("version", question.version, type=int)),
    )


def _form(question: Question | None) -> QuestionForm:
    language = chosen_language()
    data = forms.shown(question, g.congress.zone) if question else {"retention": "kept", "kind": "text", "step": "role"}
    form = QuestionForm.within(choices.languages(g.congress))(request.form, data=data)
    others = [each for each in queries.questions(g.congress) if each is not question]
    form.offer(others, delegates.categories(g.congress), language)
    if request.method == "GET":
        form.add_rows()
    return form


def _refuse(form: QuestionForm, refusal: CongressError) -> None:
    db.session.rollback()
    name = _FIELDS.get(type(refusal))
    if name:
        form.add_error(name, str(refusal))
    else:
        form.form_errors.append(str(refusal))


def _has_errors(form: QuestionForm) -> bool:
    return bool(form.errors or form.form_errors)


def _question(question_id: int) -> Question:
    question = queries.find_question(g.congress, question_id)
    if question is None:
        abort(404)
    return question


@bp.post(f"{_ONE}/move")
def move(question_id: int) -> ResponseReturnValue:
    direction = request.form.get("direction")
    if direction not in ("up", "down"):
        abort(400)
    services.move(g.congress, _question(question_id), up=direction == "up")
    db.session.commit()
    return redirect(url_for(".index", _anchor=f"question-{question_id}"), 303)


@bp.post(f"{_ONE}/retire")
def retire(question_id: int) -> ResponseReturnValue:
    return _act(question_id, services.retire, _("No longer asked. What was answered stays."))


@bp.post(f"{_ONE}/restore")
def restore(question_id: int) -> ResponseReturnValue:
    return _act(question_id, lambda question: services.restore(g.congress, question), _("Asked again, at the end of its page."))


@bp.post(f"{_ONE}/delete")
def delete(question_id: int) -> ResponseReturnValue:
    return _act(question_id, services.delete, _("Deleted."))


def _act(question_id: int, act: services.Act, said: str) -> ResponseReturnValue:
    question = _question(question_id)
    try:
        act(question)
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        flash(said, "success")
    return redirect(url_for(".index"), 303)


@bp.get("/preview")
def preview() -> ResponseReturnValue:
    """What somebody of a category is asked, in the language of the page. Nothing is sent."""
    chosen = request.args.get("category", "")
    category = Category(chosen) if chosen in set(Category) else Category.DELEGATE
    found = queries.questions(g.congress)
    pages = [(STEP_LABELS[step], answers.preview(found, step, category, None, chosen_language())) for step in services.ASKED_AT]
    return render_template(
        "desk/questions/preview.html",
        pages=[(name, form) for name, form in pages if form.drawn],
        category=category,
        categories={each: CATEGORY_LABELS[each] for each in delegates.categories(g.congress)},
    )


@bp.route(f"{_ONE}/", methods=["GET", "POST"])
def show(question_id: int) -> ResponseReturnValue:
    """What people answered. Of a sensitive question only to whom it may be shown, at the press of a button that is written down."""
    question = _question(question_id)
    is_sensitive = question.retention in queries.SENSITIVE
    may_look = not is_sensitive or rules.may_see_sensitive(current_user.held, g.congress.id)
    if request.method == "POST" and is_sensitive:
        if not may_look:
            raise NotAllowed(_("Your role does not show what is sensitive."))
        privacy.log_look(
            g.congress, None, account_id=current_user.id, account=current_user.email, what=f"question {question.code}", now=now()
        )
        db.session.commit()
        question = _question(question_id)
    is_shown = may_look and (not is_sensitive or request.method == "POST")
    return render_template(
        "desk/questions/show.html",
        question=question,
        summary=answers.summary(question, chosen_language()) if is_shown else None,
        number=queries.answered(g.congress).get(question.id, 0),
        may_look=may_look,
        may_edit=_may_edit(),
        kinds=QUESTION_LABELS,
        retentions=RETENTION_LABELS,
        steps=STEP_LABELS,
    )
