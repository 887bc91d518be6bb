"""Column types: aware times, text in several languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware when it goes in, UTC when it comes out. A naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Localised(Mapping[str, str]):
    """A text in several languages, ``Localised(en="Music", pl="Muzyka")``. Never changed in place; empty texts are left out."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str | None] | None = None, /, **more: str | None) -> None:
        self._texts = {code: text for code, text in sorted({**(texts or {}), **more}.items()) if text}

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(self._texts.items()))

    def __repr__(self) -> str:
        return f"Localised({self._texts!r})"

    def text(self, language: str) -> str:
        """The text in this language, else in English, else in any; empty when there is none."""
        return self._texts.get(language) or self._texts.get("en") or next(iter(self._texts.values()), "")


class LocalisedText(TypeDecorator[Localised]):
    """A Localised, stored as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> dict[str, str]:
        return dict(value or {})

    def process_result_value(self, value: Any, dialect: Dialect) -> Localised:
        return Localised(value)

    def compare_values(self, x: Any, y: Any) -> bool:
        return Localised(x) == Localised(y)


def choice(kind: type[StrEnum]) -> Enum:
    """A column that holds the values of a StrEnum as text, with a CHECK."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=True,
        validate_strings=True,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
