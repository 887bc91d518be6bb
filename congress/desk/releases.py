"""``/desk/<congress>/releases/``: what a release would change and for whom, releasing, and what was released."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.core.types import LARGEST_ID
from congress.events import notices as event_notices
from congress.programme import queries, services
from congress.programme.forms import ReleaseForm
from congress.programme.models import Release
from congress.programme.releases import Change
from congress.registration import notices
from congress.web import mail, mail_registrations
from congress.web.forms import submitted
from congress.web.language import LANGUAGES

bp = Blueprint("releases", __name__, url_prefix="/<congress>/releases")


def _fingerprint(pending: list[Change]) -> str:
    """Names exactly these changes: what is released must be what was on the page."""
    return hashlib.sha256(repr([(change.before, change.after) for change in pending]).encode()).hexdigest()[:32]


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = ReleaseForm(request.form or None)  # an empty form would take the tick away
    status = 200
    if submitted(form):
        if form.seen.data not in ("", _fingerprint(services.pending_changes(g.congress))):
            flash(_("The draft has changed since you opened this page. Look at the changes below, then release."), "warning")
            status = 409
        else:
            try:
                sentence = _release(form)
            except services.NothingToRelease as refusal:
                flash(str(refusal), "warning")
                status = 409
            else:
                db.session.commit()
                flash(sentence, "success")
                return redirect(url_for(".index"), 303)
    pending = services.pending_changes(g.congress)
    form.seen.data = _fingerprint(pending)
    released = queries.releases(g.congress)
    mails = _mails(pending) if released else None
    return render_template(
        "desk/releases/index.html", form=form, pending=pending, releases=released, mails=mails, languages=LANGUAGES
    ), (422 if form.errors else status)


def _release(form: ReleaseForm) -> str:
    """What has been done, in a sentence."""
    note, moment = Localised(en=form.note_en.data, pl=form.note_pl.data), now()
    release, done = services.release_programme(g.congress, note=note, by=current_user.email, now=moment)
    told = _tell(release, moment) if form.send_mails.data else 0
    sentences = [
        _("Release %(number)d is out.", number=release.number),
        ngettext("%(num)d entry changed.", "%(num)d entries changed.", len(done)),
    ]
    return " ".join([*sentences, *([_queued(told)] if told else [])])


def _tell(release: Release, moment: datetime) -> int:
    """Queue the mails of a release: to delegates, and to those of the public who have signed up; how many. Raises ReleaseReplaced."""
    told = notices.tell_people(g.congress, release, now=moment)
    return told + event_notices.tell_of_release(g.congress, release, now=moment)


def _queued(number: int) -> str:
    return str(ngettext("%(num)d mail is on its way.", "%(num)d mails are on their way.", number))


def _mails(pending: Sequence[Change]) -> dict[str, Any]:
    """How many people get a mail about how many changes each, about which entries all in all, and the longest one to read."""
    told = notices.concerned(g.congress, pending, now=now())
    longest = max(told.values(), key=len, default=[])
    return {
        "people": len(told),
        "spread": sorted(Counter(len(changes) for changes in told.values()).items()),
        "entries": len({change.after.uid for changes in told.values() for change in changes}),
        "examples": {code: _example(longest, code) for code in LANGUAGES} if longest else {},
    }


def _example(changes: Sequence[Change], language: str) -> str:
    return mail.example(notices.TEMPLATE, mail_registrations.example(g.congress, changes, language), language)


@bp.post(f"/<int(max={LARGEST_ID}):number>/send")
def send(number: int) -> ResponseReturnValue:
    """The mails of a release that were held back."""
    release = next((each for each in queries.releases(g.congress) if each.number == number), None)
    if release is None:
        abort(404)
    try:
        told = _tell(release, now())
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        flash(_queued(told) if told else _("There was nobody left to tell."), "success")
    return redirect(url_for(".index"), 303)
