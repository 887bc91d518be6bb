"""Items of the draft: begun, written, put in time and place, and deleted by one service, whoever asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm.exc import StaleDataError

from congress.core.db import db
from congress.core.files import Checked
from congress.core.localised import Localised
from congress.programme.documents import services as documents
from congress.programme.documents.models import Document, StoredFile
from congress.programme.models import Contributor, Placement, ProgrammeItem, Room, Venue
from congress.programme.planning import history, items
from congress.programme.planning.items import When
from congress.programme.planning.models import DraftChange
from congress.programme.planning.places import UnknownPlace, Where, column_of, where
from congress.programme.services import ImpossibleTime, RoomElsewhere
from congress.programme.vocabulary import Action, Audience, Kind, Timing
from tests.factories import NOW, make_session, the_city, the_congress, the_item, utc

ANNA, JAN = "anna@krakow.example", "jan@katowice.example"
AT_TEN = When(Timing.TIMED, utc(2018, 6, 13, 8), utc(2018, 6, 13, 9))


def values(**changes: Any) -> dict[str, Any]:
    usual = {"titles": Localised(en="Night walk"), "kind": Kind.VISIT, "audience": Audience.DELEGATES, "field": None}
    return {**usual, **changes}


def create(code: str = "N001", *, is_event: bool = False, **changes: Any) -> ProgrammeItem:
    return items.create(the_congress(), code, values(**changes), is_event=is_event, by=ANNA, now=NOW)


def change(item: ProgrammeItem, *, seen: int | None = None, since: int = 0, by: str = ANNA, **changes: Any) -> None:
    items.change(item, changes, seen=item.version if seen is None else seen, since=since, by=by, now=NOW)


def noted() -> list[tuple[str, str, Action, list[str]]]:
    """What the history has kept: code, code of the placement, what was done, what differs."""
    return [
        (each.item_code, each.placement_code, each.action, sorted({*each.before, *each.after}))
        for each in history.changes_since(the_congress(), 0)
    ]


def test_an_item_is_begun_changed_and_each_time_noted(undone: Flask):
    item = create(is_event=True)
    change(item, organiser="Museum of Water", expected=40)
    change(item, organiser="Museum of Water")

    found = the_item("N001")
    assert (found.type, found.titles, found.kind, found.expected, found.organiser) == (  # type: ignore[attr-defined]
        "event", Localised(en="Night walk"), Kind.VISIT, 40, "Museum of Water",
    )  # fmt: skip
    assert [(code, action) for code, _placement, action, _names in noted()] == [
        ("N001", Action.CREATED), ("N001", Action.EDITED),
    ]  # fmt: skip
    assert noted()[1][3] == ["expected", "organiser"]


@pytest.mark.parametrize("code", ["P022", "p022", "", "a b", "-N1", "ż1", "N" * 21, "N1/../", "N1\n"])
def test_codes_that_are_used_or_none_are_refused(undone: Flask, code: str):
    with pytest.raises(items.UnusableCode):
        create(code)
    assert noted() == []


def test_a_code_that_readers_have_seen_is_not_given_to_something_else(undone: Flask):
    item = the_item("P022")
    items.delete(item, seen=item.version, since=0, by=ANNA, now=NOW)
    with pytest.raises(items.UnusableCode, match=r"^This code belongs to another entry\."):
        create("P022")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"titles": Localised()}, items.TitleNeeded), ({"audience": Audience.FIELD}, items.FieldNeeded)],
)
def test_what_an_item_cannot_be_is_refused_and_nothing_is_written(
    undone: Flask, changes: dict[str, Any], refusal: type[Exception]
):
    with pytest.raises(refusal):
        create(**changes)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(ProgrammeItem.code == "N001")) == 0


def test_who_saw_an_older_version_changes_nothing_and_hears_what_changed(undone: Flask):
    item = create()
    seen, since = item.version, items.last_number(item)
    change(item, titles=Localised(en="Evening walk"), by=JAN)

    with pytest.raises(items.ChangedMeanwhile) as refused:
        change(item, seen=seen, since=since, titles=Localised(en="Morning walk"))

    assert [(each.made_by, each.after) for each in refused.value.changes] == [(JAN, {"titles": {"en": "Evening walk"}})]
    assert item.titles == Localised(en="Evening walk")


def test_an_item_is_put_in_time_and_place_as_often_as_is_wanted(undone: Flask):
    item, krakow = create(), the_city("krakow")
    placed = [
        items.add_placement(item, when, Where(city=krakow), by=ANNA, now=NOW)
        for when in (AT_TEN, When(Timing.ALL_DAY, starts_on=date(2018, 6, 12), ends_on=date(2018, 6, 14)), When(Timing.TO_BE_CONFIRMED))
    ]  # fmt: skip

    assert [(each.code, each.timing, each.starts_at, each.starts_on, each.ends_on, column_of(each)) for each in placed] == [
        ("N001", Timing.TIMED, AT_TEN.starts_at, None, None, f"city-{krakow.id}"),
        ("N001-2", Timing.ALL_DAY, None, date(2018, 6, 12), date(2018, 6, 14), f"city-{krakow.id}"),
        ("N001-3", Timing.TO_BE_CONFIRMED, None, None, None, f"city-{krakow.id}"),
    ]
    assert [(placement, action) for _code, placement, action, _names in noted()[1:]] == [
        ("N001", Action.CREATED), ("N001-2", Action.CREATED), ("N001-3", Action.CREATED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "when",
    [
        When(Timing.TIMED, utc(2018, 6, 13, 8), utc(2018, 6, 13, 8)),
        When(Timing.TIMED, utc(2018, 6, 13, 8), utc(2018, 6, 13, 7)),
        When(Timing.TIMED, utc(2018, 6, 13, 8), utc(2019, 7, 18, 8)),
        When(Timing.ALL_DAY, starts_on=date(2018, 6, 13), ends_on=date(2018, 6, 12)),
        When(Timing.ALL_DAY, starts_on=date(2018, 6, 13), ends_on=date(2019, 7, 18)),
        When(Timing.ALL_DAY),
    ],
)
def test_no_days_or_400_are_refused(undone: Flask, when: When):
    item = create()
    with pytest.raises(ImpossibleTime):
        items.add_placement(item, when, Where(), by=ANNA, now=NOW)
    assert [action for _code, _placement, action, _names in noted()] == [Action.CREATED]


def test_rooms_of_another_congress_and_of_another_venue_are_refused(undone: Flask):
    item = create()
    elsewhere = Venue(slug="elsewhere", city=the_city("lodz"), names={"en": "Elsewhere"})
    room = Room(venue=elsewhere, slug="one", names={"en": "One"})
    db.session.add(room)
    db.session.flush()

    with pytest.raises(UnknownPlace):
        items.add_placement(item, AT_TEN, where(the_congress(), f"room-{room.id}"), by=ANNA, now=NOW)
    with pytest.raises(RoomElsewhere):
        items.add_placement(item, AT_TEN, Where(city=the_city("krakow"), venue=elsewhere), by=ANNA, now=NOW)


def test_what_is_deleted_takes_its_own_along_and_leaves_its_history(undone: Flask):
    item = create()
    items.add_placement(item, AT_TEN, Where(), by=ANNA, now=NOW)
    item.contributors.append(Contributor(name="Ada Przykładowa"))
    file = Checked("agenda.pdf", "application/pdf", b"%PDF")
    documents.add(item, file, titles=Localised(en="Agenda"), audience=Audience.EVERYONE, language="en", by=ANNA, now=NOW)
    db.session.flush()

    items.delete(item, seen=item.version, since=0, by=JAN, now=NOW)

    tables = (ProgrammeItem.code, Placement.code, Contributor.name, Document.id, StoredFile.id)
    left = [db.session.scalar(select(func.count()).where(column.in_(("N001", "Ada Przykładowa")) if column.key in {"code", "name"} else column > 0)) for column in tables]  # fmt: skip
    assert left == [0, 0, 0, 0, 0]
    last = db.session.scalars(select(DraftChange).order_by(DraftChange.id.desc()).limit(2)).all()
    assert [(each.item_code, each.placement_code, each.action, each.made_by) for each in last] == [
        ("N001", "", Action.DELETED, JAN), ("N001", "N001", Action.DELETED, JAN),
    ]  # fmt: skip
    assert (last[0].before["titles"], last[0].before["contributors"][0]["name"]) == ({"en": "Night walk"}, "Ada Przykładowa")


def test_who_deletes_an_older_version_deletes_nothing(undone: Flask):
    item = make_session()
    db.session.add(item)
    db.session.flush()
    seen = item.version
    change(item, places=12, by=JAN)
    with pytest.raises(items.ChangedMeanwhile):
        items.delete(item, seen=seen, since=0, by=ANNA, now=NOW)
    assert the_item(item.code).places == 12


def test_who_waited_for_an_item_that_somebody_else_deletes_hears_of_it(undone: Flask):
    """The pages answer 409 to that."""
    item = create()
    seen = item.version
    db.session.execute(delete(ProgrammeItem).where(ProgrammeItem.code == "N001").execution_options(synchronize_session=False))
    with pytest.raises(StaleDataError):
        change(item, seen=seen, places=12)
