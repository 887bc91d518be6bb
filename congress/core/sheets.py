"""Tables that people bring: CSV as any spreadsheet saves it, and XLSX. Read whole within limits, or refused with a sentence.

The program goes by the content, never by the name. Nothing is computed: a formula is the text that it is.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, BinaryIO

import openpyxl
from flask_babel import gettext as _

from congress.core.errors import CongressError
from congress.core.sheets_out import guarded
from congress.core.text import UnprintableText, clean_line

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 200
_MOST_UNPACKED = 40_000_000  # bytes of an XLSX, which is a ZIP file
_MOST_RATIO = 200  # unpacked to packed; tables of plain text reach 30
_BLANK = 20  # rows that are looked at for each row that may be there, empty ones included


class BadSheet(CongressError):
    """The file cannot be read as a table; the sentence says why and what to do. Nothing was written."""


@dataclass(frozen=True)
class Sheet:
    """A table: the names of the columns, and rows of as many cells. Cells are texts without white space around them,
    not yet cleaned; ``lines`` says where each row begins in the file, the heading usually being 1."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    lines: list[int] = field(default_factory=list)
    encoding: str = ""  # of a CSV file; one that was guessed should be looked at


def read(stream: BinaryIO) -> Sheet:
    """A CSV or XLSX file with a heading and at least one row. Reads at most a byte beyond the largest size. Raises BadSheet."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadSheet(_("The file is larger than %(size)d MB. Split it and import the parts.", size=MOST_BYTES // 1_000_000))
    if not content.strip(b"\x00\r\n\t ;,"):
        raise BadSheet(_("The file is empty."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadSheet(
            _("This is an old Excel file (.xls), or one with a password. Save it as .xlsx or as CSV and choose it again.")
        )
    if content.startswith(b"PK"):
        return _sheet(_xlsx(content))
    text, encoding = decoded(content)
    return _sheet(_csv(text), encoding)


def read_text(text: str) -> Sheet:
    """A table from text, as it is pasted from a spreadsheet. Raises BadSheet."""
    return _sheet(_csv(text, is_file=False))


def _sheet(found: Iterable[tuple[int, list[str]]], encoding: str = "") -> Sheet:
    records = ((line, cells) for line, cells in found if any(cells))
    heading = next(records, None)
    if heading is None:
        raise BadSheet(_("The file is empty."))
    header = _header(heading[1])
    sheet = Sheet(header, [], [], encoding)
    for line, cells in records:
        if len(sheet.rows) == MOST_ROWS:
            raise BadSheet(_("The file has more than %(most)d rows. Split it and import the parts.", most=MOST_ROWS))
        if any(cells[len(header) :]):
            raise BadSheet(
                _(
                    "Line %(line)d has %(cells)d cells, but there are %(columns)d columns in the heading.",
                    line=line,
                    cells=len(cells),
                    columns=len(header),
                )
            )
        sheet.rows.append((*cells[: len(header)], *[""] * (len(header) - len(cells))))
        sheet.lines.append(line)
    if not sheet.rows:
        raise BadSheet(_("There are no rows under the heading."))
    return sheet


def _header(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise BadSheet(_("The file has more than %(most)d columns.", most=MOST_COLUMNS))
    try:
        return tuple(clean_line(cell)[:200] for cell in cells)
    except UnprintableText:
        raise BadSheet(_("This is not a table: its first line holds signs that cannot be read.")) from None


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a CSV file and its encoding: UTF-8, UTF-16, else Windows-1250 or ISO 8859-2 by the bytes of Polish letters."""
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as reason:
        if encoding != "cp1250" and reason.end >= len(content) - 4:
            raise BadSheet(_("The file ends in the middle. Save it again and choose it once more.")) from None
        if encoding != "utf-8-sig":
            raise BadSheet(_("The letters of the file cannot be read. Save it as “CSV UTF-8” and choose it again.")) from None
        encoding = _eight_bit(content)
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            raise BadSheet(_("The letters of the file cannot be read. Save it as “CSV UTF-8” and choose it again.")) from None
    if "\x00" in text:
        raise BadSheet(_("This is neither a CSV nor an XLSX file."))
    return text.removeprefix("\ufeff"), encoding


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = content[:4000]
    if len(sample) >= 4:  # without a mark at the beginning: Latin letters have a zero byte on one side
        zeros = sample[::2].count(0), sample[1::2].count(0)
        if max(zeros) > len(sample) // 5 and min(zeros) < max(zeros) // 4:
            return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    return "utf-8-sig"


