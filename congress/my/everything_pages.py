"""The page of everything: what belongs to the person, with the link of each thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import lazy_gettext

from congress.belongings import queries
from congress.belongings.forms import AddressForm
from congress.belongings.models import Visit
from congress.belongings.queries import AtCongress
from congress.core.clock import now
from congress.core.db import db
from congress.delegates import services as delegations
from congress.delegates.models import Delegation
from congress.delegates.vocabulary import DelegationState
from congress.events import newsletter
from congress.events import services as sign_ups
from congress.events.models import SignUp, Subscriber
from congress.events.states import SIGN_UP_LABELS, SUBSCRIBER_LABELS
from congress.feeds import queries as feeds
from congress.feeds.models import Purpose
from congress.programme import queries as programme
from congress.programme.people import services as speakers
from congress.programme.people.models import Speaker
from congress.registration import services as registrations
from congress.registration.models import Registration

CALENDARS = {
    Purpose.OWN.value: lazy_gettext("My calendar: address, or another one"),
    Purpose.DELEGATION.value: lazy_gettext("Calendar of our delegation: address, or another one"),
    Purpose.FIELD.value: lazy_gettext("Calendar of our field: address, or another one"),
}


@dataclass(frozen=True)
class Held:
    """What belongs to somebody at one congress, ready to be shown. ``links`` lead from each thing to its own page."""

    at: AtCongress
    is_past: bool
    links: dict[Any, str]
    titles: dict[SignUp, Any]


def show(visit: Visit, form: AddressForm) -> str:
    addresses = queries.addresses(visit)
    found = queries.belongings(addresses)
    held = [_held(each) for each in found]
    calendars = feeds.live_purposes([person.id for each in found for person in each.registrations])
    page = render_template(
        "my/everything/show.html", visit=visit, addresses=addresses, form=form, calendars=calendars,
        cities=queries.own_cities(addresses, found),
        coming=[each for each in held if not each.is_past], past=[each for each in held if each.is_past],
        calendar_names=CALENDARS, sign_up_labels=SIGN_UP_LABELS, subscriber_labels=SUBSCRIBER_LABELS,
    )  # fmt: skip
    db.session.commit()  # links that were issued for this page; last, since rows are read anew after it
    return page


def _held(at: AtCongress) -> Held:
    today = now().astimezone(at.congress.zone).date()
    things: Iterable[Any] = (*at.registrations, *at.delegations, *at.sign_ups, *at.speakers, *at.subscribers)
    return Held(at, at.is_past(today), {each: link for each in things if (link := _link(each))}, _titles(at))


def _link(thing: Registration | Delegation | SignUp | Speaker | Subscriber) -> str:
    """The address of its own page; empty where there is none that the person may open."""
    key = current_app.config["SECRET_KEY"]
    match thing:
        case Registration():
            return url_for("my.registration.show", token=registrations.link_token(thing, key))
        case Delegation():
            if thing.is_revoked or thing.state is DelegationState.NOT_INVITED:
                return ""
            return url_for("my.delegation.show", token=delegations.link_token(thing, key))
        case SignUp():
            return url_for("my.sign_ups.show", token=sign_ups.link_token(thing, key))
        case Speaker():
            return url_for("my.speaker.show", token=speakers.link_token(thing, key))
        case Subscriber():
            return url_for("my.newsletter.show", token=newsletter.link_token(thing, key))


def _titles(at: AtCongress) -> dict[SignUp, Any]:
    """What events are called in the programme as it is released; one that is not has the title that it had when somebody signed up."""
    if not at.sign_ups:
        return {}
    by_code = programme.released(at.congress).by_code
    return {each: by_code[each.item.code][0].titles if by_code.get(each.item.code) else each.item.titles for each in at.sign_ups}
