"""The browser of somebody who proved to read a mail address: its cookie, and what it opens."""

from __future__ import annotations

from flask import Response, abort, current_app, redirect, request, url_for

from congress.belongings import queries, rules
from congress.belongings.models import Visit
from congress.core.clock import now


def _cookie() -> str:
    """Over https browsers keep one of this prefix to this host, and take it from nobody else (RFC 6265bis, 4.1.3)."""
    return "__Host-everything" if current_app.config["SESSION_COOKIE_SECURE"] else "everything"


def find() -> Visit | None:
    """The visit that this browser is on."""
    kept = request.cookies.get(_cookie(), "")
    return queries.find_by_cookie(kept, now=now()) if kept else None


def current() -> Visit:
    """The visit that this browser is on; without one the reader is led to the door."""
    visit = find()
    if visit is None:
        abort(redirect(url_for("public.sign_in.index", ended=1), 303))
    return visit


def remember(response: Response, session: str) -> Response:
    """Let the browser keep the visit, as long as it lasts."""
    response.set_cookie(
        _cookie(), session, max_age=rules.VISIT_LASTS, path="/", httponly=True, samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )  # fmt: skip
    return response


def forget(response: Response) -> Response:
    response.delete_cookie(_cookie(), path="/", httponly=True, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response
