"""Conflicts in words: what is wrong, and what would solve it, in each language of a congress."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import force_locale, format_date, get_locale, gettext, ngettext

from congress.core.languages import locale_of
from congress.core.localised import Localised
from congress.core.text import in_quotes
from congress.networks.vocabulary import FIELD_LABELS, Field
from congress.programme import equipment
from congress.programme.conflicts import Conflict, ConflictKind, Slot
from congress.programme.planning.labels import GROUPS, REMEDIES, SENTENCES

_LONGEST = 60  # characters of a title in a sentence
_MOST = 12  # entries that are named in one sentence
_IN_ROOM = frozenset(kind for kind in ConflictKind if kind.value.startswith("room_"))


@dataclass(frozen=True)
class Names:
    """What people and places are called, by the keys that conflicts hold."""

    zone: ZoneInfo
    languages: tuple[str, ...]
    people: Mapping[str, str]
    cities: Mapping[int, Localised]
    rooms: Mapping[int, Localised]
    venues: Mapping[int, Localised]


def sentence(conflict: Conflict, slots: Sequence[Slot], names: Names) -> Localised:
    """What is wrong. Entries are named by code and title; of delegates only the number is told."""
    return _in_each(names, lambda language: _Words(conflict, slots, names, language).sentence())


def group_sentence(kind: ConflictKind, centre: Slot, others: Sequence[Slot], names: Names) -> Localised:
    """What is wrong between one entry and several others, which are named by their codes."""
    codes = sorted({each.code for each in others})
    said = ", ".join([*codes[:_MOST], *(["…"] if len(codes) > _MOST else [])])
    return _in_each(names, lambda language: GROUPS[kind](len(others), one=entry(centre, language), others=said))


def remedy(kind: ConflictKind, names: Names) -> Localised:
    """What would solve a conflict of this kind."""
    return _in_each(names, lambda _language: str(REMEDIES[kind]))


def entry(slot: Slot, language: str) -> str:
    """Code and title of an entry, not too long for a sentence."""
    title = Localised(slot.titles).text(language)
    shown = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1].rstrip()}…"
    return str(gettext("%(code)s “%(title)s”", code=slot.code, title=in_quotes(shown)))


def _in_each(names: Names, make: Callable[[str], str]) -> Localised:
    texts = {}
    for language in names.languages:
        with force_locale(locale_of(language)):
            texts[language] = make(language)
    return Localised(texts)


class _Words:
    """The words of one conflict in one language, which is in force."""

    def __init__(self, conflict: Conflict, slots: Sequence[Slot], names: Names, language: str) -> None:
        self.conflict, self.slots, self.names, self.language = conflict, slots, names, language

    def sentence(self) -> str:
        kind, facts = self.conflict.kind, self.conflict.facts
        values = self._values()
        number = len(self.conflict.people)
        if kind is ConflictKind.BOOKED_TWICE:
            return str(
                ngettext(
                    "%(num)d person has booked both %(one)s and %(other)s, which overlap.",
                    "%(num)d people have booked both %(one)s and %(other)s, which overlap.",
                    number,
                    **values,
                )
            )
        if kind is ConflictKind.BOOKED_TRAVEL:
            return str(
                ngettext(
                    "%(num)d person has booked %(one)s and %(other)s; the way takes %(needed)d minutes, and there are %(gap)d.",
                    "%(num)d people have booked %(one)s and %(other)s; the way takes %(needed)d minutes, and there are %(gap)d.",
                    number,
                    **values,
                )
            )
        if kind in (ConflictKind.ROOM_ACCESS, ConflictKind.CLOCK_CHANGE):
            return str(SENTENCES[kind, str(facts[-1])]) % values
        return str(SENTENCES[kind, ""]) % values

    def _values(self) -> dict[str, object]:
        kind, facts = self.conflict.kind, self.conflict.facts
        values: dict[str, object] = {"one": self._entry(self.slots[0]), "other": self._entry(self.slots[-1])}
        values["people"] = ", ".join(self._person(key) for key in self.conflict.people)
        if kind in _IN_ROOM:
            values["room"] = self.names.rooms[_number(facts[0])].text(self.language)
        match kind:
            case ConflictKind.ROOM_TURNAROUND:
                values["minutes"] = facts[1]
            case ConflictKind.ROOM_TOO_SMALL:
                values |= {"number": facts[1], "capacity": facts[2]}
            case ConflictKind.ROOM_EQUIPMENT:
                values["missing"] = ", ".join(equipment.said(str(each)) for each in facts[1:])
            case ConflictKind.PERSON_TRAVEL | ConflictKind.AUDIENCE_TRAVEL | ConflictKind.BOOKED_TRAVEL:
                values |= {"needed": facts[0], "gap": facts[1]}
            case ConflictKind.FIELD_TWICE:
                values["field"] = str(FIELD_LABELS[Field(str(facts[0]))])
            case ConflictKind.TRANSFER_SEATS:
                coaches = ", ".join(self._entry(each) for each in self.slots)
                values |= {"number": facts[0], "seats": facts[1], "coaches": coaches}
            case ConflictKind.LAST_COACH:
                values["time"] = self._clock(facts[0])
            case ConflictKind.OUTSIDE_HOURS:
                values["venue"] = self.names.venues[_number(facts[0])].text(self.language)
            case ConflictKind.TRANSLATION_MISSING:
                values["languages"] = ", ".join(_language(each) for each in facts)
            case ConflictKind.TITLE_TOO_LONG:
                values |= {"number": facts[1], "language": _language(facts[0])}
        return values

    def _entry(self, slot: Slot) -> str:
        return entry(slot, self.language)

    def _clock(self, seconds: object) -> str:
        moment = datetime.fromtimestamp(float(str(seconds)), UTC).astimezone(self.names.zone)
        return f"{format_date(moment, 'd MMMM')}, {moment:%H:%M}"

    def _person(self, key: str) -> str:
        """By name; mayors and delegates who come alone by their city."""
        kind, _colon, number = key.partition(":")
        if kind not in ("mayor", "city"):
            return self.names.people.get(key, number)
        city = self.names.cities[int(number)].text(self.language)
        return str(gettext("the mayor (city: %(city)s)", city=city)) if kind == "mayor" else city


def _number(fact: object) -> int:
    return int(str(fact))


def _language(code: object) -> str:
    locale = get_locale()
    return str(locale.languages.get(str(code), code) if locale else code)
