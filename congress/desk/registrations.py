"""``/desk/<congress>/registrations/``: who has registered, and decisions about many of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import db
from congress.core.text import UnprintableText, clean_line, first_upper
from congress.delegates import queries as delegates
from congress.delegates.vocabulary import CATEGORY_LABELS
from congress.feeds import services as feeds
from congress.networks import queries as networks
from congress.networks.vocabulary import FIELD_LABELS, REGION_LABELS
from congress.registration.organising import columns, decisions, lists
from congress.registration.organising.columns import COLUMN_LABELS, CONSENT_WORDS, Column
from congress.registration.organising.decisions import DECISION_LABELS, NEEDS_REASON, Decision, Outcome
from congress.registration.organising.filters import Filter, Sort
from congress.registration.services import Actor
from congress.registration.states import State
from congress.registration.vocabulary import MISSING_LABELS, By
from congress.web.filters import by_name
from congress.web.language import chosen_language

bp = Blueprint("registrations", __name__, url_prefix="/<congress>/registrations")
BADGES = {  # the sign beside the word
    State.INVITED: "plain", State.STARTED: "plain", State.SUBMITTED: "wait", State.WAITING: "wait", State.CONFIRMED: "good",
    State.CHECKED_IN: "good", State.REJECTED: "bad", State.CANCELLED: "bad", State.REPLACED: "plain",
}  # fmt: skip
# In a table the state is one word; the page of the person has the whole sentence.
SHORT = {
    State.INVITED: lazy_gettext("invited"), State.STARTED: lazy_gettext("started"), State.SUBMITTED: lazy_gettext("to be confirmed"),
    State.WAITING: lazy_gettext("waiting list"), State.CONFIRMED: lazy_gettext("confirmed"),
    State.CHECKED_IN: lazy_gettext("checked in"), State.REJECTED: lazy_gettext("not accepted"),
    State.CANCELLED: lazy_gettext("withdrawn"), State.REPLACED: lazy_gettext("replaced"),
}  # fmt: skip
_IN_BULK = {
    Decision.CONFIRM: lazy_gettext("Confirm"), Decision.WAIT: lazy_gettext("Let wait"),
    Decision.REJECT: lazy_gettext("Do not accept"), Decision.SEND_LINK: lazy_gettext("Send link"),
}  # fmt: skip


def actor() -> Actor:
    """Who is signed in, as the history names them."""
    return Actor(By.ORGANISER, current_user.email)


@bp.get("/")
def index() -> ResponseReturnValue:
    chosen = Filter.of(request.args)
    counts = lists.counts_by_state(g.congress, chosen)
    total = counts.get(chosen.state, 0) if chosen.state else sum(counts.values())
    number = request.args.get("page", 1, type=int)
    return render_template(
        "desk/registrations/index.html",
        page=lists.page(g.congress, chosen, number=number, total=total, language=chosen_language()),
        resembling=lists.resembling(g.congress, chosen) if chosen.q and not total else (),
        chosen=chosen,
        columns=(shown := columns.chosen(request.args.getlist("columns"))),
        cell=lambda each, column: columns.written(each, column, language=chosen_language(), zone=g.congress.zone),
        chips=_chips(chosen, counts, shown),
        counts=counts,
        choices=_choices(),
        address=lambda **changes: url_for(".index", **_args(chosen.but(**changes), shown)),
        turned=lambda number: url_for(".index", **_args(chosen, shown), page=number),
        exported=lambda suffix, **more: url_for("desk.exports.show", suffix=suffix, **_args(chosen, shown), **more),
        city_name=_city_name(chosen.city),
        is_more_open=chosen.but(q="", state=None).is_narrow,
        decisions=_IN_BULK.items(),
        column_labels=COLUMN_LABELS,
        badges=BADGES,
        short=SHORT,
        may_edit=rules.may_edit_registrations(current_user.held, g.congress.id),
        may_see_sensitive=rules.may_see_sensitive(current_user.held, g.congress.id),
    )


def _city_name(slug: str) -> str:
    """The city in the filter by its name; as it was written where there is none."""
    city = networks.find_city(slug) if slug else None
    return city.names.text(chosen_language()) if city else slug


def _args(chosen: Filter, shown: tuple[Column, ...]) -> dict[str, Any]:
    """The address of the list as it is now; the usual columns are not named."""
    return {**chosen.args(), **({"columns": [each.value for each in shown]} if shown != columns.USUAL else {})}


def _chips(chosen: Filter, counts: dict[State, int], shown: tuple[Column, ...]) -> list[dict[str, object]]:
    everyone = {"label": _("All"), "count": sum(counts.values()), "state": None}
    states = [{"label": first_upper(str(SHORT[each])), "count": counts[each], "state": each} for each in State if each in counts]
    if chosen.state and chosen.state not in counts:
        states.append({"label": first_upper(str(SHORT[chosen.state])), "count": 0, "state": chosen.state})
    return [
        {
            "label": each["label"], "count": each["count"], "is_current": each["state"] == chosen.state,
            "url": url_for(".index", **_args(chosen.but(state=each["state"]), shown)),
        }
        for each in [everyone, *states]
    ]  # fmt: skip


def _choices() -> dict[str, Mapping[Any, Any]]:
    """What the filters offer, by the name in the address."""
    return {
        "category": {each: CATEGORY_LABELS[each] for each in delegates.categories(g.congress)},
        "field": {each: FIELD_LABELS[each] for each in networks.fields(g.congress.network)},
        "region": REGION_LABELS,
        "country": {country.code: country.names.text(chosen_language()) for country in by_name(lists.countries(g.congress))},
        "lacking": MISSING_LABELS,
        "consent": CONSENT_WORDS,
        "sort": {Sort.NAME: _("name"), Sort.CITY: _("city"), Sort.STATE: _("state"), Sort.SENT: _("sent last first")},
    }


@dataclass(frozen=True)
class Ticked:
    """Whom a form of the list is about: the ticked ones, or all that match its filter, as many as were seen."""

    ids: list[int]
    filter: str
    is_all: bool
    seen: int

    @property
    def is_as_seen(self) -> bool:
        return not self.is_all or len(self.ids) == self.seen


def _ticked() -> Ticked:
    query = urlencode(parse_qsl(request.form.get("filter", "")[:2000]))  # as an address may hold it, whatever was sent
    if request.form.get("all"):
        found = lists.ids(g.congress, dict(parse_qsl(query)), language=chosen_language())
        return Ticked(found, query, True, request.form.get("seen", -1, type=int))
    numbers = [each for each in request.form.getlist("ids") if each.isascii() and each.isdigit() and len(each) < 10]
    return Ticked([int(each) for each in dict.fromkeys(numbers)], query, False, len(numbers))


@bp.post("/bulk")
def bulk() -> ResponseReturnValue:
    """A decision about exactly those who were ticked, or about all that matched when the page was shown."""
    ticked, wanted = _ticked(), request.form.get("decision", "")
    back = f"{url_for('.index')}?{ticked.filter}" if ticked.filter else url_for(".index")
    if refusal := _refusal(ticked):
        flash(refusal, "warning")
        return redirect(back, 303)
    if wanted == "message":
        chosen = Filter.of(dict(parse_qsl(ticked.filter)))
        to: dict[str, Any] = dict(chosen.args()) if ticked.is_all else {"ids": ",".join(map(str, ticked.ids))}
        return redirect(url_for("desk.mailings.new", to="registrations", **to), 303)
    if wanted not in _IN_BULK:
        abort(400)
    decision, why = Decision(wanted), reason()
    if decision in NEEDS_REASON and not why:
        asked = "why" in request.form
        people = [each.registration for each in lists.listed(g.congress, ticked.ids[:200])]
        values = {
            "decision": decision,
            "label": DECISION_LABELS[decision],
            "ticked": ticked,
            "people": people,
            "asked": asked,
            "back": back,
        }
        return render_template("desk/registrations/reason.html", **values), 422 if asked else 200
    outcome = decisions.decide_all(g.congress, ticked.ids, decision, actor=actor(), now=now(), why=why)
    if decision is Decision.REJECT:
        for each in outcome.done:
            feeds.revoke_calendar_tokens(each, now=now())
    db.session.commit()
    return _told(outcome, decision, back)


def _refusal(ticked: Ticked) -> str:
    """Why this cannot be done as it stands; empty where it can."""
    number = len(ticked.ids)
    if not ticked.is_as_seen:
        changed = _("The list has changed: %(now)d match now, %(seen)d did when you looked. Nothing was done; look again.",
                    now=number, seen=ticked.seen)  # fmt: skip
        return str(changed)
    if not number:
        return str(_("Nobody was ticked, so nothing was done."))
    if number > decisions.MOST:
        narrow = _(
            "These are %(number)d people. At most %(most)d at once: narrow the filter down.", number=number, most=decisions.MOST
        )
        return str(narrow)
    return ""


def reason() -> str:
    """The reason that was typed, cleaned; empty where there is none."""
    try:
        return clean_line(request.form.get("why", ""))[:500]
    except UnprintableText:
        return ""


def _told(outcome: Outcome, decision: Decision, back: str) -> ResponseReturnValue:
    """Back to the list where all went well; otherwise a page that says who could not be dealt with, and why."""
    number = len(outcome.done)
    said = {
        Decision.CONFIRM: ngettext("%(num)d registration is confirmed.", "%(num)d registrations are confirmed.", number),
        Decision.WAIT: ngettext("%(num)d person waits now.", "%(num)d people wait now.", number),
        Decision.REJECT: ngettext("%(num)d registration is not accepted.", "%(num)d registrations are not accepted.", number),
        Decision.SEND_LINK: ngettext("%(num)d link is on its way.", "%(num)d links are on their way.", number),
    }[decision]
    if not outcome.refused and not outcome.absent:
        flash(said, "success")
        return redirect(back, 303)
    return render_template("desk/registrations/outcome.html", outcome=outcome, said=said, back=back)
