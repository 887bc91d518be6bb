"""``/desk/<congress>/registrations/``: who has registered."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core.errors import NotAllowed
from congress.core.text import fold
from congress.registration import queries
from congress.registration.models import Registration

bp = Blueprint("registrations", __name__, url_prefix="/<congress>/registrations")


@bp.get("/")
def index() -> ResponseReturnValue:
    if not rules.may_see_registrations(current_user.held, g.congress.id):
        raise NotAllowed(_("Your role does not show who has registered."))
    typed = request.args.get("q", "")[:100]
    found = queries.registrations(g.congress)
    shown = [each for each in found if all(part in _searched(each) for part in fold(typed).split())]
    return render_template("desk/registrations/index.html", registrations=shown, total=len(found), typed=typed)


def _searched(registration: Registration) -> str:
    city = registration.delegate.city
    return fold(
        f"{registration.delegate.person.name} {registration.delegate.person.email} {' '.join(city.names.values()) if city else ''}"
    )
