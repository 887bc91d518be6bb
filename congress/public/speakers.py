"""``/<congress>/speakers/``: who speaks in the released programme and agreed to be named."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template
from flask.typing import ResponseReturnValue

from congress.programme.people import queries
from congress.programme.people.models import Speaker
from congress.web.uploads import gives_file, shown

bp = Blueprint("speakers", __name__, url_prefix="/<congress>/speakers")


@bp.get("/")
def index() -> ResponseReturnValue:
    appearances = queries.released_appearances(g.congress)
    speakers = queries.shown(g.congress, appearances)
    return render_template("public/speakers/index.html", speakers=speakers, appearances=appearances)


@bp.get("/<uuid:public_id>/")
def show(public_id: object) -> ResponseReturnValue:
    speaker = _speaker(str(public_id))
    entries = queries.released_appearances(g.congress)[speaker.public_id]
    return render_template("public/speakers/show.html", speaker=speaker, entries=entries)


@bp.get("/<uuid:public_id>/photo")
@gives_file
def photo(public_id: object) -> ResponseReturnValue:
    speaker = _speaker(str(public_id))
    if not speaker.may_show_photo or speaker.photo is None:
        abort(404)
    return shown(speaker.photo)


def _speaker(public_id: str) -> Speaker:
    """Somebody in the released programme who agrees now; of others nobody learns that they are there."""
    if public_id not in queries.released_appearances(g.congress):
        abort(404)
    found = queries.shown(g.congress, [public_id])
    if not found:
        abort(404)
    return found[0]
