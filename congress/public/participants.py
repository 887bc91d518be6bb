"""``/<congress>/participants/``: the cities that take part, and the people who agreed to be named."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from congress.registration import participants

bp = Blueprint("participants", __name__, url_prefix="/<congress>/participants")


@bp.get("/")
def index() -> ResponseReturnValue:
    present = participants.participants(g.congress, for_delegates=False)
    return render_template("public/participants/index.html", present=present, token="")
