"""Who of those who wait gets the places that are free. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field


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


@dataclass
class Free:
    """Free places by who owns them; owners that are not named have no limit.

    A place is one of each of its owners: of the congress, of the category, of the delegation. Who waits for one that another
    owner still denies lets others pass: a full delegation does not stop other cities.
    """

    places: Mapping[Hashable, int]
    _left: dict[Hashable, int] = field(init=False)

    def __post_init__(self) -> None:
        self._left = dict(self.places)

    def has_room(self, owners: Iterable[Hashable]) -> bool:
        """Whether each of these owners has a place left."""
        return all(self._left.get(owner, 1) > 0 for owner in owners)

    def take(self, owners: Iterable[Hashable]) -> bool:
        """Take one place of each of these owners, or none at all; whether it was taken."""
        named = list(owners)
        if not self.has_room(named):
            return False
        for owner in named:
            if owner in self._left:
                self._left[owner] -= 1
        return True

    @property
    def full(self) -> set[Hashable]:
        """The owners that have no place left."""
        return {owner for owner, left in self._left.items() if left <= 0}
