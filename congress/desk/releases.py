"""``/desk/<congress>/releases/``: what a release would change, releasing, and what was released."""

from __future__ import annotations

import hashlib

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries, services
from congress.programme.forms import ReleaseForm
from congress.programme.releases import Change
from congress.web.forms import submitted

bp = Blueprint("releases", __name__, url_prefix="/<congress>/releases")


def _fingerprint(pending: list[Change]) -> str:
    """Names exactly these changes: what is released must be what was on the page."""
    return hashlib.sha256(repr([(change.before, change.after) for change in pending]).encode()).hexdigest()[:32]


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = ReleaseForm(request.form)
    status = 200
    if submitted(form):
        pending = services.pending_changes(g.congress)
        if form.seen.data not in ("", _fingerprint(pending)):
            flash(_("The draft has changed since you opened this page. Look at the changes below, then release."), "warning")
            status = 409
        else:
            try:
                release, done = services.release_programme(
                    g.congress, note=Localised(en=form.note_en.data, pl=form.note_pl.data), by=current_user.email, now=now()
                )
            except services.NothingToRelease as refusal:
                flash(str(refusal), "warning")
                status = 409
            else:
                db.session.commit()
                flash(_("Release %(number)d is out.", number=release.number) + " "
                      + ngettext("%(num)d entry changed.", "%(num)d entries changed.", len(done)), "success")  # fmt: skip
                return redirect(url_for(".index"), 303)
    pending = services.pending_changes(g.congress)
    form.seen.data = _fingerprint(pending)
    return render_template("desk/releases/index.html", form=form, pending=pending, releases=queries.releases(g.congress)), (
        422 if form.errors else status
    )
