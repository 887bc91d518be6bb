"""Our sheets and scripts: who loads what, and how they are given: compressed, with validators, from memory.

Texts are compressed once in each process, when somebody first asks (0.2 s for Bootstrap, which becomes a tenth); a file that has changed since is read anew.
Fonts and pictures are compressed already, and given as Flask gives them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from stat import S_ISREG
from typing import Any

from flask import Flask, Response, current_app, send_from_directory
from werkzeug.security import safe_join

from congress.core.kept import Kept
from congress.web import modules, sheets
from congress.web.answers import Document, answer

# Each script of ours, and the templates that load it; parts of a script stand in a folder of its name and are sent with it. A test holds the templates to it. Libraries stand in static/vendor, see build.py.
# static/service-worker.js is no script of a page: public/offline.py gives it.
SCRIPTS = {
    "site.js": ("base.html",),  # what many pages need: searchable lists, copying, conditional questions, the reader's own time
    "programme.js": ("public/now/index.html", "public/programme/index.html", "public/programme/show.html"),
    "passkeys.js": ("security/base.html",),
    "order.js": ("desk/agenda/show.html",),
    "timetable.js": ("desk/timetable/index.html",),
}
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
# A file with a folder of its name is sent with the parts that stand in it.
_JOINED = {".js": modules.joined, ".css": sheets.joined}
_documents: Kept[Document] = Kept(8_000_000, lambda document: document.weight)


def init_app(app: Flask) -> None:
    """Take the place of the views that give static files, our own and Bootstrap's."""
    app.view_functions["static"] = _view(str(app.static_folder))
    app.view_functions["bootstrap.static"] = _view(str(app.blueprints["bootstrap"].static_folder))


def _view(folder: str) -> Callable[..., Response]:
    def give(filename: str) -> Response:
        path = safe_join(folder, filename)
        kind = _KINDS.get(Path(filename).suffix)
        if kind is None or path is None:
            return send_from_directory(folder, filename, max_age=_max_age())
        try:
            status = Path(path).stat()
        except (OSError, ValueError):
            status = None
        if status is None or not S_ISREG(status.st_mode):
            return send_from_directory(folder, filename, max_age=_max_age())  # refuses it as Flask does
        name = (path, status.st_mtime_ns, status.st_size, *_parts(Path(path)))
        return answer(_documents.get(name, lambda: _document(Path(path), kind)))

    return give


def _parts(whole: Path) -> list[tuple[str, int]]:
    """The parts of a script or sheet and when each was changed."""
    if whole.suffix not in _JOINED:
        return []
    return sorted((part.name, part.stat().st_mtime_ns) for part in whole.with_suffix("").glob(f"*{whole.suffix}"))


def _document(path: Path, kind: str) -> Document:
    return Document(
        whole(path),
        content_type=kind,
        filename="",
        last_modified=None,  # the tag says enough
        is_public=True,
        max_age=_max_age(),
        quality=10,
    )


def whole(path: Path) -> bytes:
    """The file as it is sent: a script or sheet in parts with its parts in place."""
    if path.suffix not in _JOINED or not path.with_suffix("").is_dir():
        return path.read_bytes()
    return _JOINED[path.suffix](path.name, lambda name: _text(path.parent, name)).encode()


def _text(folder: Path, name: str) -> str:
    """A part's text; nothing where a library was not built (static/build.py), without which the pages work too."""
    path = folder / name
    return path.read_text(encoding="utf-8") if path.is_file() or not name.startswith("../vendor/") else ""


def _max_age() -> int:
    value: Any = current_app.config["SEND_FILE_MAX_AGE_DEFAULT"]
    return int(value.total_seconds())
