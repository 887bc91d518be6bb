"""``/<congress>/code/``: from the code in a letter of invitation to the city's delegation."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.db import db, lock
from congress.delegates import queries, services
from congress.delegates.forms import CodeForm
from congress.web.forms import submitted

bp = Blueprint("codes", __name__, url_prefix="/<congress>/code")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """A wrong code, one that has ended, and one of another congress get the same answer."""
    form = CodeForm(request.form)
    if submitted(form):
        key = current_app.config["SECRET_KEY"]
        digest = services.code_digest(form.code.data or "", key)
        delegation = queries.find_by_code(g.congress, digest)
        if delegation is not None and lock(delegation).code_digest == digest:  # it may have ended since it was read
            token = services.link_token(delegation, key)
            services.opened(delegation, now=now())
            db.session.commit()
            return redirect(url_for("my.delegation.show", token=token), 303)
        form.add_error("code", _("There is no such code, or it has ended. Compare it with the letter, or ask the organisers."))
    return render_template("public/codes/index.html", form=form), 422 if form.errors else 200
