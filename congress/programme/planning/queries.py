"""Reads of the timetable: what stands on a day, what has no time yet, and who did what last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.core.text import fold
from congress.programme.models import Placement, ProgrammeItem, Room, Venue
from congress.programme.planning.models import DraftChange
from congress.programme.vocabulary import Timing

_STEPS = 100  # of one person's changes that are looked at for what can be taken back


def day_placements(congress: Congress, day: date, last: date | None = None) -> Sequence[Placement]:
    """What happens on a day of the congress's zone, also what began before or takes several days, with its item and places.

    ``last``: on any day from ``day`` to this one.
    """
    last = last or day
    begins, ends = bounds(congress, day)[0], bounds(congress, last)[1]
    return db.session.scalars(
        _with_places(congress)
        .where(
            or_(
                and_(Placement.starts_at < ends, func.coalesce(Placement.ends_at, Placement.starts_at) > begins),
                Placement.starts_at == begins,
                and_(Placement.starts_on <= last, func.coalesce(Placement.ends_on, Placement.starts_on) >= day),
            )
        )
        .order_by(Placement.starts_at, Placement.code)
    ).all()


def _with_places(congress: Congress) -> Select[Placement]:
    return (
        select(Placement)
        .where(Placement.congress_id == congress.id)
        .options(
            joinedload(Placement.item).load_only(
                ProgrammeItem.kind, ProgrammeItem.field, ProgrammeItem.titles, ProgrammeItem.audience, ProgrammeItem.code
            ),
            # A few hundred entries share a few places: these are read once, not beside each entry.
            selectinload(Placement.city),
            selectinload(Placement.other_city),
            selectinload(Placement.venue),
            selectinload(Placement.room),
        )
    )


def bounds(congress: Congress, day: date) -> tuple[datetime, datetime]:
    """The instants at which a day begins and ends in the congress's zone."""
    begins, ends = (datetime.combine(each, time(), congress.zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return begins, ends


def day_counts(congress: Congress) -> dict[date, int]:
    """The days of the congress, and others on which something stands, with how much begins on them."""
    rows = db.session.execute(
        select(Placement.starts_at, Placement.starts_on, func.count())
        .where(Placement.congress_id == congress.id, Placement.is_cancelled.is_(False))
        .group_by(Placement.starts_at, Placement.starts_on)
    )
    counted: Counter[date] = Counter()
    for starts_at, starts_on, count in rows:
        begins_on = starts_at.astimezone(congress.zone).date() if starts_at else starts_on
        if begins_on is not None:
            counted[begins_on] += count
    length = (congress.ends_on - congress.starts_on).days + 1
    for offset in range(length):
        counted[congress.starts_on + timedelta(days=offset)] += 0
    return dict(sorted(counted.items()))


def unplaced(congress: Congress, search: str = "", limit: int = 200) -> tuple[list[Placement], int]:
    """What has no time yet, by code, and how much there is of it; with ``search`` only what has these words in title or code."""
    rows = db.session.execute(
        select(Placement.id, Placement.code, ProgrammeItem.titles)
        .join(ProgrammeItem)
        .where(
            Placement.congress_id == congress.id,
            Placement.timing == Timing.TO_BE_CONFIRMED,
            Placement.is_cancelled.is_(False),
        )
        .order_by(Placement.starts_on, Placement.code)
    ).all()
    words = fold(search).split()
    found = [each for each, code, titles in rows if all(word in fold(f"{code} {' '.join(titles.values())}") for word in words)]
    shown = {
        each.id: each for each in db.session.scalars(_with_places(congress).where(Placement.id.in_(found[:limit])))
    }  # fmt: skip
    return [shown[each] for each in found[:limit] if each in shown], len(found)


def own_changes(congress: Congress, email: str) -> list[DraftChange]:
    """The last changes of placements that somebody made, the oldest first."""
    latest = db.session.scalars(
        select(DraftChange)
        .where(DraftChange.congress_id == congress.id, DraftChange.made_by == email, DraftChange.placement_id.is_not(None))
        .order_by(DraftChange.id.desc())
        .limit(_STEPS)
    )
    return list(latest)[::-1]


def titles_of(changes: Iterable[DraftChange]) -> dict[int, Localised]:
    """The titles, as they are now, of the items that changes are about, by the id of the item."""
    ids = {each.item_id for each in changes if each.item_id is not None}
    rows = db.session.execute(select(ProgrammeItem.id, ProgrammeItem.titles).where(ProgrammeItem.id.in_(ids)))
    return {number: titles for number, titles in rows}  # noqa: C416 (typed: a row is no pair)


def rooms_of_venue(venue_id: int) -> Sequence[Room]:
    """The rooms of a venue."""
    return db.session.scalars(
        select(Room).where(Room.venue_id == venue_id).options(joinedload(Room.venue)).order_by(Room.slug)
    ).all()


def rooms_of_city(city_id: int) -> Sequence[Room]:
    """The rooms of a city."""
    return db.session.scalars(
        select(Room).join(Venue).where(Venue.city_id == city_id).options(joinedload(Room.venue)).order_by(Venue.slug, Room.slug)
    ).all()


def items(congress: Congress, search: str = "") -> list[ProgrammeItem]:
    """The items of the draft by code, with their placements; with ``search`` only those with these words in title or code."""
    chosen = select(ProgrammeItem).where(ProgrammeItem.congress_id == congress.id)
    chosen = chosen.options(selectinload(ProgrammeItem.placements)).order_by(ProgrammeItem.code)
    words = fold(search).split()
    return [
        each
        for each in db.session.scalars(chosen)
        if all(word in fold(f"{each.code} {' '.join(each.titles.values())}") for word in words)
    ]


def placements_of(item: ProgrammeItem) -> Sequence[Placement]:
    """When and where an item stands, in order of time, with its places."""
    return db.session.scalars(
        _with_places(item.congress)
        .where(Placement.item_id == item.id)
        .order_by(Placement.starts_at, Placement.starts_on, Placement.code)
    ).all()
