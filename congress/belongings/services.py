"""Writes of visits: asked for, opened, ended; addresses joined and parted.

Asking does the same whether anything belongs to the address or not: only the mail, when it leaves, finds that out. So neither
the answer nor its time tells who is known here.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from congress.belongings import queries, rules
from congress.belongings.models import JoinedAddress, Visit
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.tokens import derive_token, digest
from congress.outbox import services as outbox
from congress.outbox.models import Message
from congress.outbox.services import Letter

OPENS, JOINS = "everything", "everything_joined"  # templates of the mails


class LinkIsOver(CongressError):
    """The link was followed already, or its time is over."""


class OtherBrowser(CongressError):
    """An address is joined in the browser in which that was asked for: else whoever asks could take somebody else's by one careless click."""


def ask(email: str, *, language: str, key: str, now: datetime, joins: Visit | None = None) -> Visit | None:
    """Mail a link that opens everything that belongs to the address, or joins the address to the person of ``joins``.

    None where so many were mailed there within LINK_LASTS that another one would only fill the mailbox.
    """
    address = email.lower()
    recent = select(func.count()).where(Visit.address == address, Visit.asked_at > now - rules.LINK_LASTS)
    if (db.session.scalar(recent) or 0) >= rules.LINKS_AT_ONCE:
        return None
    public_id = str(uuid.uuid4())
    visit = Visit(
        public_id=public_id, address=address, link_digest=digest(_token(public_id, key)), asked_at=now,
        joins_id=joins.id if joins else None,
    )  # fmt: skip
    db.session.add(visit)
    db.session.flush()
    outbox.enqueue(
        Letter(
            key=f"visit-{public_id}", to=email, template=JOINS if joins else OPENS, language=language,
            facts={"visit": visit.id}, about=_about(visit.id),
        ),
        now=now,
    )  # fmt: skip
    return visit


def _token(public_id: str, key: str) -> str:
    return derive_token(key, "visit", public_id, 1)


def _about(visit_id: int) -> str:
    return f"visit:{visit_id}"


def link_token(visit: Visit, key: str) -> str:
    """The token of the mailed link."""
    return _token(visit.public_id, key)


def begin(visit: Visit, *, now: datetime) -> str:
    """The mailed link was followed: what the browser keeps as its cookie from now on. Raises LinkIsOver."""
    _use(visit, now)
    session = secrets.token_urlsafe(32)
    visit.session_digest = digest(session)
    db.session.flush()
    return session


def join(visit: Visit, current: Visit | None, *, now: datetime) -> None:
    """The link that joins an address was followed, in a browser that is on the visit ``current``. Raises LinkIsOver, OtherBrowser."""
    if current is None or current.id != visit.joins_id:
        raise OtherBrowser(_("Open this link in the browser in which you have asked for it, while you are signed in there."))
    _use(visit, now)
    person = _person(current.address, now)
    theirs = db.session.get(JoinedAddress, visit.address)
    if theirs is None:
        db.session.add(JoinedAddress(address=visit.address, person=person, joined_at=now))
    else:
        same = JoinedAddress.person == theirs.person
        db.session.execute(update(JoinedAddress).where(same).values(person=person))
    db.session.flush()


def _person(address: str, now: datetime) -> str:
    """Who the owner of the address is, made up now where it is joined to no other one yet."""
    known = db.session.get(JoinedAddress, address)
    if known is None:
        known = JoinedAddress(address=address, person=str(uuid.uuid4()), joined_at=now)
        db.session.add(known)
        db.session.flush()
    return known.person


def part(visit: Visit, address: str) -> None:
    """Let an address of the person stand for itself again. One that is not joined changes nothing."""
    if address in queries.addresses(visit):
        db.session.execute(delete(JoinedAddress).where(JoinedAddress.address == address))
        db.session.flush()


def end(visit: Visit, *, now: datetime) -> None:
    """Sign out: the browser's cookie opens nothing any more."""
    if visit.ended_at is None:
        visit.ended_at = now
        db.session.flush()


def _use(visit: Visit, now: datetime) -> None:
    """Once only, also for two browsers at the same moment."""
    lock(visit)
    if not rules.may_be_followed(visit.asked_at, visit.opened_at, now):
        raise LinkIsOver(_("This link has been used already, or its 30 minutes are over."))
    visit.opened_at = now


def forget(visit_id: int, _now: datetime) -> None:
    """Delete one of queries.over, and its mail: of an address that is not known here nothing may stay."""
    db.session.execute(delete(Message).where(Message.about == _about(visit_id)))
    db.session.execute(delete(Visit).where(Visit.id == visit_id))
    db.session.flush()
