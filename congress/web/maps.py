"""Where a place stands on the map of the world that is drawn without any outside server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import asin, cos, radians, sin, sqrt

from flask import url_for

from congress.networks.models import City
from congress.web.filters import text

WIDTH, HEIGHT = 1000.0, 486.7  # of the view box of static/vendor/land.svg
_CUTS = (90, 180, 360)  # how wide a part of the world may be; half as high
_COMPANY = 9  # cities that a part should show, if there are so many near
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(latitude: float, longitude: float) -> tuple[float, float]:
    """Degrees to the view box, y downwards (Šavrič, Patterson, Jenny: The Equal Earth map projection, 2018)."""
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    slope = 9 * _A4 * theta**8 + 7 * _A3 * theta**6 + 3 * _A2 * theta**2 + _A1
    x = 2 * sqrt(3) * radians(longitude) * cos(theta) / (3 * slope)
    y = _A4 * theta**9 + _A3 * theta**7 + _A2 * theta**3 + _A1 * theta
    scale = WIDTH / 5.413260
    return WIDTH / 2 + x * scale, HEIGHT / 2 - y * scale


def places(cities: Iterable[tuple[City, str]], hosts: Iterable[City] = ()) -> list[dict[str, object]]:
    """Dots for the map macro from cities and their fields; hosts come last, above the others."""
    host_ids = {host.id for host in hosts}
    dots = []
    for city, field in cities:
        if city.latitude is None or city.longitude is None:
            continue
        x, y = equal_earth(city.latitude, city.longitude)
        dots.append(
            {
                "x": x, "y": y, "name": text(city.names), "url": url_for("public.cities.show", slug=city.slug),
                "field": field, "is_host": city.id in host_ids,
            }
        )  # fmt: skip
    return sorted(dots, key=lambda dot: bool(dot["is_host"]))


def around(city: City, dots: Sequence[dict[str, object]]) -> tuple[list[dict[str, object]], tuple[int, str]]:
    """The part of the map about a city: the dots in it, its width (one of few, for the size of its letters) and its view box.

    It is as small as it can be with some other cities in it, and never leaves the world.
    """
    x, y = equal_earth(city.latitude or 0.0, city.longitude or 0.0)
    places = _points(dots)
    away = sorted(max(abs(left - x), 2 * abs(top - y)) for left, top in places)
    needed = 2 * away[min(_COMPANY, len(away) - 1)] if away else 0.0
    width = next((cut for cut in _CUTS if cut >= needed), _CUTS[-1])
    left, top, height = _cut(x, y, width)
    inside = [
        dot for dot, (across, down) in zip(dots, places, strict=True) if 0 <= across - left <= width and 0 <= down - top <= height
    ]
    return inside, (width, f"{left:.1f} {top:.1f} {width} {height}")


def holding(dots: Sequence[dict[str, object]]) -> tuple[int, str] | None:
    """The smallest part of the map that holds all dots with a border about them, as ``around`` gives it; None for the whole world."""
    if not dots:
        return None
    across, down = zip(*_points(dots), strict=True)
    needed = 1.2 * max(max(across) - min(across), 2 * (max(down) - min(down)))
    width = next((cut for cut in _CUTS if cut >= needed), None)
    if width is None:
        return None
    left, top, height = _cut((min(across) + max(across)) / 2, (min(down) + max(down)) / 2, width)
    return width, f"{left:.1f} {top:.1f} {width} {height}"


def _points(dots: Sequence[dict[str, object]]) -> list[tuple[float, float]]:
    return [(float(str(dot["x"])), float(str(dot["y"]))) for dot in dots]


def _cut(x: float, y: float, width: int) -> tuple[float, float, int]:
    """Left, top and height of a part about a point, without leaving the world."""
    height = width // 2
    return min(max(x - width / 2, 0.0), WIDTH - width), min(max(y - height / 2, 0.0), HEIGHT - height), height
