"""Tables of files that belong to the programme."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.core.db import Model
from congress.core.localised import Localised
from congress.core.types import LocalisedText, UtcDateTime, choice
from congress.programme.vocabulary import Audience, ProposalState


class StoredFile(Model):
    """A file of the programme: a document of a session, a photo of a speaker. Its bytes stand under the instance folder."""

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by: Mapped[str] = mapped_column(String(254), default="")


class Document(Model):
    """One version of a document of a session. Versions of one document share ``series``; the highest number is the one to read.

    ``proposal``: where a coordinator's version is; None for one of organisers. Only what is theirs or approved is a version to read.
    ``reason`` is why it was rejected.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("series", "number"), CheckConstraint("number > 0", name="counted_from_one"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("programme_items.id", ondelete="CASCADE"), index=True)
    series: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid.uuid4()))
    number: Mapped[int] = mapped_column(default=1)
    titles: Mapped[Localised] = mapped_column(LocalisedText)
    audience: Mapped[Audience] = mapped_column(choice(Audience, "document_audience"))
    language: Mapped[str] = mapped_column(String(5), default="")
    proposal: Mapped[ProposalState | None] = mapped_column(choice(ProposalState, "document_proposal"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))

    file: Mapped[StoredFile] = relationship()
