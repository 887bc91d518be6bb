"""``/my/delegation/<token>/people/``: the people of a delegation, one by one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.types import LARGEST_ID
from congress.delegates import queries as delegates
from congress.delegates.models import Delegation, DelegationEvent
from congress.my import delegation_pages as pages
from congress.registration.delegations import people
from congress.registration.delegations.edits import AlreadyThere, ChangedMeanwhile, Edit
from congress.registration.delegations.forms import NewcomerForm, PersonForm, known
from congress.registration.models import Registration
from congress.registration.refusals import NoPlace
from congress.registration.states import State
from congress.web.forms import submitted

_ONE = f"/<int(max={LARGEST_ID}):registration_id>"

bp = Blueprint("delegation_people", __name__, url_prefix="/delegation/<token>/people")


@bp.route("/add", methods=["GET", "POST"])
def add(token: str) -> ResponseReturnValue:
    delegation = pages.load(token)
    language = delegation.focal_language if delegation.focal_language in pages.languages() else ""
    form = PersonForm(
        request.form, submission=str(uuid.uuid4()), version=str(delegation.version), category="delegate", part="member", language=language
    )  # fmt: skip
    form.offer(pages.languages(), delegates.categories(delegation.congress))

    def save(edit: Edit) -> str:
        key = current_app.config["SECRET_KEY"]
        new = people.add(delegation, form.person, also=form.further, note=form.note.data or "", edit=edit, key=key)
        name = new.delegate.person.name
        if new.holds_place:
            return str(_("%(name)s is in the delegation.", name=name))
        return str(_("All places are taken, so %(name)s is on the waiting list.", name=name))

    return _fill(delegation, form, save, "add")


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
def edit(token: str, registration_id: int) -> ResponseReturnValue:
    delegation = pages.load(token)
    registration = pages.load_person(delegation, registration_id)
    if not registration.is_live:
        return _ended(delegation, registration)
    now_known = {**known(registration.delegate), "version": str(delegation.version), "was": people.fingerprint(registration)}
    form = PersonForm(request.form, **now_known)
    form.offer(pages.languages(), delegates.categories(delegation.congress))

    def save(edit: Edit) -> str:
        people.change(delegation, registration, form.person, also=form.further, was=form.was.data or "", edit=edit)
        return str(_("The data of %(name)s are saved.", name=registration.delegate.person.name))

    return _fill(delegation, form, save, "edit", registration)


@bp.route(f"{_ONE}/replace", methods=["GET", "POST"])
def replace(token: str, registration_id: int) -> ResponseReturnValue:
    delegation = pages.load(token)
    registration = pages.load_person(delegation, registration_id)
    if request.method == "GET" and (not registration.is_live or registration.state is State.CHECKED_IN):
        return _ended(delegation, registration)
    person = registration.delegate.person
    form = NewcomerForm(
        request.form, submission=str(uuid.uuid4()), version=str(delegation.version), language=person.language,
        organisation=registration.delegate.organisation,
    )  # fmt: skip
    form.offer(pages.languages())

    def save(edit: Edit) -> str:
        wanted = form.applicant(registration.delegate.category, registration.delegate.part)
        new = people.replace(delegation, registration, wanted, edit=edit, key=current_app.config["SECRET_KEY"])
        pages.end_calendars([registration])
        return str(_("%(new)s takes the place of %(old)s.", new=new.delegate.person.name, old=person.name))

    return _fill(delegation, form, save, "replace", registration)


def _ended(delegation: Delegation, registration: Registration) -> ResponseReturnValue:
    name = registration.delegate.person.name
    return pages.show(delegation, refusal=str(_("This can no longer be done with the registration of %(name)s.", name=name))), 409


def _fill(
    delegation: Delegation, form: NewcomerForm, save: Callable[[Edit], str], page: str, registration: Registration | None = None
) -> ResponseReturnValue:
    """A form of one person: shown, or saved. What was typed stays, whatever stands in the way."""
    changes: Sequence[DelegationEvent] = ()
    differs, status, token = [], 200, request.view_args["token"]  # type: ignore[index]
    if submitted(form):
        try:
            said = save(pages.edit_of(delegation))
        except ChangedMeanwhile as changed:
            db.session.rollback()
            changes, status, form.version.data = changed.changes, 409, str(delegation.version)
            differs = _renew(form, registration) if registration and isinstance(form, PersonForm) else []
        except (AlreadyThere, NoPlace) as refusal:
            db.session.rollback()
            form.add_error("part" if isinstance(refusal, NoPlace) else "family_name", str(refusal))
        except CongressError as refusal:
            db.session.rollback()
            form.form_errors.append(str(refusal))
        else:
            db.session.commit()
            flash(said, "success")
            return redirect(url_for("my.delegation.show", token=token), 303)
    shown = render_template(
        f"my/delegation/{page}.html", form=form, delegation=delegation, token=token, registration=registration,
        changes=changes, is_outdated=status == 409, differs=differs,
    )  # fmt: skip
    return shown, 422 if form.errors else status


def _renew(form: PersonForm, registration: Registration) -> list[tuple[str, str]]:
    """Let the form stand for what is known now; what differs from what was typed, by label."""
    form.was.data = people.fingerprint(registration)
    now_known = known(registration.delegate)
    found = []
    for name, value in now_known.items():
        field = form[name]
        if (sorted(value) != sorted(field.data or ())) if name == "also" else (value != (field.data or "")):
            choices = dict(getattr(field, "choices", None) or ())
            values = value if isinstance(value, list) else [value]
            found.append((str(field.label.text), ", ".join(str(choices.get(each, each)) for each in values) or "–"))
    return found


@bp.post(f"{_ONE}/remove")
def remove(token: str, registration_id: int) -> ResponseReturnValue:
    delegation = pages.load(token)
    registration = pages.load_person(delegation, registration_id)

    def end(edit: Edit) -> str:
        people.remove(delegation, registration, edit=edit)
        pages.end_calendars([registration])
        return str(_("%(name)s is no longer in the delegation.", name=registration.delegate.person.name))

    return pages.act(delegation, end)


@bp.post(f"{_ONE}/send-link")
def send_link(token: str, registration_id: int) -> ResponseReturnValue:
    delegation = pages.load(token)
    registration = pages.load_person(delegation, registration_id)

    def send(edit: Edit) -> str:
        person = registration.delegate.person
        if not people.send_links(delegation, [registration], edit=edit):
            return str(_("%(name)s has been sent the personal link today already.", name=person.name))
        return str(_("The personal link of %(name)s is on its way to %(email)s.", name=person.name, email=person.email))

    return pages.act(delegation, send)


@bp.post(f"{_ONE}/accept")
def accept(token: str, registration_id: int) -> ResponseReturnValue:
    delegation = pages.load(token)
    registration = pages.load_person(delegation, registration_id)

    def take(edit: Edit) -> str:
        people.accept(delegation, registration, edit=edit)
        return str(_("%(name)s is in the delegation.", name=registration.delegate.person.name))

    return pages.act(delegation, take)


@bp.post(f"{_ONE}/refuse")
def refuse(token: str, registration_id: int) -> ResponseReturnValue:
    delegation = pages.load(token)
    registration = pages.load_person(delegation, registration_id)

    def end(edit: Edit) -> str:
        people.refuse(delegation, registration, edit=edit)
        if not registration.is_live:
            pages.end_calendars([registration])
        return str(_("The registration of %(name)s is refused.", name=registration.delegate.person.name))

    return pages.act(delegation, end)
