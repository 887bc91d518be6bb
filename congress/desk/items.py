"""``/desk/<congress>/items/``: the sessions and public events of the draft as a whole, their times and places, and deleting them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.text import sort_key
from congress.desk import choices, placements, timetable_words
from congress.desk import timetable_days as days
from congress.networks import queries as networks
from congress.programme import equipment
from congress.programme import queries as programme
from congress.programme import services as programme_services
from congress.programme.documents import queries as documents
from congress.programme.forms import TimesForm
from congress.programme.models import ProgrammeItem, PublicEvent
from congress.programme.offerings import queries as offerings
from congress.programme.planning import items, queries
from congress.programme.planning.item_forms import ItemForm, form_for, shown
from congress.programme.planning.places import where
from congress.programme.proposals import queries as proposals
from congress.programme.vocabulary import KINDS, PART_LABELS, Audience, Kind, Timing
from congress.registration.bookings import services as bookings
from congress.web import deleting
from congress.web.forms import sent_number, submitted
from congress.web.language import chosen_language

bp = Blueprint("items", __name__, url_prefix="/<congress>/items")
_FIELD_OF = {items.UnusableCode: "code", items.FieldNeeded: "field"}


@bp.get("/")
def index() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()[:200]
    return render_template("desk/items/index.html", items=queries.items(g.congress, search), search=search)


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    return _new(is_event=False)


@bp.route("/new-event", methods=["GET", "POST"])
def new_event() -> ResponseReturnValue:
    return _new(is_event=True)


def _new(*, is_event: bool) -> ResponseReturnValue:
    usual = (
        {"kind": Kind.ACCOMPANYING, "audience": Audience.EVERYONE}
        if is_event
        else {"kind": Kind.WORKSHOP, "audience": Audience.DELEGATES}
    )
    made = form_for(choices.languages(g.congress), is_event=is_event, is_new=True)
    form = made(request.form or None, data={"is_listed": True, **{name: word.value for name, word in usual.items()}})
    _narrow(form)
    if submitted(form):
        code = form["code"].data
        try:
            items.create(g.congress, code, form.values(None), is_event=is_event, by=current_user.email, now=now())
        except CongressError as refusal:
            _refuse(form, refusal)
        else:
            db.session.commit()
            flash(_("Added to the draft. Give it a time and a place now."), "success")
            return redirect(url_for(".show", code=code), 303)
    page = render_template("desk/items/edit.html", form=form, item=None, is_event=is_event, said=[], equipment=_equipment())
    return page, 422 if form.errors else 200


def _narrow(form: ItemForm) -> None:
    form.narrow(networks.fields(g.congress.network), KINDS.get(g.congress.kind, tuple(Kind)))


def _refuse(form: ItemForm, refusal: CongressError) -> None:
    db.session.rollback()
    form.add_error(_FIELD_OF.get(type(refusal), form.titles[0]), str(refusal))


def _equipment() -> list[str]:
    """What rooms have, to choose words from."""
    words = equipment.all_said({each for room in programme.rooms(g.congress) for each in room.equipment})
    return sorted(words, key=lambda word: sort_key(word, chosen_language()))


@bp.get("/<code>/")
def show(code: str) -> ResponseReturnValue:
    item = _item(code)
    return render_template(
        "desk/items/show.html",
        item=item,
        is_event=isinstance(item, PublicEvent),
        places=[(each, days.in_words(each, g.congress)) for each in queries.placements_of(item)],
        documents=[versions[0] for versions in documents.of_item(item)],
        presented=offerings.presentations(item),
        proposal=proposals.waiting_of(item),
        languages=choices.languages(g.congress),
        parts=PART_LABELS,
    )


@bp.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    item = _item(code)
    languages, said, status = choices.languages(g.congress), [], 200
    made = form_for(languages, is_event=isinstance(item, PublicEvent), is_new=False)
    form = made(request.form or None, data=shown(item, languages, items.last_number(item)))
    _narrow(form)
    if submitted(form):
        try:
            items.change(
                item, form.values(item), seen=sent_number("version"), since=sent_number("since"), by=current_user.email, now=now()
            )
            bookings.serve_next(item, now=now())  # there may be more places now
        except items.ChangedMeanwhile as refusal:
            db.session.rollback()
            item, said, status = _item(code), _told(refusal), 409
            _see(form, item)
        except CongressError as refusal:
            _refuse(form, refusal)
        else:
            db.session.commit()
            flash(_("Saved in the draft. Readers see it after the next release."), "success")
            return redirect(url_for(".show", code=code), 303)
    page = render_template(
        "desk/items/edit.html", form=form, item=_item(code), is_event=isinstance(item, PublicEvent), said=said, equipment=_equipment()
    )  # fmt: skip
    return page, 422 if form.errors else status


def _told(refusal: items.ChangedMeanwhile) -> list[str]:
    """What happened meanwhile: a sentence, then who changed what."""
    return [str(refusal), *timetable_words.Words(g.congress).sentences(refusal.changes[::-1])]


def _see(form: ItemForm, item: ProgrammeItem) -> None:
    """What is sent next has seen this state."""
    for name, number in (("version", item.version), ("since", items.last_number(item))):
        form[name].raw_data, form[name].data = [str(number)], str(number)


@bp.route("/<code>/places/new", methods=["GET", "POST"])
def new_placement(code: str) -> ResponseReturnValue:
    """One more time and place."""
    item = _item(code)
    form = TimesForm(request.form or None, data={"timing": Timing.TIMED.value, "starts_on": g.congress.starts_on, "place": ""})
    form.offer(days.place_choices(g.congress))
    if submitted(form) and (when := placements.when_of(form)):
        try:
            items.add_placement(item, when, where(g.congress, form.place.data), by=current_user.email, now=now())
        except programme_services.ImpossibleTime as refusal:
            db.session.rollback()
            placements.refuse_time(form, refusal)
        else:
            db.session.commit()
            flash(_("Added to the draft. Readers see it after the next release."), "success")
            return redirect(url_for(".show", code=code), 303)
    return render_template("desk/items/placement.html", form=form, item=_item(code)), 422 if form.errors else 200


@bp.get("/<code>/history")
def past(code: str) -> ResponseReturnValue:
    """Who changed what of an item and of its times and places."""
    item = _item(code)
    return render_template("desk/items/past.html", item=item, steps=timetable_words.steps(item, g.congress))


@bp.route("/<code>/delete", methods=["GET", "POST"])
def delete(code: str) -> ResponseReturnValue:
    """What hangs on the item, and deleting it."""
    item, said, status = _item(code), [], 200
    if request.method == "POST":
        try:
            deleting.delete_item(item, seen=sent_number("version"), since=sent_number("since"), by=current_user.email, now=now())
        except CongressError as refusal:
            db.session.rollback()
            said, status = _told(refusal) if isinstance(refusal, items.ChangedMeanwhile) else [str(refusal)], 409
            item = _item(code)
        else:
            db.session.commit()
            flash(
                _("Deleted from the draft. What readers have seen of it is shown as cancelled after the next release."), "success"
            )
            return redirect(url_for(".index"), 303)
    page = render_template(
        "desk/items/delete.html", item=item, hanging=deleting.hanging(item), since=items.last_number(item), said=said
    )  # fmt: skip
    return page, status


def _item(code: str) -> ProgrammeItem:
    item = programme.find_item(g.congress, code)
    if item is None:
        abort(404)
    return item
