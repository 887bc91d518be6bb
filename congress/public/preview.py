"""The public pages of a congress that is not shown to everybody: there for those who work on it, closed to everybody else.

Pages only. Feeds, calendars, files for programs and devices, and the forms of the pages stay closed until the congress is shown, so that
nothing of it is kept anywhere or counted as real before.
"""

from __future__ import annotations

from flask import Response, abort, g, request
from flask_babel import lazy_gettext
from flask_security import current_user

from congress.accounts import rules
from congress.accounts.signing import factors
from congress.congresses.models import Congress
from congress.core.errors import NotAllowed

# Blueprints and endpoints without “public.”; what stands nowhere here is closed.
PAGES = frozenset(
    {
        "calendar.index", "calendar.show", "changes_log", "cities", "codes", "documents", "events", "home", "newsletter", "now",
        "participants", "press.index", "programme", "registration", "sign_ups", "speakers",
    }
)  # fmt: skip


def need(congress: Congress | None, endpoint: str) -> None:
    """Let a request for something of this congress go on, as a preview where it is one. Raises NotFound, and NotAllowed for its forms."""
    g.is_preview = False
    if congress is not None and congress.is_published:
        return
    if congress is None or not _is_page(endpoint) or not _works_here(congress):
        abort(404)
    if request.method not in {"GET", "HEAD"}:
        raise NotAllowed(
            lazy_gettext("This is a preview: its forms take nothing yet. Publish first, then everybody can use them.")
        )
    g.is_preview = True


def _is_page(endpoint: str) -> bool:
    name = endpoint.removeprefix("public.")
    return name in PAGES or name.partition(".")[0] in PAGES


def _works_here(congress: Congress) -> bool:
    """As at the desk: a role in this congress, and a second factor where the congress asks for one."""
    if not current_user.is_authenticated or not rules.may_see_desk(current_user.held, congress.id):
        return False
    return not congress.requires_second_factor or factors.has_second(current_user)


def words() -> dict[str, object]:
    """For templates: whether this page is a preview, and whether its reader may publish."""
    if not g.get("is_preview"):
        return {}
    return {"is_preview": True, "may_publish": rules.may_edit_programme(current_user.held, g.congress.id)}


def finish(response: Response) -> Response:
    """A preview is for the one who asked: kept nowhere, listed nowhere, compressed as what is somebody's."""
    if g.get("is_preview"):
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        for name in ("ETag", "Last-Modified", "Access-Control-Allow-Origin"):
            response.headers.pop(name, None)
        response.vary.add("Cookie")
    return response
