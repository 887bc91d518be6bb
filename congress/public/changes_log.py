"""``/<congress>/changes/``: the log of releases, what each of them changed, and any two compared."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from congress.core.types import LARGEST_ID
from congress.feeds import atom
from congress.programme import queries
from congress.programme.entries import Entry
from congress.programme.models import Release
from congress.programme.people import queries as people
from congress.programme.publishing import queries as published
from congress.programme.releases import Change
from congress.web.release_words import differences

bp = Blueprint("changes_log", __name__, url_prefix="/<congress>/changes")
_MOST = 400  # changes on one page; the programme itself has the rest
_NUMBER = f"int(max={LARGEST_ID})"


@bp.get("/")
def index() -> ResponseReturnValue:
    return render_template("public/changes/index.html", releases=queries.releases(g.congress))


@bp.get("/compare")
def compare() -> ResponseReturnValue:
    """Where the form of two releases leads."""
    first, second = (_release(request.args.get(name, "")).number for name in ("from", "to"))
    return redirect(url_for(".between", first=min(first, second), second=max(first, second)))


def _release(number: str) -> Release:
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    release = published.find_release(g.congress, int(number)) if is_number else None
    if release is None:
        abort(404)
    return release


@bp.get(f"/<{_NUMBER}:number>/")
def show(number: int) -> ResponseReturnValue:
    """What one release changed, as it was and as it became."""
    release = _release(str(number))
    step = queries.step_of(g.congress, release)
    changes = _changes(step.before, step.after)
    return _page("public/changes/show.html", changes, release=release, releases=queries.releases(g.congress))


@bp.get(f"/<{_NUMBER}:first>..<{_NUMBER}:second>/")
def between(first: int, second: int) -> ResponseReturnValue:
    """What has changed from one release to another, whatever was changed to and fro in between."""
    older, newer = _release(str(first)), _release(str(second))
    states = (published.state_of(g.congress, each.number) for each in (older, newer))
    changes = _changes(*states)
    return _page("public/changes/between.html", changes, older=older, newer=newer, releases=queries.releases(g.congress))


def _changes(before: Sequence[Entry], after: Sequence[Entry]) -> list[Change]:
    """What a visitor sees change. Whoever does not agree to be named any more is named of no release, however old."""
    return atom.public_changes(people.agreed(g.congress, before), people.agreed(g.congress, after))


def _page(template: str, changes: Sequence[Change], **values: object) -> ResponseReturnValue:
    shown = changes[:_MOST]
    return render_template(
        template,
        changes=shown,
        more=len(changes) - len(shown),
        differences={change.after.uid: differences(change, g.congress.zone) for change in shown},
        **values,
    )
