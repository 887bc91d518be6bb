"""The table of feed tokens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.accounts.models import Account
from congress.congresses.models import Congress
from congress.core.db import Model
from congress.core.types import UtcDateTime, choice
from congress.registration.models import Registration


class Purpose(StrEnum):
    """What a secret calendar holds."""

    OWN = "own"  # the person's own programme
    DELEGATION = "delegation"  # who of the person's city is where
    FIELD = "field"  # all sessions of the coordinator's field, also those not listed
    DRAFT = "draft"  # the organiser's draft

    def file_name(self, congress_slug: str) -> str:
        """The last part of the calendar's address, without its ending: some programs name a calendar after it."""
        return congress_slug if self is Purpose.OWN else f"{congress_slug}-{self.value}"


_LIVE = text("revoked_at IS NULL")


class FeedToken(Model):
    """The right to read one secret calendar: one for each person and purpose.

    It belongs to a registration, the one for drafts to an account. A revoked row stays, so that its address can answer 410 Gone.
    """

    __tablename__ = "feed_tokens"
    __table_args__ = (
        UniqueConstraint("registration_id", "purpose", "version"),
        UniqueConstraint("account_id", "congress_id", "version"),
        CheckConstraint("(purpose = 'draft') = (registration_id IS NULL)", name="registration_where_needed"),
        CheckConstraint("(purpose = 'draft') = (account_id IS NOT NULL)", name="account_where_needed"),
        Index("uq_feed_tokens_live", "registration_id", "purpose", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_feed_tokens_live_draft", "account_id", "congress_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    congress: Mapped[Congress] = relationship()
    registration: Mapped[Registration | None] = relationship()
    account: Mapped[Account | None] = relationship()
