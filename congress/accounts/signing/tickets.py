"""Links and codes that are mailed. Who mails them stands in ``web.signing``; what they open is decided where they are used."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from congress.accounts.models import Account
from congress.accounts.signing import rules
from congress.accounts.signing.models import Ticket, TicketKind
from congress.core.db import db, lock
from congress.core.tokens import derive_token, digest

_LASTS = {
    TicketKind.INVITATION: rules.INVITED_FOR,
    TicketKind.PASSWORD: rules.LINK_FOR,
    TicketKind.ADDRESS: rules.LINK_FOR,
    TicketKind.CODE: rules.CODE_FOR,
}
_KEPT = timedelta(days=30)  # after their end, so that an old link is answered with what it was


def make(kind: TicketKind, account: Account | None, *, key: str, now: datetime, address: str = "") -> Ticket:
    """A new ticket; earlier ones of this kind for this account end. Without an account one that opens nothing."""
    number = account.id if account else None
    db.session.execute(
        update(Ticket)
        .where(Ticket.account_id == number, Ticket.kind == kind, Ticket.used_at.is_(None), Ticket.ends_at > now)
        .values(ends_at=now)
    )
    uid = uuid.uuid4().hex
    ticket = Ticket(
        uid=uid, digest=digest(_token(key, kind, uid)), kind=kind, account_id=number, address=address, made_at=now,
        ends_at=now + _LASTS[kind],
    )  # fmt: skip
    db.session.add(ticket)
    db.session.flush()
    return ticket


def token(ticket: Ticket, key: str) -> str:
    """What stands in the link."""
    return _token(key, ticket.kind, ticket.uid)


def _token(key: str, kind: TicketKind, uid: str) -> str:
    return derive_token(key, f"sign-in-{kind.value}", uid, 1)


def code(uid: str, key: str) -> str:
    """The six digits that are mailed instead of a link; whoever guesses has CODE_TRIES."""
    mac = hmac.new(key.encode(), f"sign-in-digits\n{uid}".encode(), hashlib.sha256).digest()
    return str(int.from_bytes(mac[:8], "big") % 1_000_000).zfill(6)


def find(kind: TicketKind, sent: str) -> Ticket | None:
    """The ticket of a link, whether it is good still or not."""
    return db.session.scalar(select(Ticket).where(Ticket.digest == digest(sent), Ticket.kind == kind))


def find_code(uid: str) -> Ticket | None:
    """The ticket of the code that a browser waits for."""
    return db.session.scalar(select(Ticket).where(Ticket.uid == uid, Ticket.kind == TicketKind.CODE))


def find_by_id(ticket_id: int) -> Ticket | None:
    """The ticket that a mail is about."""
    return db.session.get(Ticket, ticket_id)


def guess(ticket: Ticket, typed: str, *, key: str, now: datetime) -> bool:
    """Whether this is the code, and then it is used. After CODE_TRIES wrong ones nothing is right any more."""
    ticket = lock(ticket)
    if not ticket.is_live(now) or ticket.tries >= rules.CODE_TRIES:
        return False
    if hmac.compare_digest("".join(typed.split()).encode(), code(ticket.uid, key).encode()):
        ticket.used_at = now
        db.session.flush()
        return ticket.account_id is not None
    ticket.tries += 1
    db.session.flush()
    return False


def use(ticket: Ticket, *, now: datetime) -> bool:
    """Whether it was good; it is not afterwards."""
    ticket = lock(ticket)
    if not ticket.is_live(now):
        return False
    ticket.used_at = now
    db.session.flush()
    return True


_BY_OWNER = (TicketKind.PASSWORD, TicketKind.ADDRESS, TicketKind.CODE)


def end_all(account_id: int, *, now: datetime, kinds: Sequence[TicketKind] = _BY_OWNER) -> None:
    """No link or code of these kinds that was mailed to this account is good any more; invitations stay unless they are named."""
    db.session.execute(
        update(Ticket)
        .where(Ticket.account_id == account_id, Ticket.used_at.is_(None), Ticket.ends_at > now, Ticket.kind.in_(kinds))
        .values(ends_at=now)
    )


def invitations(account_ids: Sequence[int]) -> dict[int, Ticket]:
    """The last invitation of each of these accounts."""
    chosen = select(Ticket).where(Ticket.account_id.in_(account_ids), Ticket.kind == TicketKind.INVITATION).order_by(Ticket.id)
    return {ticket.account_id: ticket for ticket in db.session.scalars(chosen) if ticket.account_id}


def forget_old(now: datetime) -> int:
    """Delete what ended long ago; how many there were."""
    done = db.session.execute(delete(Ticket).where(Ticket.ends_at < now - _KEPT))
    return int(done.rowcount)  # type: ignore[attr-defined]
