"""``/desk/<congress>/contacts/``: the standing contacts of the member cities."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules as accounts
from congress.core.db import db
from congress.core.languages import LANGUAGES
from congress.core.sheets import BadSheet
from congress.core.text import UnprintableText, clean_line, fold
from congress.delegates import queries as delegates
from congress.networks import contacts, queries
from congress.networks.contacts import BadContacts, ContactChanged, Details
from congress.networks.forms import ContactForm, ContactsFileForm
from congress.networks.models import City, Contact
from congress.networks.vocabulary import CONTACT_ORDER, ContactKind
from congress.web.filters import by_name
from congress.web.forms import submitted
from congress.web.uploads import takes_files

bp = Blueprint("contacts", __name__, url_prefix="/<congress>/contacts")


@bp.get("/")
def index() -> ResponseReturnValue:
    """All member cities; ``without=email`` leaves those that no mail can reach."""
    known = queries.contacts(g.congress.network)
    members = {each.city_id: each.city for each in queries.members(g.congress.network, g.congress.starts_on)}
    typed, without = _typed(), request.args.get("without") == "email"
    mute = {city_id for city_id in members if not any(each.email for each in known.get(city_id, ()))}
    shown = [
        city for city in by_name(members.values())
        if _is_found(typed, city, known.get(city.id, [])) and (not without or city.id in mute)
    ]  # fmt: skip
    return render_template(
        "desk/contacts/index.html",
        cities=shown,
        contacts={city_id: {each.kind: each for each in found} for city_id, found in known.items()},
        kinds=CONTACT_ORDER,
        mute=len(mute),
        total=len(members),
        without=without,
        typed=typed,
        may_edit=accounts.may_edit_registrations(current_user.held, g.congress.id),
    )


def _typed() -> str:
    try:
        return clean_line(request.args.get("q", "")[:100])
    except UnprintableText:
        return ""


def _is_found(typed: str, city: City, known: list[Contact]) -> bool:
    said = fold(" ".join([*city.names.values(), *(f"{each.name} {each.email}" for each in known)]))
    return all(word in said for word in fold(typed).split())


def _city(slug: str) -> City:
    city = queries.find_city(slug)
    if city is None or delegates.find_delegating_city(g.congress, city) is None:
        abort(404)
    return city


@bp.get("/<slug>/")
def show(slug: str) -> ResponseReturnValue:
    city = _city(slug)
    known = queries.contacts(g.congress.network, [city.id]).get(city.id, [])
    return render_template(
        "desk/contacts/show.html",
        city=city,
        contacts={each.kind: each for each in known},
        kinds=CONTACT_ORDER,
        may_edit=accounts.may_edit_registrations(current_user.held, g.congress.id),
    )


@bp.route("/<slug>/<kind>/edit", methods=["GET", "POST"])
def edit(slug: str, kind: str) -> ResponseReturnValue:
    """One contact; where every field is emptied the contact is removed."""
    city = _city(slug)
    if kind not in set(ContactKind):
        abort(404)
    network, wanted = g.congress.network, ContactKind(kind)
    contact = queries.find_contact(network, city, wanted)
    form = ContactForm(
        request.form or None,
        obj=contact,
        was=contacts.fingerprint(contact),
        **({} if contact else {"language": g.congress.default_language}),
    )
    form.offer(LANGUAGES)
    if submitted(form):
        details = Details(**form.cleaned)
        try:
            contacts.save_contact(network, city, wanted, details, was=form.was.data or "")
        except ContactChanged as refusal:
            db.session.rollback()
            form.form_errors.append(str(refusal))
            form.was.data = contacts.fingerprint(queries.find_contact(network, city, wanted))
        else:
            db.session.commit()
            flash(_("The contact is removed.") if details.is_empty else _("The contact is saved."), "success")
            return redirect(url_for(".show", slug=slug), 303)
    return render_template("desk/contacts/edit.html", form=form, city=city, kind=ContactKind(kind)), 422 if form.errors else 200


@bp.route("/import", methods=["GET", "POST"])
@takes_files
def import_() -> ResponseReturnValue:
    """A file of contacts: all of it, or nothing where one line is wrong."""
    problems: list[str] = []
    if request.method == "POST":
        try:
            done = contacts.import_contacts(_sent_file(), g.congress.network)
        except (BadSheet, BadContacts) as refusal:
            db.session.rollback()
            problems = refusal.problems if isinstance(refusal, BadContacts) else [str(refusal)]
        else:
            db.session.commit()
            flash(_("%(added)d added, %(changed)d changed, %(unchanged)d unchanged.", **vars(done)), "success")
            return redirect(url_for(".index"), 303)
    form = ContactsFileForm()
    return render_template("desk/contacts/import.html", form=form, problems=problems), 422 if problems else 200


def _sent_file() -> BinaryIO:
    """What was sent. Raises BadSheet."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadSheet(_("Choose a file."))
    return cast(BinaryIO, sent.stream)
