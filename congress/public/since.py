"""``/<congress>/changes.json?since=N``: what has changed for the public since release N, for a page that knows what its reader saw."""

from __future__ import annotations

import json

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue

from congress.congresses.models import Congress
from congress.core.kept import Kept
from congress.core.languages import LANGUAGES
from congress.feeds import atom
from congress.programme import queries
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.programme.releases import Change
from congress.web import filters
from congress.web.answers import Document, answer
from congress.web.language import chosen_language, speaking

bp = Blueprint("since", __name__, url_prefix="/<congress>")
_MOST = 100  # changes that are told; the change log has the rest
_RELEASES = 200  # further back nobody compares: then everything counts as new, and nothing is told
_documents: Kept[Document] = Kept(4_000_000, lambda document: document.weight)


@bp.get("/changes.json")
def index() -> ResponseReturnValue:
    congress = g.congress
    asked = request.args.get("lang", "")
    language = asked if asked in LANGUAGES else chosen_language()
    programme = queries.released(congress)
    since = request.args.get("since", "")
    number = int(since) if since.isascii() and since.isdigit() and len(since) < 9 else programme.number
    # An address with a release that is yet to come is one of before the congress was made anew.
    number = min(number, programme.number)
    name = (congress.slug, request.script_root, congress.timezone, congress.kind, programme.uid, number, language)
    return answer(_documents.get(name, lambda: _document(congress, programme, number, language)))


def _document(congress: Congress, programme: Programme, number: int, language: str) -> Document:
    changes = _changes(congress, programme.number - number) if 0 < number < programme.number else []
    with speaking(language):
        told = [_told(change, congress) for change in changes[:_MOST]]
    body = json.dumps({"since": number, "release": programme.number, "all": len(changes), "changes": told}, ensure_ascii=False)
    return Document(
        body.encode(),
        content_type="application/json; charset=utf-8",
        filename=f"{congress.slug}-changes.json",
        last_modified=None,  # the reader's own release and the language stand in it: only the tag says what it is
        is_public=True,
    )


def _changes(congress: Congress, releases: int) -> list[Change]:
    """What the last releases changed taken together, what was changed and changed back left out."""
    if releases > _RELEASES:
        return []
    before: dict[str, Entry | None] = {}
    after: dict[str, Entry] = {}
    for step in reversed(queries.changes_of_releases(congress, releases)):
        known = {entry.uid: entry for entry in step.before}
        for entry in step.after:
            before.setdefault(entry.uid, known.get(entry.uid))
            after[entry.uid] = entry
    ordered = sorted(after.values(), key=lambda entry: entry.order(congress.zone))
    return atom.public_changes([entry for entry in before.values() if entry], ordered)


def _told(change: Change, congress: Congress) -> dict[str, object]:
    now, old = change.after, change.before
    told: dict[str, object] = {
        "code": now.item,
        "kinds": change.kinds,
        "title": filters.text(now.titles),
        "url": url_for("public.programme.show", code=now.item),
        "when": filters.when(now, congress.zone),
        "where": filters.where(now),
    }
    if old is not None:
        was = {"title": filters.text(old.titles), "when": filters.when(old, congress.zone), "where": filters.where(old)}
        told["was"] = {name: value for name, value in was.items() if value != told[name]}
    return told
