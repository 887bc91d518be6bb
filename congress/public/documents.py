"""``/<congress>/documents/<id>``: documents of released sessions that everybody may read."""

from __future__ import annotations

from flask import Blueprint, abort, g
from flask.typing import ResponseReturnValue

from congress.programme import queries as programme
from congress.programme.documents import queries
from congress.programme.vocabulary import Audience
from congress.web.uploads import given, gives_file

bp = Blueprint("documents", __name__, url_prefix="/<congress>/documents")


@bp.get("/<uuid:public_id>")
@gives_file
def show(public_id: object) -> ResponseReturnValue:
    found = queries.find_to_read(g.congress, str(public_id))
    if found is None or found[0].audience is not Audience.EVERYONE:
        abort(404)
    if not any(entry.is_listed for entry in programme.released(g.congress).by_code.get(found[1], ())):
        abort(404)
    return given(found[0].file)
