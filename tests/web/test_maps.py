"""The part of the map about a city."""

from __future__ import annotations

import pytest

from congress.networks.models import City
from congress.web import maps


def dot(name: str, latitude: float, longitude: float) -> dict[str, object]:
    x, y = maps.equal_earth(latitude, longitude)
    return {"name": name, "x": x, "y": y}


@pytest.mark.parametrize(
    ("dots", "width"),
    [
        ([], None),
        ([(50.06, 19.94)], 90),  # one city is not lost in the world
        ([(54.35, 18.65), (50.26, 19.02), (51.25, 22.57), (51.11, 17.04)], 90),  # of one country
        ([(50.06, 19.94), (64.13, -21.9), (31.95, 35.93)], 360),
        ([(50.06, 19.94), (-36.85, 174.76)], None),  # far apart: the whole world
    ],
)
def test_the_map_is_as_large_as_its_cities_need(dots, width):
    places = [dot("", *each) for each in dots]
    part = maps.holding(places)
    assert (part[0] if part else None) == width
    if part:
        left, top, across, down = map(float, part[1].split())
        assert all(left <= float(each["x"]) <= left + across and top <= float(each["y"]) <= top + down for each in places)


KRAKOW = dot("Kraków", 50.06, 19.94)
NEAR = [dot(f"near {n}", 50.0 + n / 4, 15.0 + n) for n in range(9)]
FAR = dot("Auckland", -36.85, 174.76)


@pytest.mark.parametrize(
    ("city", "dots", "width", "inside"),
    [
        ((50.06, 19.94), [KRAKOW, *NEAR, FAR], 90, 10),  # company enough close by
        ((50.06, 19.94), [KRAKOW, FAR], 360, 1),  # nobody near: as much of the world as there is room for, not all of it
        ((50.06, 19.94), [KRAKOW], 90, 1),
        ((-36.85, 174.76), [FAR, KRAKOW], 360, 1),  # at the world's edge
    ],
)
def test_a_part_of_the_map_holds_the_city_and_company_and_never_leaves_the_world(city, dots, width, inside):
    shown, (wide, box) = maps.around(City(latitude=city[0], longitude=city[1]), dots)
    left, top, across, down = map(float, box.split())
    x, y = maps.equal_earth(*city)

    assert (wide, across, down, len(shown)) == (width, width, width / 2, inside)
    assert (0 <= left <= x <= left + across <= maps.WIDTH, 0 <= top <= y <= top + down <= maps.HEIGHT) == (True, True)
