"""``/desk/<congress>/placements/…`` and ``/desk/<congress>/releases/``."""

from __future__ import annotations

import html
import re
import uuid
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.test import TestResponse

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.congresses.models import Congress
from congress.core.db import db
from congress.programme.models import Placement
from congress.registration.models import Registration
from congress.registration.services import link_token
from tests.conftest import csrf_token

DESK = "/desk/krakowice2018"
FEED = "/krakowice2018/calendar/krakowice2018-session-P022.ics"


def placement_id(app: Flask, code: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Placement.id).where(Placement.code == code)).one()


def values(client: FlaskClient, path: str) -> dict[str, str]:
    """The form of a page as a browser would send it back."""
    text = client.get(path).text
    found = {
        html.unescape(name): html.unescape(value)
        for name, value in re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', text)
    }
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def edit(app: Flask, client: FlaskClient, code: str, **changes: str) -> TestResponse:
    path = f"{DESK}/placements/{placement_id(app, code)}/edit"
    return client.post(path, data={**values(client, path), **changes})


def send(client: FlaskClient, path: str, seen: str | None = None) -> TestResponse:
    """A button of the list of drafts, of a page that showed this version, else as it stands now."""
    shown = client.get(f"{DESK}/placements/").text
    form = re.search(rf'action="{path}".*?name="version" value="(\d+)"', shown, re.DOTALL)
    version = seen or (form[1] if form else "")
    return client.post(path, data={"csrf_token": csrf_token(client, f"{DESK}/placements/"), "version": version})


def release(client: FlaskClient, **changes: str) -> TestResponse:
    return client.post(f"{DESK}/releases/", data={**values(client, f"{DESK}/releases/"), **changes})


def event(client: FlaskClient) -> dict[str, object]:
    """What a calendar holds of the opening ceremony."""
    component = Calendar.from_ical(client.get(FEED).data).walk("VEVENT")[0]
    return {name: component.decoded(name) for name in ("uid", "sequence", "status", "summary", "dtstart", "dtend")}


def errors(answer: TestResponse) -> list[str]:
    return [
        html.unescape(text) for text in re.findall(r'class="field-error".*?Error:</span> (.*?)</span>', answer.text, re.DOTALL)
    ]


def test_a_move_reaches_readers_with_the_next_release_and_not_before(app: Flask, organiser: FlaskClient):
    before = event(organiser)

    assert edit(app, organiser, "P022", starts_at="10:00", ends_at="11:30").status_code == 303
    in_draft = event(organiser)
    assert release(organiser, note_en="Opening moved.", note_pl="Nowa godzina otwarcia.").status_code == 303

    after = event(organiser)
    assert in_draft == before
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 1)
    assert after["dtstart"].isoformat() == "2018-06-12T10:00:00+02:00"


def test_a_cancelled_session_stays_as_cancelled_and_comes_back_with_a_higher_sequence(app: Flask, organiser: FlaskClient):
    number = placement_id(app, "P022")
    listing = f"{DESK}/placements/"
    seen = [event(organiser)]
    for action in ("cancel", "restore"):
        send(organiser, f"{listing}{number}/{action}")
        release(organiser)
        seen.append(event(organiser))

    assert [(each["sequence"], each["status"]) for each in seen] == [(0, "CONFIRMED"), (1, "CANCELLED"), (2, "CONFIRMED")]
    assert seen[1]["summary"] == "CANCELLED: Opening ceremony with welcome concert"
    assert {each["uid"] for each in seen} == {seen[0]["uid"]}


def test_who_cancels_what_somebody_else_has_moved_meanwhile_is_told_and_cancels_nothing(app: Flask, organiser: FlaskClient):
    path = f"{DESK}/placements/{placement_id(app, 'P022')}"
    with app.app_context():
        seen = str(db.session.scalars(select(Placement.version).where(Placement.code == "P022")).one())
    edit(app, organiser, "P022", starts_at="10:00", ends_at="11:30")

    refused = [send(organiser, f"{path}/{action}", seen) for action in ("cancel", "restore", "cancel")]
    told = html.unescape(refused[0].text)

    assert [each.status_code for each in refused] == [409] * 3
    assert "Somebody else has changed this in the meantime." in told
    assert re.search(r"@krakowice.example: Opening ceremony with welcome concert\. Moved\. Start: .* 10:00", told)
    with app.app_context():
        assert db.session.scalars(select(Placement.is_cancelled).where(Placement.code == "P022")).one() is False
    assert send(organiser, f"{path}/cancel").status_code == 303


