"""``/my/registration/<token>/``: the person's own registration and programme."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.errors import CongressError
from congress.feeds import queries as feed_queries
from congress.feeds import services as feeds
from congress.programme import queries as programme
from congress.programme import search
from congress.registration import queries, rules, services
from congress.registration.models import Registration
from congress.web import links
from congress.web.language import chosen_language

bp = Blueprint("registration", __name__, url_prefix="/registration/<token>")


def _registration(token: str) -> Registration:
    registration = queries.find_by_link(token)
    if registration is None:
        abort(404)
    g.congress = registration.congress
    return registration


@bp.get("/")
def show(token: str) -> ResponseReturnValue:
    registration = _registration(token)
    if not registration.is_live:
        return render_template("my/registration/ended.html", registration=registration), 410
    congress = registration.congress
    person = queries.attendee(registration)
    released = programme.released(congress)
    own = rules.own_programme(released.entries, person)
    offered = [entry for entry in released.entries if rules.may_choose(entry, person) and entry.item not in person.chosen]
    once = {entry.item: entry for entry in reversed(offered)}
    return render_template(
        "my/registration/show.html",
        registration=registration,
        token=token,
        attendee=person,
        released=released,
        days=search.by_day(own, congress.zone),
        offered=list(reversed(once.values())),
        calendar=_calendar(registration),
    )


def _calendar(registration: Registration) -> dict[str, str]:
    """The address of the calendar and of the usual programs' pages that subscribe to it."""
    if feed_queries.live_token(registration) is None:
        begin_writing()
    token = feeds.calendar_token(registration, key=current_app.config["SECRET_KEY"], now=now())
    db.session.commit()
    address = links.absolute("my.calendar.feed", token=token, congress=registration.congress.slug)
    if chosen_language() != registration.delegate.person.language:
        address += f"?lang={chosen_language()}"
    name = registration.congress.names.text(chosen_language())
    return {
        "address": address,
        "webcal": links.webcal(address),
        "google": links.google(address),
        "outlook": links.outlook(address, name),
    }


@bp.post("/choose/<code>")
def choose(token: str, code: str) -> ResponseReturnValue:
    return _change(token, code, lambda registration, item: services.choose(registration, item, now=now()))


@bp.post("/drop/<code>")
def drop(token: str, code: str) -> ResponseReturnValue:
    return _change(token, code, services.drop)


def _change(token: str, code: str, change: object) -> ResponseReturnValue:
    registration = _registration(token)
    item = programme.find_item(registration.congress, code)
    if item is None:
        abort(404)
    try:
        change(registration, item)  # type: ignore[operator]
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        flash(_("Your programme has been changed."), "success")
    return redirect(url_for(".show", token=token), 303)


@bp.post("/withdraw")
def withdraw(token: str) -> ResponseReturnValue:
    registration = _registration(token)
    services.withdraw(registration, now=now())
    feeds.revoke_calendar_tokens(registration, now=now())
    db.session.commit()
    return redirect(url_for(".show", token=token), 303)


@bp.post("/new-calendar-link")
def new_calendar_link(token: str) -> ResponseReturnValue:
    """For a link that came into wrong hands."""
    registration = _registration(token)
    if not registration.is_live:
        abort(410)
    feeds.renew_calendar_token(registration, key=current_app.config["SECRET_KEY"], now=now())
    db.session.commit()
    flash(_("This is your new calendar link. The old one no longer works; remove it from your calendar app."), "success")
    return redirect(url_for(".show", token=token), 303)
