"""``/desk/networks/<network>/cities/``: the cities of a network, how and since when they belong to it, and whom to write to."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.countries import countries
from congress.core.db import db, lock
from congress.core.forms import BaseForm
from congress.core.languages import LANGUAGES
from congress.core.text import UnprintableText, clean_line, fold
from congress.core.types import LARGEST_ID
from congress.desk import networks
from congress.networks import contacts, members, queries
from congress.networks.contacts import ContactChanged, Details
from congress.networks.forms import CityForm, ContactForm, MemberForm, NewMemberForm, shown_city, shown_member
from congress.networks.models import City, Membership
from congress.networks.vocabulary import CONTACT_ORDER, ContactKind
from congress.web import seen
from congress.web.filters import by_name
from congress.web.forms import submitted
from congress.web.language import chosen_language

_MEMBERSHIP = f"/<slug>/memberships/<int(max={LARGEST_ID}):membership_id>"
bp = Blueprint("network_cities", __name__, url_prefix="/networks/<network>/cities")
networks.guard(bp)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every city that is or was in the network."""
    found: dict[int, list[Membership]] = {}
    for each in queries.every_membership(g.network):
        found.setdefault(each.city_id, []).append(each)
    typed, without = _typed(), request.args.get("without") == "email"
    known = queries.contacts(g.network)
    mute = {city_id for city_id in found if not any(each.email for each in known.get(city_id, ()))}
    shown = [held[-1] for held in found.values() if _is_found(typed, held[-1].city) and (not without or held[-1].city_id in mute)]
    return render_template(
        "desk/networks/cities.html",
        network=g.network,
        memberships=by_name(shown, "city.names"),
        numbers={city_id: len(held) for city_id, held in found.items()},
        contacts={city_id: held[0] for city_id, held in known.items()},
        typed=typed,
        without=without,
        total=len(found),
        mute=len(mute),
        today=now().date(),
    )


def _typed() -> str:
    try:
        return clean_line(request.args.get("q", "")[:100])
    except UnprintableText:
        return ""


def _is_found(typed: str, city: City) -> bool:
    return all(word in fold(" ".join([*city.names.values(), *city.country.names.values()])) for word in fold(typed).split())


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A city that joins; one that we know already, of another network or from earlier, is that city."""
    form = NewMemberForm.within(LANGUAGES)(request.form or None)
    form.offer()
    _offer_countries(form)
    if submitted(form):
        try:
            made = members.add_member(g.network, form.city_facts(), form.member_facts())
        except members.CannotBe as refusal:
            db.session.rollback()
            form.add_error(refusal.field, str(refusal))
        else:
            return _saved(made.city)
    page = render_template("desk/networks/member.html", form=form, network=g.network, city=None, heading=_("Add a city"))
    return page, 422 if form.errors else 200


@bp.get("/<slug>/")
def show(slug: str) -> ResponseReturnValue:
    city = _city(slug)
    known = queries.contacts(g.network, [city.id]).get(city.id, [])
    return render_template(
        "desk/networks/city.html",
        network=g.network,
        city=city,
        memberships=[each for each in queries.memberships_of(city) if each.network_id == g.network.id],
        contacts={each.kind: each for each in known},
        kinds=CONTACT_ORDER,
    )


@bp.route("/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """What is known of the city, in all its networks."""
    city = _city(slug)
    if request.method == "POST":
        lock(city)
    form = CityForm.within(LANGUAGES)(request.form or None, data=shown_city(city))
    _offer_countries(form)
    fits = submitted(form)
    differs = seen.differences(request.form.get("seen", ""), form) if fits else []
    if fits and not differs:
        members.change_city(city, form.city_facts(city.names))
        return _saved(city)
    return _edited(form, city, _("The city"), differs)


@bp.route("/<slug>/memberships/new", methods=["GET", "POST"], defaults={"membership_id": None})
@bp.route(_MEMBERSHIP, methods=["GET", "POST"])
def membership(slug: str, membership_id: int | None) -> ResponseReturnValue:
    """How the city belongs to the network, from when until when, and its field; or that it has joined again."""
    city = _city(slug)
    if request.method == "POST":
        lock(g.network)
    found = queries.find_membership_by_id(g.network, city, membership_id) if membership_id is not None else None
    if found is None and membership_id is not None:
        abort(404)
    form = MemberForm(request.form or None, data=shown_member(found) if found else None)
    form.offer()
    fits = submitted(form)
    differs = seen.differences(request.form.get("seen", ""), form) if fits and found else []
    if fits and not differs:
        try:
            members.change_member(found or Membership(network=g.network, city=city), form.member_facts())
        except members.CannotBe as refusal:
            db.session.rollback()
            form.add_error(refusal.field, str(refusal))
        else:
            return _saved(city)
    return _edited(form, city, _("Membership"), differs)


@bp.route("/<slug>/contacts/<kind>", methods=["GET", "POST"])
def contact(slug: str, kind: str) -> ResponseReturnValue:
    """Whom to write to, between congresses too; where every field is emptied the contact is removed."""
    city = _city(slug)
    if kind not in set(ContactKind):
        abort(404)
    wanted = ContactKind(kind)
    known = queries.find_contact(g.network, city, wanted)
    form = ContactForm(request.form or None, obj=known, was=contacts.fingerprint(known), **({} if known else {"language": "en"}))
    form.offer(LANGUAGES)
    if submitted(form):
        try:
            contacts.save_contact(g.network, city, wanted, Details(**form.cleaned), was=form.was.data or "")
        except ContactChanged as refusal:
            db.session.rollback()
            form.form_errors.append(str(refusal))
            form.was.data = contacts.fingerprint(queries.find_contact(g.network, city, wanted))
        else:
            return _saved(city)
    return render_template(
        "desk/networks/contact.html", form=form, network=g.network, city=_city(slug), kind=wanted
    ), 422 if form.errors else 200


def _city(slug: str) -> City:
    """A city that is or was in the network."""
    city = queries.find_city(slug)
    if city is None or all(each.network_id != g.network.id for each in queries.memberships_of(city)):
        abort(404)
    return city


def _offer_countries(form: CityForm) -> None:
    form.offer_countries({"": "–", **countries(chosen_language())})


def _saved(city: City) -> ResponseReturnValue:
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".show", slug=city.slug), 303)


def _edited(form: BaseForm, city: City, heading: str, differs: list[seen.Difference]) -> ResponseReturnValue:
    marks = seen.kept(request.form.get("seen", ""), form) if form.errors else seen.marks(form)
    page = render_template(
        "desk/networks/member.html", form=form, network=g.network, city=city, heading=heading, differs=differs, seen=marks
    )
    return page, 422 if form.errors else 409 if differs else 200
