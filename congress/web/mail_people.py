"""What the mails say to people whom a city's focal point names."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext

from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.registration import queries, services
from congress.registration.states import State
from congress.web import links
from congress.web.mail_parts import Content, Mail


def _invited(message: Message) -> Content:
    """The personal link; and whose place it is, where somebody was replaced."""
    registration = queries.get_registration(message.facts["registration"])
    if not registration.is_live:
        raise NotWanted("the registration has ended")
    before = queries.find_registration(registration.congress, message.facts.get("replaces", 0))
    token = services.link_token(registration, current_app.config["SECRET_KEY"])
    return Content(
        {
            "registration": registration,
            "person": registration.delegate.person,
            "city": registration.delegate.city.names if registration.delegate.city else None,
            "congress": registration.congress,
            "before": before.delegate.person.name if before else "",
            "is_confirmed": registration.is_confirmed,
            "is_waiting": registration.state is State.WAITING,
            "personal_link": links.absolute("my.registration.show", token=token),
        }
    )


CONTENTS = {
    "person_invited": Mail(
        _invited, lazy_gettext("Named by the city"), ("person", "city", "personal_link"), {"standing": "_person_standing"},
        needed=("standing", "personal_link"),
    )
}  # fmt: skip
