"""What of the timetable a page shows, as it stands in its address: which days side by side, of which city or house."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from werkzeug.datastructures import MultiDict

from congress.congresses.models import Congress
from congress.programme.models import Placement

ONE, THREE, ALL = "", "3", "all"
SPANS = (ONE, THREE, ALL)
_MOST_DAYS = 14


@dataclass(frozen=True)
class Shown:
    """``day`` is the one that was chosen; with several days side by side it is among them."""

    congress: Congress
    day: date
    span: str = ONE
    city: str = ""
    venue: int | None = None

    @classmethod
    def of(cls, args: MultiDict[str, str], congress: Congress, days: Iterable[date], today: date) -> Shown:
        """What is asked for; words that mean nothing are left out. Else today where something is then, else the first day."""
        try:
            # Calendars look at the days around: the very first and last days that there are have none.
            day = max(date.min, min(date.fromisoformat(args.get("day", "")), date.max - timedelta(days=2 * _MOST_DAYS)))
            day = max(day, date.min + timedelta(days=2 * _MOST_DAYS))
        except ValueError:
            day = today if today in days else congress.starts_on
        venue, span, city = args.get("venue", ""), args.get("days", ""), args.get("city", "")
        return cls(
            congress,
            day,
            span=span if span in SPANS else ONE,
            city=city if city in {host.slug for host in congress.hosts} else "",
            venue=int(venue) if venue.isascii() and venue.isdigit() and len(venue) < 10 else None,
        )

    @cached_property
    def dates(self) -> list[date]:
        """The days, in order. Three begin earlier at the end of the congress, so that none of them lies behind it."""
        first, length = self.day, 1
        starts_on, ends_on = self.congress.starts_on, self.congress.ends_on
        if self.span == ALL:
            first, length = starts_on, min((ends_on - starts_on).days + 1, _MOST_DAYS)
        elif self.span == THREE:
            length = 3
            if starts_on <= first <= ends_on:
                first = max(starts_on, min(first, ends_on - timedelta(days=2)))
        return [first + timedelta(days=offset) for offset in range(length)]

    def args(self, **changes: object) -> dict[str, str]:
        """For the address of a page that shows the same but for ``changes``; another city has other houses."""
        other = replace(self, **({"venue": None} if "city" in changes else {}) | changes)  # type: ignore[arg-type]
        found = {
            "day": other.day.isoformat(),
            "days": other.span,
            "city": other.city,
            "venue": str(other.venue or ""),
        }
        return {name: value for name, value in found.items() if value}

    def has(self, placement: Placement) -> bool:
        """Whether an entry of these days belongs to the city or the house; a journey belongs to both of its cities."""
        if self.venue is not None:
            return placement.venue_id == self.venue
        cities = {each.slug for each in (placement.city, placement.other_city) if each}
        return not self.city or self.city in cities
