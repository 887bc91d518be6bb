"""``/desk/rights/``: the table of who may open and change what, made from the addresses themselves."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from congress.accounts import rules
from congress.congresses import queries as congresses
from congress.core.errors import NotAllowed
from congress.desk import doors, rights

bp = Blueprint("rights", __name__, url_prefix="/rights")


@bp.get("/")
def index() -> ResponseReturnValue:
    """All roles, or of one only what it opens."""
    held = current_user.held
    if not any(rules.may_see_privacy(held, each.id) for each in congresses.congresses()):
        raise NotAllowed(rights.PRIVACY.refusal)
    role, rows = request.args.get("role", ""), doors.table(current_app.url_map)
    shown = {role: doors.COLUMNS[role]} if role in doors.COLUMNS else doors.COLUMNS
    if len(shown) == 1:
        rows = [row for row in rows if role in (row.reads or ()) or role in (row.writes or ())]
    return render_template(
        "desk/rights/index.html",
        groups=doors.parts(rows),
        columns=shown,
        all_columns=doors.COLUMNS,
        role=role,
        number=len(rows),
    )
