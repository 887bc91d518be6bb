"""``/desk/<congress>/agenda/``: who does what in an item of the draft, in which order and for how long; what cities present in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.types import LARGEST_ID
from congress.desk import choices
from congress.networks import queries as networks
from congress.programme import queries as programme
from congress.programme.documents import queries as documents
from congress.programme.models import Contributor, ProgrammeItem
from congress.programme.offerings import queries as offerings
from congress.programme.offerings import services as presentations
from congress.programme.people import contributors, queries
from congress.programme.people.forms import ContributorForm, LinkForm, TurnForm
from congress.programme.people.order import Plan, plan
from congress.programme.vocabulary import PART_LABELS, Part
from congress.web.forms import sent_number, submitted

_ONE = f"/<code>/<int(max={LARGEST_ID}):contributor_id>"

bp = Blueprint("agenda", __name__, url_prefix="/<congress>/agenda")


@bp.get("/")
def index() -> ResponseReturnValue:
    return render_template("desk/agenda/index.html", items=queries.items(g.congress), documents=documents.numbers(g.congress))


@bp.get("/<code>/")
def show(code: str) -> ResponseReturnValue:
    return _page(_item(code), ContributorForm())


def _page(item: ProgrammeItem, form: ContributorForm, turn: TurnForm | None = None, turn_of: int = 0) -> str:
    """``turn`` was sent for the person ``turn_of`` and is wrong."""
    form.offer(choices.speakers(g.congress), choices.cities(g.congress))
    presented = offerings.presentations(item)
    return render_template(
        "desk/agenda/show.html",
        item=item,
        form=form,
        placement=next((each for each in item.placements if each.starts_at), None),
        turns=_plan(item, [each.minutes for each in item.contributors if each.minutes]),
        people=_with_turns(item),
        presented=list(zip(presented, _plan(item, [each.minutes for each in presented]).turns, strict=True)),
        presented_plan=_plan(item, [each.minutes for each in presented]),
        parts=PART_LABELS,
        turn_form=turn,
        turn_of=turn_of,
    )


def _plan(item: ProgrammeItem, minutes: list[int | None]) -> Plan:
    """From the start of the item's first time."""
    timed = next((each for each in item.placements if each.starts_at), None)
    return plan(minutes, timed.starts_at if timed else None, timed.ends_at if timed else None)


def _with_turns(item: ProgrammeItem) -> list[tuple[Contributor, object]]:
    """Everybody in order; who has minutes with the turn. Those without, such as a chair, take no time from the others."""
    turns = iter(_plan(item, [each.minutes for each in item.contributors if each.minutes]).turns)
    return [(each, next(turns) if each.minutes else None) for each in item.contributors]


@bp.post("/<code>/add")
def add(code: str) -> ResponseReturnValue:
    item = _item(code)
    form = ContributorForm(request.form)
    form.offer(choices.speakers(g.congress), choices.cities(g.congress))
    if submitted(form):
        try:
            contributors.add(
                item,
                speaker=queries.find_speaker(g.congress, int(form.speaker.data)) if form.speaker.data else None,
                city=networks.find_city(form.city.data) if form.city.data else None,
                part=Part(form.part.data),
                minutes=form.minutes.data,
                by=current_user.email,
                now=now(),
            )
        except CongressError as refusal:
            db.session.rollback()
            form.add_error("speaker", str(refusal))
        else:
            db.session.commit()
            flash(_("Added to the draft. Readers see it after the next release."), "success")
            return redirect(url_for(".show", code=code, _anchor="people"), 303)
    return _page(_item(code), form), 422


@bp.post(f"{_ONE}/change")
def change(code: str, contributor_id: int) -> ResponseReturnValue:
    _contributor(_item(code), contributor_id)
    form = TurnForm(request.form)
    form.offer()
    if not submitted(form):
        return _page(_item(code), ContributorForm(), form, contributor_id), 422
    return _write(
        code,
        contributor_id,
        lambda item, each, seen, at: contributors.change(
            item, each, part=Part(form.part.data), minutes=form.minutes.data, seen=seen, by=current_user.email, now=at
        ),
    )


@bp.post(f"{_ONE}/move")
def move(code: str, contributor_id: int) -> ResponseReturnValue:
    steps = -1 if request.form.get("direction") == "up" else 1
    return _write(
        code,
        contributor_id,
        lambda item, each, seen, at: contributors.move(item, each, steps, seen=seen, by=current_user.email, now=at),
    )


@bp.route(f"{_ONE}/link", methods=["GET", "POST"])
def link(code: str, contributor_id: int) -> ResponseReturnValue:
    """Which speaker somebody is of whom only the name stands there."""
    item = _item(code)
    each = _contributor(item, contributor_id)
    form = LinkForm(request.form or None, data={"version": str(item.version)})
    form.offer(choices.speakers(g.congress))
    if submitted(form):
        speaker = queries.get_speaker(int(form.speaker.data))
        return _answered(
            code, lambda: contributors.link(item, each, speaker, seen=sent_number("version"), by=current_user.email, now=now())
        )
    return render_template("desk/agenda/link.html", item=item, person=each, form=form), 422 if form.errors else 200


@bp.post(f"{_ONE}/remove")
def remove(code: str, contributor_id: int) -> ResponseReturnValue:
    return _write(
        code,
        contributor_id,
        lambda item, each, seen, at: contributors.remove(item, each, seen=seen, by=current_user.email, now=at),
    )


@bp.post("/<code>/order")
def order(code: str) -> ResponseReturnValue:
    """The order of all who are there, as somebody has dragged them."""
    item = _item(code)
    ids = [int(each) for each in request.form.getlist("order") if each.isascii() and each.isdigit() and len(each) < 10]
    return _answered(
        code, lambda: contributors.put_in_order(item, ids, seen=sent_number("version"), by=current_user.email, now=now())
    )


@bp.post(f"/<code>/presentations/<int(max={LARGEST_ID}):offering_id>/move")
def move_presentation(code: str, offering_id: int) -> ResponseReturnValue:
    item = _item(code)
    ids = [each.id for each in offerings.presentations(item)]
    if offering_id not in ids:
        abort(404)
    old = ids.index(offering_id)
    new = min(max(0, old + (-1 if request.form.get("direction") == "up" else 1)), len(ids) - 1)
    ids.insert(new, ids.pop(old))
    return _answered(code, lambda: presentations.put_in_order(item, ids, by=current_user.email, now=now()), "presentations")


def _write(
    code: str, contributor_id: int, do: Callable[[ProgrammeItem, Contributor, int, datetime], None]
) -> ResponseReturnValue:  # fmt: skip
    """Change something about one who is there; who is not there any more was removed meanwhile."""
    item = _item(code)
    each = _contributor(item, contributor_id)
    return _answered(code, lambda: do(item, each, sent_number("version"), now()))


def _contributor(item: ProgrammeItem, contributor_id: int) -> Contributor:
    each = queries.find_contributor(item, contributor_id)
    if each is None:
        abort(404)
    return each


def _answered(code: str, do: Callable[[], None], anchor: str = "people") -> ResponseReturnValue:
    try:
        do()
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        flash(_("Saved in the draft. Readers see it after the next release."), "success")
    return redirect(url_for(".show", code=code, _anchor=anchor), 303)


def _item(code: str) -> ProgrammeItem:
    item = programme.find_item(g.congress, code)
    if item is None:
        abort(404)
    return item
