"""A table against the draft: what each row would add or change, what is wrong in which cell, what the table does not hold. Writes nothing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.core.sheets import Sheet
from congress.core.text import UnprintableText, clean_line, clean_text
from congress.programme import rules
from congress.programme.exchange import cells, tables, values
from congress.programme.exchange.cells import Named, Unreadable
from congress.programme.exchange.columns import OF_EVENTS, columns, labels
from congress.programme.exchange.places import Gazetteer, Spot
from congress.programme.exchange.plans import Defaults, Plan, Row
from congress.programme.models import Placement, ProgrammeItem, PublicEvent
from congress.programme.vocabulary import Audience, Timing

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_SPACE = uuid.UUID("7f0c6f0e-3d5b-4a55-8a0e-1f2f6a9b4c1d")  # for identities that cannot stay as they are; never changed
_PLACE = ("city", "other_city", "venue", "room")


def languages_of(congress: Congress, header: Sequence[str]) -> list[str]:
    """The languages of texts that the table may hold: those of the congress, and others that a heading names."""
    found = re.findall(r"(?:title|description)_([a-z]{2,3})\b", " ".join(each.lower() for each in header))
    return list(dict.fromkeys([*congress.languages, *sorted(found)]))


def heading_problems(matched: Sequence[str], languages: Sequence[str]) -> list[str]:
    """What is wrong with the match of the columns: none for a title, or one column chosen twice."""
    names = labels(languages)
    said = [] if any(each.startswith("title_") for each in matched) else [_("Choose which column is the title.")]
    twice = [name for name in names if list(matched).count(name) > 1]
    return said + [_("“%(name)s” is chosen for two columns.", name=names[name]) for name in twice]


def check(congress: Congress, sheet: Sheet, matched: Sequence[str], defaults: Defaults) -> Plan:
    """The rows as they would be written."""
    return _Matching(congress, languages_of(congress, [*sheet.header, *matched]), defaults).plan(sheet, matched)


def _items(congress: Congress) -> Sequence[ProgrammeItem]:
    return db.session.scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.congress_id == congress.id)
        .options(
            selectinload(ProgrammeItem.contributors),
            *(
                selectinload(ProgrammeItem.placements).joinedload(each)
                for each in (Placement.city, Placement.other_city, Placement.venue, Placement.room)
            ),
        )
        .order_by(ProgrammeItem.code)
    ).all()


class _Matching:
    """The draft as it is, while one table is held against it."""

    def __init__(self, congress: Congress, languages: Sequence[str], defaults: Defaults) -> None:
        self.congress, self.zone, self.defaults = congress, congress.zone, defaults
        self.columns, self.places, self.cities = columns(languages), Gazetteer(congress), tables.city_slugs()
        self.items = {item.code: item for item in _items(congress)}
        placements = [placement for item in self.items.values() for placement in item.placements]
        self.by_code = {placement.code: placement for placement in placements}
        self.by_uid = {placement.uid: placement for placement in placements}
        self.lines: dict[tuple[str, object], int] = {}
        self.first_rows: dict[str, Row] = {}

    def plan(self, sheet: Sheet, matched: Sequence[str]) -> Plan:
        rows = []
        for line, said in zip(sheet.lines, sheet.rows, strict=True):
            rows.append(Row(line, {name: cell for name, cell in zip(matched, said, strict=False) if name}))
        for row in rows:
            self._clean(row)
        elsewhere = self._taken({_as_uid(row.cells["uid"]) for row in rows if row.cells.get("uid")})
        for row in rows:
            self._find(row, elsewhere)
        self._name_new(rows)
        for row in rows:
            self._understand(row)
            self._compare_with_siblings(row)
            if not row.errors and row.placement is not None:
                row.changes = self._changes(row)
        held = {row.placement.id for row in rows if row.placement is not None}
        missing = [each for each in self.by_code.values() if each.id not in held and not each.is_cancelled]
        return Plan(rows, missing)

    def _clean(self, row: Row) -> None:
        for name, cell in row.cells.items():
            is_long = name.startswith("description_") or name == "people"
            try:
                row.cells[name] = clean_text(cell) if is_long else clean_line(cell)
            except UnprintableText:
                row.errors[name] = _("There are invisible control characters in this cell.")
                row.cells[name] = ""

    def _taken(self, uids: set[str]) -> set[str]:
        """Those that placements of other congresses have."""
        asked, found = sorted(uids - self.by_uid.keys()), set[str]()
        for start in range(0, len(asked), 500):
            found |= set(db.session.scalars(select(Placement.uid).where(Placement.uid.in_(asked[start : start + 500]))))
        return found

    def _find(self, row: Row, elsewhere: set[str]) -> None:
        """Which placement of the draft the row is about, if any: that of its identifier, else that of its code."""
        said, row.code = row.cells.get("uid", ""), row.cells.get("code", "")
        if said:
            own = _as_uid(said)
            here = str(uuid.uuid5(_SPACE, f"{self.congress.id} {own}"))  # what it became in an earlier import, if it was taken
            row.uid = own if own in self.by_uid or (here not in self.by_uid and own not in elsewhere) else here
            row.placement = self.by_uid.get(row.uid)
        if row.code and not _CODE.fullmatch(row.code):
            row.errors.setdefault("code", _("Write 1 to 20 letters, digits and hyphens."))
        named = self.by_code.get(row.code)
        if row.placement is not None and row.code and row.placement.code != row.code:
            row.errors.setdefault(
                "code", _("In the draft this has the code %(code)s, which stays for life.", code=row.placement.code)
            )
        row.placement = row.placement or named
        if row.placement is not None:
            row.code, row.uid = row.placement.code, row.placement.uid
            row.item_code, row.item = row.placement.item.code, row.placement.item
            typed = row.cells.get("item", "")
            if typed and typed != row.item_code:
                row.errors.setdefault("item", _("In the draft this belongs to %(item)s.", item=row.item_code))
        for column, value in (("code", row.code), ("uid", row.uid)):
            if value and (line := self.lines.setdefault((column, value), row.line)) != row.line:
                text = row.cells.get(column) or value
                row.errors.setdefault(column, _("“%(text)s” is already in line %(line)d.", text=text[:60], line=line))

    def _name_new(self, rows: Sequence[Row]) -> None:
        """Codes for what is new and has none, and the item of each row."""
        taken = {*self.by_code, *self.items, *(row.code for row in rows), *(row.cells.get("item", "") for row in rows)}
        number = 0
        for row in rows:
            if row.placement is not None:
                continue
            typed = row.cells.get("item", "")
            if typed and not _CODE.fullmatch(typed):
                row.errors.setdefault("item", _("Write 1 to 20 letters, digits and hyphens."))
            while not row.code:
                number += 1
                row.code = "" if f"N{number:03}" in taken else f"N{number:03}"
            row.item_code = typed or row.code
            row.item = self.items.get(row.item_code)

    def _understand(self, row: Row) -> None:
        self._read_texts(row)
        for name in values.ATTRIBUTES:
            if name in row.cells and name not in row.errors:
                self._try(row, name, lambda name=name: row.item_values.__setitem__(name, values.read(name, row.cells[name], self.zone)))  # type: ignore[misc]  # fmt: skip
        if "people" in row.cells:
            self._try(row, "people", lambda: setattr(row, "people", self._people(row.cells["people"], row.item)))
        if "is_cancelled" in row.cells:
            said = row.cells["is_cancelled"]
            self._try(
                row, "is_cancelled", lambda: row.placement_values.update(is_cancelled=bool(said) and cells.read_yes_no(said))
            )
        self._read_type(row)
        if not row.cells.keys().isdisjoint({"date", "starts"}):
            self._read_time(row)
        self._read_place(row)
        if row.item is None and "kind" not in row.errors:
            row.item_values.setdefault("kind", self.defaults.kind)
        if row.item is None:
            row.item_values.setdefault("audience", self.defaults.audience)
        field_ = row.item_values.get("field", row.item.field if row.item else None)
        if row.item_values.get("audience", row.item.audience if row.item else None) is Audience.FIELD and not field_:
            row.errors.setdefault("field", _("What is for delegates of a field needs a field."))

    def _try(self, row: Row, name: str, read: Callable[[], object]) -> None:
        if name in row.errors:
            return
        try:
            read()
        except Unreadable as problem:
            row.errors[name] = str(problem)

    def _read_texts(self, row: Row) -> None:
        for base, attribute in (("title", "titles"), ("description", "descriptions")):
            said = {column.language: name for name, column in self.columns.items() if column.language and name.startswith(base) and name in row.cells}  # fmt: skip
            for name in said.values():
                if len(row.cells[name]) > values.LONGEST[base]:
                    row.errors.setdefault(name, _("Longer than %(most)d characters.", most=values.LONGEST[base]))
            before = getattr(row.item, attribute) if row.item else Localised()
            row.texts[attribute] = Localised({**before, **{language: row.cells[name] for language, name in said.items()}})
            if base == "title" and not row.texts[attribute]:
                row.errors.setdefault(next(iter(said.values()), "title"), _("The title is empty."))

    def _people(self, text: str, item: ProgrammeItem | None) -> list[Named]:
        """Whom the cell names. Who stands in the item already keeps what was agreed, unless the cell says it."""
        agreed = {(each.part, each.name): each.may_be_named for each in item.contributors} if item else {}
        found = []
        for person in cells.read_people(text):
            if len(person.name) > values.LONGEST_NAME:
                raise Unreadable(_("A name is longer than %(most)d characters.", most=values.LONGEST_NAME))
            may = person.may_be_named
            may = agreed.get((person.part, person.name), self.defaults.may_be_named) if may is None else may
            city = self.places.city(person.city).slug if person.city else ""
            found.append(Named(person.part, person.name, city, person.minutes, may))
        return found

    def _read_type(self, row: Row) -> None:
        said = row.cells.get("is_event", "")
        if said:
            self._try(row, "is_event", lambda: setattr(row, "is_event", cells.read_yes_no(said)))
        elif row.item is not None:
            row.is_event = isinstance(row.item, PublicEvent)
        else:
            row.is_event = row.item_values.get("audience", self.defaults.audience) is Audience.EVERYONE
        if row.item is not None and "is_event" not in row.errors and isinstance(row.item, PublicEvent) != row.is_event:
            row.errors["is_event"] = _("A public event stays one, and a session too: give the row a new code.")
        if not row.is_event:
            for name in OF_EVENTS:
                if row.item_values.pop(name, None):
                    row.errors.setdefault(name, _("Only public events have this."))

    def _read_time(self, row: Row) -> None:
        try:
            first, last = self._moments(row)
        except Unreadable:
            return
        timing = self._timing(row, first, last)
        if timing is None:
            return
        starts_at = first if isinstance(first, datetime) else None
        ends_at = last if isinstance(last, datetime) else None
        if "ends" not in row.cells and starts_at and row.placement and row.placement.starts_at and row.placement.ends_at:
            last = ends_at = starts_at + (row.placement.ends_at - row.placement.starts_at)  # moved as it is
        starts_on, ends_on = (None, None) if starts_at else (first, last or first)
        if (last is not None and first is None) or (timing is not Timing.TO_BE_CONFIRMED and first is None):
            row.errors.setdefault("starts", _("The start is missing."))
        elif (starts_at is None) != (timing is not Timing.TIMED) or (last and isinstance(last, datetime) != bool(starts_at)):
            row.errors.setdefault("starts" if starts_at is None else "timing", _("Start, end and certainty of the time do not fit together."))  # fmt: skip
        elif starts_at and ends_at and not rules.is_length_possible(starts_at, ends_at):
            row.errors.setdefault("ends", _("The end must come after the start, and within 24 hours."))
        elif starts_on and ends_on and not rules.are_days_possible(starts_on, ends_on):
            row.errors.setdefault("ends", _("The last day must not be before the first, and not more than 120 days after it."))
        row.placement_values |= {
            "timing": timing, "starts_at": starts_at, "ends_at": ends_at, "starts_on": starts_on, "ends_on": ends_on,
        }  # fmt: skip

    def _moments(self, row: Row) -> tuple[datetime | date | None, datetime | date | None]:
        """Start and end, either with its own day or of the day in a column; a time before the start is of the next day."""
        found: dict[str, datetime | date | None] = {"date": None, "starts": None, "ends": None}
        for name in found:
            said = row.cells.get(name, "")
            day = found["date"] if name != "date" else None
            if name == "ends" and isinstance(found["starts"], datetime):
                day = found["starts"].astimezone(self.zone).date()
            if name == "ends" and day is None and isinstance(found["starts"], date):
                day = found["starts"]
            if said:
                self._try(row, name, lambda name=name, said=said, day=day: found.__setitem__(name, cells.read_moment(said, day, self.zone)))  # type: ignore[misc]  # fmt: skip
        if not row.errors.keys().isdisjoint(found):
            raise Unreadable
        return found["starts"] or found["date"], found["ends"]

    def _timing(self, row: Row, first: datetime | date | None, last: datetime | date | None) -> Timing | None:
        said = row.cells.get("timing", "")
        if said:
            known = {each.value.replace("_", " "): each for each in Timing} | {each.value: each for each in Timing}
            if said.lower() not in known:
                row.errors.setdefault("timing", _("“%(word)s” is none of: %(known)s.", word=said[:60], known=", ".join(Timing)))
            return known.get(said.lower())
        if isinstance(first, datetime):
            return Timing.TIMED
        if row.placement and row.placement.timing is not Timing.TIMED:
            return row.placement.timing
        return Timing.ALL_DAY if first and last and first != last else Timing.TO_BE_CONFIRMED

    def _read_place(self, row: Row) -> None:
        old = row.placement
        spot = Spot(old.city, old.other_city, old.venue, old.room) if old else Spot()
        if row.cells.get("place"):
            try:
                spot = self.places.spot(row.cells["place"])
            except Unreadable as problem:
                row.errors.setdefault("place", str(problem))
        given = [name for name in _PLACE if name in row.cells]
        if not given and "place" not in row.cells:
            return
        if "place" in row.cells and not row.cells["place"]:
            spot = Spot()
        row.placement_values |= dict(zip(_PLACE, (spot.city, spot.other_city, spot.venue, spot.room), strict=True))
        for name in given:
            self._try(row, name, lambda name=name: row.placement_values.__setitem__(name, self._one_place(row, name)))  # type: ignore[misc]
        now = row.placement_values
        if now["room"] is not None:
            now["venue"] = now["venue"] or now["room"].venue
        if now["venue"] is not None:
            now["city"] = now["city"] or now["venue"].city
        if now["venue"] is not None and now["venue"].city_id != now["city"].id:
            row.errors.setdefault("venue", _("This venue is in another city."))
        if now["room"] is not None and now["room"].venue_id != now["venue"].id:
            row.errors.setdefault("room", _("This room is in another venue."))

    def _one_place(self, row: Row, name: str) -> object:
        said, now, old = row.cells[name], row.placement_values, row.placement
        if not said:
            return None
        if name in {"city", "other_city"}:
            return self.places.city(said)
        if name == "venue":
            return self.places.find_venue(said, now["city"] if "city" in row.cells else None, old.venue if old else None)
        venue = now["venue"] if row.cells.get("venue") else None
        if row.cells.get("venue") and "venue" in row.errors:
            return None
        return self.places.find_room(said, venue, now["city"] if "city" in row.cells else None, old.room if old else None)

    def _compare_with_siblings(self, row: Row) -> None:
        """Rows of one item say the same of it: the first of them without errors is what counts."""
        if row.errors:
            return
        first = self.first_rows.setdefault(row.item_code, row)
        if first is row:
            return
        said = {name: row.cells.get(name, "") for name, column in self.columns.items() if column.of_item}
        for name, cell in said.items():
            if cell != first.cells.get(name, "") and (name != "item" or (cell or row.item_code) != (first.cells.get("item") or first.item_code)):  # fmt: skip
                row.errors[name] = _("Line %(line)d, of the same item, says something else.", line=first.line)

    def _changes(self, row: Row) -> list[tuple[str, str, str]]:
        """The cells of the placement and its item that would differ, as they are written."""
        placement = row.placement
        if placement is None:
            return []
        before = tables.cells_of(placement, self.congress, self.cities)
        after = {**before, **self._cells_after(row)}
        return [(name, before.get(name, ""), cell) for name, cell in after.items() if before.get(name, "") != cell]

    def _cells_after(self, row: Row) -> Mapping[str, str]:
        said: dict[str, str] = {}
        for base, attribute in (("title", "titles"), ("description", "descriptions")):
            texts = row.texts[attribute]
            said |= {name: texts.get(column.language, "") for name, column in self.columns.items() if column.language and name.startswith(base)}  # fmt: skip
        said |= {name: values.written(name, value, self.zone) for name, value in row.item_values.items()}
        if row.people is not None:
            said["people"] = cells.SEPARATOR.join(cells.written_person(each) for each in row.people)
        now = row.placement_values
        if "timing" in now:
            said["timing"] = now["timing"].value
            said["starts"] = cells.written_when(now["starts_at"] or now["starts_on"], self.zone)
            said["ends"] = cells.written_when(now["ends_at"] or now["ends_on"], self.zone)
        said |= {name: now[name].slug if now[name] else "" for name in _PLACE if name in now}
        if "is_cancelled" in now:
            said["is_cancelled"] = cells.yes_no(now["is_cancelled"])
        return said


def _as_uid(text: str) -> str:
    """An identity as ours are: a UUID stays, also with “@host” behind it; of anything else one is made, always the same."""
    try:
        return str(uuid.UUID(text.partition("@")[0]))
    except ValueError:
        return str(uuid.uuid5(_SPACE, text))
