"""``/my/sign-ups/<token>/``: somebody's sign-up for a public event, behind the mailed link."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.events import queries, rules, services
from congress.events.forms import PeopleForm
from congress.events.models import SignUp
from congress.events.states import ENDED
from congress.web.forms import submitted

bp = Blueprint("sign_ups", __name__, url_prefix="/sign-ups/<token>")


def _sign_up(token: str) -> SignUp:
    sign_up = queries.find_by_link(token)
    if sign_up is None:
        abort(404)
    g.congress = sign_up.item.congress
    return sign_up


@bp.get("/")
def show(token: str) -> ResponseReturnValue:
    sign_up = _sign_up(token)
    return _page(sign_up, token, _form(sign_up))


def _form(sign_up: SignUp) -> PeopleForm:
    form = PeopleForm(request.form, people=str(sign_up.people))
    form.offer(max(sign_up.item.most_per_sign_up, sign_up.people))
    return form


def _page(sign_up: SignUp, token: str, form: PeopleForm) -> ResponseReturnValue:
    """The sign-up; of one that has ended only that, and what the event is. Following the link changes nothing: scanners of mail do."""
    congress, item = sign_up.item.congress, sign_up.item
    found = queries.occurrences(item)
    values = {"sign_up": sign_up, "title": found[0].titles if found else item.titles, "way": queries.way_in(item, now=now())}
    if sign_up.state in ENDED:
        return render_template("my/sign_ups/ended.html", **values), 410
    page = render_template(
        "my/sign_ups/show.html",
        token=token,
        occurrences=found,
        takes_place=rules.takes_place(found, now(), congress.zone),
        position=queries.position(sign_up),
        confirm_by=sign_up.signed_up_at + rules.CONFIRM_WITHIN,
        form=form,
        **values,
    )
    return page, 422 if form.errors else 200


@bp.post("/confirm")
def confirm(token: str) -> ResponseReturnValue:
    return _change(token, lambda sign_up: services.confirm(sign_up, now=now()))


@bp.post("/accept")
def accept(token: str) -> ResponseReturnValue:
    return _change(token, lambda sign_up: services.accept(sign_up, now=now()))


@bp.post("/cancel")
def cancel(token: str) -> ResponseReturnValue:
    return _change(token, lambda sign_up: services.cancel(sign_up, now=now()))


@bp.post("/people")
def people(token: str) -> ResponseReturnValue:
    sign_up = _sign_up(token)
    form = _form(sign_up)
    if submitted(form):
        return _change(
            token,
            lambda changed: services.change_people(changed, int(form.people.data), now=now()),
            _("The number of people has been changed."),
        )
    return _page(sign_up, token, form)


def _change(token: str, change: Callable[[SignUp], object], said: str = "") -> ResponseReturnValue:
    sign_up = _sign_up(token)
    try:
        change(sign_up)
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        if said and sign_up.state not in ENDED:
            flash(said, "success")
    return redirect(url_for(".show", token=token), 303)
