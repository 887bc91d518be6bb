"""``/desk/<congress>/uploads/…``: organisers get what people and cities sent; a look at what is sensitive is logged."""

from __future__ import annotations

from flask import Blueprint, abort, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.errors import NotAllowed
from congress.registration import privacy, queries
from congress.registration.questions import uploads
from congress.registration.questions.models import Upload
from congress.web.uploads import given, gives_file

bp = Blueprint("uploads", __name__, url_prefix="/<congress>/uploads")


@bp.get("/<uuid:public_id>")
@gives_file
def show(public_id: object) -> ResponseReturnValue:
    upload = uploads.find_of_congress(g.congress, str(public_id))
    if upload is None:
        abort(404)
    if uploads.is_sensitive(upload):
        if not rules.may_see_sensitive(current_user.held, g.congress.id):
            raise NotAllowed(_("Your role does not show what is sensitive."))
        upload = _looked_at(str(public_id))
    return given(upload)


def _looked_at(public_id: str) -> Upload:
    """The file, once the look at it is written down."""
    begin_writing()
    upload = uploads.find_of_congress(g.congress, public_id)
    if upload is None or upload.registration_id is None:
        abort(404)
    registration = queries.get_registration(upload.registration_id)
    privacy.log_look(
        g.congress, registration, account_id=current_user.id, account=current_user.email, what="file", now=now()
    )  # fmt: skip
    db.session.commit()
    return upload
