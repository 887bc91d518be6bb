"""``/<congress>/service-worker.js``: what keeps the released programme on a device, for when there is no network.

Its first line names all that is kept: the release, the build of the pages and the reader's language. When one of them changes so do
the bytes of the script, by which browsers notice that there is something new.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from congress.programme import queries, search
from congress.programme.queries import Programme
from congress.programme.search import Filter
from congress.web.language import LANGUAGES, chosen_language

bp = Blueprint("offline", __name__, url_prefix="/<congress>")
_ITEMS = 150  # pages of single items that are fetched in advance; others once their reader has opened them
_ASSETS = (
    "css/site.css", "css/programme.css", "css/speakers.css", "img/signs.svg", "img/favicon.svg",
    "js/site.js", "js/local-time.js", "js/now.js", "js/offline.js", "js/last-visit.js",
    "vendor/source-serif-4/latin.woff2", "vendor/source-serif-4/latin-ext.woff2",
)  # fmt: skip


def is_copy() -> bool:
    """Whether the page is fetched to be kept on a device: it says so, and says nothing of the moment."""
    return request.headers.get("X-Offline-Copy") == "1"


@bp.get("/service-worker.js")
def worker() -> Response:
    """The script, for one congress in one language; its folder is the congress, and so is all that it may answer for."""
    asked = request.args.get("lang", "")
    language = asked if asked in LANGUAGES else chosen_language()
    kept = json.dumps(_kept(queries.released(g.congress), language), ensure_ascii=False)
    source = Path(str(current_app.static_folder), "service-worker.js").read_text(encoding="utf-8")
    response = Response(f"const KEPT = {kept};\n{source}", content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _kept(released: Programme, language: str) -> dict[str, object]:
    root = url_for("public.home.show")
    counts = search.find(released.entries, Filter(), g.congress.zone).counts
    index = url_for("public.programme.index")
    narrowed = [f"{index}?{name}={value}" for name in ("day", "field") for value in sorted(counts[name])]
    items = list(dict.fromkeys(entry.item for entry in released.entries if entry.is_listed))
    return {
        "root": root,
        "name": f"congress {root} {released.uid or 'none'} {_build(str(current_app.root_path), str(current_app.static_folder))} {language}",
        "language": language,
        "index": index,
        "offline": url_for(".show"),
        "pages": [index, url_for(".show"), *narrowed],
        "items": [url_for("public.programme.show", code=item) for item in items[:_ITEMS]],
        "assets": [
            url_for("bootstrap.static", filename="css/bootstrap.min.css"),
            *(url_for("static", filename=name) for name in _ASSETS),
        ],
    }


@lru_cache(maxsize=4)
def _build(package: str, static: str) -> str:
    """A name for the state of everything that public pages are made of, the same in each process."""
    folders = (Path(static), Path(package).parent / "templates", Path(package) / "public", Path(package) / "translations")
    kinds = {".css", ".js", ".svg", ".woff2", ".html", ".py", ".mo"}
    found = sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.suffix in kinds)
    digest = hashlib.sha256()
    for path in found:
        digest.update(str(path.relative_to(Path(package).parent)).encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


@bp.get("/offline/")
def show() -> ResponseReturnValue:
    """What is shown without a network in place of pages that are not kept."""
    return render_template("public/offline/show.html", released=queries.released(g.congress))
