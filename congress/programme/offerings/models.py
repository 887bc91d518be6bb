"""Tables of offerings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.core.clock import now
from congress.core.db import Model
from congress.core.localised import Localised
from congress.core.types import LocalisedText, UtcDateTime, choice
from congress.delegates.models import Delegation
from congress.networks.vocabulary import Field
from congress.programme.vocabulary import OfferingKind, OfferingState

if TYPE_CHECKING:
    from congress.programme.models import ProgrammeItem


class Offering(Model):
    """A completed project or good practice that a city offers to present. ``item`` is the session that it was given a place in."""

    __tablename__ = "offerings"
    __table_args__ = (CheckConstraint("minutes BETWEEN 1 AND 180", name="some_minutes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id"), index=True)
    kind: Mapped[OfferingKind] = mapped_column(choice(OfferingKind))
    field: Mapped[Field | None] = mapped_column(choice(Field, "offering_field"))
    titles: Mapped[Localised] = mapped_column(LocalisedText)
    descriptions: Mapped[Localised] = mapped_column(LocalisedText)
    presenter: Mapped[str] = mapped_column(String(200), default="")
    minutes: Mapped[int] = mapped_column(default=10)
    website: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[OfferingState] = mapped_column(choice(OfferingState), default=OfferingState.OFFERED)
    reason: Mapped[str] = mapped_column(String(500), default="")
    item_id: Mapped[int | None] = mapped_column(ForeignKey("programme_items.id", ondelete="SET NULL"), index=True)
    position: Mapped[int | None]
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(254), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    delegation: Mapped[Delegation] = relationship()
    item: Mapped[ProgrammeItem | None] = relationship()
