"""What the mails say to people who work here about signing in. They keep our words: they are not any congress's own."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from congress.accounts.signing import tickets, whose
from congress.accounts.signing.models import Ticket, TicketKind
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import db
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.web import links, signing
from congress.web.mail_parts import Content, Mail

_PAGES = {
    TicketKind.INVITATION: "security.invitation",
    TicketKind.PASSWORD: "security.password",
    TicketKind.ADDRESS: "security.address",
}
_CHANGES = {
    "password": _("The password of your account was changed, and you were signed out everywhere else."),
    "address": _("The address of your account was changed. You can no longer sign in with this one."),
    "app": _("An authenticator app was set up for your account."),
    "app-removed": _("The authenticator app was removed from your account."),
    "passkey": _("A passkey was added to your account."),
    "passkey-removed": _("A passkey was removed from your account."),
    "reset": _("An organiser has taken the second factors of your account away, as somebody who has lost them needs it."),
}
_FIXED = _("It is about the account, which belongs to no congress.")


def _of_ticket(message: Message) -> Content:
    ticket = tickets.find_by_id(message.facts["ticket"])
    if ticket is None or ticket.account is None or not ticket.is_live(now()):
        raise NotWanted("the link or code is good no more")
    return Content({**_frame(message), "by": message.facts.get("by", ""), **_secret(ticket)})


def _secret(ticket: Ticket) -> dict[str, Any]:
    if ticket.kind is TicketKind.CODE:
        return {"code": tickets.code(ticket.uid, signing.key())}
    return {"link": links.absolute(_PAGES[ticket.kind], token=tickets.token(ticket, signing.key()))}


def _told(message: Message) -> Content:
    if whose.find_live(message.facts["account"]) is None:
        raise NotWanted("there is no such account any more")
    what = str(_CHANGES[message.facts["what"]])
    return Content({**_frame(message), "what": what, "link": links.absolute("security.forgotten")})


def _frame(message: Message) -> dict[str, Any]:
    """What every one of these mails has: the congress that it came from, if it came from one, and where the site is."""
    congress: Congress | None = db.session.get(Congress, message.congress_id) if message.congress_id else None
    return {"congress": congress, "site": links.site_url()}


CONTENTS = {
    "account_invited": Mail(_of_ticket, _("Invitation to work here"), fixed=_FIXED),
    "account_password": Mail(_of_ticket, _("Link to a new password"), fixed=_FIXED),
    "account_address": Mail(_of_ticket, _("Confirmation of a new address"), fixed=_FIXED),
    "account_code": Mail(_of_ticket, _("Code for signing in"), fixed=_FIXED),
    "account_changed": Mail(_told, _("What was changed about signing in"), fixed=_FIXED),
}
