"""All mails by their templates: each module of mails names those it knows. Whatever is to be sent has to stand here."""

from __future__ import annotations

from congress.outbox.models import Message
from congress.web import (
    mail_belongings,
    mail_bookings,
    mail_bulk,
    mail_delegations,
    mail_events,
    mail_links,
    mail_people,
    mail_programme,
    mail_proposals,
    mail_registrations,
    mail_speakers,
    mail_steps,
)
from congress.web.mail_parts import Content, Mail
from congress.web.signing import mails

CONTENTS: dict[str, Mail] = {  # in the order in which organisers read them
    **mail_registrations.CONTENTS,
    **mail_links.CONTENTS,
    **mail_delegations.CONTENTS,
    **mail_people.CONTENTS,
    **mail_steps.CONTENTS,
    **mail_bookings.CONTENTS,
    **mail_events.CONTENTS,
    **mail_programme.CONTENTS,
    **mail_proposals.CONTENTS,
    **mail_speakers.CONTENTS,
    **mail_bulk.CONTENTS,
    **mails.CONTENTS,
    **mail_belongings.CONTENTS,
}
EDITABLE: dict[str, Mail] = {template: mail for template, mail in CONTENTS.items() if not mail.fixed}


def content(message: Message) -> Content:
    """What the message says now. Raises NotWanted, TooEarly."""
    return CONTENTS[message.template].content(message)
