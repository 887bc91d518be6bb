"""Tables of people and delegations."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.congresses.models import Congress
from congress.core.db import Model
from congress.core.sentences import Sentence
from congress.core.types import UtcDateTime, choice
from congress.delegates.rules import WAITS_FOR_CITY, WAS_SENT, Recipient
from congress.delegates.vocabulary import Category, DelegationEventKind, DelegationState, Part, Step
from congress.networks.models import City


class Person(Model):
    """A human being, with the name as the person writes it; the name in the passport is kept with the passport."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(40), default="")
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    pronouns: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(5))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Delegation(Model):
    """The people of one city at one congress. Its link lets a focal point register them; ``version`` counts every change of it.

    ``max_override`` and ``min_override`` replace the congress's limits for this city, with the reason.
    """

    __tablename__ = "delegations"
    __table_args__ = (
        UniqueConstraint("congress_id", "city_id"),
        CheckConstraint("max_override >= 0 AND min_override >= 0", name="limits_are_positive"),
        CheckConstraint("(max_override IS NULL AND min_override IS NULL) OR limit_reason <> ''", name="limits_have_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)
    state: Mapped[DelegationState] = mapped_column(choice(DelegationState), default=DelegationState.NOT_INVITED)
    link_version: Mapped[int] = mapped_column(default=1)
    link_digest: Mapped[str | None] = mapped_column(String(64), unique=True)  # None: no link, or revoked
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the code in the invitation letter
    focal_name: Mapped[str] = mapped_column(String(200), default="")  # who holds the link now
    focal_email: Mapped[str] = mapped_column(String(254), default="")
    focal_language: Mapped[str] = mapped_column(String(5), default="en")
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    active_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the city last did something, or was invited
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    max_override: Mapped[int | None]
    min_override: Mapped[int | None]
    limit_reason: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)  # counted by services.log, under the delegation's lock

    congress: Mapped[Congress] = relationship()
    city: Mapped[City] = relationship()

    @property
    def most(self) -> int:
        """How many delegates it may have."""
        return self.congress.max_delegates if self.max_override is None else self.max_override

    @property
    def least(self) -> int:
        return self.congress.min_delegates if self.min_override is None else self.min_override

    @property
    def holder(self) -> Recipient | None:
        """Who holds the link now, as far as it is known."""
        return Recipient(self.focal_name, self.focal_email, self.focal_language) if self.focal_email else None

    @property
    def is_revoked(self) -> bool:
        """Whether its link was ended and no other one issued since."""
        return self.link_digest is None and self.link_version > 1

    @property
    def may_be_reminded(self) -> bool:
        """Whether the next step is the city's."""
        return self.state in WAITS_FOR_CITY

    @property
    def was_sent(self) -> bool:
        return self.state in WAS_SENT

    def is_silent(self, now: datetime) -> bool:
        """Whether the city was invited and has not answered for the congress's number of days."""
        return (
            self.may_be_reminded
            and self.active_at is not None
            and now - self.active_at >= timedelta(days=self.congress.silent_days)
        )


class EndedLink(Model):
    """A link of a delegation that opened it once, as its digest: so that it is said to have ended, and not to be wrong."""

    __tablename__ = "ended_links"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id", ondelete="CASCADE"), index=True)


class Detail(Sentence):
    """More about what happened to a delegation."""

    cache_ok = True
    sentences = {"letter": lambda: _("code for the letter of invitation")}  # noqa: RUF012


class DelegationEvent(Model):
    """Something that happened to a delegation: when, by whom, and at which version. Never edited."""

    __tablename__ = "delegation_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DelegationEventKind] = mapped_column(choice(DelegationEventKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(254), default="")
    detail: Mapped[str] = mapped_column(Detail(500), default="")
    version: Mapped[int]


class Delegate(Model):
    """A person at a congress in one capacity; of a city's delegation where the category is one of a city."""

    __tablename__ = "delegates"
    __table_args__ = (
        Index("ix_delegates_category", "congress_id", "category"),
        Index("ix_delegates_places", "delegation_id", "category", "part"),  # all that counting a city's places has to read
        CheckConstraint(
            "delegation_id IS NOT NULL OR category NOT IN ('delegate', 'mayor', 'coordinator', 'companion')",
            name="city_where_needed",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id"))
    category: Mapped[Category] = mapped_column(choice(Category))
    part: Mapped[Part] = mapped_column(choice(Part), default=Part.MEMBER)
    organisation: Mapped[str] = mapped_column(String(200), default="")
    function: Mapped[str] = mapped_column(String(200), default="")
    badge_name: Mapped[str] = mapped_column(String(120), default="")  # empty: the person's name
    badge_city: Mapped[str] = mapped_column(String(120), default="")
    working_language: Mapped[str] = mapped_column(String(5), default="en")
    also: Mapped[list[str]] = mapped_column(JSON, default=list)  # further categories of one who has several roles: counted once
    needs_interpretation: Mapped[bool] = mapped_column(default=False)
    in_mayors_session: Mapped[bool] = mapped_column(default=False)  # mayors and deputies say so themselves
    speaks: Mapped[bool] = mapped_column(default=False)  # in the mayors' session
    speech_title: Mapped[str] = mapped_column(String(200), default="")
    remark: Mapped[str] = mapped_column(
        String(500), default=""
    )  # to the hosts: with whom a companion comes, what the press writes of

    congress: Mapped[Congress] = relationship()
    person: Mapped[Person] = relationship()
    delegation: Mapped[Delegation | None] = relationship()

    @property
    def city(self) -> City | None:
        return self.delegation.city if self.delegation else None

    @property
    def name_on_badge(self) -> str:
        return self.badge_name or self.person.name


class CategoryTerms(Model):
    """What holds for one category at one congress; where there is no row, everybody may register and nothing is limited."""

    __tablename__ = "category_terms"
    __table_args__ = (CheckConstraint("max_per_city >= 0 AND max_people >= 0", name="limits_are_positive"),)

    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[Category] = mapped_column(choice(Category), primary_key=True)
    is_offered: Mapped[bool] = mapped_column(default=True)  # in the public form; organisers may always register one
    max_per_city: Mapped[int | None]
    max_people: Mapped[int | None]


class Window(Model):
    """When a step of the form is open, for one category or all (None), one step or all (None). Half-open."""

    __tablename__ = "windows"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="opens_before_it_closes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"), index=True)
    category: Mapped[Category | None] = mapped_column(choice(Category))
    step: Mapped[Step | None] = mapped_column(choice(Step))
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
