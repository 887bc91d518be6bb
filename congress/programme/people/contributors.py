"""Writes to who does what in an item, in which order and for how long. Each is noted in the history of the draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask_babel import gettext as _

from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.networks.models import City
from congress.programme.models import Contributor, ProgrammeItem
from congress.programme.people.models import Speaker
from congress.programme.people.services import ChangedMeanwhile
from congress.programme.planning import counting, history
from congress.programme.vocabulary import Action, Part


class ThereAlready(CongressError):
    """The person does this in the item already."""


class NobodyGiven(CongressError):
    """Neither a speaker nor a city."""


def add(
    item: ProgrammeItem, *, speaker: Speaker | None, city: City | None, part: Part, minutes: int | None, by: str, now: datetime
) -> None:
    """At the end of the order. A mayor may stand there as the city before anybody knows who comes. Raises ThereAlready, NobodyGiven."""
    lock(item)
    if speaker is None and (city is None or part is not Part.MAYOR):
        raise NobodyGiven(_("Choose a speaker; for a mayor the city is enough."))
    if any(each.part is part and _same(each, speaker, city) for each in item.contributors):
        raise ThereAlready(_("This person is already in the list in this part."))
    made = Contributor(
        part=part,
        name=speaker.name if speaker else "",
        speaker=speaker,
        city=city or (speaker.city if speaker else None),
        minutes=minutes,
    )
    _noted(item, lambda: item.contributors.append(made), by=by, now=now)


def _same(each: Contributor, speaker: Speaker | None, city: City | None) -> bool:
    if speaker is not None:
        return each.speaker_id == speaker.id
    return each.speaker_id is None and city is not None and each.city_id == city.id


def change(
    item: ProgrammeItem, contributor: Contributor, *, part: Part, minutes: int | None, seen: int, by: str, now: datetime
) -> None:
    """Another part, other minutes. Raises ChangedMeanwhile."""
    _check_seen(item, seen)

    def write() -> None:
        contributor.part, contributor.minutes = part, minutes

    _noted(item, write, by=by, now=now)


def link(item: ProgrammeItem, contributor: Contributor, speaker: Speaker, *, seen: int, by: str, now: datetime) -> None:
    """Say which speaker somebody is of whom only the name stands there. It is noted, but counts as no edit of the item: who has its
    form open meanwhile entered nothing that this changes. Raises ChangedMeanwhile, ThereAlready.
    """
    _check_seen(item, seen)
    if contributor.speaker_id is not None:
        raise ChangedMeanwhile(_sentence())
    if any(each.part is contributor.part and each.speaker_id == speaker.id for each in item.contributors):
        raise ThereAlready(_("This person is already in the list in this part."))
    before = history.snapshot(item)
    contributor.speaker, contributor.name = speaker, speaker.name
    contributor.city = contributor.city or speaker.city
    history.note(item, before, Action.EDITED, by=by, now=now)


def remove(item: ProgrammeItem, contributor: Contributor, *, seen: int, by: str, now: datetime) -> None:
    """Out of the item; the speaker stays. Raises ChangedMeanwhile."""
    _check_seen(item, seen)
    _noted(item, lambda: item.contributors.remove(contributor), by=by, now=now)


def move(item: ProgrammeItem, contributor: Contributor, steps: int, *, seen: int, by: str, now: datetime) -> None:
    """So many places down the order, or up; never beyond its ends. Raises ChangedMeanwhile."""
    ids = [each.id for each in item.contributors]
    old = ids.index(contributor.id)
    new = min(max(0, old + steps), len(ids) - 1)
    ids.insert(new, ids.pop(old))
    put_in_order(item, ids, seen=seen, by=by, now=now)


def put_in_order(item: ProgrammeItem, ids: Sequence[int], *, seen: int, by: str, now: datetime) -> None:
    """This order of all who are there. Raises ChangedMeanwhile, also when they are not those who are there."""
    _check_seen(item, seen)
    if sorted(ids) != sorted(each.id for each in item.contributors):
        raise ChangedMeanwhile(_sentence())
    place = {each: number for number, each in enumerate(ids)}

    def write() -> None:
        item.contributors.sort(key=lambda each: place[each.id])
        item.contributors.reorder()  # type: ignore[attr-defined]  # of an ordering_list

    _noted(item, write, by=by, now=now)


def _check_seen(item: ProgrammeItem, seen: int) -> None:
    lock(item)
    if seen != item.version:
        raise ChangedMeanwhile(_sentence())


def _sentence() -> str:
    return str(_("Somebody else has changed this in the meantime. Below is how it is now; do it again if you still want to."))


def _noted(item: ProgrammeItem, write: Callable[[], object], *, by: str, now: datetime) -> None:
    """Write, count it as a change of the item, and note it."""
    before = history.snapshot(item)
    write()
    db.session.flush()
    if history.note(item, before, Action.EDITED, by=by, now=now) is not None:
        counting.count(item, now=now)  # a change of its people alone does not
