"""Tables for people's spreadsheets, given row by row: CSV that Excel opens as it is meant, and XLSX. No cell is ever computed."""

from __future__ import annotations

import csv as _csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Cell = str | int | float | bool | date | datetime | time | None
_PIECE = 64_000  # bytes, about, that are given at a time
# What a spreadsheet takes for a formula (OWASP, CSV injection), also behind white space.
_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would compute it; ``sheets`` takes it off again."""
    return f"'{text}" if _FORMULA.match(text) else text


def csv(rows: Iterable[Sequence[Cell]], *, separator: str = ",") -> Iterator[bytes]:
    """CSV (RFC 4180) in UTF-8 with BOM, without which Excel takes other letters. Rows are taken as they are needed."""
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = _csv.writer(text, delimiter=separator)
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
        if text.tell() > _PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _written(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case datetime():
            return cell.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
        case date():
            return cell.isoformat()
        case time():
            return cell.strftime("%H:%M")
        case str():
            return guarded(cell)
    return cell


def xlsx(rows: Iterable[Sequence[Cell]], *, title: str = "") -> Iterator[bytes]:
    """XLSX with the first row as a heading that stays in sight. Rows go to a file on disk one by one, then the file is given in pieces."""
    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or None)
    page.freeze_panes = "A2"
    is_heading = True
    for row in rows:
        cells = [_cell(page, cell) for cell in row]
        if is_heading:
            for cell in cells:
                cell.font = Font(bold=True)
        is_heading = False
        page.append(cells)
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _cell(page: object, value: Cell) -> WriteOnlyCell:
    if isinstance(value, datetime | time):
        value = value.replace(tzinfo=None)  # as the clock shows it: the format has no zones
    is_text = isinstance(value, str)
    cell = WriteOnlyCell(page, value=_NOT_IN_XML.sub("", value) if isinstance(value, str) else value)
    if is_text:
        cell.data_type = "s"  # also if it begins with =
    return cell
