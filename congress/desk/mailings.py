"""``/desk/<congress>/mails/new``: one mail to many, with its number and three samples before it is sent."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.forms import usable_key
from congress.core.languages import LANGUAGES, of_readers
from congress.desk import mails
from congress.outbox import texts
from congress.outbox.forms import MailingForm
from congress.outbox.services import NotWanted
from congress.registration.organising import audiences
from congress.registration.organising.audiences import Audience, Reader
from congress.web import mail, mail_bulk, mail_parts, mail_texts
from congress.web.forms import submitted
from congress.web.language import speaking
from congress.web.mail_bulk import Draft

bp = Blueprint("mailings", __name__, url_prefix="/<congress>/mails")


@bp.get("/sent")
def sent() -> ResponseReturnValue:
    """Mails to many that were sent, the latest first."""
    mailings = texts.mailings(g.congress.id)
    return render_template(
        "desk/mails/mailings.html", mailings=mailings, progress=texts.progress(mailings), may_write=mails.may_write()
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """First the form; then the same with the number and three samples; then it is queued, if it is what was shown."""
    audience = Audience(request.args["to"]) if request.args.get("to") in set(Audience) else Audience.REGISTRATIONS
    args = {name: value[:5000] for name, value in request.args.items() if name not in ("to", "lang")}
    readers = audiences.readers(g.congress, audience, args)
    form = MailingForm.within(of_readers(g.congress.languages))(
        request.form, known=(*mail_bulk.KNOWN[audience], *mail_parts.ALWAYS), key=str(uuid.uuid4())
    )
    key = usable_key(form.key.data)
    shown, status = None, 200
    if submitted(form):
        draft = _draft(form)
        print_of = mail_bulk.fingerprint(draft, readers)
        if request.form.get("action") == "send" and readers:
            if form.seen.data == print_of or texts.find_mailing(key):
                return _send(draft, readers, key, {"to": audience, **args})
            flash(_("The words or the recipients have changed since the preview. Look at it again, then send."), "warning")
            status = 409
        form.seen.data = print_of
        shown = [_sample(draft, each) for each in mail_bulk.samples(readers)]
        db.session.rollback()  # what making the samples would have issued
    return render_template(
        "desk/mails/new.html",
        form=form,
        audience=audience,
        args=args,
        number=len(readers),
        languages={LANGUAGES.get(code, code): sum(each.language == code for each in readers) for code in LANGUAGES},
        samples=shown,
        known={name: mail_texts.PLACEHOLDERS[name] for name in form.known},
        may_write=mails.may_write(),
    ), (422 if form.errors else status)


def _draft(form: MailingForm) -> Draft:
    return Draft(form.texts("subject"), form.texts("body"))


def _sample(draft: Draft, reader: Reader) -> dict[str, Any]:
    """The mail that this reader would get, without what is secret in it."""
    with speaking(reader.language):
        try:
            said = mail_bulk.content_for(draft, reader.facts, reader.language)
        except NotWanted:
            return {"email": reader.email, "language": reader.language, "text": ""}
        assert said.words is not None  # noqa: S101
        text, _page = mail.in_words(said.words, {**said.values, "lang": reader.language}, mail_bulk.TEMPLATE)
    return {"email": reader.email, "language": reader.language, "text": mail_texts.masked(text)}


def _send(draft: Draft, readers: list[Reader], key: str, audience: dict[str, str]) -> ResponseReturnValue:
    number = mail_bulk.send(g.congress, draft, readers, key=key, audience=audience, by=current_user.email, now=now())
    db.session.commit()
    flash(ngettext("%(num)d e-mail is on its way.", "%(num)d e-mails are on their way.", number), "success")
    return redirect(url_for("desk.mails.index", template=mail_bulk.TEMPLATE), 303)