def _eight_bit(content: bytes) -> str:
    """Both have the same letters elsewhere: ISO 8859-2 has ą ś ź where Windows-1250 has signs that names do not hold."""
    only_iso = any(content.count(byte) for byte in (b"\xb1", b"\xb6", b"\xbc", b"\xa1", b"\xa6", b"\xac"))
    only_windows = any(0x80 <= byte <= 0x9F for byte in content)
    return "iso8859-2" if only_iso and not only_windows else "cp1250"


def _csv(text: str, *, is_file: bool = True) -> Iterator[tuple[int, list[str]]]:
    delimiter, text, before = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line, begins_at, width, cells = 1, 1, 0, [""]
    try:
        for cells in reader:
            line, begins_at = begins_at, reader.line_num + 1
            width = width or len(cells)
            yield line + before, [_plain(cell) for cell in cells]
    except csv.Error:
        raise BadSheet(
            _("In line %(line)d a quotation mark is never closed, or the file ends in the middle.", line=begins_at + before)
        ) from None
    if is_file and 0 < len(cells) < width and not text.endswith(("\n", "\r")):
        raise BadSheet(_("Line %(line)d is cut off: the file ends in the middle.", line=line + before))


def _delimiter(text: str) -> tuple[str, str, int]:
    """What separates cells; the text without Excel's first line ``sep=;``; how many lines were taken off."""
    first, _end, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        return first[4], rest, 1
    # What stands between quotation marks separates nothing.
    outside = "".join(first.split('"')[::2])
    return max((outside.count(sign), -place, sign) for place, sign in enumerate(";,\t"))[2], text, 0


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell  # as our own exports write it


def _xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_zip(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        pages = book.worksheets
    except Exception:  # whatever a parser makes of bytes that somebody sent
        raise BadSheet(_("The XLSX file is damaged. Save it again and choose it once more.")) from None
    if not pages:
        raise BadSheet(_("The file is empty."))
    page: Any = pages[0]
    page.reset_dimensions()  # what the file claims about its size is not believed
    rows = page.iter_rows(max_row=MOST_ROWS * _BLANK, max_col=MOST_COLUMNS + 1, values_only=True)
    line = 0
    while True:
        try:
            cells = next(rows, None)
        except Exception:
            raise BadSheet(_("The XLSX file is damaged. Save it again and choose it once more.")) from None
        if cells is None:
            break
        line += 1
        yield line, [_text(cell) for cell in cells]
    book.close()


def _check_zip(content: bytes) -> None:
    """Refuse what would unpack to more than we read. ``zipfile`` never reads more of a member than its directory says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            unpacked = sum(each.file_size for each in members)
            if unpacked > _MOST_UNPACKED or len(members) > 2_000 or unpacked > _MOST_RATIO * len(content):
                raise BadSheet(_("The file unpacks to far more than a table needs. Save it as CSV and choose it again."))
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= {each.filename for each in members}:
                raise BadSheet(_("This is neither a CSV nor an XLSX file."))
            if any(_is_dangerous(packed.read(each)) for each in members if each.filename.endswith((".xml", ".rels"))):
                raise BadSheet(_("The XLSX file is damaged. Save it again and choose it once more."))
    except BadSheet:
        raise
    except Exception:
        raise BadSheet(_("The XLSX file is damaged. Save it again and choose it once more.")) from None


def _is_dangerous(xml: bytes) -> bool:
    """Whether XML declares entities, which may grow without end; those of spreadsheets never do, and are in UTF-8."""
    return b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\x00" in xml


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            is_day = cell.time() == time(0)
            return cell.date().isoformat() if is_day else cell.isoformat(sep=" ", timespec="minutes")
        case date():
            return cell.isoformat()
        case time():
            return cell.strftime("%H:%M")
    return _plain(str(cell))
