"""Reads of the outbox for those who look after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from congress.core.db import db
from congress.outbox.models import GIVEN_UP, Message, MessageState

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What the list is asked to show; an empty value asks for all. ``about`` is as in Message (``registration:12``)."""

    state: MessageState | None = None
    template: str = ""
    recipient: str = ""
    about: str = ""


@dataclass(frozen=True)
class Page:
    """One page of messages, the latest first: ``number`` of ``last``, counted from 1, of ``total``."""

    messages: Sequence[Message]
    number: int
    last: int
    total: int


def page(congress_id: int, wanted: Wanted, number: int) -> Page:
    """That page of the messages wanted; beyond the last one, the last one."""
    conditions = _conditions(congress_id, wanted)
    total = db.session.scalar(select(func.count()).select_from(Message).where(*conditions)) or 0
    last = max(1, -(-total // PAGE))
    number = min(max(1, number), last)
    chosen = select(Message).where(*conditions).order_by(Message.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    return Page(db.session.scalars(chosen).all(), number, last, total)


@dataclass(frozen=True)
class Waiting:
    """How the outbox stands: mails that should have left by now, since when the oldest of them waits, and what was given up."""

    due: int
    oldest_seconds: float
    given_up: int


def waiting(now: datetime) -> Waiting:
    """Of all congresses. What waits for its time, such as mails about a release within its quiet time, is not due."""
    is_due = (Message.state == MessageState.QUEUED) & ((Message.due_at <= now) | (Message.attempts > 0))
    due, oldest = db.session.execute(select(func.count(), func.min(Message.queued_at)).where(is_due)).one()
    given_up = db.session.scalar(select(func.count()).where(Message.state.in_(GIVEN_UP))) or 0
    return Waiting(due, (now - oldest).total_seconds() if oldest else 0.0, given_up)


def counts(congress_id: int) -> dict[MessageState, int]:
    """How many messages of a congress are in each state."""
    counted = select(Message.state, func.count()).where(Message.congress_id == congress_id).group_by(Message.state)
    return {state: number for state, number in db.session.execute(counted)}  # noqa: C416


def templates(congress_id: int) -> Sequence[str]:
    """Of which templates there are messages."""
    chosen = select(Message.template).where(Message.congress_id == congress_id).distinct().order_by(Message.template)
    return db.session.scalars(chosen).all()


def refused_addresses(congress_id: int, about: str) -> set[str]:
    """Addresses in lower case of which the server said no to the last mail about something of this kind (``delegation``)."""
    address = func.lower(Message.recipient)
    last = func.max(case((Message.state == MessageState.REFUSED, Message.id), else_=0))
    arrived = func.max(case((Message.state == MessageState.SENT, Message.id), else_=0))
    of_kind = (Message.congress_id == congress_id) & Message.about.startswith(f"{about}:")
    return set(db.session.scalars(select(address).where(of_kind).group_by(address).having(last > arrived)))


def find_message(congress_id: int, message_id: int) -> Message | None:
    """A message of this congress."""
    return db.session.scalar(select(Message).where(Message.congress_id == congress_id, Message.id == message_id))


def _conditions(congress_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [Message.congress_id == congress_id]
    if wanted.state:
        found.append(Message.state == wanted.state)
    if wanted.template:
        found.append(Message.template == wanted.template)
    if wanted.recipient:
        found.append(func.lower(Message.recipient).contains(wanted.recipient.lower(), autoescape=True))
    if wanted.about:
        found.append(Message.about == wanted.about)
    return found
