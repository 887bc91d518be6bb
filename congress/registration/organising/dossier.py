"""Everything about one registration, as the organisers' page of the person shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from congress.core.db import db
from congress.delegates.models import Delegate
from congress.outbox.models import Message
from congress.registration.details import Needs, Passport, Stay
from congress.registration.models import Booking, Consent, Move, Opening, Registration
from congress.registration.questions import answers
from congress.registration.questions.answers import Given


@dataclass(frozen=True)
class Dossier:
    """What is known about one registration but for what is sensitive; the history the last first."""

    registration: Registration
    moves: Sequence[Move]
    consents: Sequence[Consent]
    bookings: Sequence[Booking]
    stay: Stay | None
    answers: list[Given]
    messages: Sequence[Message]
    openings: Sequence[Opening]
    replaced: Registration | None  # whose place this person took
    replacement: Registration | None  # who took this person's place
    has_sensitive: bool

    @property
    def seen(self) -> int:
        """The id of the last move, for noticing later ones."""
        return self.moves[0].id if self.moves else 0


def dossier(registration: Registration, language: str) -> Dossier:
    """Everything about a registration that needs no look to be written down, in a constant number of statements."""
    given = answers.given(registration, language)
    return Dossier(
        registration=registration,
        moves=_rows(select(Move).where(Move.registration_id == registration.id).order_by(Move.id.desc())),
        consents=_rows(select(Consent).where(Consent.registration_id == registration.id).order_by(Consent.id)),
        bookings=_rows(
            select(Booking)
            .where(Booking.registration_id == registration.id)
            .options(joinedload(Booking.item))
            .order_by(Booking.booked_at, Booking.id)
        ),
        stay=db.session.get(Stay, registration.id),
        answers=[each for each in given if not each.is_sensitive],
        messages=_rows(
            select(Message).where(Message.about == f"registration:{registration.id}").order_by(Message.id.desc()).limit(50)
        ),
        openings=_rows(select(Opening).where(Opening.registration_id == registration.id).order_by(Opening.id)),
        replaced=_other(Registration.id == registration.replaces_id) if registration.replaces_id else None,
        replacement=_other(Registration.replaces_id == registration.id),
        has_sensitive=_has_sensitive(registration) or any(each.is_sensitive for each in given),
    )


@dataclass(frozen=True)
class Sensitive:
    """Passport, needs and the answers of these classes. Whoever reads it has a look written down first."""

    passport: dict[str, Any]
    needs: dict[str, Any]
    answers: list[Given]


def sensitive(registration: Registration, language: str) -> Sensitive:
    """What is sensitive of a person. The caller has written the look down."""
    passport, needs = db.session.get(Passport, registration.id), db.session.get(Needs, registration.id)
    return Sensitive(
        passport=(passport.content or {}) if passport else {},
        needs=needs.content if needs else {},
        answers=[each for each in answers.given(registration, language) if each.is_sensitive],
    )


def last_move(registration: Registration) -> int:
    """The id of the last move, for noticing later ones."""
    return db.session.scalar(select(func.max(Move.id)).where(Move.registration_id == registration.id)) or 0


def _rows(statement: Any) -> Any:
    return db.session.scalars(statement).all()


def _other(condition: Any) -> Registration | None:
    return db.session.scalar(
        select(Registration).where(condition).options(joinedload(Registration.delegate).joinedload(Delegate.person)).limit(1)
    )


def _has_sensitive(registration: Registration) -> bool:
    """Whether there is any, without opening it."""
    held = select(Needs.registration_id).where(Needs.registration_id == registration.id)
    passport = select(Passport.registration_id).where(Passport.registration_id == registration.id, Passport.content.is_not(None))
    return db.session.scalar(held.union_all(passport).limit(1)) is not None
