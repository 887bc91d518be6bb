"""``/my/registration/<token>/data/``: what is kept about the person: to see, to take away, to have erased."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.db import db
from congress.registration import privacy, queries
from congress.registration.models import Registration
from congress.registration.vocabulary import RETENTION_DAYS, Retention

bp = Blueprint("data", __name__, url_prefix="/registration/<token>/data")


def _registration(token: str) -> Registration:
    """Also of somebody who has left or was replaced: the own data are still there, and the link leads to nothing else any more."""
    registration = queries.find_by_link(token)
    if registration is None or registration.erased_at is not None:
        abort(404)
    g.congress = registration.congress
    return registration


@bp.get("/")
def show(token: str) -> ResponseReturnValue:
    registration = _registration(token)
    return render_template(
        "my/data/show.html", registration=registration, token=token, days=RETENTION_DAYS, classes=list(Retention)
    )


@bp.get("/everything.json")
def download(token: str) -> ResponseReturnValue:
    registration = _registration(token)
    body = json.dumps(privacy.own_data(registration), ensure_ascii=False, indent=2)
    answer = Response(body, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{registration.congress.slug}-my-data.json"'
    return answer


@bp.post("/erase")
def erase(token: str) -> ResponseReturnValue:
    privacy.ask_for_erasure(_registration(token), now=now())
    db.session.commit()
    flash(_("The organisers have your request. Your data are erased within 30 days."), "success")
    return redirect(url_for(".show", token=token), 303)
