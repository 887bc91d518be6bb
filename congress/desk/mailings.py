"""``/desk/<congress>/mails/new``: one mail to many, with its number and three samples before it is sent."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.forms import usable_key
from congress.core.languages import LANGUAGES
from congress.desk import mails, writing
from congress.desk.writing import Known
from congress.outbox import texts
from congress.registration.organising import audiences
from congress.registration.organising.audiences import Audience, Reader
from congress.web import mail_bulk
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
    form = writing.form_for(audience)
    done = writing.read(form, readers, known_of=lambda each: Known(each.email, each.facts))
    if done.is_sent:
        return _send(writing.draft(form), readers, usable_key(form.key.data), {"to": audience, **args})
    return render_template(
        "desk/mails/new.html",
        form=form,
        audience=audience,
        args=args,
        number=len(readers),
        languages={LANGUAGES.get(code, code): sum(each.language == code for each in readers) for code in LANGUAGES},
        samples=done.samples,
        known=writing.placeholders(form),
        may_write=mails.may_write(),
    ), done.status


def _send(draft: Draft, readers: list[Reader], key: str, audience: dict[str, str]) -> ResponseReturnValue:
    number = mail_bulk.send(g.congress, draft, readers, key=key, audience=audience, by=current_user.email, now=now())
    db.session.commit()
    flash(ngettext("%(num)d e-mail is on its way.", "%(num)d e-mails are on their way.", number), "success")
    return redirect(url_for("desk.mails.index", template=mail_bulk.TEMPLATE), 303)
