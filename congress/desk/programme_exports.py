"""``/desk/<congress>/programme-exports/``: the draft as a file, whole as a table, or as other programs want it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from congress.core.languages import of_readers
from congress.web import draft_files
from congress.web.language import chosen_language

bp = Blueprint("programme_exports", __name__, url_prefix="/<congress>/programme-exports")


@bp.get("/")
def index() -> ResponseReturnValue:
    return render_template("desk/programme_exports/index.html", languages=_languages())


@bp.get("/draft.<suffix>")
def show(suffix: str) -> ResponseReturnValue:
    if suffix not in draft_files.TYPES:
        abort(404)
    asked = request.args.get("lang", "")
    language = asked if asked in _languages() else chosen_language()
    headers = {
        "Content-Disposition": f'attachment; filename="{g.congress.slug}-draft.{suffix}"',
        "Cache-Control": "private, no-store",
    }
    body = draft_files.content(g.congress, suffix, language)
    return Response(body, content_type=draft_files.TYPES[suffix], headers=headers)


def _languages() -> dict[str, str]:
    """The languages of the congress that this program speaks."""
    return of_readers(g.congress.languages)
