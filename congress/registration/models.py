"""Tables of registrations."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.congresses.models import Congress
from congress.core.db import Model
from congress.core.types import UtcDateTime, choice
from congress.delegates.models import Delegate
from congress.delegates.vocabulary import Step
from congress.programme.models import ProgrammeItem
from congress.registration.reasons import Reason
from congress.registration.states import ENDED, IS_CONFIRMED, TAKES_PART, State
from congress.registration.vocabulary import BookingState, By, ConsentKind

_SENT = text("state IN ('submitted', 'waiting', 'confirmed', 'checked_in')")
_LIVE = text("state NOT IN ('rejected', 'cancelled', 'replaced')")
_QUEUED = text("state = 'waiting'")
SEARCHED = 600  # characters; an entry of an index holds no more than 2,700 bytes on PostgreSQL
SORTED = 300  # signs of Registration.sorted_as


class Registration(Model):
    """A delegate's registration. ``identity`` (name and mail address, folded) is sent once at a time.

    ``holds_place`` is what every limit counts: a place of the delegation, the category and the congress was given to it.
    ``queued_at`` is its place in the waiting list, ``offered_until`` the end of an offer (the place is kept until then).
    """

    __tablename__ = "registrations"
    __table_args__ = (
        Index(
            "uq_registrations_sent_identity", "congress_id", "identity", unique=True, sqlite_where=_SENT, postgresql_where=_SENT
        ),
        Index("uq_registrations_live_delegate", "delegate_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_registrations_places", "congress_id", "holds_place", "state"),
        Index("ix_registrations_delegate_id", "delegate_id", "holds_place"),
        # The partial one above serves no question whose states are parameters: SQLite does not see that it fits.
        Index("ix_registrations_identity", "congress_id", "identity"),
        Index("ix_registrations_sorted_as", "congress_id", "sorted_as", "id"),
        Index("ix_registrations_queue", "congress_id", "queued_at", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
        CheckConstraint("NOT holds_place OR state NOT IN ('rejected', 'cancelled', 'replaced')", name="ended_holds_no_place"),
        CheckConstraint("NOT holds_place OR state <> 'waiting' OR offered_until IS NOT NULL", name="waiting_holds_an_offer"),
        CheckConstraint("state NOT IN ('submitted', 'confirmed', 'checked_in') OR holds_place", name="taking_part_holds_a_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegates.id"))
    state: Mapped[State] = mapped_column(choice(State))
    holds_place: Mapped[bool] = mapped_column(default=False)
    identity: Mapped[str] = mapped_column(String(500))
    searched: Mapped[str] = mapped_column(String(SEARCHED), default="")  # see registration.searching
    sorted_as: Mapped[str] = mapped_column(
        String(SORTED).with_variant(String(SORTED, collation="C"), "postgresql"), default=""
    )  # by name, sign by sign on either database
    submission_key: Mapped[str] = mapped_column(String(36), unique=True)
    link_version: Mapped[int] = mapped_column(default=1)
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    badge_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    awaits_focal_point: Mapped[bool] = mapped_column(
        default=False
    )  # somebody of the city has to say that the person belongs to it
    steps_done: Mapped[list[str]] = mapped_column(JSON, default=list)
    erasure_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    congress: Mapped[Congress] = relationship()
    delegate: Mapped[Delegate] = relationship()
    consents: Mapped[list[Consent]] = relationship(cascade="all, delete-orphan", order_by="Consent.id")

    @property
    def is_live(self) -> bool:
        return self.state not in ENDED

    @property
    def takes_part(self) -> bool:
        """Whether it counts as registered: sent, with a place."""
        return self.state in TAKES_PART

    @property
    def is_confirmed(self) -> bool:
        """Whether the hosts have confirmed it; until then in which capacity one comes is only said by oneself."""
        return self.state in IS_CONFIRMED


class Move(Model):
    """One move of a registration from state to state: when, who, why. Never edited. ``before`` is None for the first."""

    __tablename__ = "moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"), index=True)
    before: Mapped[State | None] = mapped_column(choice(State, "state_before"))
    after: Mapped[State] = mapped_column(choice(State, "state_after"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[By] = mapped_column(choice(By))
    name: Mapped[str] = mapped_column(String(254), default="")  # of the account, where there is one
    why: Mapped[str] = mapped_column(Reason(500), default="")


class Opening(Model):
    """A step (or all: None) that organisers opened for one person after it had closed."""

    __tablename__ = "openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"), index=True)
    step: Mapped[Step | None] = mapped_column(choice(Step))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(254))
    why: Mapped[str] = mapped_column(String(300), default="")


class Consent(Model):
    """One consent, dated, with the version of the words agreed to."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("registration_id", "kind", "given_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    kind: Mapped[ConsentKind] = mapped_column(choice(ConsentKind))
    version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Booking(Model):
    """An item that a registered person has chosen, or waits for. ``booked_at`` is the place in the waiting list."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("registration_id", "item_id"),
        Index("ix_bookings_places", "item_id", "state", "booked_at"),
        CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="an_offer_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("programme_items.id"))
    state: Mapped[BookingState] = mapped_column(choice(BookingState), default=BookingState.TAKEN)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[ProgrammeItem] = relationship()
    registration: Mapped[Registration] = relationship()


class SensitiveLook(Model):
    """Somebody who works here looked at passports, diets or access needs: who, whose, what, when. Never edited."""

    __tablename__ = "sensitive_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registrations.id", ondelete="SET NULL")
    )  # None: a list of all
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    account: Mapped[str] = mapped_column(String(254))
    what: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
