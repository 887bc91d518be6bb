"""Tables of planning: when houses are open, who is not there, which conflicts were accepted, what was changed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from congress.core.db import Model
from congress.core.types import UtcDateTime, choice
from congress.programme.vocabulary import Action


class OpeningHours(Model):
    """When a venue is open from one day of one congress, in the congress's zone; what closes before it opens does so on the day after.

    No row: nobody has said. Both NULL: closed.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (CheckConstraint("(opens IS NULL) = (closes IS NULL) AND closes <> opens", name="opens_and_closes"),)

    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"), primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venues.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    opens: Mapped[time | None] = mapped_column(Time)
    closes: Mapped[time | None] = mapped_column(Time)


class Unavailability(Model):
    """When a room cannot be used, or a speaker is not there."""

    __tablename__ = "unavailabilities"
    __table_args__ = (
        CheckConstraint("(room_id IS NULL) <> (speaker_id IS NULL)", name="of_one"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")


class AcceptedConflict(Model):
    """A conflict that organisers live with. ``fingerprint`` is of its kind, its items and its facts: when these change it comes back."""

    __tablename__ = "accepted_conflicts"
    __table_args__ = (UniqueConstraint("congress_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500))
    accepted_by: Mapped[str] = mapped_column(String(254))
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DraftChange(Model):
    """One change of the draft: who, when, what. Never edited, but that people are erased (``people.erasure``).

    ``before`` and ``after`` hold only the columns that differ, as JSON.

    ``item_code`` and ``placement_code`` say what it was also after that is gone. ``undoes_id`` names the change that this one takes back.
    """

    __tablename__ = "draft_changes"
    __table_args__ = (Index("ix_draft_changes_congress", "congress_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("programme_items.id", ondelete="SET NULL"), index=True)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placements.id", ondelete="SET NULL"), index=True)
    item_code: Mapped[str] = mapped_column(String(20))
    placement_code: Mapped[str] = mapped_column(String(20), default="")
    action: Mapped[Action] = mapped_column(choice(Action))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("draft_changes.id", ondelete="SET NULL"))
