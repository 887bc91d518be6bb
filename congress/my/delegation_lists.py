"""``/my/delegation/<token>/…``: many people at once, in and out: pasted rows, those of the last congress, CSV and PDF."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from congress.core import sheets_out
from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.forms import usable_key, valid_address
from congress.core.languages import LANGUAGES
from congress.core.text import first_upper, fold
from congress.delegates import queries as delegates
from congress.delegates.models import Delegation, DelegationEvent
from congress.delegates.vocabulary import CATEGORY_LABELS, PART_LABELS, Category, Part
from congress.my import delegation_pages as pages
from congress.registration import places
from congress.registration.delegations import pasting, people, queries
from congress.registration.delegations.edits import ChangedMeanwhile
from congress.registration.delegations.forms import OF_CITY, DelegationForm, PasteForm, known
from congress.registration.delegations.pasting import Row, Unreadable, Words
from congress.registration.models import Registration
from congress.registration.services import Applicant, identity
from congress.web import filters, pdf
from congress.web.language import chosen_language, speaking

_NOT_COUNTED = {each.value for each in places.NOT_COUNTED}

bp = Blueprint("delegation_lists", __name__, url_prefix="/delegation/<token>")


@dataclass(frozen=True)
class Preview:
    """What was pasted as it is understood: rows, each with where the person stands already (None: nowhere)."""

    rows: list[tuple[Row, queries.Where | None]]
    unreadable: str = ""
    free: int = 0  # places of the city

    @property
    def new(self) -> list[Row]:
        return [row for row, where in self.rows if where is None]

    @property
    def problem(self) -> str:
        """What has to be put right before anybody can be added; empty where nothing has."""
        if not self.unreadable and any(row.wrong for row in self.new):
            return str(_("Correct the cells that are marked above, in the box below, then check again."))
        return self.unreadable

    @property
    def someone_waits(self) -> bool:
        """More people than the city has places; the words of a row are our own once it can be added."""
        counted = [row for row in self.new if not {row.values["category"], row.values["part"]} & _NOT_COUNTED]
        return self.can_be_added and len(counted) > self.free

    @property
    def can_be_added(self) -> bool:
        return bool(self.new) and not any(row.wrong for row in self.new)


@bp.route("/paste", methods=["GET", "POST"])
def paste(token: str) -> ResponseReturnValue:
    """Rows of a spreadsheet: understood and shown first, written when confirmed."""
    delegation = pages.load(token)
    form = PasteForm(request.form, submission=str(uuid.uuid4()), version=str(delegation.version))
    typed = form.rows.data or ""
    preview = _preview(delegation, typed) if request.method == "POST" else None
    if preview and preview.problem:
        form.add_error("rows", preview.problem)
    status = 422 if form.rows.errors else 200
    changes: Sequence[DelegationEvent] = ()
    refusal, digest = "", hashlib.sha256(typed.encode()).hexdigest()
    is_confirmed = preview is not None and status == 200 and request.form.get("confirmed") == digest
    if preview and is_confirmed and not preview.new:  # sent a second time: everybody is there
        return redirect(url_for("my.delegation.show", token=token), 303)
    if preview and is_confirmed:
        key = usable_key(form.submission.data)
        try:
            return _add_all(delegation, token, [_applicant(row, key) for row in preview.new])
        except ChangedMeanwhile as changed:
            db.session.rollback()
            changes, refusal, status, form.version.data = changed.changes, str(changed), 409, str(delegation.version)
        except CongressError as problem:
            db.session.rollback()
            refusal, status = str(problem), 422
    roles = delegates.categories(delegation.congress)
    page = render_template(
        "my/delegation/paste.html", form=form, delegation=delegation, token=token, preview=preview, digest=digest,
        changes=changes, refusal=refusal, categories=[each for each in roles if each in OF_CITY], parts=list(Part), languages=LANGUAGES,
    )  # fmt: skip
    return page, status


def _add_all(delegation: Delegation, token: str, applicants: Sequence[Applicant]) -> ResponseReturnValue:
    edit = pages.edit_of(delegation)
    number = people.add_all(delegation, applicants, edit=edit, key=current_app.config["SECRET_KEY"])
    db.session.commit()
    flash(ngettext("%(num)d person was added.", "%(num)d people were added.", number), "success")
    return redirect(url_for("my.delegation.show", token=token), 303)


def _preview(delegation: Delegation, typed: str) -> Preview:
    try:
        rows = pasting.read(typed, _words(delegation), valid_address)
    except Unreadable as problem:
        return Preview([], _unreadable(problem))
    names = [(fold(row.name), identity(row.values["given_name"], row.values["family_name"], row.values["email"])) for row in rows]
    free = max(0, delegation.most - queries.counted(queries.people(delegation)))
    return Preview(list(zip(rows, queries.known_already(delegation, names), strict=True)), free=free)


def _unreadable(problem: Unreadable) -> str:
    sentences = {
        "empty": _("There is nothing here yet. Paste at least one row."),
        "too_long": _("This is too long. Paste at most %(number)s characters.", number=filters.number(problem.number)),
        "too_many": _("These are too many rows. Paste at most %(number)s.", number=filters.number(problem.number)),
        "cut_off": _("The quotes in line %(number)d do not match: the text may be cut off there.", number=problem.number),
    }
    return str(sentences[problem.why])


def _words(delegation: Delegation) -> dict[str, Words]:
    """What cells of fixed words may say: our words in every language we speak, and what people write instead of them."""
    found: dict[str, dict[str, str]] = {"category": {}, "part": {}, "language": {}}
    for code, name in LANGUAGES.items():
        found["language"] |= {code: code, fold(name): code}
        with speaking(code):
            found["category"] |= {fold(str(CATEGORY_LABELS[each])): each.value for each in OF_CITY}
            found["part"] |= {fold(str(PART_LABELS[each])): each.value for each in Part}
    of_city = {each.value for each in OF_CITY}
    found["category"] |= {word: value for word, value in pasting.ALIASES["category"].items() if value in of_city}
    found["part"] |= pasting.ALIASES["part"]
    found["category"] |= {each.value: each.value for each in OF_CITY}
    found["part"] |= {each.value: each.value for each in Part}
    offered = pages.languages()
    found["language"] = {word: code for word, code in found["language"].items() if code in offered}
    language = delegation.focal_language if delegation.focal_language in offered else next(iter(offered))
    otherwise = {"category": Category.DELEGATE.value, "part": Part.MEMBER.value, "language": language}
    return {column: Words(words, otherwise[column]) for column, words in found.items()}


def _applicant(row: Row, key: str) -> Applicant:
    values, category = row.values, Category(row.values["category"])
    return Applicant(
        submission_key=f"{key}/{row.line}", category=category, city="",
        part=Part.COMPANION if category is Category.COMPANION else Part(values["part"]),
        given_name=values["given_name"], family_name=values["family_name"], email=values["email"], language=values["language"],
        title=values["title"], organisation=values["organisation"], function=values["function"],
    )  # fmt: skip


@bp.route("/copy", methods=["GET", "POST"])
def copy(token: str) -> ResponseReturnValue:
    """Those who came for the city to the last congress of the network: whom one ticks is added."""
    delegation = pages.load(token)
    earlier = queries.earlier_congress(delegation)
    if earlier is None:
        abort(404)
    before = queries.earlier_people(delegation, earlier)
    where = queries.known_already(delegation, [(fold(each.delegate.person.name), each.identity) for each in before])
    form = DelegationForm(request.form, submission=str(uuid.uuid4()), version=str(delegation.version))
    changes: Sequence[DelegationEvent] = ()
    ticked, refusal, status = set(request.form.getlist("person")), "", 200
    if request.method == "POST":
        key = usable_key(form.submission.data)
        chosen = [
            _again(each, key) for each, known in zip(before, where, strict=True) if known is None and str(each.id) in ticked
        ]
        try:
            if chosen:
                return _add_all(delegation, token, chosen)
            refusal, status = str(_("Tick at least one person.")), 422
        except ChangedMeanwhile as changed:
            db.session.rollback()
            changes, refusal, status, form.version.data = changed.changes, str(changed), 409, str(delegation.version)
        except CongressError as problem:
            db.session.rollback()
            refusal, status = str(problem), 422
    page = render_template(
        "my/delegation/copy.html", form=form, delegation=delegation, token=token, earlier=earlier,
        people=list(zip(before, where, strict=True)), ticked=ticked, changes=changes, refusal=refusal,
    )  # fmt: skip
    return page, status


def _again(registration: Registration, key: str) -> Applicant:
    """The person as known then: name, address, language, role, function, institution; nothing else is taken along."""
    values = known(registration.delegate)
    language = values["language"] if values["language"] in pages.languages() else next(iter(pages.languages()))
    del values["also"]
    values |= {"category": registration.delegate.category, "part": registration.delegate.part, "language": language}
    return Applicant(submission_key=f"{key}/{registration.id}", city="", **values)


def _table(delegation: Delegation) -> tuple[list[str], list[list[str]]]:
    """Everything about the people of a delegation, in the reader's language: heading and rows."""
    heading = [
        _("Title"), _("Given name"), _("Family name"), _("Role at the congress"), _("Part in the delegation"), _("Function"),
        _("Institution"), _("E-mail address"), _("Language"), _("State"), _("Missing"),
    ]  # fmt: skip
    members, rows = queries.members(delegation), []
    unanswered = pages.unanswered([each.registration for each in members])
    for each in members:
        asked = [filters.text(question.labels) for question in unanswered.get(each.registration.id, [])]
        delegate, person = each.registration.delegate, each.registration.delegate.person
        roles = [delegate.category, *(Category(also) for also in delegate.also)]
        rows.append(
            [
                person.title, person.given_name, person.family_name, ", ".join(filters.label(role, "category") for role in roles),
                filters.label(delegate.part, "part"), delegate.function, delegate.organisation, person.email,
                LANGUAGES.get(person.language, person.language), filters.label(each.registration.state, "state"),
                ", ".join([*(filters.label(missing, "missing") for missing in each.missing), *asked]),
            ]
        )  # fmt: skip
    return [str(name) for name in heading], rows


