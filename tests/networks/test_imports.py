"""Countries, networks, cities and offices from files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from congress.core.tables import BadFile, Imported
from congress.data import FOLDER
from congress.demo import load_facts
from congress.networks import queries
from congress.networks.imports import import_cities, import_countries, import_networks, import_offices
from congress.networks.vocabulary import CityKind, Field, Level, Precision
from tests.factories import everything, the_city, the_network

JUNE_2018 = date(2018, 6, 12)


def make_file(folder: Path, heading: str, *rows: str) -> Path:
    path = folder / "cities.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("network", "name", "records"),
    [("uccn", "uccn_cities.csv", 180), ("koalicja-miast", "koalicja_cities.csv", 7), ("icc", "icc_cities.csv", 146)],
)
def test_a_second_import_of_the_same_file_changes_no_row(undone, network, name, records):
    before = everything()
    assert import_cities(FOLDER / name, the_network(network)) == Imported(added=0, changed=0, unchanged=records)
    assert everything() == before


def test_loading_all_facts_again_changes_no_row(undone):
    before = everything()
    load_facts()
    assert everything() == before


def test_a_new_city_of_a_new_country_is_added_with_its_membership(undone, tmp_path):
    path = make_file(
        tmp_path,
        "city;country_iso2;name_pl;kind;lat;lon;population_geonames;creative_field;designated_on",
        "Hạ Long;VN;Ha Long;city;20,95;107.07;300267;music;2016-05-01".replace("20,95", "20.95"),
    )
    assert import_cities(path, the_network()) == Imported(added=1)
    found = queries.find_member(the_network(), "Ha Long", JUNE_2018)
    city = found.city
    assert (city.slug, city.names, city.kind, city.latitude, city.longitude, city.population) == (
        "ha-long", {"en": "Hạ Long", "pl": "Ha Long"}, CityKind.CITY, 20.95, 107.07, 300267,
    )  # fmt: skip
    assert city.country.names == {"en": "Vietnam", "pl": "Wietnam"}
    assert (found.since, found.since_precision, found.field_on(JUNE_2018)) == (date(2016, 5, 1), Precision.DAY, Field.MUSIC)


def test_a_city_with_the_name_of_another_one_abroad_gets_its_country_into_its_address(undone, tmp_path):
    path = make_file(tmp_path, "city,country_iso2", "Kraków,US")
    import_cities(path, the_network("icc"))
    assert (the_city("krakow").country_code, the_city("krakow-us").country_code) == ("PL", "US")


def test_what_a_file_does_not_know_of_a_city_is_left_as_it_is(undone, tmp_path):
    before = the_city("krakow").latitude, the_city("krakow").population, the_city("krakow").names
    path = make_file(tmp_path, "city,country_iso2,lat,lon", "Kraków,PL,,")
    assert import_cities(path, the_network("koalicja-miast")) == Imported(changed=1)
    assert (the_city("krakow").latitude, the_city("krakow").population, the_city("krakow").names) == before


@pytest.mark.parametrize(
    ("column", "text", "since", "precision"),
    [
        ("joined_on", "2016-03-02", date(2016, 3, 2), Precision.DAY),
        ("joined_year", "2016", date(2016, 1, 1), Precision.YEAR),
        ("joined_after", "2016", date(2017, 1, 1), Precision.AFTER),
        ("joined_year", "", None, Precision.YEAR),
    ],
)
def test_the_start_of_a_membership_is_as_exact_as_the_source(undone, tmp_path, column, text, since, precision):
    import_cities(make_file(tmp_path, f"city,country_iso2,{column}", f"Kanazawa,JP,{text}"), the_network("icc"))
    (made,) = [each for each in queries.memberships_of(the_city("kanazawa")) if each.network.slug == "icc"]
    assert (made.since, made.since_precision) == (since, precision)


@pytest.mark.parametrize(
    ("words", "level", "took_index"),
    [
        ("", Level.MEMBER, False),
        ("international", Level.MEMBER, False),
        ("index_taken", Level.INDEX_ONLY, True),
        ("national_network+index_taken", Level.NATIONAL_NETWORK, True),
        ("partner", Level.PARTNER, False),
    ],
)
def test_the_sources_words_become_a_level(undone, tmp_path, words, level, took_index):
    import_cities(make_file(tmp_path, "city,country_iso2,membership", f"Kanazawa,JP,{words}"), the_network("icc"))
    (made,) = [each for each in queries.memberships_of(the_city("kanazawa")) if each.network.slug == "icc"]
    assert (made.level, made.took_index) == (level, took_index)


COLUMNS = "city,country_iso2,kind,lat,lon,population_geonames,creative_field,designated_year,joined_on,membership"
FIELDS = "literature, music, film, media_arts, design, crafts_and_folk_art, gastronomy"
BAD_ROWS = [
    (",PL,,,,,,,,", "line 2, column city: is empty"),
    ("Łódź,pl,,,,,,,,", "line 2, column country_iso2: “pl” is no country code of two capital letters (ISO 3166-1)"),
    ("Łódź,XX,,,,,,,,", "line 2, column country_iso2: “XX” is no country code of two capital letters (ISO 3166-1)"),
    ("Łódź,001,,,,,,,,", "line 2, column country_iso2: “001” is no country code of two capital letters (ISO 3166-1)"),
    ("Łódź,PL,village,,,,,,,", "line 2, column kind: “village” is not one of: city, region, union"),
    ("Łódź,PL,,91,19,,,,,", "line 2, column lat: 91 is not between -90 and 90 degrees"),
    ("Łódź,PL,,51,-181,,,,,", "line 2, column lon: -181 is not between -180 and 180 degrees"),
    ("Łódź,PL,,51N,19,,,,,", "line 2, column lat: “51N” is not a number of degrees"),
    ("Łódź,PL,,nan,19,,,,,", "line 2, column lat: nan is not between -90 and 90 degrees"),
    ("Łódź,PL,,,,many,,,,", "line 2, column population_geonames: “many” is not a whole number of people"),
    ("Łódź,PL,,,,-5,,,,", "line 2, column population_geonames: “-5” is not a whole number of people"),
    ("Łódź,PL,,,,9999999999,,,,", "line 2, column population_geonames: “9999999999” is not a whole number of people"),
    ("金沢,JP,,,,,,,,", "line 2, column city: “金沢” has no Latin letters, of which its address is made"),
    (f"{'Ł' * 81},PL,,,,,,,,", "line 2, column city: is longer than 80 characters"),
    ("Łódź,PL,,,,,dance,2017,,", f"line 2, column creative_field: “dance” is not one of: {FIELDS}"),
    ("Łódź,PL,,,,,film,,,", "line 2, column designated_year: is empty, but a designation needs its year"),
    ("Łódź,PL,,,,,,1800,,", "line 2, column designated_year: “1800” is no year"),
    ("Łódź,PL,,,,,,,12.06.2018,", "line 2, column joined_on: “12.06.2018” is no date; write it as 2018-06-12"),
    ("Łódź,PL,,,,,,,,guest", "line 2, column membership: “guest” is no level of membership"),
    ("Łódź,PL,,,,,,,,\nlodz,PL,,,,,,,,", "line 3, column city: “lodz” is already in line 2"),
]


@pytest.mark.parametrize(("row", "problem"), BAD_ROWS)
def test_a_bad_row_is_told_and_nothing_is_written(undone, tmp_path, row, problem):
    before = everything()
    with pytest.raises(BadFile) as refused:
        import_cities(make_file(tmp_path, COLUMNS, *row.split("\n")), the_network())
    assert str(refused.value) == f"cities.csv, {problem}"
    assert everything() == before


def test_all_problems_of_a_file_are_told_at_once(undone, tmp_path):
    path = make_file(tmp_path, "city,country_iso2,lat", "Łódź,PL,north", "Kraków,QQ,50", "Gdańsk,PL,54")
    with pytest.raises(BadFile) as refused:
        import_cities(path, the_network())
    assert str(refused.value).split("\n") == [
        "cities.csv, line 2, column lat: “north” is not a number of degrees",
        "cities.csv, line 3, column country_iso2: “QQ” is no country code of two capital letters (ISO 3166-1)",
    ]


@pytest.mark.parametrize(
    ("load", "heading", "row", "problem"),
    [
        (import_countries, "iso2,name_en,name_pl", "pl,Poland,Polska", "column iso2: write two capital letters (ISO 3166-1)"),
        (
            import_countries,
            "iso2,name_en,name_pl,unesco_region",
            "PL,Poland,Polska,mars",
            "column unesco_region: “mars” is not one of: africa, arab_states, asia_pacific, europe_north_america, "
            "latin_america_caribbean",
        ),
        (
            import_offices,
            "network,city,kind,since",
            "nato,krakow,deputy,2018-01-01",
            "column network: “nato” is not a known network",
        ),
        (
            import_offices,
            "network,city,kind,since",
            "uccn,atlantis,deputy,2018-01-01",
            "column city: “atlantis” is not a known city",
        ),
        (import_offices, "network,city,kind,since", "uccn,krakow,deputy,today", "column since: “today” is no date"),
    ],
)
def test_a_bad_row_of_another_file_is_told_and_nothing_is_written(undone, tmp_path, load, heading, row, problem):
    before = everything()
    with pytest.raises(BadFile) as refused:
        load(make_file(tmp_path, heading, row))
    assert str(refused.value) == f"cities.csv, line 2, {problem}"
    assert everything() == before


@pytest.mark.parametrize(
    ("slug", "problem"),
    [
        ("", "“” is no address; write small letters, digits and hyphens"),
        ("My Network!", "“My Network!” is no address; write small letters, digits and hyphens"),
        ("x" * 41, "is longer than 40 characters"),
    ],
)
def test_a_network_whose_slug_is_no_address_is_refused(undone, tmp_path, slug, problem):
    before = everything()
    with pytest.raises(BadFile) as refused:
        import_networks(make_file(tmp_path, "slug,short_name,name_en,name_pl", f"{slug},N,Network,Sieć"))
    assert str(refused.value) == f"cities.csv, line 2, column slug: {problem}"
    assert everything() == before


@pytest.mark.parametrize("column", ["network", "city", "kind", "since"])
def test_an_office_without_one_of_its_four_facts_is_refused(undone, tmp_path, column):
    values = {"network": "uccn", "city": "krakow", "kind": "deputy", "since": "2018-01-01", column: ""}
    with pytest.raises(BadFile) as refused:
        import_offices(make_file(tmp_path, ",".join(values), ",".join(values.values())))
    assert str(refused.value) == f"cities.csv, line 2, column {column}: is empty"
