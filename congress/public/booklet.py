"""``/<congress>/booklet/<language>.pdf``: the released programme as a booklet."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, g, request
from flask.typing import ResponseReturnValue

from congress.core.kept import Kept
from congress.core.languages import LANGUAGES
from congress.programme import queries
from congress.programme.people import queries as people
from congress.web.links import site_url
from congress.web.print import booklet

bp = Blueprint("booklet", __name__, url_prefix="/<congress>/booklet")
# Kept by all that it says: the release, which of its speakers still agree, the congress with its hosts, and where the site is, since an address is printed.
_set: Kept[bytes] = Kept(20_000_000, weigh=len)


@bp.get("/<language>.pdf")
def show(language: str) -> ResponseReturnValue:
    congress = g.congress
    if language not in LANGUAGES:
        abort(404)
    released = queries.released(congress)
    entries = tuple(people.agreed(congress, released.entries))  # some may have withdrawn since the release
    named = frozenset(public_id for entry in entries for public_id in entry.speakers.values())
    hosts = tuple((city.slug, city.names) for city in congress.hosts)
    name = (released.uid, named, congress.id, congress.version, hosts, site_url(), language)
    body = _set.get(name, lambda: booklet.booklet(congress, replace(released, entries=entries), language))
    answer = Response(body, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{congress.slug}-programme-{language}.pdf"'
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
