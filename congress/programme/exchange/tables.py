"""The draft as rows of a table, from which the same draft can be made again (``matching``, ``storing``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.networks.models import City
from congress.programme import queries
from congress.programme.exchange import cells, values
from congress.programme.exchange.cells import Named
from congress.programme.exchange.columns import columns
from congress.programme.models import Contributor, Placement, ProgrammeItem, PublicEvent

NOT_WRITTEN = frozenset({"date", "place"})  # of those who write their own tables; ours say the same in other columns


def languages(congress: Congress, items: list[ProgrammeItem]) -> list[str]:
    """The languages of the congress, then those in which only some text stands."""
    used = {language for item in items for texts in (item.titles, item.descriptions) for language in texts}
    return list(dict.fromkeys([*congress.languages, *sorted(used)]))


def rows(congress: Congress, labels: dict[str, str] | None = None) -> Iterator[list[str]]:
    """The heading, by ``labels`` if given, then a row for each placement, in order of time."""
    placements, cities = queries.placements(congress), city_slugs()
    spoken = languages(congress, [each.item for each in placements])
    names = [name for name in columns(spoken) if name not in NOT_WRITTEN]
    yield [(labels or {}).get(name, name) for name in names]
    for placement in placements:
        said = cells_of(placement, congress, cities)
        yield [said.get(name, "") for name in names]


def city_slugs() -> dict[int, str]:
    """Of all cities, by their ids."""
    return {number: slug for number, slug in db.session.execute(select(City.id, City.slug))}  # noqa: C416


def cells_of(placement: Placement, congress: Congress, cities: Mapping[int, str]) -> dict[str, str]:
    """What the row of a placement says, by column."""
    return {**item_cells(placement.item, congress, cities), **placement_cells(placement, congress)}


def item_cells(item: ProgrammeItem, congress: Congress, cities: Mapping[int, str]) -> dict[str, str]:
    texts = {"title": item.titles, "description": item.descriptions}
    said = {f"{name}_{language}": text for name, each in texts.items() for language, text in each.items()}
    said |= {name: values.written(name, getattr(item, name), congress.zone) for name in values.ATTRIBUTES if hasattr(item, name)}
    people = cells.SEPARATOR.join(cells.written_person(named(each, cities)) for each in item.contributors)
    return {"item": item.code, "is_event": cells.yes_no(isinstance(item, PublicEvent)), "people": people, **said}


def named(person: Contributor, cities: Mapping[int, str]) -> Named:
    return Named(person.part, person.name, cities.get(person.city_id or 0, ""), person.minutes, person.may_be_named)


def placement_cells(placement: Placement, congress: Congress) -> dict[str, str]:
    first, last = placement.starts_at or placement.starts_on, placement.ends_at or placement.ends_on
    return {
        "code": placement.code,
        "uid": placement.uid,
        "timing": placement.timing.value,
        "starts": cells.written_when(first, congress.zone),
        "ends": cells.written_when(last, congress.zone),
        "city": placement.city.slug if placement.city else "",
        "other_city": placement.other_city.slug if placement.other_city else "",
        "venue": placement.venue.slug if placement.venue else "",
        "room": placement.room.slug if placement.room else "",
        "is_cancelled": cells.yes_no(placement.is_cancelled),
    }
