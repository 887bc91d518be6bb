"""Which registrations a list shows, as its address says it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from congress.delegates.vocabulary import Category
from congress.networks.vocabulary import Field, Region
from congress.registration.missing import Missing
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind

Word = TypeVar("Word", bound=StrEnum)


class Sort(StrEnum):
    """The order of a list."""

    NAME = "name"
    CITY = "city"
    STATE = "state"
    SENT = "sent"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What narrows a list down; the names are those of the address. What is not set shows all."""

    q: str = ""
    state: State | None = None
    category: Category | None = None
    field: Field | None = None
    region: Region | None = None
    country: str = ""
    city: str = ""
    lacking: Missing | None = None
    consent: ConsentKind | None = None
    since: date | None = None
    sort: Sort = Sort.NAME

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Filter:
        """The filter that an address asks for; what is no known word is left out."""
        country = args.get("country", "").upper()
        return cls(
            q=_plain(args.get("q", ""))[:100],
            state=_word(State, args.get("state")),
            category=_word(Category, args.get("category")),
            field=_word(Field, args.get("field")),
            region=_word(Region, args.get("region")),
            country=country if len(country) == 2 and country.isascii() and country.isalpha() else "",
            city=_plain(args.get("city", ""))[:80],
            lacking=_word(Missing, args.get("lacking")),
            consent=_word(ConsentKind, args.get("consent")),
            since=_day(args.get("since", "")),
            sort=_word(Sort, args.get("sort")) or Sort.NAME,
        )

    def but(self, **changes: Any) -> Filter:
        """The same with other values."""
        return replace(self, **changes)

    def args(self) -> dict[str, str]:
        """The filter as an address has it, without what is not set."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: str(value) for name, value in values.items() if value and value != Sort.NAME}

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves anybody out."""
        return bool(self.but(sort=Sort.NAME).args())


def _word(kind: type[Word], typed: str | None) -> Word | None:
    return kind(typed) if typed in set(kind) else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _plain(typed: str) -> str:
    """Without control characters, which PostgreSQL refuses and nobody means."""
    return "".join(sign for sign in typed if sign.isprintable()).strip()
