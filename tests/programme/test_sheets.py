"""What the rooms need: of the draft and of the release."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import sheets
from congress.programme.models import Contributor, ProgrammeItem
from congress.programme.vocabulary import Part
from tests.factories import the_city, the_congress, the_item, the_placement
from tests.statements import statements


def use(code: str, *, of_draft: bool = True) -> sheets.Use:
    return next(each for each in sheets.uses(the_congress(), of_draft=of_draft) if each.entry.code == code)


def give(item: ProgrammeItem, *people: Contributor) -> None:
    item.contributors[:] = list(people)
    db.session.flush()


def test_a_room_is_needed_before_and_after(undone: Flask):
    item, placement = the_item("P022"), the_placement("P022")
    item.setup_minutes, item.clearing_minutes = 45, 20

    found = use("P022")

    assert (found.needed_from, found.clear_by) == (
        placement.starts_at - timedelta(minutes=45),
        placement.ends_at + timedelta(minutes=20),
    )


def test_without_minutes_of_its_own_a_room_is_needed_for_the_item_only(undone: Flask):
    assert (use("P022").needed_from, use("P022").clear_by) == (None, None)


def test_people_speak_one_after_the_other_and_who_serves_stands_below(undone: Flask):
    item, begins = the_item("P022"), the_placement("P022").starts_at
    give(
        item,
        Contributor(part=Part.INTERPRETER, name="Ewa Wymyślona"),
        Contributor(part=Part.MAYOR, name="Jan Wymyślony", minutes=7, city=the_city("krakow")),
        Contributor(part=Part.CHAIR, name="Olga Wymyślona"),
        Contributor(part=Part.MAYOR, name="Kenji Wymyślony", minutes=8, city=the_city("kanazawa")),
        Contributor(part=Part.SPEAKER, name="Adam Wymyślony", minutes=5),
    )

    said = [(each.part, each.names["en"], each.city_names.get("en", ""), each.starts_at) for each in use("P022").people]

    assert said == [
        (Part.MAYOR, "Jan Wymyślony", "Kraków", begins),
        (Part.MAYOR, "Kenji Wymyślony", "Kanazawa", begins + timedelta(minutes=7)),
        (Part.SPEAKER, "Adam Wymyślony", "", begins + timedelta(minutes=15)),
        (Part.INTERPRETER, "Ewa Wymyślona", "", None),
        (Part.CHAIR, "Olga Wymyślona", "", None),
    ]


def test_the_release_is_as_it_was_released_and_the_draft_as_it_stands(undone: Flask):
    before = the_item("P022").titles
    the_item("P022").titles = Localised(en="Changed since")
    db.session.flush()

    assert use("P022", of_draft=False).entry.titles == before
    assert use("P022").entry.titles == Localised(en="Changed since")


def test_of_an_item_that_is_not_released_the_draft_is_told(undone: Flask):
    congress, placement = the_congress(), the_placement("P022")

    assert [each.uid for each in sheets.entries_of(congress, "P022")] == [placement.uid]
    assert sheets.entries_of(congress, "P999") == []


def test_reading_the_sheets_takes_as_many_queries_for_one_person_as_for_many(undone: Flask):
    congress = the_congress()

    def asked(*, of_draft: bool) -> int:
        db.session.expire_all()
        with statements() as seen:
            for each in sheets.uses(congress, of_draft=of_draft):
                assert each.people is not None
        return len(seen)

    few = (asked(of_draft=True), asked(of_draft=False))
    for code in ("P022", "P023", "P024"):
        give(the_item(code), *(Contributor(name=f"N{number}", minutes=5, city=the_city("graz")) for number in range(3)))

    assert (asked(of_draft=True), asked(of_draft=False)) == few
