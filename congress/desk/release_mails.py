"""``/desk/<congress>/releases/mails/``: mails about releases that wait: what they would say, sending, holding back, the quiet time."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from congress.core.clock import now
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.languages import LANGUAGES
from congress.programme import telling
from congress.programme.publishing import queries as published
from congress.programme.publishing import services as publishing
from congress.programme.publishing.forms import QuietForm
from congress.registration import notices
from congress.web import mail, mail_registrations, release_words
from congress.web import publishing as releasing
from congress.web.forms import sent_number, submitted
from congress.web.impact import impact

bp = Blueprint("release_mails", __name__, url_prefix="/<congress>/releases/mails")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = QuietForm(request.form or None, data={"minutes": g.congress.quiet_minutes})
    if submitted(form):
        lock(g.congress).quiet_minutes = form.minutes.data
        db.session.commit()
        flash(_("The quiet time is saved. It holds for releases from now on."), "success")
        return redirect(url_for(".index"), 303)
    untold = published.untold(g.congress)
    changes = telling.changes_of(g.congress, untold) if untold else []
    touched = impact(g.congress, changes, now=now())
    examples = {
        code: mail.example(notices.TEMPLATE, mail_registrations.example(g.congress, touched.longest, code), code)
        for code in LANGUAGES if touched.longest
    }  # fmt: skip
    return render_template(
        "desk/releases/mails.html", form=form, untold=untold, pending=changes, touched=touched, examples=examples,
        tell_at=min((each.tell_at for each in untold if each.tell_at), default=None), languages=LANGUAGES,
        differences={change.after.uid: release_words.differences(change, g.congress.zone) for change in changes},
    ), (422 if form.errors else 200)  # fmt: skip


@bp.post("/send")
def send() -> ResponseReturnValue:
    """What waits or was held back leaves now."""
    release = published.find_release(g.congress, sent_number("number"))
    if release is None:
        abort(404)
    try:
        told = releasing.tell(g.congress, release, now=now())
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        said = ngettext("%(num)d mail is on its way.", "%(num)d mails are on their way.", told)
        flash(said if told else _("There was nobody left to tell."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/stop")
def stop() -> ResponseReturnValue:
    """What waits for its time is held back."""
    stopped = publishing.stop_mails(g.congress)
    db.session.commit()
    flash(_("The mails are held back.") if stopped else _("No mails wait any more."), "success" if stopped else "warning")
    return redirect(url_for(".index"), 303)


@bp.post("/drop")
def drop() -> ResponseReturnValue:
    """Nobody is ever told of what was held back, as far as it stood on the page."""
    dropped = publishing.tell_nobody(g.congress, sent_number("number"))
    db.session.commit()
    flash(
        _("Nobody gets a mail about these changes.") if dropped else _("No mails wait any more."),
        "success" if dropped else "warning",
    )
    return redirect(url_for(".index"), 303)
