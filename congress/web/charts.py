"""Where the parts of a chart stand; templates draw them as SVG. Each chart has a table beside it that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 720.0, 180.0  # of the view box of a chart of days
_LEFT, _BOTTOM, _TOP = 40.0, 24.0, 8.0
_WIDEST = 60.0  # of a column


@dataclass(frozen=True)
class Column:
    """One day as a column: its left edge, upper edge, width and height, in units of the view box."""

    day: date
    number: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Days:
    """A chart of days: columns, lines with a number at their left end, and the days that are named below."""

    columns: list[Column]
    lines: list[tuple[float, int]]
    named: list[tuple[float, date]]


def steps(most: int) -> list[int]:
    """Round numbers for the lines of a scale, from 0 to at least ``most``; three to six of them: ``steps(47) == [0, 10, 20, 30, 40, 50]``."""
    size, factor = 1, 1
    while most > 5 * size * factor:
        factor = {1: 2, 2: 5, 5: 10}[factor]
        if factor == 10:
            size, factor = size * 10, 1
    step = size * factor
    return list(range(0, max(1, -(-most // step)) * step + 1, step))


def days(counted: Sequence[tuple[date, int]]) -> Days:
    """A column for each day. With more days than fit, several days share one, named by the first of them."""
    shared = max(1, -(-len(counted) // 90))
    groups = [counted[start : start + shared] for start in range(0, len(counted), shared)]
    bars = [(group[0][0], sum(number for _day, number in group)) for group in groups]
    scale = steps(max((number for _day, number in bars), default=0))
    inner, width = HEIGHT - _BOTTOM - _TOP, min(_WIDEST, (WIDTH - _LEFT) / max(1, len(bars)))

    def height(number: int) -> float:
        return inner * number / scale[-1]

    columns = [
        Column(day, number, _LEFT + place * width, _TOP + inner - height(number), max(width - 2, width * 0.7), height(number))
        for place, (day, number) in enumerate(bars)
    ]
    every = max(1, -(-len(columns) // 6))
    named = [(each.x + each.width / 2, each.day) for each in columns[::every]]
    return Days(columns, [(_TOP + inner - height(number), number) for number in scale], named)


def share(number: int, of: int) -> float:
    """A part as a percentage of the whole, at most 100, with one decimal."""
    return round(min(100.0, 100 * number / of), 1) if of else 0.0
