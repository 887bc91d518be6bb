"""``/<congress>/booklet/<language>.pdf``: the released programme as a booklet."""

from __future__ import annotations

from flask import Blueprint, Response, abort, g, request
from flask.typing import ResponseReturnValue

from congress.core.kept import Kept
from congress.programme import queries
from congress.web.language import LANGUAGES
from congress.web.links import site_url
from congress.web.print import booklet

bp = Blueprint("booklet", __name__, url_prefix="/<congress>/booklet")
# Kept by all that it says: the release, the congress with its hosts, and where the site is, since an address is printed.
_set: Kept[bytes] = Kept(20_000_000, weigh=len)


@bp.get("/<language>.pdf")
def show(language: str) -> ResponseReturnValue:
    congress = g.congress
    if language not in LANGUAGES:
        abort(404)
    released = queries.released(congress)
    hosts = tuple((city.slug, city.names) for city in congress.hosts)
    name = (released.uid, congress.id, congress.version, hosts, site_url(), language)
    body = _set.get(name, lambda: booklet.booklet(congress, released, language))
    answer = Response(body, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{congress.slug}-programme-{language}.pdf"'
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
