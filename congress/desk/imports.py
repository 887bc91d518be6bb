"""``/desk/<congress>/imports/``: people from a table. A file is looked at first; nothing is written before one has seen what would be.

Between the pages the table stands encrypted in the instance folder, for whoever sent it, for a day at most.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.core import sheets
from congress.core.clock import now
from congress.core.db import db
from congress.core.languages import of_readers
from congress.core.sheets import BadSheet, Sheet
from congress.core.text import first_upper
from congress.delegates.vocabulary import CATEGORY_LABELS, Category
from congress.desk.registrations import actor
from congress.registration.organising import imports
from congress.web import kept_sheets
from congress.web.uploads import takes_files

_SHOWN = 200  # rows of a dry run that stand on the page; those with errors first

bp = Blueprint("imports", __name__, url_prefix="/<congress>/imports")


@bp.route("/", methods=["GET", "POST"])
@takes_files
def index() -> ResponseReturnValue:
    refusal = ""
    if request.method == "POST":
        try:
            name = kept_sheets.received(_read, **_whose())
        except BadSheet as problem:
            refusal = str(problem)
        else:
            return redirect(url_for(".show", name=name), 303)
    values = {"refusal": refusal, "columns": imports.COLUMNS, "most": imports.MOST}
    return render_template("desk/imports/index.html", **values), 422 if refusal else 200


def _read(stream: BinaryIO) -> Sheet:
    sheet = sheets.read(stream)
    if len(sheet.rows) > imports.MOST:
        raise BadSheet(_("The file has more than %(most)d rows. Split it and import the parts.", most=imports.MOST))
    return sheet


@bp.route("/<name>", methods=["GET", "POST"])
def show(name: str) -> ResponseReturnValue:
    """Which column is what; then, as a dry run, what would be registered; then the writing of just that."""
    sheet, form = _kept(name), request.form
    matched = [form.get(f"column-{place}", "") for place in range(len(sheet.header))] if form else imports.guess(sheet.header)
    matched = [each if each in imports.COLUMNS else "" for each in matched]
    category = Category(form["category"]) if form.get("category") in set(Category) else Category.DELEGATE
    language = form["language"] if form.get("language") in g.congress.languages else g.congress.languages[0]
    problems = imports.heading_problems(matched)
    rows = [] if problems else imports.check(g.congress, sheet, matched, category=category, language=language)
    good = sum(each.is_good for each in rows)
    if request.method == "POST" and form.get("do") == "write" and not problems:
        if form.get("good", type=int) == good:
            written = imports.write(
                g.congress, rows, confirmed=form.get("confirmed") == "1", actor=actor(),
                key=current_app.config["SECRET_KEY"], now=now(),
            )  # fmt: skip
            db.session.commit()
            kept_sheets.forget(name)
            return _done(written)
        flash(_("In the meantime something has changed. Look at the rows again."), "warning")
    db.session.rollback()
    ordered = sorted(rows, key=lambda each: (not each.errors, not each.known, each.line))
    return render_template(
        "desk/imports/show.html",
        sheet=sheet,
        matched=matched,
        columns=imports.COLUMNS,
        problems=problems if form else [],
        rows=ordered[:_SHOWN],
        total=len(rows),
        good=good,
        wrong=sum(bool(each.errors) for each in rows),
        known=sum(bool(each.known) for each in rows),
        categories={each.value: first_upper(str(CATEGORY_LABELS[each])) for each in Category},
        category=category,
        languages=of_readers(g.congress.languages),
        language=language,
        confirmed=form.get("confirmed", "0"),
    )


def _done(written: imports.Written) -> ResponseReturnValue:
    said = ngettext("%(num)d person is registered.", "%(num)d people are registered.", written.made)
    if written.waiting:
        said += " " + ngettext("%(num)d of them waits.", "%(num)d of them wait.", written.waiting)
    flash(said, "success" if written.made else "info")
    for row, why in written.refused[:20]:
        flash(_("Line %(line)d: %(why)s", line=row.line, why=why), "warning")
    return redirect(url_for("desk.registrations.index", sort="sent"), 303)


def _whose() -> dict[str, Any]:
    return {"purpose": "people", "congress_id": g.congress.id, "account_id": current_user.id}


def _kept(name: str) -> Sheet:
    """The table that this account sent for this congress."""
    found = kept_sheets.find(name, **_whose())
    if found is None:
        abort(404)
    return found
