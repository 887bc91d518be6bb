"""The table of messages."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from congress.core.db import Model
from congress.core.types import UtcDateTime, choice


class MessageState(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"  # nobody wants it any more: the person has left


class Message(Model):
    """One mail to one person. ``facts`` names the rows it is about; the text and its secret links are made at delivery.

    So no link stands readable in the database, and a message sent again carries the links that are valid then.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_due", "due_at", sqlite_where=text("state = 'queued'"), postgresql_where=text("state = 'queued'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[MessageState] = mapped_column(choice(MessageState), default=MessageState.QUEUED)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
