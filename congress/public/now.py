"""``/<congress>/now/``: what is going on and what comes next, and the part of it that pages put in place anew each minute."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, render_template
from flask.typing import ResponseReturnValue

from congress.congresses.models import Congress
from congress.core.clock import now
from congress.programme import moments, queries, search
from congress.programme.entries import Entry
from congress.programme.moments import Moment
from congress.programme.queries import Programme

bp = Blueprint("now", __name__, url_prefix="/<congress>/now")
_MOST = 12  # entries that are told at once; the programme itself has the rest


def moment_of(congress: Congress, released: Programme) -> Moment:
    """What the released programme says of this moment."""
    return moments.now_and_next(released.entries, (congress.starts_on, congress.ends_on), congress.zone, now())


def shown(entries: tuple[Entry, ...]) -> list[tuple[Entry, ...]]:
    """The entries as bands that a page draws, no more than are read at a glance."""
    return list(search.bands(entries[:_MOST]))


def left_out(entries: tuple[Entry, ...]) -> int:
    """How many of the entries are not among those shown."""
    return max(len(entries) - _MOST, 0)


@bp.get("/")
def index() -> ResponseReturnValue:
    released = queries.released(g.congress)
    return render_template(
        "public/now/index.html", released=released, moment=moment_of(g.congress, released), shown=shown, left_out=left_out
    )


@bp.get("/part")
def part() -> Response:
    """What stands inside the page, for a script that keeps it true."""
    released = queries.released(g.congress)
    drawn = render_template(
        "public/now/part.html", released=released, moment=moment_of(g.congress, released), shown=shown, left_out=left_out
    )
    response = make_response(drawn)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
