"""``/desk/<congress>/items/``: sessions and events as a whole, in the hands of organisers."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.rules import RoleKind
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.programme import queries
from congress.programme.models import ProgrammeItem
from congress.programme.planning.models import DraftChange
from congress.programme.services import release_programme
from congress.programme.vocabulary import Action
from congress.registration.models import Booking
from tests.browsing import Browser
from tests.conftest import sign_in_as
from tests.events.arranged import make_sign_up, the_event
from tests.factories import NOW, make_registration, make_session, the_congress, the_item
from tests.statements import statements

ITEMS = "/desk/krakowice2018/items/"
WHOLE = {
    "title_en": "Night walk", "title_pl": "Nocny spacer", "description_en": "Along the river.\n\nBring a lamp.",
    "description_pl": "Nad rzeką.", "kind": "visit", "field": "literature", "audience": "field", "languages": "en, PL",
    "interpretation": "pl", "places": "25", "expected": "30", "needs": "projector; interpreting booth", "setup_minutes": "15",
    "clearing_minutes": "10", "stream_url": "https://live.example/1", "join_url": "",
}  # fmt: skip


def errors(text: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'class="field-error".*?Error:</span> (.*?)</span>', text, re.DOTALL)]


def stored(app: Flask, code: str, *names: str) -> dict[str, Any]:
    with app.app_context():
        item = queries.find_item(the_congress(), code)
        return {name: getattr(item, name) for name in names} if item else {}


def add(client: FlaskClient, page: str = "new", *, tick: object = (), **changes: str) -> Browser:
    given = {"code": "N001", **WHOLE, **changes}
    return Browser(client).open(f"{ITEMS}{page}").send("Add to the draft", tick=tick, **given)


def place(page: Browser, **changes: str) -> Browser:
    given = {"starts_on": "2018-06-13", "starts_at": "20:00", "ends_at": "22:00", **changes}
    return page.open(f"{ITEMS}N001/places/new").send("Add to the draft", **given)


def test_a_session_is_added_with_everything_it_has_and_put_into_the_timetable(app: Flask, organiser: FlaskClient):
    page = add(organiser, tick=["needs_step_free"])
    assert (page.status, page.path) == (200, f"{ITEMS}N001/")

    assert stored(app, "N001", "type", "titles", "field", "audience", "languages", "interpretation", "places", "needs",
                  "needs_step_free", "setup_minutes", "is_listed", "is_plausible", "descriptions") == {
        "type": "session", "titles": Localised(en="Night walk", pl="Nocny spacer"), "field": "literature", "audience": "field",
        "languages": ["en", "pl"], "interpretation": ["pl"], "places": 25, "needs": ["projector", "interpreting booth"],
        "needs_step_free": True, "setup_minutes": 15, "is_listed": True, "is_plausible": False,
        "descriptions": Localised(en="Along the river.\n\nBring a lamp.", pl="Nad rzeką."),
    }  # fmt: skip
    with app.app_context():
        room = f"city-{the_congress().hosts[0].id}"
    assert "20:00–22:00" in place(page, place=room).text
    drafted = page.open("/desk/krakowice2018/placements/").text
    assert ("Night walk" in drafted, f"{ITEMS}N001/" in drafted) == (True, True)


def test_an_event_has_an_organiser_a_website_and_an_admission_and_a_session_has_none(app: Flask, organiser: FlaskClient):
    given = {
        "audience": "everyone",
        "organiser": "Museum of Water",
        "website": "https://water.example/walk",
        "ticketing": "ticketed",
    }
    page = add(organiser, "new-event", **given)
    page.open(f"{ITEMS}N001/edit").send("Save in the draft", title_en="Night walk by boat")

    assert stored(app, "N001", "type", "organiser", "website", "ticketing") == {
        "type": "event", "organiser": "Museum of Water", "website": "https://water.example/walk", "ticketing": "ticketed",
    }  # fmt: skip
    assert "Night walk by boat" in page.text
    assert not {"organiser", "website", "ticketing", "code"} & page.open(f"{ITEMS}P022/edit").form("Save").names


def test_what_is_saved_as_it_was_changes_nothing_in_any_item(app: Flask, organiser: FlaskClient):
    """What the form shows it can take back: also of items that were imported."""
    page = Browser(organiser)
    with app.app_context():
        codes = list(db.session.scalars(select(ProgrammeItem.code)))[::6]
    answers = {code: page.open(f"{ITEMS}{code}/edit").send("Save in the draft").path for code in codes}

    assert answers == {code: f"{ITEMS}{code}/" for code in codes}
    with app.app_context():
        assert [(each.item_code, each.before, each.after) for each in db.session.scalars(select(DraftChange))] == []


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"code": "P022"}, ["This code belongs to another entry. Choose one that has never been used."]),
        ({"code": "a b"}, ["Write 1 to 20 letters, digits and hyphens, beginning with a letter or digit."]),
        ({"code": ""}, ["Give the item a code."]),
        ({"title_en": "x" * 10_000}, ["This is too long: 10000 characters. Shorten it to at most 300."]),
        ({"title_en": "", "title_pl": " "}, ["Write the title in at least one language."]),
        ({"description_pl": "x" * 20_001}, ["This is too long: 20001 characters. Shorten it to at most 20000."]),
        ({"kind": "circus"}, ["Choose one of the possibilities in the list."]),
        ({"field": "ballet"}, ["Choose one of the possibilities in the list."]),
        ({"field": "", "audience": "field"}, ["What is for delegates of a field needs a field."]),
        ({"languages": "English"}, ["Write the short names of languages: en; pl; fr."]),
        ({"places": "0", "expected": "many"}, ["Write a whole number from 1 to 100000."] * 2),
        ({"setup_minutes": "1441", "clearing_minutes": "-5"}, ["Write a whole number from 0 to 1440."] * 2),
        ({"needs": "x" * 81}, ["Longer than 80 characters."]),
        ({"stream_url": "javascript:alert(1)"}, ["This is not a web address. Write it as https://live.example/stream."]),
    ],
)
def test_a_wrong_value_gets_a_sentence_and_what_was_typed_stays(
    app: Flask, organiser: FlaskClient, changes: dict[str, str], sentences: list[str]
):
    page = add(organiser, tick=["needs_step_free"], **changes)

    assert (page.status, errors(page.text), stored(app, "N001", "id")) == (422, sentences, {})
    kept = dict(page.form("Add to the draft").values)
    assert (kept["description_en"], kept["needs_step_free"]) == (WHOLE["description_en"], "y")


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"ends_at": "20:00", "timing": "all_day", "ends_on": "2018-06-12"}, ["The last day must not be before the first, and not more than 120 days after it."]),
        ({"timing": "all_day", "ends_on": "2019-07-18"}, ["The last day must not be before the first, and not more than 120 days after it."]),
        ({"starts_on": "2018-02-30"}, ["This day does not exist. Write it as 2018-06-12."]),
        ({"starts_on": "2018-03-25", "starts_at": "02:30"}, ["This time does not exist on that day: the clocks go forward."]),
        ({"starts_on": ""}, ["Give a day and a start, or choose “to be confirmed”."]),
        ({"place": "room-99999"}, ["Choose one of the places in the list."]),
    ],
)  # fmt: skip
def test_an_impossible_time_or_place_gets_a_sentence(
    app: Flask, organiser: FlaskClient, changes: dict[str, str], sentences: list[str]
):
    page = place(add(organiser), **changes)

    assert (page.status, errors(page.text)) == (422, sentences)
    with app.app_context():
        assert the_item("N001").placements == []


def test_two_at_once_the_second_is_told_by_whom_and_what_and_keeps_what_was_typed(app: Flask, organiser: FlaskClient):
    first, second = Browser(organiser), Browser(sign_in_as(app, RoleKind.ORGANISER))
    second.open(f"{ITEMS}P022/edit")
    first.open(f"{ITEMS}P022/edit").send("Save in the draft", title_en="Grand opening", expected="400")

    second.send("Save in the draft", title_en="Opening night")

    told = html.unescape(second.text)
    assert (second.status, stored(app, "P022", "titles")["titles"]["en"]) == (409, "Grand opening")
    assert re.search(
        r"organiser@krakowice\.example: Grand opening\. Edited\. Title: .* → Grand opening; Expected people: – → 400", told
    )
    assert dict(second.form("Save in the draft").values)["title_en"] == "Opening night"
    second.send("Save in the draft")
    assert stored(app, "P022", "titles")["titles"]["en"] == "Opening night"
    past = html.unescape(second.open(f"{ITEMS}P022/history").text)
    assert re.search(r"organiser@desk\.example.*organiser@krakowice\.example", past, re.DOTALL)


def test_what_readers_have_seen_is_deleted_and_comes_to_them_as_cancelled(app: Flask, organiser: FlaskClient):
    with app.app_context():
        begin_writing()
        item = the_item("P022")
        code, uids = item.code, {each.uid for each in item.placements}
    page = Browser(organiser).open(f"{ITEMS}{code}/delete")
    assert "Readers know it: after the next release they see it as cancelled." in page.text

    page.send("Delete it now")

    assert (page.status, page.path, stored(app, code, "id")) == (200, ITEMS, {})
    visitor, paths = app.test_client(), [f"/krakowice2018/programme/{code}", "/krakowice2018/programme/", f"/krakowice2018/calendar/krakowice2018-session-{code}.ics"]  # fmt: skip
    assert [visitor.get(path).status_code for path in paths] == [200] * 3  # readers see what was released
    with app.app_context():
        begin_writing()
        release_programme(the_congress(), note=Localised(en="Gone."), by="olga@krakowice.example", now=NOW)
        db.session.commit()
        assert {each.uid for each in queries.released(the_congress()).entries if each.is_cancelled} >= uids
        last = db.session.scalars(select(DraftChange).order_by(DraftChange.id.desc()).limit(1)).one()
        assert (last.item_code, last.action) == (code, Action.DELETED)
    assert [visitor.get(path).status_code for path in paths] == [200] * 3


def test_what_people_have_chosen_or_signed_up_for_is_not_deleted(app: Flask, organiser: FlaskClient):
    with app.app_context():
        begin_writing()
        event = the_event()
        make_sign_up(event)
        db.session.add(Booking(registration=make_registration(), item=the_item("P022"), booked_at=NOW))
        db.session.commit()
        codes = [event.code, "P022"]
    page = Browser(organiser)
    for code in codes:
        page.open(f"{ITEMS}{code}/")
        token = dict(page.open(f"{ITEMS}{codes[0]}/edit").form("Save").values)["csrf_token"]
        shown = page.open(f"{ITEMS}{code}/delete").text
        answer = organiser.post(
            f"{ITEMS}{code}/delete", data={"csrf_token": token, "version": stored(app, code, "version")["version"]}
        )
        assert ("It cannot be deleted" in shown, "Delete it now" in shown, answer.status_code) == (True, False, 409)
        assert stored(app, code, "code") == {"code": code}


def test_whoever_only_reads_sees_the_item_and_no_way_to_change_it(app: Flask):
    reader = sign_in_as(app, RoleKind.PROGRAMME_READER)
    page = reader.get(f"{ITEMS}P022/").text
    assert ("Edit the session" in page, "/edit" in page, "Delete" in page) == (False, False, False)
    refused = [
        reader.get(f"{ITEMS}{path}").status_code for path in ("new", "new-event", "P022/edit", "P022/places/new", "P022/delete")
    ]
    assert refused == [403] * 5
    assert [reader.get(f"{ITEMS}{path}").status_code for path in ("", "P022/history", "NOPE/")] == [200, 200, 404]


def test_the_list_asks_the_database_the_same_however_long_it_is(app: Flask, organiser: FlaskClient):
    asked = []
    for search in ("opening", ""):
        organiser.get(ITEMS)
        with app.app_context(), statements() as seen:
            text = organiser.get(f"{ITEMS}?q={search}").text
        asked.append((len(seen), len(re.findall(r'<th scope="row">', text)) > 3))
    assert (asked[0][1], asked[1][1]) == (False, True)
    assert asked[0][0] == asked[1][0]


def test_an_item_page_asks_the_database_the_same_for_one_time_and_for_three(app: Flask, organiser: FlaskClient):
    with app.app_context():
        begin_writing()
        one, three = make_session(), make_session()
        for _number in range(2):
            three.placements.append(make_session().placements.pop())
        db.session.add_all([one, three])
        db.session.commit()
        codes = [one.code, three.code]
    asked = []
    for code in codes:
        organiser.get(f"{ITEMS}{code}/")
        with app.app_context(), statements() as seen:
            organiser.get(f"{ITEMS}{code}/")
        asked.append(len(seen))
    assert asked[0] == asked[1]
