"""The door in front of Flask: calendars are given here, before sessions, sign-in and pages come into play.

Calendar programs ask day and night, and nearly always for what they have already. What the door does not give (a wrong address, a
wrong option, a database that is away, one who asks too often) goes on to Flask, whose view asks the same functions and answers with a page.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, current_app, request
from flask_babel import gettext as _
from sqlalchemy import Engine
from werkzeug.wsgi import get_host

from congress.core.db import db
from congress.core.languages import LANGUAGES
from congress.feeds.options import WrongOption
from congress.web import calendars, headers, limits, secret_calendars
from congress.web.answers import Document, answer
from congress.web.errors import error_page
from congress.web.given_calendars import Address, NoCalendar

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ADDRESS = re.compile(r"/(?:(?P<congress>[^/]+)/calendar|my/calendar/(?P<token>[^/]+))/(?P<name>[^/]+)\.ics", re.ASCII)
_REASONS = {status: f"{status.value} {status.phrase}" for status in HTTPStatus}
_log = logging.getLogger("congress.requests")


class Door:
    """A WSGI application around another one."""

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        self._app, self._inner = app, inner
        self._engine: Engine | None = None
        self._headers = headers.of_calendars(app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.endswith(".ics") and environ["REQUEST_METHOD"] in {"GET", "HEAD"} and (found := _ADDRESS.fullmatch(path)):
            began_at = time.monotonic()
            document = self._allowed(environ, path, **found.groupdict(""))
            if document is not None:
                return self._give(document, environ, start_response, began_at, is_secret=bool(found["token"]))
        return self._inner(environ, start_response)

    def _allowed(self, environ: WSGIEnvironment, path: str, congress: str, token: str, name: str) -> Document | None:
        """The calendar, unless it is asked for too often or its link is one of too many that nobody has."""
        if limits.is_full(self._app, environ, "feed-link" if token else "feed", token):
            return None
        document = self._find(environ, path, congress, token, name)
        is_wrong = document is not None and document.status == HTTPStatus.NOT_FOUND
        return None if is_wrong and limits.is_guessing(self._app, environ) else document

    def _find(self, environ: WSGIEnvironment, path: str, congress: str, token: str, name: str) -> Document | None:
        try:
            address = Address(_root(self._app, environ), path, environ.get("QUERY_STRING", ""))
            if self._engine is None:
                with self._app.app_context():
                    self._engine = db.engine
            return find(self._app, self._engine, congress=congress, token=token, name=name, address=address)
        except Exception:  # Flask meets it again, and says what it is
            return None

    def _give(
        self, document: Document, environ: WSGIEnvironment, start_response: StartResponse, began_at: float, *, is_secret: bool
    ) -> Iterable[bytes]:
        status, own, body = document.answer(environ)
        request_id = f"{random.getrandbits(48):012x}"
        start_response(_REASONS[status], [*own, *self._headers, ("X-Request-ID", request_id)])  # type: ignore[index]
        spent = time.monotonic() - began_at
        self._app.extensions["metrics"].add("calendars", status, spent)
        # That nothing is new is counted, but no line: thousands of programs ask each hour, and it would cost half as much as the answer.
        if status != HTTPStatus.NOT_MODIFIED and _log.isEnabledFor(logging.INFO):
            rule = "/my/calendar/<token>/<name>.ics" if is_secret else "/<congress>/calendar/<name>.ics"
            told = {"method": environ["REQUEST_METHOD"], "rule": rule, "status": int(status), "ms": round(spent * 1000)}
            _log.info("%s %s %s %d %dms", request_id, *told.values(), extra={**told, "request_id": request_id})
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def find(app: Flask, engine: Engine, *, congress: str, token: str, name: str, address: Address) -> Document:
    """The calendar at an address. Raises NoCalendar, WrongOption."""
    if token:
        return secret_calendars.secret_calendar(app, engine, token, name, address)
    return calendars.public_calendar(app, engine, congress, name, address)


def _root(app: Flask, environ: WSGIEnvironment) -> str:
    """Where the site is: under CONGRESS_SITE_URL where that is set, else under the host of the request."""
    host = get_host(environ, app.config["TRUSTED_HOSTS"])  # raises SecurityError for a host that is not ours
    site = app.config["SITE_URL"] or f"{environ['wsgi.url_scheme']}://{host}"
    return f"{site}{environ.get('SCRIPT_NAME', '')}"


def given(name: str, *, congress: str = "", token: str = "") -> Response:
    """For the views behind the door: the calendar, or the page that says why there is none."""
    app: Any = current_app
    address = Address(_root(app, request.environ), request.path, request.query_string.decode("utf-8", "replace"))
    try:
        return answer(find(app, db.engine, congress=congress, token=token, name=name, address=address))
    except NoCalendar:
        abort(404)
    except WrongOption as wrong:
        return error_page(400, _(
            "There is no option “%(option)s” with this value in the address of this calendar. Possible are: %(languages)s; "
            "tbc=1; alarm= with minutes before the start, at most 10080; free=0 or free=1; format=jcal. In a personal calendar also deadlines=1.",
            option=wrong.option[:40], languages=", ".join(f"lang={each}" for each in (*LANGUAGES, ",".join(LANGUAGES))),
        ))  # fmt: skip


def allowed() -> Response:
    """What a web page of another site may ask of a public calendar (CORS)."""
    response = Response(status=204)
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response
