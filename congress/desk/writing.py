"""Writing one mail to many: the form, what its preview shows, and whether what is sent is what was shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, request
from flask_babel import gettext as _

from congress.core.db import db
from congress.core.forms import usable_key
from congress.core.languages import of_readers
from congress.outbox import texts
from congress.outbox.forms import MailingForm
from congress.outbox.services import NotWanted
from congress.registration.organising.audiences import Reader
from congress.web import mail, mail_bulk, mail_parts, mail_texts
from congress.web.forms import submitted
from congress.web.language import speaking
from congress.web.mail_bulk import Draft


@dataclass(frozen=True)
class Known:
    """What the writer may know of a reader: what stands above the sample, and the facts from which it is made."""

    title: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Written:
    """What came of the form: whether it is to be sent, the samples of its preview (None without one), the status of the page."""

    is_sent: bool = False
    samples: list[dict[str, Any]] | None = None
    status: int = 200


def form_for(audience: str) -> MailingForm:
    """The form for a mail to this audience, as it came."""
    return MailingForm.within(of_readers(g.congress.languages))(
        request.form, known=(*mail_bulk.KNOWN[audience], *mail_parts.ALWAYS), key=str(uuid.uuid4())
    )


def placeholders(form: MailingForm) -> dict[str, Any]:
    """The placeholders that may stand in it, with what each means."""
    return {name: mail_texts.PLACEHOLDERS[name] for name in form.known}


def read(
    form: MailingForm, readers: Sequence[Reader], *, known_of: Callable[[Reader], Known], field: str = "", answers_to: str = ""
) -> Written:
    """First the form; then the same with its number and three samples; then it is sent, if it is what was shown.

    ``known_of`` is what the writer may know of a reader.
    """
    if not submitted(form):
        return Written(status=422 if form.errors else 200)
    words, status = draft(form, field=field, answers_to=answers_to), 200
    print_of = mail_bulk.fingerprint(words, readers)
    if request.form.get("action") == "send" and (readers or texts.find_mailing(usable_key(form.key.data))):
        if form.seen.data == print_of or texts.find_mailing(usable_key(form.key.data)):
            return Written(is_sent=True)
        flash(_("The words or the recipients have changed since the preview. Look at it again, then send."), "warning")
        status = 409
    form.seen.data = print_of
    samples = [_sample(words, each.language, known_of(each)) for each in mail_bulk.samples(readers)]
    db.session.rollback()  # what making the samples would have issued
    return Written(samples=samples, status=status)


def draft(form: MailingForm, *, field: str = "", answers_to: str = "") -> Draft:
    """The words of the form; of a coordinator's, with field and address."""
    return Draft(form.texts("subject"), form.texts("body"), field, answers_to)


def _sample(words: Draft, language: str, known: Known) -> dict[str, Any]:
    """The mail that this reader would get, without what is secret in it."""
    with speaking(language):
        try:
            said = mail_bulk.content_for(words, known.facts, language)
        except NotWanted:
            return {"title": known.title, "language": language, "text": ""}
        assert said.words is not None  # noqa: S101
        text, _page = mail.in_words(said.words, {**said.values, "lang": language}, mail_bulk.TEMPLATE)
    return {"title": known.title, "language": language, "text": mail_texts.masked(text)}
