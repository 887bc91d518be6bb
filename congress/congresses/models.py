"""Tables of congresses."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.congresses import rules
from congress.core.clock import now
from congress.core.db import Model
from congress.core.localised import Localised
from congress.core.text import slugify
from congress.core.types import LocalisedText, UtcDateTime, choice
from congress.networks.models import City, Network

# First parts of addresses that a congress cannot take as its slug.
RESERVED_SLUGS = frozenset(
    {
        "accessibility",
        "account",
        "api",
        "bootstrap",
        "cities",
        "congress",
        "desk",
        "healthz",
        "invitation",
        "language",
        "metrics",
        "my",
        "networks",
        "password",
        "readyz",
        "rights",
        "robots.txt",
        "security",
        "sign-in",
        "sign-out",
        "static",
    }
)


def is_slug(text: str) -> bool:
    """Whether a congress may stand under this address."""
    return slugify(text) == text and 2 <= len(text) <= 40 and text not in RESERVED_SLUGS


class CongressKind(StrEnum):
    """What kind of gathering it is."""

    CONGRESS = "congress"
    SUBNETWORK_MEETING = "subnetwork_meeting"
    STUDY_VISIT = "study_visit"
    SEMINAR = "seminar"
    EXPERT_MEETING = "expert_meeting"


CONGRESS_KIND_LABELS = {
    CongressKind.CONGRESS: _("congress"),
    CongressKind.SUBNETWORK_MEETING: _("subnetwork meeting"),
    CongressKind.STUDY_VISIT: _("study visit"),
    CongressKind.SEMINAR: _("seminar"),
    CongressKind.EXPERT_MEETING: _("expert meeting"),
}


class Congress(Model):
    """One gathering: its days, hosts, languages and limits. Times of day are those of ``timezone``."""

    __tablename__ = "congresses"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="starts_before_it_ends"),
        CheckConstraint("max_people > 0 AND offer_hours > 0 AND silent_days > 0", name="limits_are_positive"),
        CheckConstraint("quiet_minutes >= 0", name="quiet_time"),
        CheckConstraint("min_delegates >= 0 AND max_delegates >= min_delegates", name="limits_in_order"),
        CheckConstraint(
            "registration_closes_at IS NULL OR registration_closes_at > registration_opens_at", name="window_in_order"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"), index=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[CongressKind] = mapped_column(choice(CongressKind), default=CongressKind.CONGRESS)
    names: Mapped[Localised] = mapped_column(LocalisedText)
    long_names: Mapped[Localised] = mapped_column(LocalisedText)
    themes: Mapped[Localised] = mapped_column(LocalisedText)
    descriptions: Mapped[Localised] = mapped_column(LocalisedText)
    press_offices: Mapped[Localised] = mapped_column(LocalisedText, default=Localised)  # whom journalists ask
    photo_terms: Mapped[Localised] = mapped_column(LocalisedText, default=Localised)  # who may take and use pictures, and how
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    timezone: Mapped[str] = mapped_column(String(40))
    languages: Mapped[list[str]] = mapped_column(JSON)
    registration_opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registration_closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    min_delegates: Mapped[int] = mapped_column(default=1)
    max_delegates: Mapped[int] = mapped_column(default=3)
    travel_minutes: Mapped[int] = mapped_column(
        default=90
    )  # door to door between host cities, where no pair of venues says otherwise
    max_people: Mapped[int | None]  # of everybody; None: as many as the categories and delegations allow
    offer_hours: Mapped[int | None]  # how long a freed place is kept for who was offered it; None: given at once
    silent_days: Mapped[int] = mapped_column(default=14)  # without an answer for so long a city is silent
    severities: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # of kinds of conflicts, where not as usual
    quiet_minutes: Mapped[int] = mapped_column(default=0)  # between a release and its mails, so that corrections join it
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    is_published: Mapped[bool] = mapped_column(default=True)  # else nobody finds it but those who work on it, and who has a link
    requires_second_factor: Mapped[bool] = mapped_column(default=False)  # of whoever works here
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    network: Mapped[Network] = relationship()
    host_places: Mapped[list[HostCity]] = relationship(
        order_by="HostCity.position", collection_class=ordering_list("position"), cascade="all, delete-orphan"
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def registration_ends_at(self) -> datetime:
        """When registration closes, also where organisers have not said it."""
        return rules.closing(self.registration_closes_at, self.ends_on, self.zone)

    def is_registration_open(self, now: datetime) -> bool:
        """Whether people may register."""
        return rules.is_open(self.registration_opens_at, self.registration_ends_at, now)

    def is_over(self, now: datetime) -> bool:
        """Whether its last day has passed."""
        return now.astimezone(self.zone).date() > self.ends_on

    @property
    def hosts(self) -> list[City]:
        """The host cities, the first named first."""
        return [place.city for place in self.host_places]

    @property
    def default_language(self) -> str:
        return self.languages[0]


class HostCity(Model):
    """A city that hosts a congress, in the order in which hosts are named."""

    __tablename__ = "host_cities"

    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"), primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), primary_key=True)
    position: Mapped[int]

    city: Mapped[City] = relationship()
