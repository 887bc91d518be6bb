"""The table of feed tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.core.db import Model
from congress.core.types import UtcDateTime
from congress.registration.models import Registration


class FeedToken(Model):
    """The right to read one person's calendar. A revoked row stays, so that its address can answer 410 Gone."""

    __tablename__ = "feed_tokens"
    __table_args__ = (
        UniqueConstraint("registration_id", "version"),
        Index("uq_feed_tokens_live", "registration_id", unique=True, sqlite_where=text("revoked_at IS NULL"),
              postgresql_where=text("revoked_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    registration: Mapped[Registration] = relationship()
