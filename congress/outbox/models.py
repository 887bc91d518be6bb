"""The table of messages."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from congress.core.db import Model
from congress.core.localised import Localised
from congress.core.types import LocalisedText, UtcDateTime, choice


class MessageState(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"  # the mail server takes it never: there is no such address, or it wants no such mail
    DROPPED = "dropped"  # nobody wants it any more: the person has left


GIVEN_UP = frozenset({MessageState.FAILED, MessageState.REFUSED})  # not sent although it was wanted


class MailText(Model):
    """How a congress words one of its mails in one language, instead of our words; placeholders are named: ``{name}``."""

    __tablename__ = "mail_texts"
    __table_args__ = (UniqueConstraint("congress_id", "template", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(index=True)
    template: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(254), default="")


class Mailing(Model):
    """One mail that organisers wrote to many: its words in each language, whom it went to, who sent it; ``key`` is that of the form."""

    __tablename__ = "mailings"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    congress_id: Mapped[int] = mapped_column(index=True)
    subjects: Mapped[Localised] = mapped_column(LocalisedText)
    bodies: Mapped[Localised] = mapped_column(LocalisedText)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    number: Mapped[int]
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_by: Mapped[str] = mapped_column(String(254))


class Message(Model):
    """One mail to one person. ``about`` names what it concerns (``registration:12``), for the lists of whom it went to.

    ``facts`` names the rows it is about; the text and its secret links are made at delivery. So no link stands readable in the database, and a message sent again carries the links that are valid then.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_congress", "congress_id", "id"),
        Index("ix_messages_due", "due_at", sqlite_where=text("state = 'queued'"), postgresql_where=text("state = 'queued'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    congress_id: Mapped[int | None]
    about: Mapped[str] = mapped_column(String(40), default="", index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[MessageState] = mapped_column(choice(MessageState), default=MessageState.QUEUED)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
