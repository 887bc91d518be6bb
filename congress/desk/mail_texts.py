"""``/desk/<congress>/mails/texts/``: how the congress words its mails."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from markupsafe import Markup

from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.languages import LANGUAGES
from congress.desk import mails
from congress.outbox import texts, wording
from congress.outbox.forms import MailTextForm
from congress.web import mail_texts
from congress.web.forms import submitted
from congress.web.mail_contents import CONTENTS, EDITABLE

bp = Blueprint("mail_texts", __name__, url_prefix="/<congress>/mails/texts")


@bp.get("/")
def index() -> ResponseReturnValue:
    fixed = [each for each in CONTENTS.values() if each.fixed]
    own = texts.texts(g.congress.id)
    return render_template("desk/mails/texts.html", editable=EDITABLE, fixed=fixed, languages=LANGUAGES, texts=own)


@bp.route("/<template>/<language>", methods=["GET", "POST"])
def edit(template: str, language: str) -> ResponseReturnValue:
    if template not in EDITABLE or language not in LANGUAGES:
        abort(404)
    if request.method == "POST":
        lock(g.congress)
    mail, kept = EDITABLE[template], texts.find_text(g.congress.id, template, language)
    ours = mail_texts.our_words(g.congress, template, language)
    form = MailTextForm(request.form, obj=kept or ours, was=texts.seen(kept), known=mail.known, needed=mail.needed)
    preview = theirs = None
    if submitted(form):
        if request.form.get("action") != "preview":
            words = {"subject": form.subject.data, "body": form.body.data, "was": form.was.data or ""}
            try:
                texts.word(g.congress.id, template, language, **words, by=current_user.email, now=now())
            except texts.WordsChanged as refusal:
                form.form_errors.append(str(refusal))
                form.was.data, theirs = texts.seen(kept), kept
            else:
                db.session.commit()
                flash(_("The e-mail goes out with these words from now on."), "success")
                return redirect(url_for(".edit", template=template, language=language), 303)
        else:
            preview = _preview(form, template, language)
    return render_template(
        "desk/mails/text.html",
        form=form,
        label=mail.label,
        known={name: mail_texts.PLACEHOLDERS[name] for name in mail.known},
        needed=mail.needed,
        kept=kept,
        theirs=theirs,
        ours=ours,
        preview=preview,
        language=language,
        language_name=LANGUAGES[language],
        may_write=mails.may_write(),
    ), (422 if form.errors else 200)


def _preview(form: MailTextForm, template: str, language: str) -> dict[str, str]:
    values = mail_texts.examples(g.congress, template, language)
    return {
        "subject": wording.fill_line(form.subject.data or "", values),
        "text": wording.fill(form.body.data or "", values),
        "html": Markup(wording.to_html(form.body.data or "", values)),  # noqa: S704  (escaped there)
    }


@bp.post("/<template>/<language>/ours")
def ours(template: str, language: str) -> ResponseReturnValue:
    if template not in EDITABLE or language not in LANGUAGES:
        abort(404)
    texts.unword(g.congress.id, template, language)
    db.session.commit()
    flash(_("The e-mail goes out with our words again."), "success")
    return redirect(url_for(".edit", template=template, language=language), 303)
