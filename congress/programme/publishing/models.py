"""Tables of publishing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from congress.core.db import Model
from congress.core.localised import Localised
from congress.core.types import LocalisedText, UtcDateTime, choice
from congress.programme.vocabulary import PlanState


class PlannedRelease(Model):
    """A release that is to come out at a time. ``uids`` are the entries it takes; None: all that has changed by then."""

    __tablename__ = "planned_releases"

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"), index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    uids: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    notes: Mapped[Localised] = mapped_column(LocalisedText)
    is_provisional: Mapped[bool] = mapped_column(default=False)
    tells_people: Mapped[bool] = mapped_column(default=True)
    state: Mapped[PlanState] = mapped_column(choice(PlanState), default=PlanState.WAITING)
    planned_by: Mapped[str] = mapped_column(String(254))
    why_not: Mapped[str] = mapped_column(String(500), default="")
    release_id: Mapped[int | None] = mapped_column(ForeignKey("releases.id"))
