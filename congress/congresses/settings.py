"""What a congress is, when and where: its own row. What has to follow is changed where it is at home (``registration.settings``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from congress.congresses.models import Congress, CongressKind, HostCity
from congress.core.db import db
from congress.core.localised import Localised
from congress.core.tables import assign
from congress.networks.models import City


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The columns of a congress that organisers set together; those of limits, mails and conflicts have pages of their own."""

    is_published: bool
    kind: CongressKind
    names: Localised
    long_names: Localised
    themes: Localised
    descriptions: Localised
    press_offices: Localised
    photo_terms: Localised
    languages: Sequence[str]
    starts_on: date
    ends_on: date
    timezone: str
    travel_minutes: int
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    contact_email: str


def write_settings(congress: Congress, wanted: Settings, hosts: Sequence[City], *, now: datetime) -> bool:
    """Write these settings and hosts; whether anything differs. Flushes.

    Calendars are asked for by time, which knows no fractions of a second: so a change is always a second after the one before.
    """
    differs = assign(congress, vars(wanted))
    if [each.id for each in congress.hosts] != [each.id for each in hosts]:
        congress.host_places[:] = [HostCity(city=city) for city in hosts]
        differs = True
    if differs:
        congress.changed_at = max(now, congress.changed_at + timedelta(seconds=1))
    db.session.flush()
    return differs
