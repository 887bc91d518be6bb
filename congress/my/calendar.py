"""``/my/calendar/<token>/<name>.ics``: secret calendars, read by programs that cannot sign in."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from congress.web import door

bp = Blueprint("calendar", __name__, url_prefix="/calendar/<token>")


@bp.get("/<name>.ics")
def feed(token: str, name: str) -> ResponseReturnValue:
    """``<congress>.ics`` is the person's own; the others say what they hold after a hyphen. Mostly given at the door already."""
    return door.given(name, token=token)
