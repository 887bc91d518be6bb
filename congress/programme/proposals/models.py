"""Tables of proposals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.core.db import Model
from congress.core.types import UtcDateTime, choice
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import ProposalState


class Proposal(Model):
    """What a coordinator wants of a session. One of a session waits at a time; a later one takes the place of the one that waits.

    ``content`` holds ``before``, the session as it was then (``content.Values``), and ``after``, what of it should be otherwise.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index(
            "uq_proposals_waiting",
            "item_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("programme_items.id", ondelete="CASCADE"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    remark: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[ProposalState] = mapped_column(choice(ProposalState), default=ProposalState.WAITING)
    proposed_by: Mapped[str] = mapped_column(String(254))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(254), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")

    item: Mapped[ProgrammeItem] = relationship()
