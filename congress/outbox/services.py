"""Queue a message, and hand due ones to a carrier."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, cast

from sqlalchemy import Insert, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from congress.core.db import begin_writing, db, lock
from congress.outbox import answers
from congress.outbox.models import GIVEN_UP, Message, MessageState

LEASE = timedelta(minutes=10)  # how long one worker may take over one message before another one tries; see carriers.TIMEOUT
GIVE_UP_AFTER = 14  # attempts; with the delays below a good two days
_AGAIN = "-again-"
_AT_ONCE = 500  # keys asked for in one statement
_log = logging.getLogger(__name__)


class NotWanted(Exception):
    """Nobody wants this message any more; the sentence says why. It is dropped and never tried again."""


class TooEarly(Exception):
    """An earlier message to the same person has to leave first. It is tried again soon, and this was no attempt."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail to be queued, see Message."""

    key: str
    to: str
    template: str
    language: str
    facts: dict[str, Any]
    congress: int | None = None  # its id
    about: str = ""


# Built once: a single mail is queued with nearly everything that happens.
_TABLE = cast("Table", Message.__table__)
_ONCE: dict[str, Insert] = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=["key"]),
}


def enqueue(letter: Letter, *, now: datetime) -> None:
    """Queue one mail in the running transaction; the same key a second time is not queued again."""
    connection = db.session.connection()
    connection.execute(_ONCE[connection.dialect.name], _row(letter, now))


def enqueue_all(letters: Sequence[Letter], *, now: datetime) -> int:
    """Queue these mails in the running transaction but for those whose key is there already; how many were queued."""
    known = {message.key for message in messages(letter.key for letter in letters)}
    new = [letter for letter in letters if letter.key not in known]
    if new:
        db.session.execute(insert(Message), [_row(letter, now) for letter in new])
    return len(new)


def _row(letter: Letter, now: datetime) -> dict[str, Any]:
    return {
        "key": letter.key, "recipient": letter.to, "template": letter.template, "language": letter.language,
        "congress_id": letter.congress, "about": letter.about, "facts": letter.facts, "state": MessageState.QUEUED, "queued_at": now, "due_at": now,
    }  # fmt: skip


