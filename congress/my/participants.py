"""``/my/registration/<token>/participants``: who else takes part, as delegates may see it."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template
from flask.typing import ResponseReturnValue

from congress.registration import participants, queries

bp = Blueprint("participants", __name__, url_prefix="/registration/<token>/participants")


@bp.get("/")
def index(token: str) -> ResponseReturnValue:
    """Only for those whom the hosts have confirmed: anybody may register under any name."""
    registration = queries.find_by_link(token)
    if registration is None or not registration.is_confirmed:
        abort(404)
    g.congress = registration.congress
    present = participants.participants(registration.congress, for_delegates=True)
    return render_template("public/participants/index.html", present=present, token=token)
