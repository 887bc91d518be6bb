"""``/my/registration/<token>/documents/``: documents of sessions for those who take part and are confirmed."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from congress.my import opened
from congress.programme import queries as programme
from congress.programme.documents import queries
from congress.registration import documents
from congress.registration.queries import attendee
from congress.web.uploads import given, gives_file

bp = Blueprint("documents", __name__, url_prefix="/registration/<token>/documents")


@bp.get("/")
def index(token: str) -> ResponseReturnValue:
    registration = opened.registration_of(token)
    if not registration.is_live:
        return render_template("my/registration/ended.html", registration=registration, token=token), 410
    released = programme.released(registration.congress)
    entries = {entry.item: entry for entry in reversed(released.entries) if entry.is_listed}
    readable = documents.readable(registration, attendee(registration), released.entries)
    return render_template("my/documents/index.html", registration=registration, token=token, readable=readable, entries=entries)


@bp.get("/<uuid:public_id>")
@gives_file
def show(token: str, public_id: object) -> ResponseReturnValue:
    registration = opened.registration_of(token)
    if not registration.is_live:
        abort(410)
    found = queries.find_to_read(registration.congress, str(public_id))
    person, entries = attendee(registration), programme.released(registration.congress).entries
    if found is None or not documents.may_read(registration, person, found[0].audience, found[1], entries):
        abort(404)
    return given(found[0].file)
