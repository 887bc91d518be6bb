"""Countries, networks, cities and memberships from CSV files; a second run of the same file changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from congress.core.db import db
from congress.core.localised import Localised
from congress.core.tables import Imported, Row, Table, assign, cell, check_lengths, degrees, read_table, word
from congress.core.text import slugify
from congress.networks.members import country_of
from congress.networks.models import City, Country, Designation, Membership, Network, Office
from congress.networks.vocabulary import CityKind, Field, Level, OfficeKind, Precision, Region

# The words of the sources for a level; "+index_taken" may follow any of them.
_LEVELS = {
    "": Level.MEMBER,
    "international": Level.MEMBER,
    "international+national_network": Level.MEMBER,
    "national_network": Level.NATIONAL_NETWORK,
    "index_taken": Level.INDEX_ONLY,
    "initiator_and_coordinator": Level.INITIATOR,
    **{level.value: level for level in Level},
}


def import_countries(path: Path) -> None:
    """Countries with their names and UNESCO region. Raises BadFile."""
    table = read_table(path, required=("iso2", "name_en", "name_pl"))
    known = {country.code: country for country in db.session.scalars(select(Country))}
    rows = [(row, word(table, row, "unesco_region", Region)) for row in table.rows]
    for row, _region in rows:
        if len(row["iso2"]) != 2 or not row["iso2"].isupper():
            table.problem(row, "iso2", "write two capital letters (ISO 3166-1)")
    table.raise_problems()
    for row, region in rows:
        country = known.get(row["iso2"]) or Country(code=row["iso2"])
        country.names, country.region = row.texts("name"), region
        db.session.add(country)
    db.session.flush()


def import_networks(path: Path) -> None:
    """Networks by slug. Raises BadFile."""
    table = read_table(path, required=("slug", "short_name", "name_en", "name_pl"))
    known_on = []
    for row in table.rows:
        if not row["slug"] or slugify(row["slug"]) != row["slug"]:
            table.problem(row, "slug", f"“{row['slug'][:60]}” is no address; write small letters, digits and hyphens")
        check_lengths(table, row, slug=40, short_name=40, website=200)
        known_on.append(cell(table, row, "known_on", date.fromisoformat, "is no date; write it as 2018-06-12"))
    table.raise_problems()
    known = {network.slug: network for network in db.session.scalars(select(Network))}
    for row, day in zip(table.rows, known_on, strict=True):
        network = known.get(row["slug"]) or Network(slug=row["slug"])
        network.short_name, network.website, network.known_on = row["short_name"], row["website"], day
        network.names = row.texts("name")
        network.descriptions = row.texts("description")
        db.session.add(network)
    db.session.flush()


def import_cities(path: Path, network: Network) -> Imported:
    """Cities and their membership of the network.

    Needs the columns ``city`` and ``country_iso2``; takes ``name_pl``, ``kind``, ``lat``, ``lon``, ``population_geonames``,
    ``creative_field``, ``designated_year`` or ``joined_year``, ``designated_on`` or ``joined_on`` (exact day),
    ``joined_after`` (a year), ``membership`` or ``role``, ``national_network``. Raises BadFile, and then has written nothing.
    """
    table = read_table(path, required=("city", "country_iso2"))
    records = [_record(table, row) for row in table.rows]
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        first = seen.setdefault((row["country_iso2"], slugify(row["city"])), row.line)
        if first != row.line:
            table.problem(row, "city", f"“{row['city']}” is already in line {first}")
    table.raise_problems()

    countries = {country.code: country for country in db.session.scalars(select(Country))}
    cities = {(city.country_code, slugify(city.names.text("en"))): city for city in db.session.scalars(select(City))}
    slugs = {city.slug for city in cities.values()}
    current = select(Membership).where(Membership.network_id == network.id, Membership.until.is_(None))
    members = {each.city_id: each for each in db.session.scalars(current.options(selectinload(Membership.designations)))}
    done = Imported()
    for record in records:
        if record.country not in countries:
            countries[record.country] = country_of(record.country)
        city = cities.get((record.country, slugify(record.names["en"])))
        is_new = city is None
        if city is None:
            slug = slugify(record.names["en"])
            city = City(slug=slug if slug not in slugs else f"{slug}-{record.country.lower()}", country=countries[record.country])
            slugs.add(city.slug)
        changed = _fill_city(city, record)
        db.session.add(city)
        db.session.flush()
        changed = _fill_membership(members.get(city.id) or Membership(network=network, city=city), record) or changed
        done.count(is_new=is_new, changed=changed)
    db.session.flush()
    return done


@dataclass
class _Record:
    names: Localised
    country: str
    kind: CityKind
    latitude: float | None
    longitude: float | None
    population: int | None
    level: Level
    took_index: bool
    national_network: str
    since: date | None
    precision: Precision
    field: Field | None


def _record(table: Table, row: Row) -> _Record:
    if not row["city"]:
        table.problem(row, "city", "is empty")
    elif not slugify(row["name_en"] or row["city"]):
        table.problem(row, "city", f"“{row['city'][:60]}” has no Latin letters, of which its address is made")
    check_lengths(table, row, city=80, name_en=80, name_pl=80, national_network=80)
    if row["country_iso2"] not in Locale("en").territories or len(row["country_iso2"]) != 2:
        table.problem(row, "country_iso2", f"“{row['country_iso2'][:60]}” is no country code of two capital letters (ISO 3166-1)")
    level_column = "role" if row["role"] else "membership"
    level = cell(table, row, level_column, lambda text: _LEVELS[text.removesuffix("+index_taken")], "is no level of membership")
    since, precision = _since(table, row)
    field = word(table, row, "creative_field", Field)
    if field and since is None:
        table.problem(row, "designated_year", "is empty, but a designation needs its year")
    return _Record(
        names=Localised({**row.texts("name"), "en": row["name_en"] or row["city"]}),
        country=row["country_iso2"],
        kind=word(table, row, "kind", CityKind) or CityKind.CITY,
        latitude=degrees(table, row, "lat", 90),
        longitude=degrees(table, row, "lon", 180),
        population=cell(table, row, "population_geonames", _people, "is not a whole number of people"),
        level=level or Level.MEMBER,
        took_index="index_taken" in row["membership"],
        national_network=row["national_network"],
        since=since,
        precision=precision,
        field=field,
    )


def _people(text: str) -> int:
    if not 0 <= int(text) <= 100_000_000:
        raise ValueError
    return int(text)


def _since(table: Table, row: Row) -> tuple[date | None, Precision]:
    for column in ("designated_on", "joined_on"):
        if row[column]:
            return cell(table, row, column, date.fromisoformat, "is no date; write it as 2018-06-12"), Precision.DAY
    for column in ("designated_year", "joined_year", "joined_after"):
        year = cell(table, row, column, int, "is no year")
        if year is not None and not 1900 <= year <= 2200:
            table.problem(row, column, f"“{row[column]}” is no year")
        elif year is not None:
            return (date(year + 1, 1, 1), Precision.AFTER) if column == "joined_after" else (date(year, 1, 1), Precision.YEAR)
    return None, Precision.YEAR


def _fill_city(city: City, record: _Record) -> bool:
    """What a file does not know is left as it is: the files of several networks tell of the same city."""
    known: dict[str, object] = {"names": Localised({**(city.names or {}), **record.names}), "kind": record.kind}
    for name in ("latitude", "longitude", "population"):
        if getattr(city, name) is None and getattr(record, name) is not None:
            known[name] = getattr(record, name)
    return assign(city, known)


def _fill_membership(membership: Membership, record: _Record) -> bool:
    db.session.add(membership)
    changed = assign(
        membership,
        {
            "level": record.level,
            "took_index": record.took_index,
            "national_network": record.national_network,
            "since": record.since,
            "since_precision": record.precision,
        },
    )
    if record.field is not None and record.since is not None:
        known = [each for each in membership.designations if each.until is None]
        if not known:
            membership.designations.append(Designation(field=record.field, since=record.since))
            return True
        changed = assign(known[-1], {"field": record.field, "since": record.since}) or changed
    return changed


def import_offices(path: Path) -> None:
    """Offices of cities; a network or city that is not known is a problem of its row. Raises BadFile."""
    table = read_table(path, required=("network", "city", "kind", "since"))
    networks = {network.slug: network for network in db.session.scalars(select(Network))}
    cities = {city.slug: city for city in db.session.scalars(select(City))}
    known = {
        (each.network_id, each.city_id, each.kind, each.field, each.since): each for each in db.session.scalars(select(Office))
    }
    found = []
    for row in table.rows:
        network = cell(table, row, "network", lambda text: networks[text], "is not a known network")
        city = cell(table, row, "city", lambda text: cities[text], "is not a known city")
        kind, field = word(table, row, "kind", OfficeKind), word(table, row, "field", Field)
        since = cell(table, row, "since", date.fromisoformat, "is no date")
        for column in ("network", "city", "kind", "since"):
            if not row[column]:
                table.problem(row, column, "is empty")
        check_lengths(table, row, holder=200)
        until = cell(table, row, "until", date.fromisoformat, "is no date")
        if network and city and kind and since:
            office = known.get((network.id, city.id, kind, field, since))
            office = office or Office(network=network, city=city, kind=kind, field=field, since=since)
            found.append((office, row["holder"], until))
    table.raise_problems()
    for office, holder, until in found:
        office.holder, office.until = holder, until
        db.session.add(office)
    db.session.flush()
