"""``/desk/<congress>/printing/``: day sheets, door signs and coach lists, read back from the PDF."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries
from congress.programme.models import Contributor, Room
from congress.programme.sheets import uses
from congress.programme.vocabulary import Audience, Part, Timing
from congress.registration.models import Booking
from congress.registration.vocabulary import BookingState
from congress.web.print.rooms import Wanted, leaves
from tests import reading_pdf
from tests.conftest import forget_releases, sign_in_as
from tests.factories import NOW, make_registration, the_congress, the_item, the_placement, utc
from tests.public.test_booklet import HOSTILE
from tests.registration.bookings.test_coaches import COACH

PAGE = "/desk/krakowice2018/printing/"
HALL = "ice-krakow-congress-centre"


@pytest.fixture
def hall(app: Flask) -> Flask:
    """The opening of 12 June takes place in a hall, with all that it needs."""
    with app.app_context():
        placement = the_placement("P022")
        room = Room(
            venue=placement.venue, slug="s1", names=Localised(en="Theatre Hall", pl="Sala Teatralna"), capacity=600,
            equipment=["projector", "booths"], step_free=True,
        )  # fmt: skip
        placement.room, item = room, placement.item
        item.needs, item.needs_step_free, item.setup_minutes, item.clearing_minutes = ["4 microphones"], True, 30, 15
        item.languages, item.interpretation = ["en", "pl"], ["fr"]
        item.contributors[:] = [
            Contributor(name="Adam Wymyślony", minutes=10, may_be_named=True),
            Contributor(name="Olga Wymyślona", minutes=5),
            Contributor(part=Part.INTERPRETER, name="Ewa Wymyślona"),
        ]
        db.session.commit()
    return app


def get(client: FlaskClient, name: str, **asked: Any) -> tuple[int, str]:
    """What a document says; where there is none, what the page says."""
    answer = client.get(f"{PAGE}{name}", query_string=asked)
    is_document = answer.mimetype == "application/pdf"
    assert not is_document or reading_pdf.stays_on_the_page(answer.data)
    return answer.status_code, reading_pdf.text(answer.data) if is_document else answer.text


def test_a_day_sheet_says_all_that_the_room_needs(hall: Flask, organiser: FlaskClient):
    status, said = get(organiser, "day-sheets.pdf", day="2018-06-12", place=f"{HALL}/s1", source="draft", by="room", lang="en")

    assert status == 200
    wanted = [
        "Theatre Hall", "Tuesday 12 June 2018", "600 seats", "step-free", "projector, booths", "set up from 08:30", "09:00–10:30",
        "cleared by 10:45", "Opening ceremony with welcome concert", "4 microphones", "step-free access needed",
        "Languages: English, Polish; Interpretation: French", "09:00 Adam Wymyślony", "10 min", "09:10 Olga Wymyślona",
        "Ewa Wymyślona Interpreter", "Draft, not released", "1 / 1",
    ]  # fmt: skip
    assert [each for each in wanted if each not in said] == []


def test_a_day_sheet_in_polish(hall: Flask, organiser: FlaskClient):
    said = get(organiser, "day-sheets.pdf", day="2018-06-12", place=f"{HALL}/s1", source="draft", by="room", lang="pl")[1]

    assert [
        each in said for each in ("Sala Teatralna", "Wtorek, 12 czerwca 2018 r.", "Uroczyste otwarcie i koncert powitalny")
    ] == [True] * 3


def test_of_the_release_the_room_is_the_one_that_was_released(hall: Flask, organiser: FlaskClient):
    said = get(organiser, "day-sheets.pdf", day="2018-06-12", place=HALL, source="release", by="room", lang="en")[1]

    assert ("Theatre Hall" in said, "What has no room yet" in said, "Release 1 of 2 May 2018" in said) == (False, True, True)
    # No release holds what a room needs: the sheet says that this is of another source.
    assert ("4 microphones" in said, "Equipment, people, set-up and clearing: draft of" in said) == (True, True)


def test_a_sheet_of_a_provisional_release_says_that_it_is_provisional(hall: Flask, organiser: FlaskClient):
    asked = {"day": "2018-06-12", "place": HALL, "by": "room", "lang": "en"}
    with hall.app_context():
        queries.latest_release(the_congress()).is_provisional = True
        db.session.commit()
    forget_releases()

    said = [get(organiser, "day-sheets.pdf", source=source, **asked)[1] for source in ("release", "draft")]

    assert ["Provisional programme" in each for each in said] == [True, False]


def test_names_without_times_stand_under_their_heading(hall: Flask, organiser: FlaskClient):
    with hall.app_context():
        item = the_item("P022")
        item.contributors[:] = [Contributor(name="Adam Wymyślony")]
        db.session.commit()

    asked = {"day": "2018-06-12", "place": f"{HALL}/s1", "source": "draft", "lang": "en"}
    columns = reading_pdf.columns(organiser.get(f"{PAGE}day-sheets.pdf", query_string=asked).data, 1)

    assert columns["Adam Wymyślony"] == columns["People in order"]


def test_a_sheet_of_a_house_names_the_room_of_each_item(hall: Flask, organiser: FlaskClient):
    answer = organiser.get(
        f"{PAGE}day-sheets.pdf", query_string={"day": "2018-06-12", "place": HALL, "source": "draft", "by": "venue"}
    )

    said = reading_pdf.text(answer.data)
    assert said.index("Opening ceremony") < said.index("Coffee break")
    assert "Theatre Hall Opening ceremony" in said


def test_a_door_sign_is_in_both_languages_and_shows_what_is_listed_and_takes_place(hall: Flask, organiser: FlaskClient):
    with hall.app_context():
        for code, change in (("P023", "is_listed"), ("P025", "is_cancelled")):
            placement = the_placement(code)
            placement.room = the_placement("P022").room
            setattr(placement.item if change == "is_listed" else placement, change, change == "is_cancelled")
        the_item("P022").audience = Audience.EVERYONE
        db.session.commit()

    status, said = get(organiser, "door-signs.pdf", day="2018-06-12", place=f"{HALL}/s1", source="draft")

    assert status == 200
    wanted = [
        "Draft, not released",
        "Theatre Hall",
        "Sala Teatralna",
        "Tuesday 12 June",
        "Wtorek, 12 czerwca",
        "09:00–10:30",
        "Uroczyste otwarcie",
        "Opening ceremony",
    ]
    assert [each for each in wanted if each not in said] == []
    assert [each in said for each in ("Coffee", "Lunch", "Delegates only", "Wymyślony")] == [False] * 4


def test_more_sheets_than_one_waits_for_are_asked_for_in_parts(hall: Flask, organiser: FlaskClient):
    with hall.app_context():
        placement = the_placement("P022")
        placement.timing, placement.starts_at, placement.ends_at = Timing.ALL_DAY, None, None
        placement.starts_on, placement.ends_on = date(2018, 6, 1), date(2018, 12, 31)
        db.session.commit()

    asked = {"place": f"{HALL}/s1", "source": "draft", "lang": "en"}
    for name in ("day-sheets.pdf", "door-signs.pdf"):
        status, page = get(organiser, name, **asked)
        assert (status, "These would be 214 sheets; at most 150 are set at once." in page) == (422, True)
        assert get(organiser, name, day="2018-06-12", **asked)[0] == 200


def test_what_nobody_can_print_is_told_at_the_form(organiser: FlaskClient):
    status, page = get(organiser, "door-signs.pdf", day="2018-06-12", place="plac-wolnica", source="draft")

    assert (status, "Nothing takes place there on that day. Choose another day or place." in page) == (422, True)


@pytest.mark.parametrize(
    "asked",
    [{"day": "2018-02-30"}, {"day": "x" * 5000}, {"place": "no-such-house"}, {"place": f"{HALL}/no-room"}, {"source": "'; --"}],
)
@pytest.mark.parametrize("name", ["day-sheets.pdf", "door-signs.pdf"])
def test_what_is_not_offered_is_refused_at_its_field(organiser: FlaskClient, name: str, asked: dict[str, str]):
    status, page = get(organiser, name, **asked)

    assert (status, f'href="#{next(iter(asked))}"' in page, "This is not offered here." in page) == (422, True, True)


def test_a_coach_list_ticks_off_everybody_once_and_repeats_its_head(app: Flask, organiser: FlaskClient):
    with app.app_context():
        for number in range(60):
            person = make_registration(family_name=f"Person{number:02}", given_name="A")
            db.session.add(Booking(registration=person, item_id=the_item(COACH).id, state=BookingState.TAKEN, booked_at=NOW))
        the_item(COACH).places = 70
        db.session.commit()

    answer = organiser.get(f"{PAGE}coach-lists.pdf?code={COACH}&lang=en")

    pages = reading_pdf.pages(answer.data)
    assert re.findall(r"(\d+) Person(\d\d) A Kanazawa", " ".join(pages)) == [
        (str(number + 1), f"{number:02}") for number in range(60)
    ]
    assert "70 seats · 60 people · 10 seats are free" in pages[0]
    assert ("Release 1 of 2 May 2018" in pages[0], "Names and seats as of" in pages[0]) == (True, True)
    assert (len(pages) > 1, {"On board Family and given name City" in page for page in pages}) == (True, {True})
    assert {f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1)} == {True}
    assert reading_pdf.stays_on_the_page(answer.data)
    assert answer.headers["Cache-Control"] == "no-store"


def test_there_is_no_list_of_what_is_no_coach(organiser: FlaskClient):
    assert get(organiser, "coach-lists.pdf", code="P022")[0] == 404


@pytest.mark.parametrize(
    ("kind", "opened"),
    [
        (RoleKind.ORGANISER, [200, 200, 200, 200]),
        (RoleKind.PROGRAMME_READER, [200, 200, 200, 403]),
        (RoleKind.REGISTRATION_DESK, [200, 200, 200, 200]),
    ],
)
def test_names_of_passengers_are_for_those_who_see_registrations(app: Flask, kind: RoleKind, opened: list[int]):
    client = sign_in_as(app, kind)

    found = [
        client.get(PAGE + name).status_code
        for name in ("", "day-sheets.pdf?day=2018-06-12", "door-signs.pdf?day=2018-06-12", "coach-lists.pdf")
    ]

    assert found == opened


def test_the_page_offers_coach_lists_only_to_those_who_may_open_them(app: Flask, organiser: FlaskClient):
    pages = [client.get(PAGE).text for client in (organiser, sign_in_as(app, RoleKind.PROGRAMME_READER))]

    assert [f"coach-lists.pdf?code={COACH}" in page for page in pages] == [True, False]
    assert ["/krakowice2018/booklet/pl.pdf" in page for page in pages] == [True, True]


def test_what_people_wrote_is_never_markup_and_long_texts_are_not_cut(hall: Flask, organiser: FlaskClient):
    with hall.app_context():
        item, room = the_item("P022"), the_placement("P022").room
        item.titles = Localised(en=HOSTILE, pl=HOSTILE)
        item.needs = [HOSTILE, *(f"need{number:04}" for number in range(900))]
        room.names, room.equipment = Localised(en=HOSTILE), [HOSTILE]
        item.contributors[:] = [Contributor(name=HOSTILE)]
        db.session.commit()

    asked = {"day": "2018-06-12", "place": f"{HALL}/s1", "source": "draft", "lang": "en"}
    sheet, sign = get(organiser, "day-sheets.pdf", **asked)[1], get(organiser, "door-signs.pdf", **asked)[1]

    hostile = HOSTILE.replace(" ", "")
    assert sheet.replace(" ", "").count(hostile) >= 5
    assert [number for number in range(900) if f"need{number:04}" not in sheet] == []
    assert sign.replace(" ", "").count(hostile) == 2


def test_a_door_with_more_than_fits_goes_on_under_the_same_head(hall: Flask, organiser: FlaskClient):
    with hall.app_context():
        for code in ("P023", "P024"):
            the_placement(code).room = the_placement("P022").room
            the_item(code).titles = Localised(en="Long title of a break " * 50)
        db.session.commit()

    answer = organiser.get(f"{PAGE}door-signs.pdf?day=2018-06-12&place={HALL}/s1&source=draft")

    pages = reading_pdf.pages(answer.data)
    assert (len(pages) > 1, {"Theatre Hall" in page for page in pages}) == (True, {True})
    assert reading_pdf.stays_on_the_page(answer.data)


def test_pages_are_sorted_as_a_dictionary_of_the_language_does(context: Flask):
    congress, house = the_congress(), the_placement("P022").venue
    for code, name in (("P022", "Łącznik"), ("P023", "Maryla"), ("P024", "Lira")):
        the_placement(code).room = Room(venue=house, slug=code.lower(), names=Localised(pl=name))
    db.session.flush()

    found = leaves(
        uses(congress, of_draft=True), Wanted(date(2018, 6, 12), house.slug), zone=congress.zone,
        rooms={(each.venue.slug, each.slug): each for each in queries.rooms(congress)}, by_venue=False, language="pl",
    )  # fmt: skip

    assert [leaf.place.room_names.get("pl", "") for leaf in found] == ["", "Lira", "Łącznik", "Maryla"]
    assert [use.entry.starts_at for use in found[1].uses] == [utc(2018, 6, 12, 9)]
