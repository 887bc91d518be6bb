"""Tables of people and delegations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.congresses.models import Congress
from congress.core.db import Model
from congress.core.types import UtcDateTime, choice
from congress.networks.models import City


class Category(StrEnum):
    """In which capacity a person takes part (domain notes, section 2)."""

    DELEGATE = "delegate"
    MAYOR = "mayor"
    COORDINATOR = "coordinator"
    SECRETARIAT = "secretariat"
    HOST_STAFF = "host_staff"
    SPEAKER = "speaker"
    NATIONAL_COMMISSION = "national_commission"
    OBSERVER = "observer"
    PRESS = "press"
    COMPANION = "companion"


CATEGORY_LABELS = {
    Category.DELEGATE: _("delegate of a member city"),
    Category.MAYOR: _("mayor or deputy mayor"),
    Category.COORDINATOR: _("subnetwork coordinator or deputy"),
    Category.SECRETARIAT: _("Secretariat"),
    Category.HOST_STAFF: _("host city staff or volunteer"),
    Category.SPEAKER: _("speaker or artist"),
    Category.NATIONAL_COMMISSION: _("National Commission or ministry"),
    Category.OBSERVER: _("observer"),
    Category.PRESS: _("press"),
    Category.COMPANION: _("companion"),
}

# Categories in which a person stands for a member city.
OF_A_CITY = frozenset({Category.DELEGATE, Category.MAYOR, Category.COORDINATOR, Category.COMPANION})


class Person(Model):
    """A human being. The name on the badge is the name as the person writes it."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(5))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Delegation(Model):
    """The people of one city at one congress."""

    __tablename__ = "delegations"
    __table_args__ = (UniqueConstraint("congress_id", "city_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)

    congress: Mapped[Congress] = relationship()
    city: Mapped[City] = relationship()


class Delegate(Model):
    """A person at a congress in one capacity; of a city's delegation where the category is one of a city."""

    __tablename__ = "delegates"
    __table_args__ = (
        CheckConstraint(
            "delegation_id IS NOT NULL OR category NOT IN ('delegate', 'mayor', 'coordinator', 'companion')",
            name="city_where_needed",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id"), index=True)
    category: Mapped[Category] = mapped_column(choice(Category))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    function: Mapped[str] = mapped_column(String(200), default="")

    congress: Mapped[Congress] = relationship()
    person: Mapped[Person] = relationship()
    delegation: Mapped[Delegation | None] = relationship()

    @property
    def city(self) -> City | None:
        return self.delegation.city if self.delegation else None
