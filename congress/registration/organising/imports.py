"""People from a table: which column is what, what would be registered, what is wrong in which cell, and the writing of it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from babel import Locale
from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.forms import valid_address
from congress.core.languages import LANGUAGES, locale_of
from congress.core.sheets import Sheet
from congress.core.text import UnprintableText, clean_line, fold
from congress.delegates.vocabulary import CATEGORY_LABELS, OF_A_CITY, PART_LABELS, Category, Part
from congress.networks import queries as networks
from congress.registration.delegations import pasting
from congress.registration.models import Registration
from congress.registration.organising import walk_ins
from congress.registration.services import Actor, Applicant
from congress.registration.states import SENT, State

MOST = 500  # rows in one transaction; more would keep everybody else waiting
COLUMNS = {
    "given_name": lazy_gettext("Given name"),
    "family_name": lazy_gettext("Family name"),
    "email": lazy_gettext("E-mail address"),
    "city": lazy_gettext("City"),
    "category": lazy_gettext("Category"),
    "part": lazy_gettext("In the delegation"),
    "title": lazy_gettext("Title"),
    "organisation": lazy_gettext("Institution"),
    "function": lazy_gettext("Function"),
    "language": lazy_gettext("Language"),
}
_NEEDED = ("given_name", "family_name", "email")
_MOST = {**pasting.MOST, "city": 200, "category": 100, "part": 100, "language": 40}
_HEADINGS = {
    **pasting.HEADINGS,
    "city": ("city", "miasto", "member city", "miasto czlonkowskie", "ville", "delegation", "delegacja"),
}
_COLUMN_OF = {heading: column for column, headings in _HEADINGS.items() for heading in (*headings, column.replace("_", " "))}
_SPACE = uuid.UUID("6d1f4d5e-52d7-4b0e-9a0f-2b9f5a0d7c11")  # for the keys of rows; never changed


@dataclass
class Row:
    """One row of the table: what its cells say by column and what that means here, what is wrong with which, and who it would register.

    ``known`` says where the same person stands already; such a row is not written.
    """

    line: int
    values: dict[str, str]
    meant: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    known: str = ""
    known_id: int | None = None
    applicant: Applicant | None = None

    @property
    def is_good(self) -> bool:
        return self.applicant is not None and not self.known


@dataclass(frozen=True)
class Written:
    """How many were registered, how many of them wait, and which rows could not be written after all, with the reason."""

    made: int
    waiting: int
    refused: list[tuple[Row, str]]


def guess(header: Sequence[str]) -> list[str]:
    """Which column of ours each heading means, in English, Polish or French; empty where none. Each is guessed once."""
    found: list[str] = []
    for heading in header:
        column = _COLUMN_OF.get(fold(heading.replace("_", " ")), "")
        found.append("" if column in found else column)
    return found


def check(congress: Congress, sheet: Sheet, matched: Sequence[str], *, category: Category, language: str) -> list[Row]:
    """The rows as they would be written; ``category`` and ``language`` hold where a row says none. Writes nothing."""
    words, cities = _words(), _cities(congress)
    digest = hashlib.sha256(repr((congress.slug, sheet.header, sheet.rows)).encode()).hexdigest()
    rows, seen = [], dict[str, int]()
    for line, cells in zip(sheet.lines, sheet.rows, strict=True):
        values = {column: cell for column, cell in zip(matched, cells, strict=False) if column}
        row = Row(line, values)
        _clean(row)
        _understand(row, words, cities, category, language)
        if not row.errors:
            row.applicant = _applicant(row, str(uuid.uuid5(_SPACE, f"{digest} {line}")))
            before = seen.setdefault(row.applicant.identity, line)
            row.known = _("the same as line %(line)d", line=before) if before != line else ""
        rows.append(row)
    _find_known(congress, rows)
    return rows


def write(congress: Congress, rows: Iterable[Row], *, confirmed: bool, actor: Actor, key: str, now: datetime) -> Written:
    """Register the good rows, each with the mail that says how it stands. A row that was written before is not written again."""
    made, waiting, refused = 0, 0, []
    for row in rows:
        if row.applicant is None or row.known:
            continue
        try:
            with db.session.begin_nested():
                registration = walk_ins.walk_in(congress, row.applicant, confirmed=confirmed, actor=actor, key=key, now=now)
        except CongressError as refusal:
            refused.append((row, str(refusal)))
            continue
        made += 1
        waiting += registration.state is State.WAITING
    return Written(made, waiting, refused)


def _clean(row: Row) -> None:
    for column, value in row.values.items():
        try:
            row.values[column] = clean_line(value)
        except UnprintableText:
            row.errors[column] = _("There are invisible control characters in this cell.")
            continue
        if len(row.values[column]) > _MOST[column]:
            row.errors[column] = _("Longer than %(most)d characters.", most=_MOST[column])
    for column in _NEEDED:
        if not row.values.get(column) and column not in row.errors:
            row.errors[column] = _("Empty.")


def _understand(
    row: Row, words: Mapping[str, Mapping[str, str]], cities: Mapping[str, str], category: Category, language: str
) -> None:
    """Put the words of the program in the place of those of the table."""
    for column, otherwise in (("category", category.value), ("part", Part.MEMBER.value), ("language", language)):
        typed = row.values.get(column, "")
        meant = words[column].get(fold(typed)) if typed else otherwise
        if meant is None:
            row.errors.setdefault(column, _("“%(word)s” is none of the words that are known here.", word=typed[:60]))
        else:
            row.meant[column] = meant
    address = valid_address(row.values.get("email", ""))
    if address is None:
        row.errors.setdefault("email", _("This is not an e-mail address."))
    else:
        row.meant["email"] = address
    typed = row.values.get("city", "")
    if typed and (slug := cities.get(fold(typed)) or cities.get(fold(typed.partition(",")[0]))):
        row.meant["city"] = slug
    elif typed:
        row.errors.setdefault(
            "city", _("“%(city)s” is not a member city. Other cities are welcome at the public events.", city=typed[:60])
        )
    elif row.meant.get("category") in set(OF_A_CITY):
        row.errors.setdefault("city", _("This category needs a city."))


def _words() -> dict[str, dict[str, str]]:
    """The words of the columns with fixed words in each language, folded, and what they mean."""
    found: dict[str, dict[str, str]] = {
        "category": {}, "part": {}, "language": _languages(),
    }  # fmt: skip
    of_columns: dict[str, dict[Any, Any]] = {"category": CATEGORY_LABELS, "part": PART_LABELS}
    for column, labels in of_columns.items():
        for locale in map(locale_of, LANGUAGES):
            with force_locale(locale):
                found[column] |= {fold(str(label)): value.value for value, label in labels.items()}
        found[column] |= {value.value.replace("_", " "): value.value for value in labels}
        found[column] |= {value.value: value.value for value in labels}
        found[column] |= pasting.ALIASES[column]
    return found


def _languages() -> dict[str, str]:
    """What each language is called in each, folded, and its code."""
    found = {code: code for code in LANGUAGES}
    for reader in LANGUAGES:
        called = Locale.parse(reader).languages
        found |= {fold(called[code]): code for code in LANGUAGES if code in called}
    return found


def _cities(congress: Congress) -> dict[str, str]:
    """Slugs of the member cities by their names in any language, folded."""
    members = [each.city for each in networks.members(congress.network, congress.starts_on)]
    named = {fold(name): city.slug for city in members for name in city.names.values()}
    return named | {city.slug: city.slug for city in members}


def _applicant(row: Row, key: str) -> Applicant:
    told = row.values | row.meant
    return Applicant(
        submission_key=key,
        category=Category(told["category"]),
        part=Part(told["part"]),
        given_name=told["given_name"],
        family_name=told["family_name"],
        email=told["email"],
        language=told["language"],
        title=told.get("title", ""),
        organisation=told.get("organisation", ""),
        function=told.get("function", ""),
        city=told.get("city", ""),
    )


def _find_known(congress: Congress, rows: Collection[Row]) -> None:
    """Note on the rows who is registered at the congress already; a few statements for any number of rows."""
    asked = [each.applicant.identity for each in rows if each.applicant]
    known: dict[str, int] = {}
    for start in range(0, len(asked), 500):
        found = select(Registration.identity, Registration.id).where(
            Registration.congress_id == congress.id,
            Registration.state.in_(SENT),
            Registration.identity.in_(asked[start : start + 500]),
        )
        known |= {identity: number for identity, number in db.session.execute(found)}  # noqa: C416
    for row in rows:
        if row.applicant and (number := known.get(row.applicant.identity)):
            row.known, row.known_id = _("registered already"), number


def heading_problems(matched: Sequence[str]) -> list[str]:
    """What is wrong with the match of the columns: needed ones that nothing is matched with, and ones matched twice."""
    missing = [str(COLUMNS[each]) for each in _NEEDED if each not in matched]
    twice = [str(COLUMNS[each]) for each in COLUMNS if list(matched).count(each) > 1]
    said = [_("Choose which column is “%(name)s”.", name=name) for name in missing]
    return said + [_("“%(name)s” is chosen for two columns.", name=name) for name in twice]
