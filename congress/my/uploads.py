"""``/my/registration/<token>/uploads/…``: a person gets back a file that was sent with the form."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from congress.my import opened
from congress.registration.questions import uploads
from congress.web.uploads import given, gives_file

bp = Blueprint("uploads", __name__, url_prefix="/registration/<token>/uploads")


@bp.get("/<uuid:public_id>")
@gives_file
def show(token: str, public_id: object) -> ResponseReturnValue:
    registration = opened.registration_of(token)
    if not registration.is_live:
        abort(410)
    upload = uploads.find_upload(registration, str(public_id))
    if upload is None:
        abort(404)
    return given(upload)
