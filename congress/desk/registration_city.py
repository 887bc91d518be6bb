"""``/desk/<congress>/registrations/<id>/city``: a registration that stands under the wrong city goes to the right one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.types import LARGEST_ID
from congress.delegates.vocabulary import OF_A_CITY
from congress.desk.registration import registration_of
from congress.desk.registrations import actor
from congress.networks import queries as networks
from congress.networks.models import Membership
from congress.registration.forms.desk import NO_CITY, CityForm
from congress.registration.models import Registration
from congress.registration.organising import dossier as dossiers
from congress.registration.organising import moving
from congress.registration.organising.moving import WhenFull
from congress.registration.refusals import NoPlace
from congress.registration.states import State
from congress.web.filters import by_name, text
from congress.web.forms import REFUSED, sent_number, submitted

bp = Blueprint("registration_city", __name__, url_prefix="/<congress>/registrations")
_WHEN_FULL = {
    WhenFull.WAIT: lazy_gettext("The person waits for a place in the new city; chosen sessions are given back."),
    WhenFull.OVER: lazy_gettext("The person keeps the place although the limit is exceeded; write why."),
}


@bp.route(f"/<int(max={LARGEST_ID}):registration_id>/city", methods=["GET", "POST"])
def edit(registration_id: int) -> ResponseReturnValue:
    """Choose the city (GET), see what moving would mean (GET with the city), and move (POST)."""
    registration = registration_of(registration_id)
    members = networks.members(g.congress.network, g.congress.starts_on)
    form = _form(registration, members)
    chosen = request.values.get("city", "")
    to = next((each for each in members if each.city.slug == chosen), None)
    if submitted(form):
        if _is_there(registration, to):  # as after the same form sent twice
            return redirect(url_for("desk.registration.show", registration_id=registration_id), 303)
        try:
            _move(registration, to, form)
        except CongressError as refusal:
            db.session.rollback()
            registration = registration_of(registration_id)
            _show_again(registration, form, refusal)
        else:
            db.session.commit()
            _told(registration)
            return redirect(url_for("desk.registration.show", registration_id=registration_id), 303)
    is_known = chosen in {value for value, _label in form.city.choices if value}
    is_there = is_known and _is_there(registration, to)
    is_shown = is_known and not is_there and registration.is_live and not form.city.errors
    outlook = moving.outlook(registration, to) if is_shown else None
    page = render_template(
        "desk/registrations/city.html", form=form, registration=registration, outlook=outlook, is_there=is_there
    )
    return page, REFUSED if form.errors else 200


def _form(registration: Registration, members: Sequence[Membership]) -> CityForm:
    shown = {"version": str(registration.version), "seen": str(dossiers.last_move(registration))}
    form = CityForm(request.form, data={**shown, "city": request.args.get("city", "")})
    cities = by_name(each.city for each in members)
    none = [] if registration.delegate.category in OF_A_CITY else [(NO_CITY, _("no city"))]
    form.offer(
        [("", ""), *none, *((city.slug, f"{text(city.names)}, {text(city.country.names)}") for city in cities)],
        [(each.value, str(_WHEN_FULL[each])) for each in WhenFull if each is WhenFull.OVER or moving.may_wait(registration)],
    )
    return form


def _is_there(registration: Registration, to: Membership | None) -> bool:
    city = registration.delegate.city
    return (city.id if city else None) == (to.city_id if to else None)


def _move(registration: Registration, to: Membership | None, form: CityForm) -> None:
    moving.move(
        registration, to, version=sent_number("version"), seen=sent_number("seen"),
        when_full=WhenFull(form.full.data) if form.full.data else None, why=form.why.data or "", actor=actor(), now=now(),
    )  # fmt: skip


def _show_again(registration: Registration, form: CityForm, refusal: CongressError) -> None:
    """The form as the registration stands now, with what speaks against it; after anything but a full city one looks again first."""
    form.version.data, form.seen.data = str(registration.version), str(dossiers.last_move(registration))
    form.add_error("full" if isinstance(refusal, NoPlace) else "city", str(refusal))


def _told(registration: Registration) -> None:
    name, city = registration.delegate.person.name, registration.delegate.city
    if city is None:
        flash(_("%(name)s no longer comes for a member city.", name=name), "success")
    elif registration.state is State.WAITING:
        flash(_("%(name)s is on the waiting list now. City: %(city)s.", name=name, city=text(city.names)), "success")
    else:
        flash(_("The city of %(name)s is corrected: %(city)s.", name=name, city=text(city.names)), "success")
