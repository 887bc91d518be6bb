"""Where a place stands on the map of the world that is drawn without any outside server."""

from __future__ import annotations

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from flask import url_for

from congress.networks.models import City
from congress.web.filters import label, text

WIDTH, HEIGHT = 1000.0, 486.7  # of the view box of static/vendor/land.svg
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
                "field": field, "label": label(field, "field"), "is_host": city.id in host_ids,
            }
        )  # fmt: skip
    return sorted(dots, key=lambda dot: bool(dot["is_host"]))
