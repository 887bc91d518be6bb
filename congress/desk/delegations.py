"""``/desk/<congress>/delegations/``: the chase list: whom to invite and whom to remind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.accounts import rules as accounts
from congress.core import sheets_out
from congress.core.clock import now
from congress.core.db import db, lock
from congress.delegates import chasing, queries, services
from congress.delegates.chasing import Written
from congress.delegates.rules import LACKING, SILENT, ChasedCity
from congress.delegates.vocabulary import DELEGATION_STATE_LABELS, DelegationState
from congress.outbox import queries as mails
from congress.registration.delegations import city_queries
from congress.registration.delegations.city_queries import Progress
from congress.web import chase, mail, mail_delegations
from congress.web.filters import text

_SAMPLES = 3

bp = Blueprint("delegations", __name__, url_prefix="/<congress>/delegations")


@bp.get("/")
def index() -> ResponseReturnValue:
    found = chase.chase_list(g.congress, chase.wanted(request.args), now=now())
    return render_template(
        "desk/delegations/index.html",
        list=found,
        chips=_chips(found),
        refused=mails.refused_addresses(g.congress.id, "delegation"),
        may_edit=accounts.may_edit_registrations(current_user.held, g.congress.id),
        filters={name: value for name, value in request.args.items() if value and name != "lang"},
    )


def _chips(found: chase.ChaseList) -> list[dict[str, Any]]:
    """All, then each state that there is, with how many cities the other filters leave in it."""
    others: dict[str, Any] = {name: value for name, value in request.args.items() if value and name not in {"state", "lang"}}
    labels = [*DELEGATION_STATE_LABELS.items(), (SILENT, _("silent")), (LACKING, _("data missing"))]
    total = sum(number for state, number in found.counts.items() if state not in {SILENT, LACKING})
    chips = [{"label": _("all"), "url": url_for(".index", **others), "count": total, "is_current": not found.wanted.state}]
    for state, name in labels:
        if found.counts[state] or state == found.wanted.state:
            url = url_for(".index", **{**others, "state": str(state)})
            chips.append({"label": name, "url": url, "count": found.counts[state], "is_current": found.wanted.state == state})
    return chips


@bp.post("/open")
def open_() -> ResponseReturnValue:
    """The page of a city's delegation, made now where nobody needed it before."""
    lock(g.congress)
    city = queries.find_member_city(g.congress, request.form.get("city", type=int) or 0)
    if city is None:
        abort(404)
    delegation = services.delegation_of(g.congress, city)
    db.session.commit()
    return redirect(url_for("desk.delegation.show", delegation_id=delegation.id), 303)


@dataclass(frozen=True)
class Sending:
    """A kind of mail that goes to many cities: to which of them, and how."""

    template: str
    is_due: Callable[[ChasedCity], bool]
    send: Callable[[Sequence[ChasedCity], datetime], Written]


def _invite(cities: Sequence[ChasedCity], moment: datetime) -> Written:
    found = queries.member_cities(g.congress, [each.city_id for each in cities])
    return chasing.invite(g.congress, found, by=current_user.email, now=moment)


def _remind(cities: Sequence[ChasedCity], moment: datetime) -> Written:
    ids = [each.delegation_id for each in cities if each.delegation_id is not None]
    lacking = {each.delegation_id for each in cities if each.lacks_data and each.delegation_id is not None}
    return chasing.remind(g.congress, ids, lacking=lacking, by=current_user.email, now=moment)


_INVITE = Sending(mail_delegations.INVITED, lambda city: city.state is DelegationState.NOT_INVITED and city.is_member, _invite)
_REMIND = Sending(mail_delegations.REMINDED, lambda city: city.waits_for_city or city.lacks_data, _remind)


@bp.route("/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Whom the invitation would reach, with three samples; then it goes to exactly these."""
    return _send(_INVITE)


@bp.route("/remind", methods=["GET", "POST"])
def remind() -> ResponseReturnValue:
    """Whom the reminder would reach, with three samples; then it goes to exactly these."""
    return _send(_REMIND)


def _send(sending: Sending) -> ResponseReturnValue:
    moment = now()
    if request.method == "POST":
        lock(g.congress)
        cities = _named(request.form.getlist("city", type=int), moment)
        done = sending.send([city for city in cities if sending.is_due(city)], moment)
        db.session.commit()
        _say(done, is_invitation=sending is _INVITE)
        return redirect(url_for(".index"), 303)
    ticked = request.args.getlist("city", type=int)
    shown = chase.chase_list(g.congress, chase.wanted(request.args), now=moment).shown
    cities = _named(ticked, moment) if ticked else list(shown)
    due = [city for city in cities if sending.is_due(city)]
    reached = [city for city in due if city.contacts]
    return render_template(
        "desk/delegations/send.html",
        is_invitation=sending is _INVITE,
        reached=reached,
        mails=sum(len(city.contacts) for city in reached),
        unreachable=[city for city in due if not city.contacts],
        not_due=len(cities) - len(due),
        samples=_samples(sending.template, reached[:_SAMPLES]),
    )


def _named(ids: Sequence[int], moment: datetime) -> list[ChasedCity]:
    """Exactly these cities of the congress's list."""
    wanted = set(ids)
    return [city for city in chase.chase_list(g.congress, chase.wanted({}), now=moment).all if city.city_id in wanted]


def _samples(template: str, cities: Sequence[ChasedCity]) -> list[tuple[ChasedCity, str]]:
    """The mail to the first contact of each of these cities."""
    progress = city_queries.progresses(g.congress)
    return [(city, _sample(template, city, progress.get(city.delegation_id or 0))) for city in cities]


def _sample(template: str, city: ChasedCity, progress: Progress | None) -> str:
    to = city.contacts[0]
    return mail.example(template, mail_delegations.example(g.congress, city, to, progress), to.language)


def _say(done: Written, *, is_invitation: bool) -> None:
    mails = ngettext("%(num)d e-mail", "%(num)d e-mails", done.mails)
    if is_invitation:
        said = ngettext("%(num)d city is invited: %(mails)s.", "%(num)d cities are invited: %(mails)s.", done.cities, mails=mails)
    else:
        said = ngettext(
            "%(num)d city is reminded: %(mails)s.", "%(num)d cities are reminded: %(mails)s.", done.cities, mails=mails
        )
    nobody = _("Nobody was written to: these cities had been written to before, or have no e-mail address.")
    flash(said if done.cities else nobody, "success" if done.cities else "warning")
    if done.cities and done.unreachable:
        names = ", ".join(text(city.names) for city in done.unreachable)
        flash(_("Without an e-mail address: %(cities)s", cities=names), "warning")


@bp.get("/delegations.csv")
def export() -> ResponseReturnValue:
    """The list as the filters leave it."""
    moment = now()
    found = chase.chase_list(g.congress, chase.wanted(request.args), now=moment)
    rows = chase.table(g.congress, found.shown, now=moment)
    name = f"{g.congress.slug}-delegations.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(sheets_out.csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
