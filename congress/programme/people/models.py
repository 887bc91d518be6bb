"""Tables of those who speak."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import Model
from congress.core.localised import Localised
from congress.core.types import LocalisedText, UtcDateTime
from congress.networks.models import City
from congress.programme.documents.models import StoredFile


class Speaker(Model):
    """A person who speaks, chairs or interprets at a congress, also one who is no delegate.

    ``may_be_named`` and ``may_show_photo`` are the person's own words, given or withdrawn at ``agreed_at`` behind the person's link;
    until then pages, feeds and print name nobody. ``functions`` is what stands under the name.
    """

    __tablename__ = "speakers"
    __table_args__ = (UniqueConstraint("link_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"), index=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))
    name: Mapped[str] = mapped_column(String(200))
    sorted_as: Mapped[str] = mapped_column(String(300), default="")
    functions: Mapped[Localised] = mapped_column(LocalisedText, default=Localised)
    biographies: Mapped[Localised] = mapped_column(LocalisedText, default=Localised)
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id", ondelete="SET NULL"))
    may_be_named: Mapped[bool] = mapped_column(default=False)
    may_show_photo: Mapped[bool] = mapped_column(default=False)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link_version: Mapped[int] = mapped_column(default=1)
    link_digest: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    city: Mapped[City | None] = relationship()
    congress: Mapped[Congress] = relationship()
    photo: Mapped[StoredFile | None] = relationship()


class EndedSpeakerLink(Model):
    """A link of a speaker that opened a page once, as its digest: so that it is said to have ended, and not to be wrong."""

    __tablename__ = "ended_speaker_links"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"), index=True)
