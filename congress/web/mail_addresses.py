"""Putting right an address that a mail server refused: where it is kept, so that later mails arrive, too, and for the mail itself."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from congress.core.errors import CongressError
from congress.delegates import queries as delegates
from congress.events import queries as events
from congress.events import services as sign_ups
from congress.outbox import services as outbox
from congress.outbox.models import Message, MessageState
from congress.registration import queries as registrations
from congress.registration.organising import corrections
from congress.registration.services import Actor
from congress.web import mail_delegations


class CannotCorrect(CongressError):
    """The address cannot be put right here. Nothing was written."""


def may_correct(message: Message) -> bool:
    """Whether organisers may send the mail to another address: nobody else puts somebody on the newsletter's list."""
    return message.state is MessageState.REFUSED and bool(message.recipient) and message.about.partition(":")[0] != "subscriber"


def correct(message: Message, address: str, *, actor: Actor, now: datetime) -> None:
    """Keep the right address, and let the mail leave to it. Raises CannotCorrect and what the owner of the address refuses."""
    kind, _colon, number = message.about.partition(":")
    if kind == "registration":
        corrections.correct_address(registrations.get_registration(int(number)), address, actor=actor, now=now)
    elif kind == "sign-up":
        sign_up = events.find_by_id(int(number))
        if sign_up is None:
            raise CannotCorrect(_("The sign-up has been deleted in the meantime."))
        sign_ups.correct_address(sign_up, address)
    elif kind == "delegation":
        of_city = mail_delegations.recipients(delegates.get_delegation(int(number)))
        if address.lower() not in {each.email.lower() for each in of_city}:
            raise CannotCorrect(
                _("This address is none of the city’s contacts. Change the contact first, on the page of the delegation.")
            )
    else:
        raise CannotCorrect(_("The address of this e-mail cannot be changed here."))
    outbox.send_to(message, address, now=now)
