"""``/desk/<congress>/copy/``: this congress as the start of the next one."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules as accounts
from congress.accounts import services
from congress.accounts.rules import Held, RoleKind
from congress.congresses.copying import CannotCopy, Wanted
from congress.congresses.forms import CopyForm
from congress.core.clock import now
from congress.core.db import db
from congress.desk import choices
from congress.registration import copying
from congress.web.forms import submitted
from congress.web.signing.browsers import here

bp = Blueprint("copy", __name__, url_prefix="/<congress>/copy")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    form = CopyForm.within(choices.languages(g.congress))(request.form or None)
    if submitted(form) and form.starts_on.data is not None:
        wanted = Wanted(
            form.slug.data or "",
            form.texts("name"),
            form.texts("long_name"),
            form.starts_on.data,
        )
        try:
            done = copying.copy_congress(g.congress, wanted, by=current_user.email, now=now())
        except CannotCopy as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            _let_in(done.congress.id)
            db.session.commit()
            flash(
                _(
                    "The congress is made, with %(number)d entries in its draft. Nobody sees them before the first release.",
                    number=done.placements,
                ),
                "success",
            )
            return redirect(url_for("desk.home.show", congress=done.congress.slug), 303)
    return render_template("desk/copy/index.html", form=form), 422 if form.errors else 200


def _let_in(congress_id: int) -> None:
    """Whoever makes the copy works on it: others are let in from there."""
    if not accounts.may_edit_programme(current_user.held, congress_id):
        services.give_role(current_user, Held(RoleKind.ORGANISER, congress_id), by=current_user.email, keeps=here().id, now=now())
