"""``/desk/<congress>/speakers/``: who speaks and chairs, what they agreed to, their links, and one person entered twice."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.files import BadUpload
from congress.core.types import LARGEST_ID
from congress.desk import choices
from congress.networks import queries as networks
from congress.programme.people import erasure, forms, photos, queries, services
from congress.programme.people.models import Speaker
from congress.programme.people.services import Words
from congress.programme.planning import availability
from congress.programme.planning.availability_forms import AbsencesForm
from congress.programme.planning.spans import Unreadable, read_spans, written_spans
from congress.programme.vocabulary import PART_LABELS
from congress.web.forms import sent_number, submitted
from congress.web.uploads import gives_file, shown, takes_files

_ONE = f"/<int(max={LARGEST_ID}):speaker_id>"

bp = Blueprint("speakers", __name__, url_prefix="/<congress>/speakers")


@bp.get("/")
def index() -> ResponseReturnValue:
    found = queries.speakers(g.congress)
    return render_template(
        "desk/speakers/index.html",
        speakers=found,
        appearances=queries.appearances(g.congress),
        doubles=queries.doubles(found),
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = _form(None)
    if submitted(form):
        made = services.add(g.congress, _words(form))
        db.session.commit()
        flash(
            _("Added. Send the speaker their personal link, so that they can agree to be named and to have their photo shown."),
            "success",
        )
        return redirect(url_for(".show", speaker_id=made.id), 303)
    return render_template("desk/speakers/edit.html", form=form, speaker=None), 422 if form.errors else 200


@bp.get(_ONE)
def show(speaker_id: int) -> ResponseReturnValue:
    speaker = _speaker(speaker_id)
    return _page(speaker, forms.PhotoForm())


def _page(speaker: Speaker, photo: forms.PhotoForm) -> str:
    appearances = queries.appearances(g.congress).get(speaker.id, [])
    return render_template("desk/speakers/show.html", speaker=speaker, appearances=appearances, form=photo, parts=PART_LABELS)


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
def edit(speaker_id: int) -> ResponseReturnValue:
    speaker = _speaker(speaker_id)
    form, status = _form(speaker), 200
    if submitted(form):
        try:
            services.change(speaker, _words(form), seen=sent_number("version"))
        except services.ChangedMeanwhile as refusal:
            db.session.rollback()
            speaker, status = _speaker(speaker_id), 409
            form.version.raw_data, form.version.data = [str(speaker.version)], str(speaker.version)
            flash(str(refusal), "warning")
        else:
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".show", speaker_id=speaker_id), 303)
    return render_template("desk/speakers/edit.html", form=form, speaker=speaker), 422 if form.errors else status


@bp.route(f"{_ONE}/absences", methods=["GET", "POST"])
def absences(speaker_id: int) -> ResponseReturnValue:
    """When the speaker is not there."""
    speaker, status = _speaker(speaker_id), 200
    known = availability.absences(g.congress, speaker)
    data = {"away": written_spans(known, g.congress.zone), "seen": availability.fingerprint(known)}
    form = AbsencesForm(request.form or None, data=data)
    if submitted(form):
        try:
            spans = read_spans(form.away.data or "", g.congress.zone)
            availability.set_absences(g.congress, speaker, spans, seen=form.seen.data or "")
        except Unreadable as refusal:
            db.session.rollback()
            form.add_error("away", str(refusal))
        except availability.ChangedMeanwhile as refusal:
            db.session.rollback()
            form.seen.data, status = availability.fingerprint(availability.absences(g.congress, _speaker(speaker_id))), 409
            flash(str(refusal), "warning")
        else:
            return _done(speaker_id, _("Saved. Conflicts are found with it from now on."))
    page = render_template("desk/speakers/absences.html", form=form, speaker=_speaker(speaker_id))
    return page, 422 if form.errors else status


@bp.get(f"{_ONE}/photo")
@gives_file
def photo(speaker_id: int) -> ResponseReturnValue:
    speaker = _speaker(speaker_id)
    if speaker.photo is None:
        abort(404)
    return shown(speaker.photo)


@bp.post(f"{_ONE}/photo")
@takes_files
def set_photo(speaker_id: int) -> ResponseReturnValue:
    speaker = _speaker(speaker_id)
    form = forms.PhotoForm(request.files)
    try:
        sent = form.photo.data
        checked = photos.check(sent.filename, sent.stream) if sent else None
    except BadUpload as refusal:
        form.add_error("photo", str(refusal))
        return _page(speaker, form), 422
    if checked is None:
        form.add_error("photo", _("Choose a picture first."))
        return _page(speaker, form), 422
    services.set_photo(speaker, checked, by=current_user.email, now=now())
    return _done(speaker_id, _("The photo is kept. It is shown once the speaker agrees."))


@bp.post(f"{_ONE}/photo/delete")
def delete_photo(speaker_id: int) -> ResponseReturnValue:
    services.set_photo(_speaker(speaker_id), None, by=current_user.email, now=now())
    return _done(speaker_id, _("The photo is deleted."))


@bp.post(f"{_ONE}/send-link")
def send_link(speaker_id: int) -> ResponseReturnValue:
    speaker = _speaker(speaker_id)
    services.link_token(speaker, current_app.config["SECRET_KEY"])
    try:
        services.send_link(speaker, now=now())
    except services.NoAddress as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
        return redirect(url_for(".edit", speaker_id=speaker_id), 303)
    return _done(speaker_id, _("The link is on its way to %(address)s.", address=speaker.email))


@bp.post(f"{_ONE}/new-link")
def new_link(speaker_id: int) -> ResponseReturnValue:
    """The link ends, because it came into wrong hands."""
    services.renew_link(_speaker(speaker_id))
    return _done(speaker_id, _("The link has ended. Send a new one."))


@bp.route(f"{_ONE}/merge", methods=["GET", "POST"])
def merge(speaker_id: int) -> ResponseReturnValue:
    """Make this entry and another one of the same person one."""
    speaker = _speaker(speaker_id)
    form = forms.MergeForm(request.form, double=request.args.get("double", ""))
    form.offer([(key, name) for key, name in choices.speakers(g.congress) if key != str(speaker_id)])
    if submitted(form):
        try:
            services.merge(speaker, _speaker(int(form.double.data)), by=current_user.email, now=now())
        except CongressError as refusal:
            db.session.rollback()
            form.add_error("double", str(refusal))
        else:
            return _done(speaker_id, _("The two entries are one now."))
    page = render_template("desk/speakers/merge.html", form=form, speaker=_speaker(speaker_id))
    return page, 422 if form.errors else 200


@bp.post(f"{_ONE}/delete")
def delete(speaker_id: int) -> ResponseReturnValue:
    erasure.erase(_speaker(speaker_id), by=current_user.email, now=now())
    db.session.commit()
    flash(
        _("The speaker is deleted, also from the draft and its history, and named in the released programme no more."), "success"
    )
    return redirect(url_for(".index"), 303)


def _done(speaker_id: int, said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".show", speaker_id=speaker_id), 303)


def _speaker(speaker_id: int) -> Speaker:
    speaker = queries.find_speaker(g.congress, speaker_id)
    if speaker is None:
        abort(404)
    return speaker


def _form(speaker: Speaker | None) -> forms.SpeakerForm:
    data = {"language": "en"}
    if speaker is not None:
        data = {
            **forms.described(speaker),
            "version": str(speaker.version),
            "name": speaker.name,
            "email": speaker.email,
            "language": speaker.language,
            "city": speaker.city.slug if speaker.city else "",
        }
    form = forms.SpeakerForm.within(choices.languages(g.congress))(request.form, data=data)
    form.offer(choices.languages(g.congress), choices.cities(g.congress, speaker.city if speaker else None))
    return form


def _words(form: forms.SpeakerForm) -> Words:
    return Words(
        name=form.name.data,
        functions=form.functions,
        biographies=form.biographies,
        email=form.email.data or "",
        language=form.language.data,
        city=networks.find_city(form.city.data) if form.city.data else None,
    )
