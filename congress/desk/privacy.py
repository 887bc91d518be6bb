"""``/desk/<congress>/privacy/``: who looked at what is sensitive, what is to be erased, and what has been kept long enough."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.types import LARGEST_ID
from congress.feeds import services as feeds
from congress.programme.people.erasure import KEPT_DAYS
from congress.registration import privacy, queries
from congress.registration.services import Actor
from congress.registration.vocabulary import RETENTION_DAYS, By
from congress.web import purging

bp = Blueprint("privacy", __name__, url_prefix="/<congress>/privacy")


@bp.get("/")
def index() -> ResponseReturnValue:
    asked = privacy.erasures_asked(g.congress)
    return render_template(
        "desk/privacy/index.html",
        looks=privacy.looks(g.congress),
        asked=asked,
        days=RETENTION_DAYS,
        speakers=privacy.speakers_of(g.congress, asked),
        days_of_speakers=KEPT_DAYS,
    )


@bp.post(f"/erase/<int(max={LARGEST_ID}):registration_id>")
def erase(registration_id: int) -> ResponseReturnValue:
    registration = queries.find_registration(g.congress, registration_id)
    if registration is None or registration.erasure_asked_at is None:
        abort(404)
    privacy.erase(registration, actor=Actor(By.ORGANISER, current_user.email), now=now())
    feeds.revoke_calendar_tokens(registration, now=now())
    db.session.commit()
    flash(_("The data of this person are erased."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/purge")
def purge() -> ResponseReturnValue:
    done = purging.purge(g.congress, now=now())
    said = ", ".join(f"{label}: {number}" for label, number in purging.in_words(done))
    flash(_("Deleted: %(what)s", what=said) if done else _("Nothing has been kept long enough to be deleted."), "info")
    return redirect(url_for(".index"), 303)
