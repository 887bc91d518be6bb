"""CSV files that people bring: read whole, checked whole, refused with the line and the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from congress.core.errors import CongressError
from congress.core.languages import is_language
from congress.core.localised import Localised
from congress.core.text import UnprintableText, clean_text

LARGEST_FILE = 20_000_000  # bytes
SHOWN = 20  # problems named in one message
Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


class BadFile(CongressError):
    """The file cannot be used; the message names file, line, column and reason, a line each. Nothing was written."""


@dataclass
class Row:
    """One record; ``line`` is where it begins in the file, the heading being line 1."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def texts(self, column: str) -> Localised:
        """What stands in ``name_en``, ``name_pl`` and any other ``name_`` with the code of a language."""
        named = ((name.removeprefix(f"{column}_"), value) for name, value in self.values.items() if name.startswith(f"{column}_"))
        return Localised({code: value for code, value in named if is_language(code)})


@dataclass
class Table:
    """Records of a file, and what was found wrong with them."""

    name: str
    rows: list[Row]
    problems: list[str] = field(default_factory=list)

    def problem(self, row: Row, column: str, reason: str) -> None:
        """Note that a cell cannot be used."""
        self.problems.append(f"{self.name}, line {row.line}, column {column}: {reason}")

    def raise_problems(self) -> None:
        """Raise BadFile if anything was noted."""
        if self.problems:
            more = len(self.problems) - SHOWN
            raise BadFile("\n".join(self.problems[:SHOWN]) + (f"\n… and {more} more" if more > 0 else ""))


def read_table(path: Path, *, required: Collection[str]) -> Table:
    """Read a CSV file in UTF-8 (with or without BOM), separated by commas or semicolons, its columns named in line 1.

    Cells come cleaned (see core.text). Raises BadFile when it cannot be read, lacks a required column or has cut rows.
    """
    text = _decoded(path)
    heading = text.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    table = Table(path.name, [])
    begins_at = 1
    try:
        columns = [name.strip() for name in next(reader, [])]
        missing = [name for name in required if name not in columns]
        if missing:
            raise BadFile(
                f"{path.name}, line 1: the column {', '.join(missing)} is missing. Columns found: {', '.join(columns) or 'none'}."
            )
        twice = {name for name in columns if name and columns.count(name) > 1}
        if twice:
            raise BadFile(f"{path.name}, line 1: the column {', '.join(sorted(twice))} stands there twice.")
        begins_at = reader.line_num + 1
        for cells in reader:
            row = Row(begins_at, {})
            begins_at = reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                table.problem(row, columns[min(len(cells), len(columns)) - 1], f"{len(cells)} cells, but {len(columns)} columns")
                continue
            for name, cell in zip(columns, cells, strict=True):
                try:
                    row.values[name] = clean_text(cell)
                except UnprintableText:
                    table.problem(row, name, "control characters")
            table.rows.append(row)
    except csv.Error as reason:
        raise BadFile(f"{path.name}, line {begins_at}: the file is cut off or its quotes do not match ({reason}).") from None
    if not table.rows and not table.problems:
        raise BadFile(f"{path.name}: there are no rows under the heading.")
    return table


def _decoded(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise BadFile(f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB.")
        content = path.read_bytes()
    except OSError as reason:
        raise BadFile(f"{path} cannot be read: {reason.strerror}.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = content.count(b"\n", 0, reason.start) + 1
        raise BadFile(f"{path.name}, line {line}: this is not UTF-8. Save the file as “CSV UTF-8” and try again.") from None


@dataclass
class Imported:
    """What an import did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(self, *, is_new: bool, changed: bool) -> None:
        """Count one record."""
        if is_new:
            self.added += 1
        elif changed:
            self.changed += 1
        else:
            self.unchanged += 1


def cell(table: Table, row: Row, column: str, parse: Callable[[str], Value], reason: str) -> Value | None:
    """The parsed cell, None if it is empty; a cell that cannot be parsed is noted with the reason."""
    if not row[column]:
        return None
    try:
        return parse(row[column])
    except (ValueError, KeyError):
        table.problem(row, column, f"“{row[column][:60]}” {reason}")
        return None


def word(table: Table, row: Row, column: str, words: type[Word]) -> Word | None:
    """The cell as one of a fixed list of words."""
    return cell(table, row, column, words, f"is not one of: {', '.join(each.value for each in words)}")


def degrees(table: Table, row: Row, column: str, limit: int) -> float | None:
    """The cell as degrees of latitude or longitude, from ``-limit`` to ``limit``."""
    value = cell(table, row, column, float, "is not a number of degrees")
    if value is not None and not -limit <= value <= limit:
        table.problem(row, column, f"{row[column]} is not between -{limit} and {limit} degrees")
        return None
    return value


def check_lengths(table: Table, row: Row, **most: int) -> None:
    """Note the cells that are longer than the database would take; SQLite would take them silently, PostgreSQL not at all."""
    for column, characters in most.items():
        if len(row[column]) > characters:
            table.problem(row, column, f"is longer than {characters} characters")


def assign(row: object, values: Mapping[str, object]) -> bool:
    """Set those attributes that differ; whether any did."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
