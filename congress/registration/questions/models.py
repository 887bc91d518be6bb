"""Tables of the organisers' own questions and what people answered."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.core.db import Model
from congress.core.localised import Localised
from congress.core.sealed import Sealed
from congress.core.types import LocalisedText, UtcDateTime, choice
from congress.delegates.vocabulary import Step
from congress.registration.vocabulary import QuestionKind, Retention


class Question(Model):
    """A question of one congress. It is retired, never deleted, once somebody has answered it.

    ``choices`` is a list of ``{"value": …, "labels": {…}, "is_retired": bool}``: a retired one stays readable in old answers.
    ``shown_if_value`` is the answer to ``shown_if`` that shows this one. ``categories`` empty: for all.
    """

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("congress_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))  # its name in exports, for life
    step: Mapped[Step] = mapped_column(choice(Step))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[QuestionKind] = mapped_column(choice(QuestionKind))
    labels: Mapped[Localised] = mapped_column(LocalisedText)
    helps: Mapped[Localised] = mapped_column(LocalisedText)
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    is_required: Mapped[bool] = mapped_column(default=False)
    shown_if_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    shown_if_value: Mapped[str] = mapped_column(String(200), default="")
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retention: Mapped[Retention] = mapped_column(choice(Retention), default=Retention.KEPT)
    is_retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    shown_if: Mapped[Question | None] = relationship(remote_side="Question.id")


class Answer(Model):
    """What one person answered to one question: ``value`` as JSON (text, number, list of values, bool, ISO date, id of an upload)."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("registration_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    value: Mapped[Any] = mapped_column(Sealed)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    question: Mapped[Question] = relationship()


class Upload(Model):
    """A file that somebody sent: of a registration, or of a delegation (a letter). Its bytes stand under the instance folder."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"), index=True)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
