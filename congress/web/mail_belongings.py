"""What the mails say that open a page with everything of a person, and that tell of a city handed over."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext

from congress.belongings import queries, rules, services
from congress.belongings.models import Visit
from congress.congresses import queries as congresses
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import db
from congress.delegates import handing_over
from congress.networks.models import City, Network
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.web import links
from congress.web.mail_parts import Content, Mail

_OURS = lazy_gettext("It is about all congresses at once.")


def _opens(message: Message) -> Content:
    """To an address to which nothing belongs no mail leaves: only here anybody finds out."""
    visit = _visit(message)
    found = queries.belongings(queries.addresses(visit))
    if not found:
        raise NotWanted("nothing belongs to this address")
    return _with_link(visit, found[0].congress)


def _joins(message: Message) -> Content:
    visit = _visit(message)
    found = queries.belongings(queries.addresses(visit))
    asked = db.session.get(Visit, visit.joins_id)
    if not found or asked is None:
        raise NotWanted("nothing belongs to this address")
    content = _with_link(visit, found[0].congress)
    return Content({**content.values, "other": asked.address})


def _visit(message: Message) -> Visit:
    visit = db.session.get(Visit, message.facts["visit"])
    if visit is None or not rules.may_be_followed(visit.asked_at, visit.opened_at, now()):
        raise NotWanted("the link is over")
    return visit


def _with_link(visit: Visit, congress: Congress) -> Content:
    token = services.link_token(visit, current_app.config["SECRET_KEY"])
    link = links.absolute("my.everything.open_link", token=token)
    return Content({"congress": congress, "address": visit.address, "link": link})


def _of_city(message: Message) -> Content:
    """Leads to the door: who is to open it proves to read the mail."""
    facts = message.facts
    city, network = db.session.get(City, facts["city"]), db.session.get(Network, facts["network"])
    held = congresses.congresses(network)
    congress = next((each for each in held if each.id == message.congress_id), held[0] if held else None)
    if city is None or congress is None:
        raise NotWanted("the city or its congresses are gone")
    said = {name: facts[name] for name in ("name", "successor", "email", "by")}
    return Content({**said, "congress": congress, "city": city.names, "link": links.absolute("public.sign_in.index")})


CONTENTS = {
    services.OPENS: Mail(_opens, lazy_gettext("Link to everything of a person"), ("link",), fixed=_OURS),
    services.JOINS: Mail(_joins, lazy_gettext("Link that joins a second address"), ("link",), fixed=_OURS),
    handing_over.TO_SUCCESSOR: Mail(_of_city, lazy_gettext("Everything of a city handed over"), ("link",), fixed=_OURS),
    handing_over.TO_ONE_BEFORE: Mail(_of_city, lazy_gettext("You have handed over a city"), ("link",), fixed=_OURS),
}
