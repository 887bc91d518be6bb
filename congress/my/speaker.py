"""``/my/speaker/<token>/``: a speaker's own words, photo, and what may be shown of both."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict

from congress.core.clock import now
from congress.core.db import db
from congress.core.files import BadUpload
from congress.core.languages import named
from congress.programme.people import photos, queries, services
from congress.programme.people.forms import OwnForm, described
from congress.programme.people.models import Speaker
from congress.programme.vocabulary import PART_LABELS
from congress.web.forms import submitted
from congress.web.uploads import gives_file, shown, takes_files

bp = Blueprint("speaker", __name__, url_prefix="/speaker/<token>")


def _speaker(token: str) -> Speaker:
    """Whom the link belongs to; 410 for one that has ended, 404 for one that never was."""
    speaker = queries.find_by_link(token)
    if speaker is None:
        g.congress = queries.find_congress_of_ended_link(token)
        abort(make_response(render_template("my/speaker/ended.html"), 410) if g.congress else 404)
    g.congress = speaker.congress
    return speaker


@bp.route("/", methods=["GET", "POST"])
@takes_files
def show(token: str) -> ResponseReturnValue:
    speaker = _speaker(token)
    data = {**described(speaker), "may_be_named": speaker.may_be_named, "may_show_photo": speaker.may_show_photo}
    form = OwnForm.within(named(g.congress.languages))(
        CombinedMultiDict([request.form, request.files]) if request.method == "POST" else None, data=data
    )
    if submitted(form) and _save(speaker, form):
        db.session.commit()
        flash(_("Saved. Thank you."), "success")
        return redirect(url_for(".show", token=token), 303)
    page = render_template(
        "my/speaker/show.html",
        form=form,
        speaker=speaker,
        token=token,
        parts=PART_LABELS,
        appearances=queries.appearances(speaker.congress).get(speaker.id, []),
        is_released=speaker.public_id in queries.released_appearances(speaker.congress),
    )
    return page, 422 if form.errors else 200


def _save(speaker: Speaker, form: OwnForm) -> bool:
    """Whether it could be kept; otherwise the reason stands on a field, and nothing is written."""
    moment, sent = now(), form.photo.data
    try:
        photo = photos.check(sent.filename, sent.stream) if sent else None
    except BadUpload as refusal:
        form.add_error("photo", str(refusal))
        return False
    services.describe(speaker, functions=form.functions, biographies=form.biographies)
    if photo is not None:
        services.set_photo(speaker, photo, by=speaker.email, now=moment)
    services.agree(
        speaker, may_be_named=form.may_be_named.data, may_show_photo=form.may_show_photo.data, now=moment
    )  # fmt: skip
    return True


@bp.post("/withdraw")
def withdraw(token: str) -> ResponseReturnValue:
    """Nothing is shown any more from now on."""
    services.agree(_speaker(token), may_be_named=False, may_show_photo=False, now=now())
    return _done(token, _("Your consent is withdrawn. Your page shows nothing any more."))


@bp.post("/photo/delete")
def delete_photo(token: str) -> ResponseReturnValue:
    speaker = _speaker(token)
    services.set_photo(speaker, None, by=speaker.email, now=now())
    return _done(token, _("The photo is deleted."))


def _done(token: str, said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".show", token=token), 303)


@bp.get("/photo")
@gives_file
def photo(token: str) -> ResponseReturnValue:
    speaker = _speaker(token)
    if speaker.photo is None:
        abort(404)
    return shown(speaker.photo)
