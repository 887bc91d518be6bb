"""``/desk/<congress>/calendar/``: the organiser's own calendar of the draft."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.feeds import queries, services
from congress.feeds.models import Purpose
from congress.web import links, subscriptions
from congress.web.language import chosen_language

bp = Blueprint("calendar", __name__, url_prefix="/<congress>/calendar")


@bp.get("/")
def index() -> ResponseReturnValue:
    choice = subscriptions.chosen(request.args, subscriptions.PUBLIC)
    congress = g.congress
    if queries.live_draft_token(current_user.id, congress) is None:
        begin_writing()
    token = services.draft_token(current_user, congress, key=current_app.config["SECRET_KEY"], now=now())
    calendar = subscriptions.subscription(
        links.secret_calendar(token, congress.slug, Purpose.DRAFT),
        _("%(congress)s: DRAFT of the programme", congress=congress.names.text(chosen_language())),
        choice.options(subscriptions.PUBLIC, reads=chosen_language(), otherwise=congress.default_language),
    )
    db.session.commit()
    return render_template("desk/calendar/index.html", calendar=calendar, choice=choice, takes=subscriptions.PUBLIC)


@bp.post("/new-link")
def new_link() -> ResponseReturnValue:
    """For a link that came into wrong hands."""
    services.renew_draft_token(current_user, g.congress, key=current_app.config["SECRET_KEY"], now=now())
    db.session.commit()
    flash(_("This is your new calendar link. The old one no longer works; remove it from your calendar app."), "success")
    return redirect(url_for(".index"), 303)
