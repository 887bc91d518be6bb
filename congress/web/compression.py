"""Pages are compressed for the way, but never where that could give away what stands in them.

Who sees how long compressed answers are, and makes a reader's browser ask for pages with guesses in the address, could find out letter
by letter what else stands there: a form's token, a name (BREACH, https://breachattack.com). So a page that is somebody's, or has a
token in it, is compressed only when the browser says that its own page or the reader's hand asked for it: ``Sec-Fetch-Site`` is
``same-origin`` or ``none``, which no other site can bring about (https://www.w3.org/TR/fetch-metadata/). Browsers that say nothing,
as over plain HTTP, get such pages as they are. Tokens of forms do not help a guesser much either: each is signed anew with the
second it was made in, and only its signature is secret.

What is the same for everybody is compressed for everybody.
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from congress.web.answers import choose_coding, compressed

_KINDS = frozenset({"text/html", "application/json", "text/javascript", "text/csv", "text/plain"})
_SMALLEST = 1000  # bytes; less fits into one packet anyway
_OWN = ("/my/", "/desk/")
_ASKED_BY_THE_READER = frozenset({"same-origin", "none"})


def init_app(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    is_plain = response.mimetype in _KINDS and "Content-Encoding" not in response.headers and "ETag" not in response.headers
    if not is_plain or response.is_streamed or response.direct_passthrough or response.status_code in {204, 206, 304}:
        return response
    response.vary.add("Accept-Encoding")
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    body = response.get_data()
    if not coding or len(body) < _SMALLEST or not _may_be_compressed():
        return response
    response.set_data(compressed(body, coding))
    response.headers["Content-Encoding"] = coding
    return response


def _may_be_compressed() -> bool:
    is_ours = request.path.startswith(_OWN) or g.get("is_preview", False)
    is_secret = is_ours or "csrf_token" in g or request.method not in {"GET", "HEAD"}
    return not is_secret or request.headers.get("Sec-Fetch-Site") in _ASKED_BY_THE_READER
