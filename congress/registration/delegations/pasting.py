"""People pasted from a spreadsheet: rows to values, each cell that cannot be used with its reason. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from congress.core.text import UnprintableText, clean_line, fold

MOST_ROWS = 100  # of one paste; no delegation is larger
MOST_CHARACTERS = 60_000
COLUMNS = ("given_name", "family_name", "email", "function", "organisation", "category", "part", "language", "title")
MOST = {"given_name": 100, "family_name": 100, "email": 254, "function": 200, "organisation": 200, "title": 40}
NEEDED = ("given_name", "family_name", "email")

# How headings of spreadsheets call the columns, folded.
HEADINGS = {
    "given_name": ("given name", "given names", "first name", "forename", "name", "imie", "imiona", "prenom"),
    "family_name": ("family name", "last name", "surname", "nazwisko", "nom", "nom de famille"),
    "email": ("e-mail", "email", "e-mail address", "email address", "mail", "adres e-mail", "poczta elektroniczna", "courriel"),
    "function": ("function", "position", "job title", "funkcja", "stanowisko", "fonction"),
    "organisation": ("institution", "organisation", "organization", "instytucja", "organizacja", "institution/organisation"),
    "category": ("role at the congress", "category", "role", "rola na kongresie", "kategoria", "rola"),
    "part": (
        "part",
        "part in the delegation",
        "in the delegation",
        "udzial",
        "funkcja w delegacji",
        "rola w delegacji",
        "w delegacji",
    ),
    "language": ("language", "jezyk", "langue"),
    "title": ("title", "tytul", "form of address", "zwrot grzecznosciowy", "titre"),
}
# What tables write beside our own words, folded.
ALIASES = {
    "category": {
        "delegat": "delegate", "delegatka": "delegate", "delegate": "delegate",
        "mayor": "mayor", "deputy mayor": "mayor", "prezydent": "mayor", "prezydent miasta": "mayor", "prezydentka": "mayor",
        "wiceprezydent": "mayor", "wiceprezydentka": "mayor", "zastepca prezydenta": "mayor", "burmistrz": "mayor",
        "wiceburmistrz": "mayor", "zastepca burmistrza": "mayor",
        "coordinator": "coordinator", "koordynator": "coordinator", "koordynatorka": "coordinator",
        "staff": "host_staff", "volunteer": "host_staff", "wolontariusz": "host_staff", "wolontariuszka": "host_staff",
        "prelegent": "speaker", "prelegentka": "speaker", "artist": "speaker", "artysta": "speaker", "artystka": "speaker",
        "obserwatorka": "observer", "obserwator": "observer", "sekretariat": "secretariat",
        "media": "press", "prasa": "press", "dziennikarz": "press", "dziennikarka": "press",
    },
    "part": {
        "head": "head", "head of delegation": "head", "przewodniczacy": "head", "przewodniczaca": "head",
        "przewodniczacy delegacji": "head", "przewodniczaca delegacji": "head",
        "alternate": "alternate", "zastepca": "alternate", "zastepczyni": "alternate", "zastepca przewodniczacego": "alternate",
        "member": "member", "czlonek": "member", "czlonkini": "member", "delegat": "member", "delegatka": "member",
        "adviser": "adviser", "advisor": "adviser", "doradca": "adviser", "doradczyni": "adviser",
        "interpreter": "interpreter", "tlumacz": "interpreter", "tlumaczka": "interpreter",
    },
}  # fmt: skip
_COLUMN_OF = {heading: column for column, headings in HEADINGS.items() for heading in headings}


class Wrong(StrEnum):
    """Why a cell cannot be used."""

    NEEDED = "needed"
    TOO_LONG = "too_long"
    UNPRINTABLE = "unprintable"
    NO_ADDRESS = "no_address"
    UNKNOWN_WORD = "unknown_word"


class Unreadable(Exception):
    """The text is no table: too long, cut within quotes, or nothing is in it."""

    def __init__(self, why: str, number: int = 0) -> None:
        super().__init__(why)
        self.why, self.number = why, number


@dataclass
class Row:
    """One line of the table: its values by column, and what is wrong with which of them."""

    line: int
    values: dict[str, str]
    wrong: dict[str, Wrong] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.values.get('given_name', '')} {self.values.get('family_name', '')}".strip()


@dataclass(frozen=True)
class Words:
    """What the cells of a column with fixed words may say: folded words to values; ``otherwise`` where the cell is empty."""

    known: Mapping[str, str]
    otherwise: str


def read(text: str, words: Mapping[str, Words], address: Callable[[str], str | None]) -> list[Row]:
    """The rows of a pasted table: tabs, semicolons or commas, with a heading or in the order of COLUMNS.

    ``address`` gives a mail address in its normal form, None if it is none. Raises Unreadable.
    """
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_long", MOST_CHARACTERS)
    lines = _cells(text.lstrip("\ufeff"))
    if not lines:
        raise Unreadable("empty")
    columns = _heading(lines[0][1])
    if columns:
        lines = lines[1:]
    if not lines:
        raise Unreadable("empty")
    if len(lines) > MOST_ROWS:
        raise Unreadable("too_many", MOST_ROWS)
    return [_row(line, dict(zip(columns or COLUMNS, cells, strict=False)), words, address) for line, cells in lines]


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """The cells of each line that holds any, with the number of the line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max("\t;,", key=lambda sign: (first.count(sign) > 0, sign == "\t", first.count(sign)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t")
    found, begins_at = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((begins_at, cells))
            begins_at = reader.line_num + 1
    except csv.Error:
        raise Unreadable("cut_off", begins_at) from None
    return found


def _heading(cells: Sequence[str]) -> list[str]:
    """The columns named in a first line, unknown ones as empty names; nothing where it is no heading."""
    named = [_COLUMN_OF.get(fold(cell).strip(" :*"), "") for cell in cells]
    return named if sum(bool(name) for name in named) >= 2 else []


def _row(line: int, cells: Mapping[str, str], words: Mapping[str, Words], address: Callable[[str], str | None]) -> Row:
    row = Row(line, {})
    for column in COLUMNS:
        typed = cells.get(column, "")
        try:
            row.values[column] = clean_line(typed)
        except UnprintableText:
            row.values[column] = "".join(sign for sign in typed if sign.isprintable())
            row.wrong[column] = Wrong.UNPRINTABLE
        if column in NEEDED and not row.values[column]:
            row.wrong.setdefault(column, Wrong.NEEDED)
        if len(row.values[column]) > MOST.get(column, 100):
            row.wrong.setdefault(column, Wrong.TOO_LONG)
    _normalise(row, words, address)
    return row


def _normalise(row: Row, words: Mapping[str, Words], address: Callable[[str], str | None]) -> None:
    if "email" not in row.wrong:
        normal = address(row.values["email"])
        if normal is None:
            row.wrong["email"] = Wrong.NO_ADDRESS
        else:
            row.values["email"] = normal
    for column, allowed in words.items():
        word = allowed.known.get(fold(row.values[column])) if row.values[column] else allowed.otherwise
        if word is None:
            row.wrong.setdefault(column, Wrong.UNKNOWN_WORD)
        else:
            row.values[column] = word
