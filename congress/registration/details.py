"""Tables of what a registered person tells beside the name: the stay, the needs, the passport. One row a registration, each
with a retention class of its own (see vocabulary.Retention)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from congress.core.db import Model
from congress.core.sealed import Sealed
from congress.core.types import UtcDateTime, choice
from congress.registration.vocabulary import RoomKind, StationKind


class Stay(Model):
    """Travel and stay. Times of day are ``HH:MM`` in the congress's zone; ``nights`` says in which host city each night is spent,
    by ISO date: ``{"2018-06-12": "krakow"}``; ``days`` are the ISO dates on which the person comes."""

    __tablename__ = "stays"
    __table_args__ = (CheckConstraint("departure_on >= arrival_on", name="leaves_after_arriving"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[list[str]] = mapped_column(JSON, default=list)
    arrival_on: Mapped[date | None] = mapped_column(Date)
    arrival_time: Mapped[str] = mapped_column(String(5), default="")
    arrival_at: Mapped[StationKind | None] = mapped_column(choice(StationKind, "arrival"))
    arrival_number: Mapped[str] = mapped_column(String(40), default="")  # of the flight or train
    departure_on: Mapped[date | None] = mapped_column(Date)
    departure_time: Mapped[str] = mapped_column(String(5), default="")
    departure_at: Mapped[StationKind | None] = mapped_column(choice(StationKind, "departure"))
    departure_number: Mapped[str] = mapped_column(String(40), default="")
    nights: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    hotel: Mapped[str] = mapped_column(String(200), default="")
    room: Mapped[RoomKind | None] = mapped_column(choice(RoomKind))
    shares_with: Mapped[str] = mapped_column(String(200), default="")
    wants_transfer: Mapped[bool] = mapped_column(default=False)  # between airport or station and hotel
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Needs(Model):
    """Diet, access, companion and emergency contact: they may say something of health or religion (RODO, article 9).

    ``content`` is a JSON object: ``diets`` and ``access`` (lists of words), ``allergies``, ``access_note``, ``companion_name``,
    ``companion_diet``, ``emergency_name``, ``emergency_phone`` (texts). Words that are missing were not answered.
    """

    __tablename__ = "needs"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Sealed)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Passport(Model):
    """What an invitation letter for a visa needs. ``content``: ``name`` (as in the passport), ``born_on``, ``expires_on`` (ISO dates),
    ``nationality`` (ISO 3166-1 code), ``number``, ``consulate``."""

    __tablename__ = "passports"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"), primary_key=True)
    needs_letter: Mapped[bool] = mapped_column(default=False)
    content: Mapped[dict[str, Any] | None] = mapped_column(Sealed)
    fingerprint: Mapped[str] = mapped_column(
        String(64), default="", index=True
    )  # keyed digest of number: the same passport twice
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
