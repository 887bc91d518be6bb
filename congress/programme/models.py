"""Tables of the programme: places, items, placements (the draft), releases (frozen)."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import Model
from congress.core.localised import Localised
from congress.core.types import LocalisedText, UtcDateTime, choice
from congress.networks.models import City
from congress.networks.vocabulary import Field
from congress.programme.offerings.models import Offering
from congress.programme.people.models import Speaker
from congress.programme.vocabulary import Audience, Kind, Part, Ticketing, Timing


class Venue(Model):
    """A house or a square in a city."""

    __tablename__ = "venues"
    __table_args__ = (CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="on_earth"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"), index=True)
    names: Mapped[Localised] = mapped_column(LocalisedText)
    address: Mapped[str] = mapped_column(String(200), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    directions: Mapped[Localised] = mapped_column(LocalisedText, default=Localised)  # how to get there

    city: Mapped[City] = relationship()


class Room(Model):
    """A room of a venue."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("venue_id", "slug"), CheckConstraint("capacity > 0", name="holds_somebody"))

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venues.id"))
    slug: Mapped[str] = mapped_column(String(80))
    names: Mapped[Localised] = mapped_column(LocalisedText)
    capacity: Mapped[int | None]
    equipment: Mapped[list[str]] = mapped_column(JSON, default=list)
    step_free: Mapped[bool | None]

    venue: Mapped[Venue] = relationship()


class TravelTime(Model):
    """Minutes from door to door between two venues, both ways; ``venue_id`` is the smaller id."""

    __tablename__ = "travel_times"
    __table_args__ = (CheckConstraint("venue_id < other_venue_id AND minutes >= 0", name="one_row_a_pair"),)

    venue_id: Mapped[int] = mapped_column(ForeignKey("venues.id"), primary_key=True)
    other_venue_id: Mapped[int] = mapped_column(ForeignKey("venues.id"), primary_key=True)
    minutes: Mapped[int]


class ProgrammeItem(Model):
    """Something in the programme: a ProgrammeSession or a PublicEvent. ``code`` is its address for life.

    ``stream_url`` is a live stream that anybody may watch, ``join_url`` the online room of those who take part.
    """

    __tablename__ = "programme_items"
    __table_args__ = (
        UniqueConstraint("congress_id", "code"),
        CheckConstraint("places > 0", name="some_places"),
        CheckConstraint("public_places > 0 AND offer_hours > 0 AND most_per_sign_up > 0", name="some_public_places"),
        CheckConstraint("audience <> 'field' OR field IS NOT NULL", name="field_where_needed"),
        CheckConstraint("expected > 0 AND setup_minutes >= 0 AND clearing_minutes >= 0", name="plausible_needs"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(20))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    field: Mapped[Field | None] = mapped_column(choice(Field))
    titles: Mapped[Localised] = mapped_column(LocalisedText)
    descriptions: Mapped[Localised] = mapped_column(LocalisedText)
    audience: Mapped[Audience] = mapped_column(choice(Audience))
    is_listed: Mapped[bool] = mapped_column(default=True)
    is_plausible: Mapped[bool] = mapped_column(default=False)  # filled in from comparable congresses, not from a source
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    interpretation: Mapped[list[str]] = mapped_column(JSON, default=list)
    places: Mapped[int | None]  # for those who take part in the congress
    offer_hours: Mapped[int | None]  # how long a freed place is kept for who was offered it; None: given at once
    takes_guests: Mapped[bool] = mapped_column(default=False)  # a field's session: whether people of other fields may ask
    public_places: Mapped[int | None]  # seats for which the public signs up
    takes_sign_ups: Mapped[bool] = mapped_column(default=False)
    sign_ups_close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    most_per_sign_up: Mapped[int] = mapped_column(default=4)
    stream_url: Mapped[str] = mapped_column(String(500), default="")
    join_url: Mapped[str] = mapped_column(String(500), default="")
    expected: Mapped[int | None]  # people, where no places are counted
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)  # equipment, in the words of Room.equipment
    needs_step_free: Mapped[bool] = mapped_column(default=False)
    setup_minutes: Mapped[int] = mapped_column(default=0)  # that the room is needed before it begins
    clearing_minutes: Mapped[int] = mapped_column(default=0)  # and after it ends
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_abstract": True, "version_id_col": version}  # noqa: RUF012

    congress: Mapped[Congress] = relationship()
    contributors: Mapped[list[Contributor]] = relationship(
        order_by="Contributor.position", collection_class=ordering_list("position"), cascade="all, delete-orphan"
    )
    placements: Mapped[list[Placement]] = relationship(
        back_populates="item", order_by="Placement.code", cascade="all, delete-orphan"
    )  # fmt: skip
    presentations: Mapped[list[Offering]] = relationship(
        primaryjoin="and_(Offering.item_id == ProgrammeItem.id, Offering.state == 'chosen')",
        order_by="Offering.position", viewonly=True,
    )  # fmt: skip


