"""Column types: aware times, text in several languages, fixed choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator

from congress.core.localised import Localised

LARGEST_ID = 2**31 - 1  # of a row; PostgreSQL refuses to compare with more


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


class LocalisedText(TypeDecorator[Localised]):
    """A Localised, stored as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> dict[str, str]:
        return dict(value or {})

    def process_result_value(self, value: Any, dialect: Dialect) -> Localised:
        return Localised(value)

    def compare_values(self, x: Any, y: Any) -> bool:
        # A value that was never read is a mark of SQLAlchemy's, and equal to no text.
        return all(each is None or isinstance(each, Mapping) for each in (x, y)) and Localised(x) == Localised(y)


def choice(kind: type[StrEnum], name: str = "") -> Enum:
    """A column that holds the values of a StrEnum as text, with a CHECK, named ``name`` where a table has two of one kind."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=True,
        validate_strings=True,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
