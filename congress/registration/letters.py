"""Mails to a registered person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from congress.core.db import db
from congress.outbox import services as outbox
from congress.outbox.models import Message
from congress.outbox.services import Letter
from congress.registration.models import Registration


def mail(registration: Registration, template: str, key: str, now: datetime, **more: Any) -> None:
    """Queue a mail to the person."""
    outbox.enqueue(letter(registration, template, key, **more), now=now)


def letter(registration: Registration, template: str, key: str, **more: Any) -> Letter:
    """A mail to the person, to be queued."""
    person, facts = registration.delegate.person, {"registration": registration.id, **more}
    return Letter(
        key=key, to=person.email, template=template, language=person.language, facts=facts,
        congress=registration.congress_id, about=f"registration:{registration.id}",
    )  # fmt: skip


def is_written_to(registration: Registration) -> bool:
    """Whether any mail about the registration was queued: whom a focal point only noted down is told nothing."""
    return db.session.scalar(select(Message.id).where(Message.about == f"registration:{registration.id}").limit(1)) is not None
