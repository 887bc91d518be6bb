"""Invitations to work here: an account without a password, and the mail whose link lets its owner choose one."""

from __future__ import annotations

from congress.accounts import audit, services
from congress.accounts.models import Account
from congress.accounts.signing import tickets
from congress.accounts.signing.models import TicketKind
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.web import signing
from congress.web.language import chosen_language


def make_account(email: str) -> Account:
    """An account without a password, so that nobody can sign in with it yet."""
    made = services.create_account(email, email, hashed_password=None, now=now())
    made.language = chosen_language()
    return made


def invite(account: Account, congress: Congress, *, by: str) -> None:
    """Queue the invitation; an earlier one ends."""
    ticket = tickets.make(TicketKind.INVITATION, account, key=signing.key(), now=now())
    signing.mail_ticket(ticket, to=account.email, language=account.language, congress=congress, facts={"by": by})
    audit.record(audit.What.INVITED, now=now(), kind="accounts", object_id=account.id, label=account.email)
