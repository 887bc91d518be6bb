"""In which language a reader reads: ``?lang=``, then the cookie, then the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import force_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from congress.congresses.models import CongressKind
from congress.core.languages import LANGUAGES, locale_of
from congress.web.print import typography

_YEAR = 365 * 24 * 3600


@contextmanager
def speaking(language: str, kind: CongressKind | None = None) -> Iterator[None]:
    """Sentences, names and dates in this language, whoever asks, and of this kind of congress where it is not that of the page."""
    before = {name: g.pop(name) for name in ("language", "kind") if name in g and (name == "language" or kind is not None)}
    g.language = language
    if kind is not None:
        g.kind = kind
    try:
        with force_locale(locale_of(language)):
            yield
    finally:
        g.pop("language")
        if kind is not None:
            g.pop("kind")
        for name, value in before.items():
            setattr(g, name, value)


def chosen_language() -> str:
    """The code of the reader's language."""
    if not has_request_context() and "language" not in g:
        return "en"
    if "language" not in g:
        asked = request.args.get("lang", "")
        kept = request.cookies.get(current_app.config["LANGUAGE_COOKIE_NAME"], "")
        wanted = asked if asked in LANGUAGES else kept if kept in LANGUAGES else None
        g.language = wanted or request.accept_languages.best_match(list(LANGUAGES)) or "en"
    return str(g.language)


def chosen_locale() -> str:
    """The Babel locale of the reader's language."""
    return locale_of(chosen_language())


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


def calendar_languages() -> dict[str, str]:
    """What a calendar may speak: each language, and all of them, the reader's first."""
    reads = chosen_language()
    together = [LANGUAGES[reads], *(name for code, name in LANGUAGES.items() if code != reads)]
    return {**LANGUAGES, "both": " / ".join(together)}


def _held(say: Callable[..., str]) -> Callable[..., str]:
    """Sentences of pages with spaces at which no line ends; those of mails as text, and all with tags, are as they are."""

    @pass_context
    def said(context: Context, *args: object, **values: object) -> str:
        sentence = say(context, *args, **values)
        if isinstance(sentence, Markup) and "<" not in sentence:
            return Markup(typography.held(str(sentence), chosen_language()))  # noqa: S704  (escaped already)
        return sentence

    return said


def init_app(app: Flask) -> None:
    """After Babel, whose functions for templates are taken over."""
    app.jinja_env.globals |= {
        name: _held(cast(Callable[..., str], app.jinja_env.globals[name])) for name in ("gettext", "ngettext")
    }
    app.add_template_global(calendar_languages)

    @app.context_processor
    def _language() -> dict[str, object]:
        return {"lang": chosen_language(), "language_links": _language_links() if has_request_context() else []}

    @app.after_request
    def _keep_language(response: Response) -> Response:
        asked = request.args.get("lang", "")
        if (
            asked in LANGUAGES
            and asked != request.cookies.get(app.config["LANGUAGE_COOKIE_NAME"])
            and response.mimetype == "text/html"
            and request.method != "OPTIONS"
            and response.status_code < 400
        ):
            response.set_cookie(
                app.config["LANGUAGE_COOKIE_NAME"],
                asked,
                max_age=_YEAR,
                secure=app.config["SESSION_COOKIE_SECURE"],
                httponly=True,
                samesite="Lax",
            )
        return response
