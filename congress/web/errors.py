"""Pages for what goes wrong. They need no database and tell an operator's request id, never an internal detail."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from congress.core.db import db, is_crowded
from congress.core.errors import NotAllowed
from congress.core.vault import LostFile
from congress.web import kinds

AGAIN_AFTER = 5  # seconds until what found the database crowded may be sent again
_log = logging.getLogger("congress.errors")


def _sentences(status: int) -> tuple[str, str]:
    known = {
        400: (_("What you sent could not be read"), _("Go back, check what you entered and send it again.")),
        403: (_("This page is not open to you"), _("Sign in with an account that has the right role, or ask the organisers.")),
        404: (_("There is no page at this address"), _("Check the address, or start from the home page of the congress.")),
        405: (_("This address cannot be used like that"), _("Go back to the page before and use its buttons.")),
        409: (_("Somebody else has changed this in the meantime"), _("Load the page again to see the change, then make yours.")),
        410: (
            _("This link is no longer valid"),
            _("The registration it belonged to has ended, or a newer link was issued. Ask the organisers."),
        ),
        413: (_("What you sent is too large"), _("Shorten the text or choose a smaller file, then send it again.")),
        429: (_("Too many requests"), _("Wait a minute, then try again.")),
        503: (
            _("The service is not available at the moment"),
            _("We are working on it. Nothing you entered before was lost. Please try again in a few minutes."),
        ),
    }
    internal = (
        _("Something went wrong on our side"),
        _("Please try again. If it happens again, tell the organisers the number below."),
    )
    return known.get(status, known[400] if status < 500 else internal)


def _of_link() -> str:
    """What somebody can do whose secret link is unknown: cut off, mistyped, or replaced by a newer one."""
    return str(
        _(
            "The link may be incomplete, or a newer one has taken its place. Open the link in the newest e-mail that you have from us, or ask the organisers."
        )
    )


def error_page(status: int, message: str = "") -> Response:
    """The page of an error, in the reader's language."""
    title, plain = _sentences(status)
    is_link = status in {404, 410} and request.path.startswith("/my/")  # a secret one: there is a way to another one
    kinds.keep()
    page = render_template(
        "errors/error.html", status=status, title=title, message=message or plain, is_link=is_link,
        request_id=g.get("request_id", ""),
    )  # fmt: skip
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def _http(problem: HTTPException) -> Response:
        if problem.code is None or problem.code < 400:
            return make_response(problem.get_response())
        db.session.rollback()
        if isinstance(problem, SecurityError):  # a host that is not ours: there are no addresses to put on a page
            return Response("400 Bad Request\n", 400, content_type="text/plain", headers={"Cache-Control": "no-store"})
        response = error_page(problem.code, _of_link() if problem.code == 404 and request.path.startswith("/my/") else "")
        if problem.code == 405 and getattr(problem, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(problem.valid_methods))  # type: ignore[attr-defined]
        return response

    @app.errorhandler(CSRFError)
    def _forged(_problem: CSRFError) -> Response:
        db.session.rollback()
        return error_page(
            400,
            _(
                "The form could not be checked: its page was open for too long, or your browser keeps no cookies. Go back, load the page again and send it once more."
            ),
        )

    @app.errorhandler(NotAllowed)
    def _not_allowed(refusal: NotAllowed) -> Response:
        db.session.rollback()
        return error_page(403, str(refusal))

    @app.errorhandler(LostFile)
    def _lost(problem: LostFile) -> Response:
        db.session.rollback()
        return error_page(404, str(problem))

    @app.errorhandler(StaleDataError)
    def _stale(problem: StaleDataError) -> Response:
        _log.warning("%s stale: %s", g.get("request_id", "-"), problem)
        db.session.rollback()
        return error_page(409)

    @app.errorhandler(DBAPIError)
    def _database(problem: DBAPIError) -> Response:
        _log.error("%s database: %s", g.get("request_id", "-"), type(problem.orig).__name__, exc_info=_trace(problem))
        db.session.rollback()
        if is_crowded(problem):
            response = error_page(
                503,
                _(
                    "Many people are doing this at the moment. What you sent was not saved. Go back and send it again in a few seconds."
                ),
            )
            response.headers["Retry-After"] = str(AGAIN_AFTER)
            return response
        # Refused values are our fault; everything else means that the database is away, locked, or of another version.
        return error_page(500 if isinstance(problem, IntegrityError | DataError) else 503)

    @app.errorhandler(Exception)
    def _unexpected(problem: Exception) -> Response:
        _log.error("%s unexpected: %s", g.get("request_id", "-"), type(problem).__name__, exc_info=problem)
        db.session.rollback()
        return error_page(500)


def _trace(problem: DBAPIError) -> BaseException | None:
    """The trace of a database error without its parameters, which may be personal data."""
    problem.hide_parameters = True
    return problem
