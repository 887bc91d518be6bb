"""What mails say that the form causes."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext

from congress.delegates import services as delegations
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.registration import queries as registrations
from congress.web import filters, links
from congress.web.mail_parts import Content, Mail


def _person_asks(message: Message) -> Content:
    """To the focal point: somebody of the city has registered alone."""
    registration = registrations.get_registration(message.facts["registration"])
    delegation = registration.delegate.delegation
    if not registration.is_live or not registration.awaits_focal_point or delegation is None:
        raise NotWanted("nothing is asked any more")
    if delegation.focal_email != message.recipient:
        raise NotWanted("somebody else is the focal point now")  # who finds the person on the delegation's page
    token = delegations.link_token(delegation, current_app.config["SECRET_KEY"])
    return Content(
        {
            "congress": registration.congress,
            "city": delegation.city.names,
            "registration": registration,
            "person": registration.delegate.person,
            "email": registration.delegate.person.email,
            "category": filters.label(registration.delegate.category, "category"),
            "name": delegation.focal_name,
            "link": links.absolute("my.delegation.show", token=token),
        }
    )


CONTENTS = {
    "person_asks": Mail(
        _person_asks, lazy_gettext("Somebody of the city has registered"),
        ("name", "city", "person", "email", "category", "link"), needed=("link",),
    )
}  # fmt: skip
