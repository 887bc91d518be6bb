"""The chase list as plain values: which cities are shown, counted and written to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from congress.core.localised import Localised
from congress.core.text import fold
from congress.delegates.vocabulary import DelegationState

LACKING = "lacking"  # shown beside the states: sent, but with people who still have to tell something
SILENT = "silent"  # shown beside the states: an invited city that does not answer
WAITS_FOR_CITY = (DelegationState.INVITED, DelegationState.OPENED, DelegationState.DRAFTING)
WAS_SENT = (DelegationState.SUBMITTED, DelegationState.CONFIRMED)
CODE_LENGTH = 8  # letters and digits without look-alikes: 5·10¹¹ codes


def plain_code(typed: str) -> str:
    """A code without the hyphen, the spaces and the case in which people type it."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


class Contact(Protocol):
    """What is needed of a standing contact to write to it."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class Recipient:
    """One address that a mail goes to."""

    name: str
    email: str
    language: str


def recipients(holder: Recipient | None, contacts: Iterable[Contact]) -> list[Recipient]:
    """Whom a city's mail goes to: who holds the link, then its contacts in order; each address once, whatever its case."""
    found: dict[str, Recipient] = {}
    for each in (holder, *contacts):
        if each is not None and each.email:
            found.setdefault(each.email.lower(), Recipient(each.name, each.email, each.language))
    return list(found.values())


@dataclass(frozen=True, kw_only=True)
class ChasedCity:
    """One member city on the chase list. ``people`` hold a place now, of ``most``; of those sent, ``lacking`` still
    have to tell something; ``delegation_id`` is None before anything happened."""

    city_id: int
    slug: str
    names: Localised
    country_code: str
    country_names: Localised
    region: str
    fields: tuple[str, ...]
    delegation_id: int | None
    state: DelegationState
    people: int
    most: int
    lacking: int
    active_at: datetime | None
    reminded_at: datetime | None
    contacts: tuple[Recipient, ...]
    is_member: bool = True
    level: str = ""  # of the membership, where it is one

    @property
    def waits_for_city(self) -> bool:
        """Whether the next step is the city's."""
        return self.state in WAITS_FOR_CITY

    @property
    def lacks_data(self) -> bool:
        """Whether it was sent, and some of its people still have to tell something."""
        return self.state in WAS_SENT and self.lacking > 0

    def silent_for(self, now: datetime) -> timedelta | None:
        """How long an invited city has done nothing; None where nothing is asked of it."""
        return now - self.active_at if self.waits_for_city and self.active_at is not None else None


@dataclass(frozen=True)
class Wanted:
    """What the chase list is asked to show; an empty value asks for all."""

    state: str = ""  # a DelegationState, SILENT or LACKING
    field: str = ""
    level: str = ""
    region: str = ""
    country: str = ""
    silent_days: int | None = None
    typed: str = ""


def is_silent(city: ChasedCity, days: int, now: datetime) -> bool:
    """Whether an invited city has done nothing for so many days."""
    quiet = city.silent_for(now)
    return quiet is not None and quiet >= timedelta(days=days)


def is_wanted(city: ChasedCity, wanted: Wanted, *, silent_days: int, now: datetime, but_state: bool = False) -> bool:
    """Whether the list shows the city. ``silent_days`` is the congress's own number; ``but_state`` leaves the state out of it."""
    names = [*city.names.values(), *city.country_names.values(), city.slug]
    names += [part for each in city.contacts for part in (each.name, each.email)]
    return (
        (but_state or _is_in(city, wanted.state, silent_days, now))
        and (not wanted.field or wanted.field in city.fields)
        and (not wanted.level or wanted.level == city.level)
        and (not wanted.region or wanted.region == city.region)
        and (not wanted.country or wanted.country == city.country_code)
        and (wanted.silent_days is None or is_silent(city, wanted.silent_days, now))
        and all(any(word in fold(name) for name in names) for word in fold(wanted.typed).split())
    )


def _is_in(city: ChasedCity, state: str, silent_days: int, now: datetime) -> bool:
    if state == SILENT:
        return is_silent(city, silent_days, now)
    if state == LACKING:
        return city.lacks_data
    return not state or city.state == state


def counted(cities: Iterable[ChasedCity], *, silent_days: int, now: datetime) -> Counter[str]:
    """How many cities are in each state; those that are silent or lack data are counted as such, too."""
    found: Counter[str] = Counter()
    for city in cities:
        found[city.state.value] += 1
        found[SILENT] += is_silent(city, silent_days, now)
        found[LACKING] += city.lacks_data
    return found
