"""``/my/everything/data/``: what is kept about a person at all congresses: to take away, to have erased."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.belongings import privacy, queries
from congress.core.clock import now
from congress.core.db import db
from congress.web import visits

bp = Blueprint("everything_data", __name__, url_prefix="/everything/data")


@bp.get("/")
def show() -> ResponseReturnValue:
    addresses = queries.addresses(visits.current())
    found = queries.belongings(addresses)
    asked = [each.erasure_asked_at for at in found for each in at.registrations]
    return render_template(
        "my/everything/data.html", addresses=addresses, found=found, is_asked=bool(asked) and all(asked)
    )  # fmt: skip


@bp.get("/everything.json")
def download() -> ResponseReturnValue:
    body = json.dumps(privacy.own_data(queries.addresses(visits.current())), ensure_ascii=False, indent=2)
    answer = Response(body, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@bp.post("/erase")
def erase() -> ResponseReturnValue:
    privacy.erase(queries.addresses(visits.current()), now=now())
    db.session.commit()
    flash(
        _("Sign-ups and newsletters have ended. The organisers have your request: all else is erased within 30 days."), "success"
    )
    return redirect(url_for(".show"), 303)
