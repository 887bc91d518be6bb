"""Tables of visits, and of addresses that belong to one person."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from congress.core.db import Model
from congress.core.types import UtcDateTime


class Visit(Model):
    """Somebody asked to see what belongs to an address: a link was mailed there, and opens it once in one browser.

    ``session_digest`` is that of the browser's cookie, from when the link was followed. One with ``joins_id`` opens nothing: its link
    adds its address to the person of the other visit.
    """

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    address: Mapped[str] = mapped_column(String(254), index=True)  # in lower case
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    joins_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    session_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JoinedAddress(Model):
    """One of several addresses of a person, who has shown to read the mail of each; ``person`` only stands for being the same."""

    __tablename__ = "joined_addresses"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    person: Mapped[str] = mapped_column(String(36), index=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
