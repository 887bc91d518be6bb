"""The mail that brings the personal link again."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext

from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.registration import queries, services
from congress.web import links
from congress.web.mail_parts import Content, Mail


def _personal_link(message: Message) -> Content:
    registration = queries.get_registration(message.facts["registration"])
    if not registration.is_live:
        raise NotWanted("the registration has ended")
    token = services.link_token(registration, current_app.config["SECRET_KEY"])
    values = {"registration": registration, "person": registration.delegate.person, "congress": registration.congress}
    return Content({**values, "personal_link": links.absolute("my.registration.show", token=token)})


CONTENTS = {
    "personal_link": Mail(
        _personal_link, lazy_gettext("Personal link"), ("person", "city", "personal_link"), needed=("personal_link",)
    )
}