def messages(keys: Iterable[str]) -> list[Message]:
    """The messages that were queued under these keys, whatever has become of them."""
    asked = list(keys)
    found: list[Message] = []
    for start in range(0, len(asked), _AT_ONCE):
        found += db.session.scalars(select(Message).where(Message.key.in_(asked[start : start + _AT_ONCE])))
    return found


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: one minute, doubling, at most 12 hours."""
    return min(timedelta(minutes=2 ** min(max(0, attempts - 1), 10)), timedelta(hours=12))


def deliver_due(
    carry: Callable[[Message], None], *, now: datetime, limit: int = 50, is_ending: Callable[[], bool] = lambda: False
) -> int:
    """Carry up to ``limit`` due messages, each in transactions of its own; returns how many left.

    ``carry`` may raise NotWanted or TooEarly, or answers.Refused for what is given up at once; whatever else it raises is an attempt that failed.

    A message is leased first (due later, one attempt more) and committed, so that two workers never carry it at the same
    time. If the process dies between the mail server's answer and our commit, it is carried again after the lease with the
    same Message-ID: that window is the only one in which a mail can come twice (at least once, not exactly once).
    If it dies before, nothing has left, and the message is carried after the lease.
    """
    sent = 0
    began = monotonic()

    def moment() -> datetime:  # a slow batch must not lease its last messages from the time of its first
        return now + timedelta(seconds=int(monotonic() - began))

    due = (
        select(Message.id).where(Message.state == MessageState.QUEUED, Message.due_at <= now).order_by(Message.due_at, Message.id)
    )
    ids = db.session.scalars(due.limit(limit)).all()
    db.session.rollback()
    for message_id in ids:
        if is_ending():  # none is begun any more
            break
        if not _lease(message_id, moment()):
            continue
        message = db.session.get_one(Message, message_id)
        try:
            carry(message)
        except NotWanted as reason:
            db.session.rollback()
            _end(message_id, MessageState.DROPPED, str(reason))
        except TooEarly:
            db.session.rollback()
            _wait(message_id, moment())
        except answers.Refused as refusal:
            _log.warning("message %s refused for good: %s", message_id, refusal.code)
            db.session.rollback()
            _end(message_id, MessageState.REFUSED, refusal.noted)
        except Exception as problem:  # whatever goes wrong with one mail, the others must leave
            _log.warning("message %s not sent (attempt %s): %s", message_id, message.attempts, type(problem).__name__)
            db.session.rollback()
            _put_back(message_id, moment(), f"{type(problem).__name__}: {answers.plain(str(problem))}")
        else:
            db.session.rollback()
            begin_writing()
            message = db.session.get_one(Message, message_id)
            message.state, message.sent_at, message.last_error = MessageState.SENT, moment(), ""
            db.session.commit()
            sent += 1
    return sent


def _lease(message_id: int, now: datetime) -> bool:
    begin_writing()
    taken = db.session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == MessageState.QUEUED, Message.due_at <= now)
        .values(due_at=now + LEASE, attempts=Message.attempts + 1)
    )
    db.session.commit()
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _waiting(message_id: int) -> Message | None:
    """The message, to be changed, if it still waits: somebody may have cancelled it meanwhile."""
    begin_writing()
    message = lock(db.session.get_one(Message, message_id))
    return message if message.state is MessageState.QUEUED else None


def _put_back(message_id: int, now: datetime, error: str) -> None:
    message = _waiting(message_id)
    if message is not None:
        message.last_error = error[:300]
        message.due_at = now + retry_delay(message.attempts)
        if message.attempts >= GIVE_UP_AFTER:
            message.state = MessageState.FAILED
    db.session.commit()


def _end(message_id: int, state: MessageState, reason: str) -> None:
    message = _waiting(message_id)
    if message is not None:
        message.state, message.last_error = state, reason[:300]
    db.session.commit()


def _wait(message_id: int, now: datetime) -> None:
    message = _waiting(message_id)
    if message is not None:
        message.attempts -= 1
        message.due_at = now + retry_delay(1)
    db.session.commit()


def send_again(message: Message, *, form: str, now: datetime) -> Message:
    """Let a mail leave once more: one that was given up or refused is tried anew, of one that left or was dropped another one is queued.

    ``form`` is the same when one button was pressed twice. What it says is made when it leaves, with the links valid then.
    """
    message = lock(message)
    if message.state is MessageState.QUEUED:
        return message
    if message.state in GIVEN_UP:
        message.state, message.attempts, message.due_at = MessageState.QUEUED, 0, now
        db.session.flush()
        return message
    key = f"{message.key.partition(_AGAIN)[0][:70]}{_AGAIN}{form[:36]}"
    enqueue(
        Letter(
            key=key, to=message.recipient, template=message.template, language=message.language, facts=dict(message.facts),
            congress=message.congress_id, about=message.about,
        ),
        now=now,
    )  # fmt: skip
    return messages([key])[0]


def send_to(message: Message, address: str, *, now: datetime) -> None:
    """Let a mail that was given up or refused leave to another address; what waits for the old one about the same goes there, too."""
    message = lock(message)
    if message.state not in GIVEN_UP:
        return
    waits = (Message.about == message.about) & (Message.state == MessageState.QUEUED)
    if message.about:
        db.session.execute(update(Message).where(waits, Message.recipient == message.recipient).values(recipient=address))
    message.recipient = address
    message.state, message.attempts, message.due_at, message.last_error = MessageState.QUEUED, 0, now, ""
    db.session.flush()


def cancel(message: Message, *, why: str) -> bool:
    """Drop a mail that has not left; whether it was still there. One that a worker is carrying at this moment may still leave."""
    message = lock(message)
    if message.state is not MessageState.QUEUED:
        return False
    message.state, message.last_error = MessageState.DROPPED, why[:300]
    db.session.flush()
    return True
