"""A congress as the start of the next one: its own row. What belongs to it is copied where it is at home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from congress.congresses.models import Congress, HostCity, is_slug
from congress.congresses.queries import find_congress
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.localised import Localised

_SETTINGS = (
    "network_id", "kind", "timezone", "languages", "min_delegates", "max_delegates", "travel_minutes", "max_people",
    "offer_hours", "silent_days", "severities", "quiet_minutes", "contact_email", "descriptions", "photo_terms",
)  # fmt: skip
_FARTHEST = timedelta(days=366 * 30)


class CannotCopy(CongressError):
    """The copy cannot be made so; ``field`` says what is to be changed."""

    def __init__(self, field: Literal["slug", "starts_on"], sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Wanted:
    """How the copy is called and when it begins."""

    slug: str
    names: Localised
    long_names: Localised
    starts_on: date


@dataclass(frozen=True)
class Shift:
    """By how many days everything moves; the clocks of the zone, or those of another one (``into``), show the same time as before."""

    days: timedelta
    zone: ZoneInfo
    into: ZoneInfo | None = None

    def day(self, day: date | None) -> date | None:
        return day + self.days if day else None

    def moment(self, instant: datetime | None) -> datetime | None:
        """In an hour that the clocks skip on the new day, an hour later."""
        if instant is None:
            return None
        local = instant.astimezone(self.zone)
        return (local.replace(tzinfo=None) + self.days).replace(tzinfo=self.into or self.zone).astimezone(ZoneInfo("UTC"))

    def end(self, starts_at: datetime | None, ends_at: datetime | None) -> datetime | None:
        """The end of something that takes as long as before, whatever the clocks do."""
        start = self.moment(starts_at)
        return start + (ends_at - starts_at) if start and starts_at and ends_at else None


def need_free_slug(slug: str) -> None:
    """Whether a new congress may have this address. Raises CannotCopy."""
    if not is_slug(slug):
        raise CannotCopy("slug", _("Write 2 to 40 small letters, digits and hyphens; some words are taken."))
    if find_congress(slug, with_places=False) is not None:
        raise CannotCopy("slug", _("There is a congress with this address already."))


def copy_row(congress: Congress, wanted: Wanted) -> tuple[Congress, Shift]:
    """A new congress with the settings and hosts of this one, flushed; its theme is its own. Raises CannotCopy."""
    need_free_slug(wanted.slug)
    days = wanted.starts_on - congress.starts_on
    if not timedelta(0) < days <= _FARTHEST:
        raise CannotCopy("starts_on", _("The copy begins after the congress that it is made of, and within thirty years."))
    shift = Shift(days, congress.zone)
    opens_at, closes_at = congress.registration_opens_at, congress.registration_closes_at
    made = Congress(
        slug=wanted.slug,
        names=wanted.names,
        long_names=wanted.long_names,
        themes=Localised(),
        is_published=False,
        starts_on=wanted.starts_on,
        ends_on=congress.ends_on + days,
        registration_opens_at=shift.moment(opens_at),
        registration_closes_at=shift.moment(closes_at),
        **{name: getattr(congress, name) for name in _SETTINGS},
    )
    made.host_places = [HostCity(city=city) for city in congress.hosts]
    db.session.add(made)
    db.session.flush()
    return made, shift
