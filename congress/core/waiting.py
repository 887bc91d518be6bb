"""Who of those who wait gets the places that are free. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """Somebody waits for ``places``; a group that ``accepts_fewer`` comes with as many as there are."""

    id: int
    places: int = 1
    accepts_fewer: bool = False


def served(free: int, claims: Iterable[Claim]) -> Iterator[tuple[Claim, int]]:
    """Those who get places now, each with how many, out of claims in the order in which they came.

    Nobody overtakes: a group for which there are too few places keeps them for itself, and all behind it wait.
    """
    for claim in claims:
        given = min(claim.places, free) if claim.accepts_fewer else claim.places
        if given <= 0 or given > free:
            return
        free -= given
        yield claim, given
