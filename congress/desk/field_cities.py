"""``/desk/<congress>/field-cities/``: the cities of a coordinator's own field: who comes, who is silent, and writing to them.

No addresses: a coordinator reads who has agreed to be seen by other delegates, of the others how many they are, and writes to cities.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import db
from congress.core.errors import NotAllowed
from congress.core.forms import usable_key
from congress.delegates.rules import LACKING, SILENT, Wanted
from congress.delegates.vocabulary import DELEGATION_STATE_LABELS, DelegationState
from congress.desk import writing
from congress.desk.writing import Known
from congress.outbox import texts
from congress.outbox.forms import MailingForm
from congress.registration.organising import audiences
from congress.registration.organising.audiences import Reader
from congress.registration.participants import participants
from congress.web import chase, mail_bulk
from congress.web.chase import ChaseList
from congress.web.filters import text

bp = Blueprint("field_cities", __name__, url_prefix="/<congress>/field-cities")
_SHOWN = 10  # mails to the cities, on the page of a field


@bp.get("/")
def index() -> ResponseReturnValue:
    moment, fields = now(), _own_fields()
    present = participants(g.congress, for_delegates=True)
    mailings = {field: texts.mailings_to_field(g.congress.id, field, _SHOWN) for field in fields}
    return render_template(
        "desk/field_cities/index.html",
        lists=[(field, chase.chase_list(g.congress, Wanted(field=field), now=moment)) for field in fields],
        present={each.city.id: each for each in present if each.city},
        mailings=mailings,
        progress=texts.progress([each for found in mailings.values() for each in found]),
        now=moment,
    )


@bp.route("/write", methods=["GET", "POST"])
def write() -> ResponseReturnValue:
    """One mail to the cities of a field in one state, at most one a day to each, without showing an address."""
    moment, field = now(), _field()
    found = chase.chase_list(g.congress, Wanted(field=field, state=chase.wanted(request.args).state), now=moment)
    cities = {f"delegation:{each.delegation_id}": text(each.names) for each in found.shown if each.delegation_id}
    everybody = audiences.invited(g.congress, [each.delegation_id for each in found.shown if each.delegation_id])
    readers = mail_bulk.not_yet_written(everybody, mail_bulk.day_of(g.congress, field, moment))
    form = writing.form_for(mail_bulk.FIELD)
    done = writing.read(
        form, readers, known_of=lambda each: _known(each, cities[each.about]), field=field, answers_to=current_user.email
    )
    if done.is_sent:
        return _send(form, readers, field, found.wanted.state)
    return render_template(
        "desk/field_cities/write.html",
        form=form,
        field=field,
        chips=_chips(found),
        number=len(readers),
        cities=sorted({cities[each.about] for each in readers}, key=list(cities.values()).index),
        written=len(everybody) - len(readers),
        samples=done.samples,
        known=writing.placeholders(form),
    ), done.status


def _own_fields() -> list[str]:
    return sorted(rules.fields_of(current_user.held, g.congress.id))


def _field() -> str:
    """The field of the address, which must be an own one; without one, the first that is. Raises NotAllowed."""
    own = _own_fields()
    asked = request.args.get("field") or own[0]
    if asked not in own:
        raise NotAllowed(_("You coordinate another field. Write to the cities of yours."))
    return asked


def _known(reader: Reader, city: str) -> Known:
    """Of a reader the coordinator knows the city, and neither name nor address."""
    return Known(city, {**reader.facts, "name": "…"})


def _chips(found: ChaseList) -> list[dict[str, Any]]:
    """All, then each state that there is. Cities that were not invited yet are not written to."""
    labels = [(SILENT, _("silent")), *DELEGATION_STATE_LABELS.items(), (LACKING, _("data missing"))]
    total = sum(found.counts[state] for state in DelegationState if state is not DelegationState.NOT_INVITED)
    field, current = found.wanted.field, found.wanted.state
    chips = [{"label": _("all"), "url": url_for(".write", field=field), "count": total, "is_current": not current}]
    for state, name in labels:
        if found.counts[state] and state != DelegationState.NOT_INVITED:
            url = url_for(".write", field=field, state=str(state))
            chips.append({"label": name, "url": url, "count": found.counts[state], "is_current": current == state})
    return chips


def _send(form: MailingForm, readers: list[Reader], field: str, state: str) -> ResponseReturnValue:
    moment, by = now(), current_user.email
    number = mail_bulk.send(
        g.congress, writing.draft(form, field=field, answers_to=by), readers, key=usable_key(form.key.data),
        audience={"to": mail_bulk.FIELD, "field": field, "state": state}, by=by, now=moment,
        once=mail_bulk.day_of(g.congress, field, moment),
    )  # fmt: skip
    db.session.commit()
    flash(ngettext("%(num)d e-mail is on its way.", "%(num)d e-mails are on their way.", number), "success")
    return redirect(url_for(".index"), 303)
