"""``/<congress>/service-worker.js``: what keeps the released programme on a device, for when there is no network.

Its first line names all that is kept: the release, the build of the pages and the reader's language. When one of them changes so do
the bytes of the script, by which browsers notice that there is something new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from congress.core.languages import LANGUAGES
from congress.core.text import fold
from congress.programme import queries, search
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.programme.search import Filter
from congress.web.language import chosen_language

bp = Blueprint("offline", __name__, url_prefix="/<congress>")
_FIRST = 150  # pages of single items that are fetched in advance; the others while the reader's device has nothing to do
_MOST_BYTES = 12_000_000  # of pages of items on one device: about 1,500 of them
_ASSETS = (
    "css/site.css", "css/programme.css", "css/speakers.css", "img/signs.svg", "js/site.js", "js/programme.js",
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
        "items": [url_for("public.programme.show", code=item) for item in items],
        "first": _FIRST,
        "bytes": _MOST_BYTES,
        "assets": [
            url_for("bootstrap.static", filename="css/bootstrap.min.css"),
            *(url_for("static", filename=name) for name in _ASSETS),
        ],
    }


def facets(entries: Iterable[Entry], wanted: Filter, zone: ZoneInfo) -> dict[str, object]:
    """What a script needs to find in the copy of a page as the server finds in the programme.

    ``given`` is the filter of the copy itself; ``entries`` holds by the code of an item the values of each filter but the day, which
    stands in the page, and its words. Words are those of titles and places: names of people who withdraw must not stay on devices.
    """
    found: dict[str, dict[str, object]] = {}
    for entry in entries:
        values = {name: each for name, each in search.values_of(entry, zone).items() if each and name != "day"}
        place = entry.place
        texts = (entry.titles, place.venue_names, place.room_names, place.city_names, place.other_city_names)
        said = fold(" ".join([*(text for each in texts for text in each.values()), entry.item]))
        found.setdefault(entry.item, {"words": said}).update(values)
    return {"given": wanted.given(), "entries": found}


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
