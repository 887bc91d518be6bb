"""What each mail says, by its template: each module of mails names those it knows."""

from __future__ import annotations

from collections.abc import Callable

from congress.outbox.models import Message
from congress.web import (
    mail_bookings,
    mail_bulk,
    mail_delegations,
    mail_events,
    mail_links,
    mail_people,
    mail_registrations,
    mail_steps,
)
from congress.web.mail_parts import Content

CONTENTS: dict[str, Callable[[Message], Content]] = {
    **mail_bookings.CONTENTS,
    **mail_bulk.CONTENTS,
    **mail_people.CONTENTS,
    **mail_links.CONTENTS,
    **mail_registrations.CONTENTS,
    **mail_events.CONTENTS,
    **mail_delegations.CONTENTS,
    **mail_steps.CONTENTS,
}


def content(message: Message) -> Content:
    """What the message says now. Raises NotWanted, TooEarly."""
    return CONTENTS[message.template](message)