def test_an_end_before_the_start_is_on_the_next_day(app: Flask, organiser: FlaskClient):
    edit(app, organiser, "P028", starts_at="21:00", ends_at="01:30")

    with app.app_context():
        stored = db.session.scalars(select(Placement).where(Placement.code == "P028")).one()
        assert (stored.starts_at, stored.ends_at) == (
            datetime(2018, 6, 12, 19, 0, tzinfo=UTC),
            datetime(2018, 6, 12, 23, 30, tzinfo=UTC),
        )


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"title_en": ""}, ["Write the title in English."]),
        ({"title_pl": "x" * 10_000}, ["This is too long: 10000 characters. Shorten it to at most 300."]),
        ({"starts_on": "2018-02-30"}, ["This day does not exist. Write it as 2018-06-12."]),
        ({"starts_at": "25:00"}, ["This is no time of day. Write it as 09:30."]),
        (
            {"starts_on": "2018-03-25", "starts_at": "02:30", "ends_at": "04:00"},
            ["This time does not exist on that day: the clocks go forward."],
        ),
        ({"starts_on": "", "starts_at": ""}, ["Give a day and a start, or choose “to be confirmed”."] * 2),
        ({"timing": "all_day", "starts_on": ""}, ["Give the first day."]),
        (
            {"timing": "all_day", "ends_on": "2018-06-01"},
            ["The last day must not be before the first, and not more than 120 days after it."],
        ),
        (
            {"timing": "all_day", "ends_on": "2019-07-30"},
            ["The last day must not be before the first, and not more than 120 days after it."],
        ),
        ({"timing": "someday"}, ["Choose one of the possibilities in the list."]),
        ({"stream_url": "live.example"}, ["This is not a web address. Write it as https://live.example/stream."]),
        ({"join_url": "javascript:alert(1)"}, ["This is not a web address. Write it as https://live.example/stream."]),
        ({"join_url": f"https://a.example/{'x' * 500}"}, ["This is too long: 518 characters. Shorten it to at most 500."]),
        ({"place": "room-99999"}, ["Choose one of the places in the list."]),
        ({"place": "venue-1; DROP TABLE"}, ["Choose one of the places in the list."]),
    ],
)
def test_a_wrong_value_gets_a_sentence_and_the_draft_stays(
    app: Flask, organiser: FlaskClient, changes: dict[str, str], sentences: list[str]
):
    answer = edit(app, organiser, "P022", **changes)

    assert (answer.status_code, errors(answer)) == (422, sentences)
    assert release(organiser).status_code == 409


def test_a_wrong_link_stays_in_the_form(app: Flask, organiser: FlaskClient):
    answer = edit(app, organiser, "P022", stream_url="live.example/a", join_url="https://rooms.example/1")

    assert ('value="live.example/a"' in answer.text, 'value="https://rooms.example/1"' in answer.text) == (True, True)


def test_a_live_stream_is_for_everybody_and_an_online_room_for_those_who_take_part(app: Flask, organiser: FlaskClient):
    edit(app, organiser, "P022", stream_url="https://live.example/1", join_url="https://rooms.example/1")
    release(organiser, note_en="Online.", note_pl="Online.")

    with app.app_context():
        registration = db.session.scalars(select(Registration).order_by(Registration.id)).first()
        own_page = f"/my/registration/{link_token(registration, app.config['SECRET_KEY'])}/"
    visitor = app.test_client()
    own_feed = re.search(r"/my/calendar/\w+/krakowice2018\.ics", visitor.get(own_page).text)[0]
    pages = ["/krakowice2018/programme/P022", FEED, f"{FEED}?lang=pl", "/krakowice2018/programme/", own_page, own_feed]
    told = [visitor.get(page).text.replace("\r\n ", "") for page in pages]
    assert [("https://live.example/1" in text, "rooms.example" in text) for text in told] == [
        (True, False), (True, False), (True, False), (False, False), (False, True), (True, True),
    ]  # fmt: skip


