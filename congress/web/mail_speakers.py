"""What the mail to a speaker says, and those to a city about what it offers to present."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext

from congress.core.db import db
from congress.delegates import services as delegations
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.programme.offerings import queries as offerings
from congress.programme.offerings import services as offering
from congress.programme.people import services
from congress.programme.people.models import Speaker
from congress.programme.vocabulary import OfferingState
from congress.web import filters, links, mail_delegations
from congress.web.mail_parts import Content, Mail


def _speaker_link(message: Message) -> Content:
    """The link goes only to the address that the speaker has now."""
    speaker = db.session.get(Speaker, message.facts["speaker"])
    if speaker is None:
        raise NotWanted("the speaker was deleted")
    if message.recipient.casefold() != speaker.email.casefold():
        raise NotWanted("the speaker has another address now")
    token = services.link_token(speaker, current_app.config["SECRET_KEY"])
    return Content({"congress": speaker.congress, "name": speaker.name, "link": links.absolute("my.speaker.show", token=token)})


_STATES = {offering.CHOSEN: OfferingState.CHOSEN, offering.DECLINED: OfferingState.DECLINED}


def _decision(message: Message) -> Content:
    """What was decided, if that still holds and somebody of the city may open the link."""
    decided = offerings.get_offering(message.facts["offering"])
    delegation = decided.delegation
    if decided.state is not _STATES[message.template]:
        raise NotWanted("it was decided otherwise meanwhile")
    if delegation.is_revoked:
        raise NotWanted("the link was revoked")
    if message.recipient.lower() not in {each.email.lower() for each in mail_delegations.recipients(delegation)}:
        raise NotWanted("somebody else is the city's contact now")
    token = delegations.link_token(delegation, current_app.config["SECRET_KEY"])
    return Content(
        {
            "congress": delegation.congress,
            "city": delegation.city.names,
            "name": message.facts["name"],
            "title": filters.text(decided.titles),
            "session": filters.text(decided.item.titles) if decided.item else "",
            "minutes": decided.minutes,
            "why": decided.reason,
            "link": links.absolute("my.offerings.index", token=token),
        }
    )


CONTENTS = {
    services.LINK: Mail(_speaker_link, lazy_gettext("Link of a speaker"), ("name", "link"), needed=("link",)),
    offering.CHOSEN: Mail(
        _decision, lazy_gettext("A city’s presentation is chosen"), ("name", "city", "title", "link"),
        {"answer": "_offering_place"},
    ),
    offering.DECLINED: Mail(
        _decision, lazy_gettext("A city’s presentation is not chosen"), ("name", "city", "title", "why", "link")
    ),
}  # fmt: skip
