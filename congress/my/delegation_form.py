"""``/my/delegation/<token>/people/<id>/form/<step>``: the focal point fills in the form for somebody of the delegation."""

from __future__ import annotations

from flask import Blueprint, abort, g, url_for
from flask.typing import ResponseReturnValue

from congress.core.types import LARGEST_ID
from congress.delegates.vocabulary import Step
from congress.my import delegation_pages as pages
from congress.my import filling
from congress.my.filling import Filler
from congress.registration import queries
from congress.registration.services import FOCAL_POINT
from congress.web.uploads import takes_files

bp = Blueprint("delegation_form", __name__, url_prefix=f"/delegation/<token>/people/<int(max={LARGEST_ID}):registration_id>/form")


@bp.route("/<any(identity, role, travel, needs):step>", methods=["GET", "POST"])
@takes_files
def show(token: str, registration_id: int, step: str) -> ResponseReturnValue:
    """What the person has told in confidence is not shown; what the focal point writes replaces it."""
    delegation = pages.find(token)
    registration = queries.find_registration(delegation.congress, registration_id)
    if registration is None or registration.delegate.delegation_id != delegation.id:
        abort(404)
    if not registration.is_live:
        abort(410)
    g.congress = registration.congress
    filler = Filler(
        registration,
        FOCAL_POINT,
        is_person=False,
        address=lambda each: url_for(".show", token=token, registration_id=registration_id, step=each.value),
        home=url_for("my.delegation.show", token=token),
    )
    return filling.fill(filler, Step(step))
