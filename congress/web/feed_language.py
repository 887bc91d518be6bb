"""The language of documents that take no other option: ``?lang=``."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.languages import LANGUAGES
from congress.feeds.options import WrongOption, read_options
from congress.web.errors import error_page


def asked_language(congress: Congress) -> str:
    """The language in the address, else the congress's own. Raises WrongOption."""
    own = congress.default_language if congress.default_language in LANGUAGES else "en"
    asked = read_options(request.args.items(multi=True), otherwise=own, known=LANGUAGES, takes={"lang"})
    if len(asked.languages) > 1:
        raise WrongOption("lang")
    return asked.languages[0]


def refuse(_wrong: WrongOption) -> Response:
    """400, with what this address takes."""
    options = ", ".join(f"?lang={language}" for language in LANGUAGES)
    return error_page(400, _("This address takes no options but %(options)s.", options=options))
