"""The standing contacts of cities: changed one by one, and brought in as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from flask_babel import gettext as _
from sqlalchemy import select

from congress.core import sheets
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.forms import valid_address
from congress.core.languages import LANGUAGES
from congress.core.tables import Imported, assign
from congress.core.text import UnprintableText, clean_line, fold
from congress.networks import queries
from congress.networks.models import City, Contact, Network
from congress.networks.vocabulary import ContactKind

_LENGTHS = {
    "title": 40, "given_name": 100, "family_name": 100, "function": 200, "institution": 200, "address": 300, "phone": 60,
}  # fmt: skip
_SHOWN = 20  # problems named in one message
_YES = {"1", "yes", "y", "true", "tak", "t"}


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is known of one contact, cleaned."""

    title: str = ""
    given_name: str = ""
    family_name: str = ""
    function: str = ""
    institution: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    language: str = "en"
    may_be_shown: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.given_name or self.family_name or self.email or self.institution or self.phone)


class ContactChanged(CongressError):
    """Somebody else has changed the contact since the page was shown. Nothing was written."""


def fingerprint(contact: Contact | None) -> str:
    """Stands for what is known of a contact: another one means that somebody has changed it."""
    known = [getattr(contact, name) for name in vars(Details())] if contact else []
    return hashlib.sha256(repr(known).encode()).hexdigest()[:32]


def save_contact(network: Network, city: City, kind: ContactKind, details: Details, *, was: str) -> Contact | None:
    """The contact as it is from now on; one of whom nothing is known any more is removed, and None comes back.

    ``was`` is the fingerprint shown. What is so already is no change. Raises ContactChanged.
    """
    lock(network)
    contact = queries.find_contact(network, city, kind)
    if contact is not None:
        db.session.refresh(contact)  # it may have been read before the lock
    is_so = {name: getattr(contact, name) for name in vars(details)} == vars(details) if contact else details.is_empty
    if not is_so and fingerprint(contact) != was:
        raise ContactChanged(_("Somebody else has changed this contact since you opened this page. Look at it again, then save."))
    if details.is_empty:
        if contact is not None:
            db.session.delete(contact)
            db.session.flush()
        return None
    contact = contact or Contact(network=network, city=city, kind=kind)
    assign(contact, vars(details))
    db.session.add(contact)
    db.session.flush()
    return contact


class BadContacts(CongressError):
    """Cells of the file cannot be used; ``problems`` says of each where and why. Nothing was written."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def import_contacts(file: BinaryIO, network: Network) -> Imported:
    """Contacts from a CSV or XLSX file: the columns city, kind and email, and of the other details those that there are.

    A column that is not there changes nothing. Raises BadSheet, BadContacts.
    """
    sheet = sheets.read(file)
    missing = [name for name in ("city", "kind", "email") if name not in sheet.header]
    if missing:
        raise BadContacts([_("The heading lacks: %(columns)s.", columns=", ".join(missing))])
    lock(network)
    cities, lines = _cities(network), dict[tuple[int, ContactKind], int]()
    found: list[tuple[City, ContactKind, dict[str, object]]] = []
    problems: list[str] = []
    for line, cells in zip(sheet.lines, sheet.rows, strict=True):
        row = _Row(line, dict(zip(sheet.header, cells, strict=True)), problems)
        city, kind = row.city(cities), row.kind()
        values = row.values()
        if city is None or kind is None:
            continue
        first = lines.setdefault((city.id, kind), line)
        if first != line:
            row.problem("kind", _("this contact of the city is already in line %(line)d", line=first))
        found.append((city, kind, values))
    if problems:
        more = len(problems) - _SHOWN
        raise BadContacts(problems[:_SHOWN] + ([_("… and %(number)d more", number=more)] if more > 0 else []))
    return _written(network, found)


def _written(network: Network, found: Sequence[tuple[City, ContactKind, dict[str, object]]]) -> Imported:
    known = {
        (each.city_id, each.kind): each for each in db.session.scalars(select(Contact).where(Contact.network_id == network.id))
    }
    done = Imported()
    for city, kind, values in found:
        contact = known.get((city.id, kind))
        is_new = contact is None
        if contact is None:
            contact = Contact(network=network, city=city, kind=kind)
            db.session.add(contact)
        done.count(is_new=is_new, changed=assign(contact, values))
    db.session.flush()
    return done


def _cities(network: Network) -> dict[str, City]:
    """The cities of the network by slug and by each of their names, folded; a name that two of them have is none."""
    cities: dict[str, City] = {}
    twice = set()
    for city in queries.cities(network):
        for name in {fold(name) for name in (city.slug, *city.names.values())}:
            if cities.setdefault(name, city) is not city:
                twice.add(name)
    return {name: city for name, city in cities.items() if name not in twice or name == city.slug}


@dataclass
class _Row:
    """A row of the file; what cannot be used is noted in ``problems``."""

    line: int
    cells: dict[str, str]
    problems: list[str]

    def problem(self, column: str, reason: str) -> None:
        self.problems.append(_("Line %(line)d, column %(column)s: %(reason)s.", line=self.line, column=column, reason=reason))

    def text(self, column: str) -> str:
        """The cell, cleaned."""
        try:
            return clean_line(self.cells.get(column, ""))
        except UnprintableText:
            self.problem(column, _("there are invisible control characters"))
            return ""

    def city(self, cities: Mapping[str, City]) -> City | None:
        typed = self.text("city")
        found = cities.get(fold(typed))
        if found is None:
            self.problem("city", _("“%(typed)s” is not a city of the network", typed=typed[:60]) if typed else _("is empty"))
        return found

    def kind(self) -> ContactKind | None:
        return ContactKind(typed) if (typed := self._word("kind", [each.value for each in ContactKind])) else None

    def _word(self, column: str, words: Sequence[str]) -> str:
        """One of these words, else nothing."""
        typed = self.text(column).lower()
        if typed in words:
            return typed
        self.problem(column, _("“%(typed)s” is not one of: %(words)s", typed=typed[:60], words=", ".join(words)))
        return ""

    def values(self) -> dict[str, object]:
        """What the row says of the contact."""
        values: dict[str, object] = {}
        for column, most in _LENGTHS.items():
            if column in self.cells and column != "email":
                values[column] = typed = self.text(column)
                if len(typed) > most:
                    self.problem(column, _("is longer than %(most)d signs", most=most))
        typed = self.text("email")
        values["email"] = valid_address(typed) or ""
        if typed and not values["email"]:
            self.problem("email", _("“%(typed)s” is no e-mail address", typed=typed[:60]))
        if self.cells.get("language"):
            values["language"] = self._word("language", tuple(LANGUAGES))
        if "may_be_shown" in self.cells:
            values["may_be_shown"] = self.text("may_be_shown").lower() in _YES
        return values
