"""``/my/newsletter/<token>/``: confirm the newsletter, and leave it, behind the link in each mail."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from congress.core.clock import now
from congress.core.db import db
from congress.events import newsletter
from congress.events.models import Subscriber
from congress.events.states import SubscriberState
from congress.web.security import csrf

bp = Blueprint("newsletter", __name__, url_prefix="/newsletter/<token>")


def _subscriber(token: str) -> Subscriber:
    subscriber = newsletter.find_by_link(token)
    if subscriber is None:
        abort(404)
    g.congress = subscriber.congress
    return subscriber


@bp.get("/")
def show(token: str) -> ResponseReturnValue:
    """Following the link changes nothing: scanners of mail do."""
    subscriber = _subscriber(token)
    if subscriber.state is SubscriberState.LEFT:
        return render_template("my/newsletter/left.html", subscriber=subscriber), 410
    return render_template("my/newsletter/show.html", subscriber=subscriber, token=token)


@bp.post("/confirm")
def confirm(token: str) -> ResponseReturnValue:
    newsletter.confirm(_subscriber(token), now=now())
    db.session.commit()
    return redirect(url_for(".show", token=token), 303)


@bp.route("/leave", methods=["GET", "POST"])
def leave(token: str) -> ResponseReturnValue:
    """The address of List-Unsubscribe: mail programs POST to it (RFC 8058), people who open it come to the page with the button."""
    subscriber = _subscriber(token)
    if request.method == "GET":
        return redirect(url_for(".show", token=token))
    newsletter.leave(subscriber, now=now())
    db.session.commit()
    if request.form.get("List-Unsubscribe") == "One-Click":
        return "", 200  # redirects are not followed there
    return redirect(url_for(".show", token=token), 303)


csrf.exempt(leave)  # mail providers know no token of ours; the secret link itself is what permits it
