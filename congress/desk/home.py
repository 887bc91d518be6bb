"""``/desk/`` and ``/desk/<congress>/``."""

from __future__ import annotations

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_security import current_user

from congress.accounts import rules
from congress.congresses import queries as congresses
from congress.congresses.models import Congress
from congress.desk import networks as desk_networks
from congress.networks import queries as networks
from congress.outbox import queries as mails
from congress.outbox.models import MessageState
from congress.programme import queries as programme
from congress.programme import services
from congress.programme.documents import queries as documents
from congress.programme.proposals import queries as proposals
from congress.registration import privacy
from congress.registration import queries as registrations
from congress.registration.bookings import queries as booking_queries
from congress.registration.organising import lists
from congress.registration.organising.filters import Filter
from congress.registration.states import State

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    mine = [each for each in congresses.congresses() if rules.may_see_desk(current_user.held, each.id)]
    return render_template("desk/home/index.html", congresses=mine, networks=desk_networks.mine())


@bp.get("/<congress>/")
def show() -> ResponseReturnValue:
    congress = g.congress
    people, cities, countries = registrations.counts(congress)
    return render_template(
        "desk/home/show.html",
        people=people,
        cities=cities,
        countries=countries,
        members=len(networks.members(congress.network, congress.starts_on)),
        released=programme.released(congress),
        pending=services.pending_changes(congress),
        tasks=_tasks(congress),
    )


def _tasks(congress: Congress) -> list[tuple[str, str]]:
    """What waits for organisers, as far as the reader's role reaches: a sentence, and the page where it is done."""
    held, found = current_user.held, []
    if rules.may_see_registrations(held, congress.id):
        sent = lists.counts_by_state(congress, Filter()).get(State.SUBMITTED, 0)
        asking = sum(each.asked for each in booking_queries.demand(congress).values())
        left = mails.counts(congress.id)
        failed, refused = left.get(MessageState.FAILED, 0), left.get(MessageState.REFUSED, 0)
        found += [
            (sent, ngettext("%(num)d registration is to be confirmed", "%(num)d registrations are to be confirmed", sent),
             url_for("desk.registrations.index", state=State.SUBMITTED.value)),
            (asking, ngettext("%(num)d guest asks for a session of another field", "%(num)d guests ask for a session of another field",
                              asking), url_for("desk.bookings.index")),
            (failed, ngettext("%(num)d e-mail could not be sent", "%(num)d e-mails could not be sent", failed),
             url_for("desk.mails.index", state=MessageState.FAILED.value)),
            (refused, ngettext("%(num)d e-mail was refused for good", "%(num)d e-mails were refused for good", refused),
             url_for("desk.mails.index", state=MessageState.REFUSED.value)),
        ]  # fmt: skip
    if rules.may_edit_programme(held, congress.id):
        proposed = proposals.count_waiting(congress) + documents.count_waiting(congress)
        said = ngettext("%(num)d proposal of a coordinator waits", "%(num)d proposals of coordinators wait", proposed)
        found.append((proposed, said, url_for("desk.proposals.index")))
    if rules.may_see_privacy(held, congress.id):
        erasures = len(privacy.erasures_asked(congress))
        said = ngettext("%(num)d person has asked for erasure", "%(num)d people have asked for erasure", erasures)
        found.append((erasures, said, url_for("desk.privacy.index")))
    return [(said, url) for number, said, url in found if number]
