"""Tables of registrations."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.congresses.models import Congress
from congress.core.db import Model
from congress.core.types import UtcDateTime, choice
from congress.delegates.models import Delegate
from congress.programme.models import ProgrammeItem
from congress.registration.rules import State

STATE_LABELS = {
    State.SUBMITTED: _("received, to be confirmed by the hosts"),
    State.CONFIRMED: _("confirmed"),
    State.CANCELLED: _("withdrawn"),
}

_LIVE = text("state IN ('submitted', 'confirmed')")


class Registration(Model):
    """A delegate's registration. ``identity`` (name and mail address, folded) is registered once at a time."""

    __tablename__ = "registrations"
    __table_args__ = (
        Index(
            "uq_registrations_live_identity", "congress_id", "identity", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
        Index("uq_registrations_live_delegate", "delegate_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegates.id"))
    state: Mapped[State] = mapped_column(choice(State))
    identity: Mapped[str] = mapped_column(String(500))
    submission_key: Mapped[str] = mapped_column(String(36), unique=True)
    link_version: Mapped[int] = mapped_column(default=1)
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    congress: Mapped[Congress] = relationship()
    delegate: Mapped[Delegate] = relationship()
    consents: Mapped[list[Consent]] = relationship(cascade="all, delete-orphan", order_by="Consent.id")

    @property
    def is_live(self) -> bool:
        return self.state is not State.CANCELLED

    @property
    def is_confirmed(self) -> bool:
        """Whether the hosts have confirmed it; until then in which capacity one comes is only said by oneself."""
        return self.state is State.CONFIRMED


class ConsentKind(StrEnum):
    """What a person agrees to, each on its own."""

    PRIVACY = "privacy"
    PARTICIPANT_LIST = "participant_list"
    PHOTOS = "photos"
    NEWSLETTER = "newsletter"


CONSENT_LABELS = {
    ConsentKind.PRIVACY: _("I have read how my data are used and agree to their use for organising the congress."),
    ConsentKind.PARTICIPANT_LIST: _("My name and city may appear in the list of participants that other delegates see."),
    ConsentKind.PHOTOS: _("Photographs and films on which I can be recognised may be published in reports of the congress."),
    ConsentKind.NEWSLETTER: _("Send me the newsletter of the hosts."),
}
CONSENT_VERSION = "2018-05"  # changes whenever one of these sentences does


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
    """An item that a registered person has chosen."""

    __tablename__ = "bookings"
    __table_args__ = (UniqueConstraint("registration_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("programme_items.id"), index=True)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[ProgrammeItem] = relationship()