def test_two_organisers_at_once_the_second_is_told_and_keeps_what_was_typed(app: Flask, organiser: FlaskClient):
    path = f"{DESK}/placements/{placement_id(app, 'P022')}/edit"
    seen_by_second = values(organiser, path)
    edit(app, organiser, "P022", starts_at="10:00", ends_at="11:30")

    answer = organiser.post(path, data={**seen_by_second, "title_en": "Grand opening"})

    assert answer.status_code == 409
    assert "Somebody else has changed this in the meantime." in answer.text
    assert 'value="Grand opening"' in answer.text
    assert "10:00–11:30" in answer.text
    with app.app_context():
        stored = db.session.scalars(select(Placement).where(Placement.code == "P022")).one()
        assert stored.item.titles["en"] == "Opening ceremony with welcome concert"


def test_what_is_released_is_what_was_on_the_page(app: Flask, organiser: FlaskClient):
    edit(app, organiser, "P022", starts_at="10:00", ends_at="11:30")
    decided = values(organiser, f"{DESK}/releases/")
    edit(app, organiser, "P022", title_en="Something else")

    answer = organiser.post(f"{DESK}/releases/", data=decided)

    assert (answer.status_code, "The draft has changed since you opened this page." in answer.text) == (409, True)
    assert event(organiser)["sequence"] == 0


def test_a_transfer_keeps_where_it_goes_when_its_time_changes(app: Flask, organiser: FlaskClient):
    edit(app, organiser, "P041", starts_at="07:45")

    with app.app_context():
        stored = db.session.scalars(select(Placement).where(Placement.code == "P041")).one()
        assert (stored.city.slug, stored.other_city.slug) == ("krakow", "katowice")


@pytest.mark.parametrize("page", ["/desk/", f"{DESK}/", f"{DESK}/placements/", f"{DESK}/releases/", f"{DESK}/registrations/"])
def test_the_desk_asks_for_a_sign_in(client: FlaskClient, page: str):
    answer = client.get(page)

    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/desk/sign-in")


def test_a_post_without_a_sign_in_is_refused(app: Flask, client: FlaskClient):
    token = csrf_token(client, "/desk/sign-in")

    assert client.post(f"{DESK}/releases/", data={"csrf_token": token}).status_code == 403


@pytest.mark.parametrize(("kind", "may_read"), [(RoleKind.PROGRAMME_READER, True), (None, False)])
def test_a_reader_reads_and_a_stranger_sees_nothing(app: Flask, kind: RoleKind | None, may_read: bool):
    with app.app_context():
        congress = db.session.scalars(select(Congress)).one()
        account = Account(
            email="r@krakowice.example", name="R", password=hash_password("correct horse battery"),
            fs_uniquifier=uuid.uuid4().hex, created_at=datetime(2018, 5, 1, tzinfo=UTC),
        )  # fmt: skip
        if kind:
            account.roles_held.append(Role(kind=kind, congress_id=congress.id))
        db.session.add(account)
        db.session.commit()
    client = app.test_client()
    form = {
        "email": "r@krakowice.example",
        "password": "correct horse battery",
        "csrf_token": csrf_token(client, "/desk/sign-in"),
    }
    client.post("/desk/sign-in", data=form)
    token = csrf_token(client, "/desk/")

    pages = [client.get(f"{DESK}/{page}").status_code for page in ("", "placements/", "releases/", "registrations/")]
    change = client.post(f"{DESK}/releases/", data={"csrf_token": token}).status_code

    assert pages == ([200, 200, 200, 403] if may_read else [403, 403, 403, 403])
    assert change == 403


def test_unknown_things_are_not_found(organiser: FlaskClient):
    assert [organiser.get(path).status_code for path in ("/desk/nowhere/", f"{DESK}/placements/99999/edit")] == [404, 404]


def test_registrations_are_found_without_diacritics(organiser: FlaskClient):
    found, nobody = organiser.get(f"{DESK}/registrations/?q=duran"), organiser.get(f"{DESK}/registrations/?q=zzz")

    assert ("Durán" in found.text, "Nothing matches" in nobody.text) == (True, True)


def test_a_title_that_somebody_else_has_written_meanwhile_is_not_overwritten(app: Flask, organiser: FlaskClient):
    path = f"{DESK}/placements/{placement_id(app, 'P022')}/edit"
    form = values(organiser, path)
    with app.app_context():
        item = db.session.get_one(Placement, placement_id(app, "P022")).item
        item.titles = {**item.titles, "en": "Written by another"}
        db.session.commit()

    answer = organiser.post(path, data=form)

    assert (answer.status_code, "Somebody else has changed this in the meantime." in answer.text) == (409, True)
    with app.app_context():
        assert db.session.get_one(Placement, placement_id(app, "P022")).item.titles["en"] == "Written by another"