class ProgrammeSession(ProgrammeItem):
    """A part of the congress itself."""

    __mapper_args__ = {"polymorphic_identity": "session"}  # noqa: RUF012


class PublicEvent(ProgrammeItem):
    """An accompanying event that the public may visit."""

    __mapper_args__ = {"polymorphic_identity": "event"}  # noqa: RUF012

    organiser: Mapped[str | None] = mapped_column(String(200))
    website: Mapped[str | None] = mapped_column(String(300))
    ticketing: Mapped[Ticketing | None] = mapped_column(choice(Ticketing), default=Ticketing.UNKNOWN)


class Contributor(Model):
    """Who speaks, plays or chairs, as it is printed; a release takes only those who agreed to be named."""

    __tablename__ = "contributors"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("programme_items.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    part: Mapped[Part] = mapped_column(choice(Part), default=Part.SPEAKER)
    name: Mapped[str] = mapped_column(String(500))
    may_be_named: Mapped[bool] = mapped_column(default=False)
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id", ondelete="SET NULL"), index=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))  # whose mayor or project it is
    minutes: Mapped[int | None]  # to speak, where an order with times is kept

    # Whether somebody is named is the speaker's own word, so it is read wherever contributors are.
    speaker: Mapped[Speaker | None] = relationship(lazy="joined", innerjoin=False)
    city: Mapped[City | None] = relationship()

    @property
    def agrees(self) -> bool:
        """Whether pages, feeds and print may name the person: what the speaker said, or else what organisers know."""
        return self.speaker.may_be_named if self.speaker is not None else self.may_be_named

    @property
    def printed(self) -> str:
        """The name as it is printed."""
        return self.speaker.name if self.speaker is not None else self.name


class Placement(Model):
    """An item's time and place in the draft; ``uid`` is its identity in every calendar, for life.

    TIMED has ``starts_at`` (and ``ends_at``, unless the end is open); ALL_DAY has ``starts_on`` and ``ends_on``, both days
    included; TO_BE_CONFIRMED may have the days or nothing. ``other_city`` is where a transfer goes to.
    """

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("congress_id", "code"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("(timing = 'timed') = (starts_at IS NOT NULL)", name="timed_has_a_time"),
        CheckConstraint("timing <> 'all_day' OR (starts_on IS NOT NULL AND ends_on IS NOT NULL)", name="all_day_has_days"),
        CheckConstraint("timing <> 'timed' OR (starts_on IS NULL AND ends_on IS NULL)", name="timed_has_no_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("programme_items.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    timing: Mapped[Timing] = mapped_column(choice(Timing))
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))
    other_city_id: Mapped[int | None] = mapped_column(ForeignKey("cities.id"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"), index=True)
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    item: Mapped[ProgrammeItem] = relationship(back_populates="placements")
    city: Mapped[City | None] = relationship(foreign_keys=[city_id])
    other_city: Mapped[City | None] = relationship(foreign_keys=[other_city_id])
    venue: Mapped[Venue | None] = relationship()
    room: Mapped[Room | None] = relationship()


class Release(Model):
    """One publication of the programme. Number 1 is the first; ``uid`` names it for caches, in whatever database it is.

    ``are_people_told``: whether people whose entries it changed were sent a mail; ``tell_at``: when that is to happen, if it waits.
    ``is_provisional``: the programme is labelled so wherever it is shown.
    """

    __tablename__ = "releases"
    __table_args__ = (UniqueConstraint("congress_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    number: Mapped[int]
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[str] = mapped_column(String(254), default="")
    notes: Mapped[Localised] = mapped_column(LocalisedText)
    are_people_told: Mapped[bool] = mapped_column(default=False)
    tell_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_provisional: Mapped[bool] = mapped_column(default=False)


class ReleasedEntry(Model):
    """A placement as one release froze it. Never edited; a change in a later release is a new row.

    ``content`` is an entries.Entry as JSON. Exactly one row of each ``uid`` is current.
    """

    __tablename__ = "released_entries"
    __table_args__ = (
        UniqueConstraint("uid", "sequence"),
        Index(
            "uq_released_entries_current",
            "uid",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        Index("ix_released_entries_congress", "congress_id", "is_current"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    congress_id: Mapped[int] = mapped_column(ForeignKey("congresses.id"))
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), index=True)
    uid: Mapped[str] = mapped_column(String(36))
    sequence: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
