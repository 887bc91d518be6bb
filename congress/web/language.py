"""In which language a reader reads: ``?lang=``, then the cookie, then the browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from flask import Flask, Response, g, has_request_context, request
from flask_babel import force_locale

LANGUAGES = {"en": "English", "pl": "Polski"}
# Dates and numbers follow Britain: the sources' English is British.
_LOCALES = {"en": "en_GB", "pl": "pl"}
_COOKIE = "language"
_YEAR = 365 * 24 * 3600


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Sentences, names and dates in this language, whoever asks: for mails and feeds."""
    before = g.pop("language", None)
    g.language = language
    try:
        with force_locale(_LOCALES.get(language, language)):
            yield
    finally:
        g.pop("language")
        if before is not None:
            g.language = before


def chosen_language() -> str:
    """The code of the reader's language."""
    if not has_request_context() and "language" not in g:
        return "en"
    if "language" not in g:
        asked = request.args.get("lang", "")
        kept = request.cookies.get(_COOKIE, "")
        wanted = asked if asked in LANGUAGES else kept if kept in LANGUAGES else None
        g.language = wanted or request.accept_languages.best_match(list(LANGUAGES)) or "en"
    return str(g.language)


def chosen_locale() -> str:
    """The Babel locale of the reader's language."""
    return _LOCALES.get(chosen_language(), chosen_language())


def _language_links() -> list[tuple[str, str, str, bool]]:
    """For the language switch: code, name, address of this page in it, whether it is the current one."""
    if request.method not in {"GET", "HEAD"}:
        return [(code, name, f"?lang={code}", code == chosen_language()) for code, name in LANGUAGES.items()]
    links = []
    for code, name in LANGUAGES.items():
        args = request.args.copy()
        args["lang"] = code
        links.append((code, name, f"{request.path}?{urlencode(list(args.items(multi=True)))}", code == chosen_language()))
    return links


def init_app(app: Flask) -> None:
    @app.context_processor
    def _language() -> dict[str, object]:
        return {"lang": chosen_language(), "language_links": _language_links() if has_request_context() else []}

    @app.after_request
    def _keep_language(response: Response) -> Response:
        asked = request.args.get("lang", "")
        if (
            asked in LANGUAGES
            and asked != request.cookies.get(_COOKIE)
            and response.mimetype == "text/html"
            and request.method != "OPTIONS"
            and response.status_code < 400
        ):
            response.set_cookie(
                _COOKIE, asked, max_age=_YEAR, secure=app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax"
            )
        return response
