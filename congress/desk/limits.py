"""``/desk/<congress>/limits/``: how many may come: of a city, of a category, altogether."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules as accounts
from congress.core.clock import now
from congress.core.db import db, lock
from congress.delegates import queries, services
from congress.delegates.forms import LimitsForm
from congress.delegates.services import Terms
from congress.delegates.vocabulary import Category
from congress.registration import services as registrations
from congress.registration.delegations import city_queries
from congress.web.forms import submitted

bp = Blueprint("limits", __name__, url_prefix="/<congress>/limits")


_OF_CONGRESS = ("min_delegates", "max_delegates", "max_people", "offer_hours", "silent_days")


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Who waits gets at once what a higher limit allows; a lower one takes nobody's place away."""
    form, status = LimitsForm(request.form or None, data=_shown()), 200
    if submitted(form):
        lock(g.congress)
        if form.version.data == str(g.congress.version):
            _save(form)
            db.session.commit()
            return redirect(url_for(".index"), 303)
        flash(
            _("Somebody else has changed the limits in the meantime. Below is what you entered; save it if it is still right."),
            "warning",
        )
        form.version.raw_data, form.version.data = [str(g.congress.version)], str(g.congress.version)
        status = 409
    return render_template(
        "desk/limits/index.html",
        form=form,
        terms=form.terms(),
        taken=city_queries.places_taken_of_categories(g.congress),
        may_edit=accounts.may_edit_programme(current_user.held, g.congress.id),
    ), 422 if form.errors else status


def _shown() -> dict[str, object]:
    known = queries.terms(g.congress)
    values: dict[str, object] = {name: getattr(g.congress, name) for name in _OF_CONGRESS}
    for category in Category:
        values[f"terms_{category.value}"] = known.get(category, Terms())
    return {**values, "version": str(g.congress.version)}


def _save(form: LimitsForm) -> None:
    for name in _OF_CONGRESS:
        setattr(g.congress, name, form[name].data)
    g.congress.changed_at = now()  # also where only categories change, so that whoever looks at the page before is told
    wanted = {
        category: Terms(part.is_offered.data, part.max_per_city.data, part.max_people.data)
        for category, part in form.terms().items()
    }
    services.set_terms(g.congress, wanted)
    registrations.serve_next(g.congress, now=now())
    flash(_("The limits are saved."), "success")
    if _is_below_taken(wanted):
        flash(_("More people have a place than the limits allow now. Nobody loses a place by it."), "warning")


def _is_below_taken(wanted: dict[Category, Terms]) -> bool:
    taken = city_queries.places_taken_of_categories(g.congress)
    limits = [(terms.max_people, taken.get(category, 0)) for category, terms in wanted.items()]
    limits.append((g.congress.max_people, sum(taken.values())))
    return any(most is not None and number > most for most, number in limits)
