"""Tables of the public's sign-ups and of the newsletter."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.congresses.models import Congress
from congress.core.db import Model
from congress.core.types import UtcDateTime, choice
from congress.events.states import SignUpState, SubscriberState
from congress.programme.models import ProgrammeItem

_LIVE = text("state NOT IN ('cancelled', 'lapsed')")
_LISTED = text("state <> 'left'")


class SignUp(Model):
    """Somebody of the public signs up for a public event, for ``people`` in all. Its link confirms and cancels it."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        CheckConstraint("people > 0", name="some_people"),
        CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="an_offer_ends"),
        Index("uq_sign_ups_live_address", "item_id", "address", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_sign_ups_places", "item_id", "state", "queued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    item_id: Mapped[int] = mapped_column(ForeignKey("programme_items.id"))
    state: Mapped[SignUpState] = mapped_column(choice(SignUpState))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(254))  # the mail address in lower case, signed up once at a time
    people: Mapped[int]
    accepts_fewer: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5))
    submission_key: Mapped[str] = mapped_column(String(36), unique=True)
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    signed_up_at: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # its place in the waiting list
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[ProgrammeItem] = relationship()


class Subscriber(Model):
    """Somebody who asked for the newsletter of a congress; counts only after the mailed link was followed."""

    __tablename__ = "subscribers"
    __table_args__ = (
        Index("uq_subscribers_listed", "congress_id", "address", unique=True, sqlite_where=_LISTED, postgresql_where=_LISTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    state: Mapped[SubscriberState] = mapped_column(choice(SubscriberState))
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(5))
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    congress: Mapped[Congress] = relationship()
