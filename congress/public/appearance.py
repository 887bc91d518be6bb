"""How a congress stands outside its own pages: the picture beside a link to it, and its name and sign on a device."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, g, request, url_for
from flask.typing import ResponseReturnValue

from congress.core.languages import LANGUAGES
from congress.web import links
from congress.web.filters import text
from congress.web.language import chosen_language
from congress.web.print import preview

bp = Blueprint("appearance", __name__, url_prefix="/<congress>")
_GROUND = "#f7f4ee"


@bp.app_template_global()
def page_address(endpoint: str = "", **values: str) -> str:
    """The full address of a page; without an endpoint that of this one, without what its reader has chosen."""
    return links.absolute(endpoint, **values) if endpoint else links.site_url() + request.path


@bp.get("/preview/<language>.png")
def picture(language: str) -> ResponseReturnValue:
    """1200 × 630, for those who make a preview of a link (Open Graph)."""
    if language not in LANGUAGES:
        abort(404)
    answer = Response(preview.preview(g.congress, language), mimetype="image/png")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a device asks for that keeps the programme beside its programs (https://www.w3.org/TR/appmanifest/)."""
    congress, home = g.congress, url_for("public.home.show")
    said = {
        "id": home,
        "name": text(congress.long_names),
        "short_name": text(congress.names),
        "lang": chosen_language(),
        "start_url": url_for("public.programme.index"),
        "scope": home,
        "display": "minimal-ui",
        "background_color": _GROUND,
        "theme_color": _GROUND,
        "icons": [
            {"src": url_for("static", filename="img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": url_for("static", filename="img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {
                "src": url_for("static", filename="img/icon-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
    }
    answer = Response(json.dumps(said, ensure_ascii=False), content_type="application/manifest+json; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer
