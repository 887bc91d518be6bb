"""Tables of networks and their cities. Nothing here is undated that changes over the years."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.core.db import Model
from congress.core.localised import Localised
from congress.core.types import LocalisedText, choice
from congress.networks.vocabulary import CityKind, ContactKind, Field, Level, OfficeKind, Precision, Region


def _in_order() -> CheckConstraint:
    return CheckConstraint("until IS NULL OR until > since", name="since_before_until")


class Country(Model):
    """A country by its ISO 3166-1 code, with the names valid at the congress."""

    __tablename__ = "countries"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    names: Mapped[Localised] = mapped_column(LocalisedText)
    region: Mapped[Region | None] = mapped_column(choice(Region))


class City(Model):
    """A city, or another member such as a canton."""

    __tablename__ = "cities"
    __table_args__ = (CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="on_earth"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[CityKind] = mapped_column(choice(CityKind), default=CityKind.CITY)
    names: Mapped[Localised] = mapped_column(LocalisedText)
    country_code: Mapped[str] = mapped_column(ForeignKey("countries.code"), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    population: Mapped[int | None]

    country: Mapped[Country] = relationship()


class Network(Model):
    """A network of cities that holds congresses. What we know of its members is right up to ``known_on``; later changes are not in it."""

    __tablename__ = "networks"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    short_name: Mapped[str] = mapped_column(String(40))
    names: Mapped[Localised] = mapped_column(LocalisedText)
    descriptions: Mapped[Localised] = mapped_column(LocalisedText)
    website: Mapped[str] = mapped_column(String(200), default="")
    known_on: Mapped[date | None] = mapped_column(Date)

    def day_known(self, today: date) -> date:
        """The day for which numbers are given: today, or the last one that our data cover."""
        return min(today, self.known_on) if self.known_on else today


class Membership(Model):
    """A city belongs to a network from ``since`` (included) until ``until`` (excluded, None: it still does).

    ``since`` is None where no source names the year; such a membership counts at every date before ``until``.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        _in_order(),
        UniqueConstraint("network_id", "city_id", "since"),
        Index("uq_memberships_current", "network_id", "city_id", unique=True, sqlite_where=text("until IS NULL"),
              postgresql_where=text("until IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)
    level: Mapped[Level] = mapped_column(choice(Level))
    national_network: Mapped[str] = mapped_column(String(80), default="")
    took_index: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date | None] = mapped_column(Date)
    since_precision: Mapped[Precision] = mapped_column(choice(Precision), default=Precision.DAY)
    until: Mapped[date | None] = mapped_column(Date)

    network: Mapped[Network] = relationship()
    city: Mapped[City] = relationship()
    designations: Mapped[list[Designation]] = relationship(order_by="Designation.since", cascade="all, delete-orphan")

    def is_on(self, day: date) -> bool:
        """Whether it holds on that day; one whose beginning no source names counts from ever."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def field_on(self, day: date) -> Field | None:
        """The creative field in which the city is designated on that day."""
        for each in self.designations:
            if each.since <= day and (each.until is None or day < each.until):
                return each.field
        return None


class Designation(Model):
    """The one creative field of a member at a time; a city may change it (Lyon did in 2023)."""

    __tablename__ = "designations"
    __table_args__ = (_in_order(), UniqueConstraint("membership_id", "since"))

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    field: Mapped[Field] = mapped_column(choice(Field))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class Office(Model):
    """An office held for a network by a city (and an institution in it), for a field where the office is of one."""

    __tablename__ = "offices"
    __table_args__ = (_in_order(), UniqueConstraint("network_id", "city_id", "kind", "field", "since"))

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)
    kind: Mapped[OfficeKind] = mapped_column(choice(OfficeKind))
    field: Mapped[Field | None] = mapped_column(choice(Field))
    holder: Mapped[str] = mapped_column(String(200), default="")
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)

    network: Mapped[Network] = relationship()
    city: Mapped[City] = relationship()


class Contact(Model):
    """One of the standing contacts of a member city: who is written to, between congresses too."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("network_id", "city_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)
    kind: Mapped[ContactKind] = mapped_column(choice(ContactKind))
    title: Mapped[str] = mapped_column(String(40), default="")
    given_name: Mapped[str] = mapped_column(String(100), default="")
    family_name: Mapped[str] = mapped_column(String(100), default="")
    function: Mapped[str] = mapped_column(String(200), default="")
    institution: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    may_be_shown: Mapped[bool] = mapped_column(default=False)  # on the city's public page

    network: Mapped[Network] = relationship()
    city: Mapped[City] = relationship()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()
