"""What a table would do to the draft, and what is wrong in which cell."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import select

from congress.core import sheets
from congress.core.db import db
from congress.core.localised import Localised
from congress.networks.models import City
from congress.programme.exchange import columns, matching, storing
from congress.programme.exchange.plans import Defaults, Plan
from congress.programme.models import Contributor, Placement, ProgrammeItem, Room, Venue
from congress.programme.planning.models import DraftChange
from congress.programme.vocabulary import Action, Kind
from tests.factories import NOW, everything, the_congress, the_item, the_placement, utc
from tests.programme.exchange.test_round_trip import BY

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")  # the round trip writes on both


def look(table: str | bytes, defaults: Defaults | None = None) -> Plan:
    congress = the_congress()
    sheet = sheets.read(io.BytesIO(table.encode() if isinstance(table, str) else table))
    languages = matching.languages_of(congress, sheet.header)
    return matching.check(congress, sheet, columns.guess(sheet.header, languages), defaults or Defaults())


def errors(table: str | bytes) -> list[dict[str, str]]:
    return [row.errors for row in look(table).rows]


def put(plan: Plan, *call_off: int) -> storing.Stored:
    return storing.store(the_congress(), plan, call_off=call_off, by=BY, now=NOW)


def error(**cells: str) -> dict[str, str]:
    """What is wrong with a row of a title and these cells."""
    header = ["title_en", *cells]
    return errors(";".join(header) + "\n" + ";".join(["A title", *cells.values()]))[0]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"starts": "2018-06-12 10:00", "ends": "2018-06-12 09:00"}, {"ends": "The end must come after the start, and within 24 hours."}),
        ({"starts": "2018-06-12 10:00", "ends": "2018-06-12 10:00"}, {"ends": "The end must come after the start, and within 24 hours."}),
        (
            {"starts": "2018-06-12", "ends": "2019-07-17"},
            {"ends": "The last day must not be before the first, and not more than 120 days after it."},
        ),
        ({"starts": "2018-06-31 10:00"}, {"starts": "2018-06-31 does not exist: this month has fewer days, or there is no such month."}),
        ({"starts": "31.06.2018"}, {"starts": "31.06.2018 does not exist: this month has fewer days, or there is no such month."}),
        ({"starts": "2018-03-25 02:30"}, {"starts": "02:30 does not exist on 2018-03-25: the clocks go forward."}),
        ({"starts": "noon"}, {"starts": "“noon” is no time; write it as 2018-06-12 09:30."}),
        ({"starts": "09:30"}, {"starts": "The day is missing; write it as 2018-06-12 09:30."}),
        ({"starts": "0001-01-01 00:00"}, {"starts": "“0001-01-01” is no date; write it as 2018-06-12."}),
        ({"date": "", "starts": "", "ends": "2018-06-12"}, {"starts": "The start is missing."}),
        (
            {"timing": "timed", "starts": "2018-06-12"},
            {"starts": "Start, end and certainty of the time do not fit together."},
        ),
        ({"room": "Nowhere"}, {"room": "“Nowhere” is no room that is known here. Correct the name, or leave the cell empty."}),
        ({"venue": "Nowhere"}, {"venue": "“Nowhere” is no venue that is known here. Correct the name, or leave the cell empty."}),
        ({"city": "Nowhere"}, {"city": "“Nowhere” is no city that is known here."}),
        (
            {"place": "Nowhere"},
            {"place": "“Nowhere” is no place that is known here. Correct it, or leave this column out."},
        ),
        ({"code": "P 1"}, {"code": "Write 1 to 20 letters, digits and hyphens."}),
        ({"kind": "party"}, {"kind": "“party” is none of: " + ", ".join(Kind) + "."}),
        ({"kind": ""}, {"kind": "Empty."}),
        ({"places": "0"}, {"places": "Write a whole number from 1 to 1000000."}),
        ({"places": "=1+1"}, {"places": "Write a whole number from 1 to 1000000."}),
        ({"stream_url": "javascript:alert(1)"}, {"stream_url": "“javascript:alert(1)” is no web address; write it as https://live.example/stream."}),
        ({"audience": "field"}, {"field": "What is for delegates of a field needs a field."}),
        ({"organiser": "A house"}, {"organiser": "Only public events have this."}),
        ({"people": "x [boss]"}, {"people": "“boss” is not understood; brackets may hold a city, minutes, named or unnamed."}),
        ({"is_event": "perhaps"}, {"is_event": "Write yes or no."}),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_named_with_its_cell(undone: Flask, cells: dict[str, str], said: dict[str, str]):
    assert error(**cells) == said


def test_a_title_of_ten_thousand_characters_is_too_long_and_none_is_too_little(undone: Flask):
    assert errors(f"title_en\n{'x' * 10_000}\n") == [{"title_en": "Longer than 300 characters."}]
    assert errors("title_en;code\n;A1\n") == [{"title_en": "The title is empty."}]
    assert errors("title_en\nA\x07bell\n")[0]["title_en"] == "There are invisible control characters in this cell."


def test_a_code_stands_once_in_a_table(undone: Flask):
    assert errors("code;title\nX1;One\nX1;Two\n") == [{}, {"code": "“X1” is already in line 2."}]


def test_a_room_of_another_congress_is_none_of_ours(undone: Flask):
    elsewhere = db.session.scalars(select(City).where(City.slug == "bologna")).one()
    venue = Venue(slug="elsewhere", city=elsewhere, names=Localised(en="Elsewhere"))
    db.session.add(Room(venue=venue, slug="far-hall", names=Localised(en="Far hall")))
    db.session.flush()
    assert error(room="Far hall") == {"room": "“Far hall” is a room of another congress’s city."}
    assert error(venue="Elsewhere") == {"venue": "“Elsewhere” is not in a host city of this congress."}
    assert (
        error(city="Bologna", venue="Elsewhere", room="far-hall")["venue"]
        == "“Elsewhere” is not in a host city of this congress."
    )


def test_rows_of_one_item_say_the_same_of_it(undone: Flask):
    table = "code;item;title;starts\nX1;X0;A;2018-06-12 10:00\nX2;X0;A;2018-06-13 10:00\nX3;X0;B;2018-06-14 10:00\n"
    assert errors(table) == [{}, {}, {"title_en": "Line 2, of the same item, says something else."}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859-2"])
def test_letters_are_read_in_every_usual_encoding(undone: Flask, encoding: str):
    row = look("tytuł;miasto;dzień;od;do\nZażółć gęślą jaźń;Kraków;12.06.2018;9.00;25:30\n".encode(encoding)).rows[0]
    assert (row.texts["titles"], row.placement_values["city"].slug) == (Localised(en="Zażółć gęślą jaźń"), "krakow")
    assert (row.placement_values["starts_at"], row.placement_values["ends_at"]) == (utc(2018, 6, 12, 7), utc(2018, 6, 12, 23, 30))


def test_a_formula_is_the_text_that_it_is(undone: Flask):
    put(look('code;title_en\nX1;"=HYPERLINK(""http://x"")"\n'))
    assert the_item("X1").titles == Localised(en='=HYPERLINK("http://x")')


def test_looking_writes_nothing(undone: Flask):
    before = everything()
    look("code;title_en;starts\nP022;Another;2018-06-12 10:00\nX1;New;\n")
    assert everything() == before


def test_only_what_the_table_holds_changes_and_the_history_says_it(undone: Flask):
    placement = the_placement("P022")
    was, length = placement.starts_at, placement.ends_at - placement.starts_at
    polish, title = placement.item.titles["pl"], placement.item.titles["en"]
    plan = look("code;title_en;starts\nP022;Another opening;2018-06-12 12:00\n")
    changed = [(name, old) for name, old, _new in plan.rows[0].changes]
    last = db.session.scalar(select(DraftChange.id).order_by(DraftChange.id.desc())) or 0
    assert put(plan) == storing.Stored(0, 1, 0)
    assert (placement.starts_at, placement.ends_at, placement.item.titles) == (
        utc(2018, 6, 12, 10), utc(2018, 6, 12, 10) + length, Localised(en="Another opening", pl=polish),
    )  # fmt: skip
    assert [name for name, _old in changed] == ["title_en", "starts", "ends"] and changed[0] == ("title_en", title)
    noted = db.session.scalars(select(DraftChange).where(DraftChange.id > last).order_by(DraftChange.id)).all()
    assert [(each.action, each.placement_code, sorted(each.before), each.made_by) for each in noted] == [
        (Action.IMPORTED, "", ["titles"], BY), (Action.IMPORTED, "P022", ["ends_at", "starts_at"], BY),
    ]  # fmt: skip
    assert (was is not None, noted[1].before["starts_at"]) == (True, was.isoformat())


def test_what_the_table_does_not_hold_stays_unless_it_is_called_off(undone: Flask):
    plan = look("code;title_en\nP022;Another\n")
    assert {each.code for each in plan.missing} == {each.code for each in db.session.scalars(select(Placement))} - {"P022"}
    gone = the_placement("P023")
    stranger = max(each.id for each in plan.missing) + 1000
    assert put(plan, gone.id, stranger) == storing.Stored(0, 1, 1)
    assert {each.code for each in db.session.scalars(select(Placement).where(Placement.is_cancelled))} == {"P023"}


def test_nobody_is_named_who_has_not_agreed(undone: Flask):
    item = the_item("P022")
    item.contributors[:] = [Contributor(name="Ewa Nowa", may_be_named=True)]
    db.session.flush()
    row = 'code;title_en;people\nX1;A;"Ewa Nowa; chair: Jan Dawny [city: krakow, 10 min, named]"\nP022;A;"Ewa Nowa; Maria Inna"\n'
    put(look(row))
    people = {
        code: [(each.part.value, each.name, each.may_be_named, each.minutes) for each in the_item(code).contributors]
        for code in ("X1", "P022")
    }
    assert people == {
        "X1": [("speaker", "Ewa Nowa", False, None), ("chair", "Jan Dawny", True, 10)],
        "P022": [("speaker", "Ewa Nowa", True, None), ("speaker", "Maria Inna", False, None)],
    }
    put(look("code;title_en;people\nX2;A;Nowy\n", Defaults(may_be_named=True)))
    assert [each.may_be_named for each in the_item("X2").contributors] == [True]


def test_what_is_new_gets_the_next_free_code(undone: Flask):
    put(look("title_en\nOne\nTwo\n"))
    put(look("title_en\nThree\n"))
    found = db.session.execute(select(ProgrammeItem.code, ProgrammeItem.titles).where(ProgrammeItem.code.like("N0%"))).all()
    assert sorted((code, titles["en"]) for code, titles in found) == [("N001", "One"), ("N002", "Two"), ("N003", "Three")]
