"""``/desk/<congress>/offerings/``: what cities offer to present; organisers choose, place and decline."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.types import LARGEST_ID
from congress.desk import choices
from congress.programme import queries as programme
from congress.programme.offerings import queries, services
from congress.programme.offerings.forms import KIND_LABELS, ChooseForm, OfferingForm, RefusalForm, shown
from congress.programme.offerings.models import Offering
from congress.programme.vocabulary import OfferingState
from congress.web.forms import sent_number, submitted

_ONE = f"/<int(max={LARGEST_ID}):offering_id>"

bp = Blueprint("offerings", __name__, url_prefix="/<congress>/offerings")


@bp.get("/")
def index() -> ResponseReturnValue:
    asked = request.args.get("state", "")
    state = OfferingState(asked) if asked in set(OfferingState) else None
    return render_template(
        "desk/offerings/index.html",
        offerings=queries.offerings(g.congress, state),
        counts=queries.counts(g.congress),
        state=state,
        states=list(OfferingState),
        kinds=KIND_LABELS,
    )


@bp.get(_ONE)
def show(offering_id: int) -> ResponseReturnValue:
    offering = _offering(offering_id)
    data = {"item": offering.item.code if offering.item else request.args.get("item", ""), "minutes": offering.minutes}
    return _page(offering, ChooseForm(data=data), RefusalForm(data={"reason": offering.reason}))


def _page(offering: Offering, form: ChooseForm, refusal: RefusalForm) -> str:
    form.offer(choices.items(g.congress))
    return render_template("desk/offerings/show.html", offering=offering, form=form, refusal=refusal, kinds=KIND_LABELS)


@bp.route(f"{_ONE}/words", methods=["GET", "POST"])
def words(offering_id: int) -> ResponseReturnValue:
    """Title and description in each language of the congress: cities write in those that they know."""
    offering = _offering(offering_id)
    form = OfferingForm.within(choices.languages(g.congress))(request.form or None, data=shown(offering))
    for name in ("kind", "field", "presenter", "minutes", "website"):
        del form[name]
    status = 200
    if submitted(form):
        titles, said, seen = (
            form.texts("title", offering.titles),
            form.texts("description", offering.descriptions),
            sent_number("version"),
        )
        try:
            services.reword(offering, titles, said, seen=seen, by=current_user.email, now=now())
        except services.Decided as refusal:
            return _refused(offering_id, refusal)
        except services.ChangedMeanwhile:
            db.session.rollback()
            offering, status = _offering(offering_id), 409
            form.version.data = str(offering.version)
            flash(
                _("Somebody else has changed this in the meantime. Below is what you entered; send it again to keep it."),
                "warning",
            )
        else:
            db.session.commit()
            flash(_("Saved. Readers see it in the session after the next release."), "success")
            return redirect(url_for(".show", offering_id=offering_id), 303)
    return render_template("desk/offerings/words.html", form=form, offering=offering), 422 if form.errors else status


@bp.post(f"{_ONE}/choose")
def choose(offering_id: int) -> ResponseReturnValue:
    offering = _offering(offering_id)
    form = ChooseForm(request.form)
    form.offer(choices.items(g.congress))
    if not submitted(form):
        return _page(offering, form, RefusalForm()), 422
    item = programme.find_item(g.congress, form.item.data) if form.item.data else None
    minutes, seen = form.minutes.data or offering.minutes, sent_number("version")
    said = _("Chosen. The city is told; readers see it in the session after the next release.")
    return _answered(
        offering_id,
        lambda: services.choose(offering, item, minutes=minutes, seen=seen, by=current_user.email, now=now()),
        said,
    )


@bp.post(f"{_ONE}/decline")
def decline(offering_id: int) -> ResponseReturnValue:
    offering = _offering(offering_id)
    form = RefusalForm(request.form)
    if not submitted(form):
        return _page(offering, ChooseForm(data={"minutes": offering.minutes}), form), 422
    return _answered(
        offering_id,
        lambda: services.decline(offering, form.reason.data, seen=sent_number("version"), by=current_user.email, now=now()),
        _("Declined. The city is told why."),
    )


def _answered(offering_id: int, do: Callable[[], None], said: str) -> ResponseReturnValue:
    try:
        do()
    except CongressError as refusal:
        return _refused(offering_id, refusal)
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".index"), 303)


def _refused(offering_id: int, refusal: CongressError) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(refusal), "warning")
    return redirect(url_for(".show", offering_id=offering_id), 303)


def _offering(offering_id: int) -> Offering:
    offering = queries.find_offering(g.congress, offering_id)
    if offering is None:
        abort(404)
    return offering
