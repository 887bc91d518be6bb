"""``/desk/<congress>/programme-imports/``: a programme from a file into the draft. It is looked at first; nothing is written before one has seen it."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.languages import LANGUAGES, locale_of
from congress.core.sheets import BadSheet, Sheet
from congress.core.text import first_upper
from congress.programme.exchange import columns, matching, reading, storing
from congress.programme.exchange.plans import Defaults, Plan
from congress.programme.planning import history
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS, Audience, Kind
from congress.web import kept_sheets
from congress.web.uploads import takes_files

_SHOWN = 200  # rows of a dry run that stand on the page; those with errors first
_ORDER = ("wrong", "changed", "new", "same")

bp = Blueprint("programme_imports", __name__, url_prefix="/<congress>/programme-imports")


@bp.route("/", methods=["GET", "POST"])
@takes_files
def index() -> ResponseReturnValue:
    refusal = ""
    if request.method == "POST":
        try:
            name = kept_sheets.received(partial(reading.read, congress=g.congress), **_whose())
        except BadSheet as problem:
            refusal = str(problem)
        else:
            return redirect(url_for(".show", name=name), 303)
    labels = columns.labels(g.congress.languages)
    return render_template("desk/programme_imports/index.html", refusal=refusal, columns=labels), 422 if refusal else 200


@bp.route("/<name>", methods=["GET", "POST"])
def show(name: str) -> ResponseReturnValue:
    """Which column is what; then, as a dry run, what would become of the draft; then the writing of just that."""
    sheet = kept_sheets.find(name, **_whose())
    if sheet is None:
        abort(404)
    if request.method == "POST" and request.form.get("do") == "write":
        lock(g.congress)  # of two imports at once the second one sees what the first has written
    languages, matched = _match(sheet)
    defaults, problems = _defaults(), matching.heading_problems(matched, languages)
    plan = Plan([], []) if problems else matching.check(g.congress, sheet, matched, defaults)
    refusal = ""
    if request.method == "POST" and request.form.get("do") == "write" and not problems:
        refusal = _refusal(plan)
        if not refusal:
            return _write(plan, name)
    seen = _seen(plan)
    page = _page(sheet, languages, matched, plan, defaults)
    db.session.rollback()
    return render_template(
        "desk/programme_imports/show.html", **page, problems=problems if request.form else [], refusal=refusal, seen=seen
    ), 409 if refusal else 200


def _whose() -> dict[str, Any]:
    return {"purpose": "programme", "congress_id": g.congress.id, "account_id": current_user.id}


def _match(sheet: Sheet) -> tuple[list[str], list[str]]:
    """The languages that the texts may be in, and the column that each heading means: as chosen, else as guessed."""
    languages = matching.languages_of(g.congress, sheet.header)
    if not request.form:
        known = []
        for locale in map(locale_of, LANGUAGES):
            with force_locale(locale):
                known.append(columns.labels(languages))
        return languages, columns.guess(sheet.header, languages, known)
    offered = columns.columns(languages)
    chosen = [request.form.get(f"column-{place}", "") for place in range(len(sheet.header))]
    return languages, [each if each in offered else "" for each in chosen]


def _defaults() -> Defaults:
    said = request.form
    return Defaults(
        kind=Kind(said["kind"]) if said.get("kind") in set(Kind) else Kind.WORKSHOP,
        audience=Audience(said["audience"]) if said.get("audience") in set(Audience) - {Audience.FIELD} else Audience.DELEGATES,
        may_be_named=said.get("may_be_named") == "1",
    )


def _seen(plan: Plan) -> str:
    """Stands for the draft and for what would be made of it; another one means that something has changed since the page was shown."""
    told = [(row.line, row.state, row.code, row.errors, row.changes) for row in plan.rows]
    return hashlib.sha256(repr((history.number(g.congress), told)).encode()).hexdigest()[:32]


def _refusal(plan: Plan) -> str:
    said = ""
    if request.form.get("seen") != _seen(plan):
        said = _("In the meantime something has changed. Look at the rows again.")
    elif plan.count("wrong") and request.form.get("without_wrong") != "1":
        said = _("Some rows have errors. Put the file right, or tick that these rows are left out.")
    return said


def _write(plan: Plan, name: str) -> ResponseReturnValue:
    ticked = {int(each) for each in request.form.getlist("call_off") if each.isascii() and each.isdigit() and len(each) < 20}
    done = storing.store(g.congress, plan, call_off=ticked, by=current_user.email, now=now())
    db.session.commit()
    kept_sheets.forget(name)
    said = [
        ngettext("%(num)d entry added.", "%(num)d entries added.", done.added) if done.added else "",
        ngettext("%(num)d entry changed.", "%(num)d entries changed.", done.changed) if done.changed else "",
        ngettext("%(num)d entry called off.", "%(num)d entries called off.", done.called_off) if done.called_off else "",
    ]
    flash(
        " ".join(filter(None, said)) or _("The draft says all this already; nothing was written."),
        "success" if any(said) else "info",
    )
    return redirect(url_for("desk.placements.index"), 303)


def _page(sheet: Sheet, languages: list[str], matched: list[str], plan: Plan, defaults: Defaults) -> dict[str, Any]:
    """What the template shows, as values: the session is let go before it is drawn."""
    ordered = sorted(plan.rows, key=lambda row: (_ORDER.index(row.state), row.line))
    titles = [name for name in matched if name.startswith("title_")]
    return {
        "sheet": sheet,
        "matched": matched,
        "columns": columns.labels(languages),
        "rows": [
            {
                "line": row.line, "code": row.code, "state": row.state, "errors": row.errors, "changes": row.changes, "cells": row.cells,
                "title": next((row.cells[each] for each in titles if row.cells[each]), ""),
            }
            for row in ordered[:_SHOWN]
        ],
        "total": len(plan.rows),
        "counts": {state: plan.count(state) for state in _ORDER},
        "missing": [{"id": each.id, "code": each.code, "titles": each.item.titles} for each in plan.missing],
        "ticked": request.form.getlist("call_off"),
        "kinds": {each.value: first_upper(str(KIND_LABELS[each])) for each in Kind},
        "audiences": {each.value: first_upper(str(AUDIENCE_LABELS[each])) for each in Audience if each is not Audience.FIELD},
        "defaults": defaults,
        "without_wrong": request.form.get("without_wrong") == "1",
    }  # fmt: skip