def _file_name(delegation: Delegation, ending: str) -> dict[str, str]:
    name = f"{delegation.congress.slug}-{delegation.city.slug}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


@bp.get("/people.csv")
def table(token: str) -> ResponseReturnValue:
    delegation = pages.load(token)
    heading, rows = _table(delegation)
    body = b"".join(sheets_out.csv([heading, *rows]))
    return Response(body, mimetype="text/csv", headers=_file_name(delegation, "csv"))


@bp.get("/people.pdf")
def document(token: str) -> ResponseReturnValue:
    delegation = pages.load(token)
    heading, rows = _table(delegation)
    congress = delegation.congress
    facts = {
        "lang": chosen_language(),
        "title": first_upper(_("Delegation: %(city)s", city=filters.text(delegation.city.names))),
        "congress": f"{filters.text(congress.long_names)}, {filters.days(congress)}",
        "made": str(_("As of %(moment)s", moment=filters.moment(now(), congress.zone))),
        "state": first_upper(filters.label(delegation.state, "delegation_state")),
        "heading": heading,
        "rows": rows,
        "empty": str(_("Nobody is in the delegation yet.")),
    }
    body = pdf.pdf("my/delegation/people.typ", facts)
    return Response(body, mimetype="application/pdf", headers=_file_name(delegation, "pdf"))
