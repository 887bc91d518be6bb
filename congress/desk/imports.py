"""``/desk/<congress>/imports/``: people from a table. A file is looked at first; nothing is written before one has seen what would be.

Between the pages the table stands encrypted in the instance folder, for whoever sent it, for a day at most.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, cast

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.core import sealed, sheets
from congress.core.clock import now
from congress.core.db import db
from congress.core.files import delete_older
from congress.core.sheets import BadSheet, Sheet
from congress.core.text import first_upper
from congress.delegates.vocabulary import CATEGORY_LABELS, Category
from congress.desk import rights
from congress.desk.registrations import actor
from congress.registration.organising import imports
from congress.web import purging
from congress.web.language import LANGUAGES
from congress.web.uploads import takes_files

_SHOWN = 200  # rows of a dry run that stand on the page; those with errors first

bp = Blueprint("imports", __name__, url_prefix="/<congress>/imports")
bp.before_request(rights.need_registrations)


@bp.route("/", methods=["GET", "POST"])
@takes_files
def index() -> ResponseReturnValue:
    refusal = ""
    if request.method == "POST":
        sent = request.files.get("file")
        try:
            if sent is None or not sent.filename:
                raise BadSheet(_("Choose a file."))
            sheet = sheets.read(cast(BinaryIO, sent.stream))
            if len(sheet.rows) > imports.MOST:
                raise BadSheet(_("The file has more than %(most)d rows. Split it and import the parts.", most=imports.MOST))
        except BadSheet as problem:
            refusal = str(problem)
        else:
            return redirect(url_for(".show", name=_keep(sheet)), 303)
    values = {"refusal": refusal, "columns": imports.COLUMNS, "most": imports.MOST}
    return render_template("desk/imports/index.html", **values), 422 if refusal else 200


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
            _path(name).unlink(missing_ok=True)
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
        languages={code: LANGUAGES[code] for code in g.congress.languages},
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


def _folder() -> Path:
    folder = purging.tables_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(name: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{32}", name):
        abort(404)
    return _folder() / name


def _keep(sheet: Sheet) -> str:
    """The name under which the table is kept; those that nobody came back to are deleted."""
    delete_older(_folder(), now() - purging.TABLES_KEPT)
    name = secrets.token_hex(16)
    content = json.dumps({"congress": g.congress.id, "account": current_user.id, "sheet": asdict(sheet)})
    path = _path(name)
    path.touch(mode=0o600)
    path.write_bytes(sealed.seal(content.encode()))
    return name


def _kept(name: str) -> Sheet:
    """The table that this account sent for this congress."""
    try:
        found = json.loads(sealed.unseal(_path(name).read_bytes()))
    except (OSError, sealed.Unreadable):
        abort(404)
    if (found["congress"], found["account"]) != (g.congress.id, current_user.id):
        abort(404)
    table = found["sheet"]
    return Sheet(tuple(table["header"]), [tuple(each) for each in table["rows"]], table["lines"], table["encoding"])
