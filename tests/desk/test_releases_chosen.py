"""Releasing some of the changes, one alone, for a time, provisionally; and going back to an older release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.core.db import db
from congress.outbox.models import Message
from congress.programme import queries as programme
from congress.programme import services
from congress.programme.models import Room
from congress.programme.planning import items
from congress.programme.publishing.models import PlannedRelease
from congress.web import chores
from congress.web.mail import compose
from tests.conftest import DELEGATES, csrf_token
from tests.desk.test_releases import PATH, change, release, ticked, words
from tests.factories import NOW, the_congress, the_item, the_placement, utc
from tests.statements import statements


@pytest.fixture(autouse=True)
def before_the_congress() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def titles(app: Flask, *codes: str) -> list[str]:
    """As they are released."""
    with app.app_context():
        found = programme.released(the_congress()).by_code
        return [found[code][0].titles["en"] for code in codes]


def entry_of(app: Flask, page: str, code: str) -> str:
    """The value of an entry's box on the page."""
    with app.app_context():
        uid = the_placement(code).uid
    return next(value for value in re.findall(r'name="entries"[^>]*value="([^"]+)"', page) if value.startswith(uid))


def test_only_what_is_ticked_is_released_and_the_rest_stays(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening", P024="Reports")
    page = organiser.get(PATH).text

    answer = release(organiser, entries=[entry_of(app, page, "P022")])

    assert "Release 2 is out. 1 entry changed." in words(answer)
    assert titles(app, "P022", "P024")[0] == "Grand opening"
    assert titles(app, "P024") != ["Reports"]
    with app.app_context():
        assert [each.after.code for each in services.pending_changes(the_congress())] == ["P024"]


def test_one_change_is_published_in_two_clicks_with_its_own_figures(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening", P024="Reports")
    link = re.search(r'href="([^"]*/releases/only/[^"]+)"[^>]*>Publish only this change', organiser.get(PATH).text)[1]

    page = organiser.get(link)
    form = {"csrf_token": csrf_token(organiser, link), "entries": ticked(page.text), "send_mails": "y"}
    answer = organiser.post(link, data=form, follow_redirects=True)

    said = words(page)
    assert (f"{DELEGATES} people get a mail" in said, "Publish this change" in said, len(ticked(page.text))) == (True, True, 1)
    assert f"Release 2 is out. 1 entry changed. {DELEGATES} mails are on their way." in words(answer)


def test_a_change_is_shown_side_by_side_in_both_languages_with_whom_it_touches(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    with app.app_context():
        the_placement("P022").item.titles = {"en": "Grand opening", "pl": "Wielkie otwarcie"}
        services.place_session(the_placement("P022"), starts_at=utc(2018, 6, 12, 7, 30), ends_at=utc(2018, 6, 12, 9))
        db.session.commit()
    page = organiser.get(PATH).text
    said = words(organiser.get(PATH))
    assert "Title in English Opening ceremony with welcome concert" in said
    assert re.search(r'<dd lang="pl"><del>[^<]+</del>.*?<ins>Wielkie otwarcie</ins>', page, re.DOTALL)
    assert re.search(
        r"<del>Tuesday 12 June 2018, 09:00–10:30</del>.*?<ins>Tuesday 12 June 2018, 09:30–11:00</ins>", page, re.DOTALL
    )
    assert f"{DELEGATES} people have it in their own programme · {DELEGATES} mails" in said


def test_what_changed_again_after_the_page_was_opened_is_not_released(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening", P024="Reports")
    entries = ticked(organiser.get(PATH).text)
    change(app, P022="Splendid opening")

    answer = release(organiser, entries=entries)

    assert (answer.status_code, "The draft has changed since you opened this page." in answer.text) == (409, True)
    assert titles(app, "P022") == ["Opening ceremony with welcome concert"]


def test_whoever_releases_second_is_told_and_nothing_is_released_twice(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    entries = ticked(organiser.get(PATH).text)
    release(organiser, entries=entries)

    answer = release(organiser, entries=entries)

    assert (answer.status_code, "The draft has changed since you opened this page." in answer.text) == (409, True)
    with app.app_context():
        assert programme.released(the_congress()).number == 2


@pytest.mark.parametrize(("entries", "status"), [([], 409), (["nonsense"], 409), ([":"], 409), (["' OR 1=1:0123"], 409)])
def test_nothing_chosen_or_nonsense_releases_nothing(app: Flask, organiser: FlaskClient, entries: list[str], status: int):
    change(app, P022="Grand opening")
    assert release(organiser, entries=entries).status_code == status
    assert titles(app, "P022") == ["Opening ceremony with welcome concert"]


def test_a_provisional_programme_becomes_final_without_a_change_of_its_entries(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    release(organiser, is_provisional="y")
    with app.app_context():
        first = programme.released(the_congress()).is_provisional

    answer = release(organiser)

    assert "Release 3 is out. 0 entries changed." in words(answer)
    with app.app_context():
        assert (first, programme.released(the_congress()).is_provisional) == (True, False)


# ---- Planned ----


def plan(client: FlaskClient, day: str = "2018-05-11", time: str = "08:00", **more: object) -> str:
    return words(release(client, due_on=day, due_time=time, **more))


def at_work(app: Flask, moment) -> None:
    with time_machine.travel(moment, tick=False):
        chores.do_due(app)


def states(app: Flask) -> list[tuple[str, str, int | None]]:
    with app.app_context():
        rows = db.session.scalars(select(PlannedRelease).order_by(PlannedRelease.id))
        return [(row.state.value, row.why_not, row.release_id) for row in rows]


def test_a_planned_release_comes_out_at_its_time_once_with_what_was_chosen(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    assert "The release is planned for 11 May 2018, 08:00." in plan(organiser, send_mails="y", note_en="At eight.")
    change(app, P024="Reports")

    at_work(app, utc(2018, 5, 11, 5, 59))
    early = titles(app, "P022")
    for _each in range(2):
        at_work(app, utc(2018, 5, 11, 6))

    assert early == ["Opening ceremony with welcome concert"]
    assert titles(app, "P022") == ["Grand opening"]
    with app.app_context():
        last = programme.latest_release(the_congress())
        assert (last.number, last.notes["en"], last.released_by, last.are_people_told) == (
            2,
            "At eight.",
            "organiser@krakowice.example",
            True,
        )
        assert [each.after.code for each in services.pending_changes(the_congress())] == ["P024"]
        assert states(app) == [("released", "", last.id)]


def test_everything_by_then_takes_what_changed_after_the_plan(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    plan(organiser, takes_all="y")
    change(app, P024="Reports")
    at_work(app, utc(2018, 5, 11, 6))
    assert titles(app, "P022", "P024") == ["Grand opening", "Reports"]


def test_a_planned_release_with_nothing_left_says_why_on_the_page_and_by_mail(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    plan(organiser)
    release(organiser)
    change(app, P024="Reports")  # something else
    at_work(app, utc(2018, 5, 11, 6))

    why = "Nothing of what was planned is left to release."
    assert states(app) == [("failed", why, None)]
    assert why in words(organiser.get(PATH))
    with app.app_context():
        message = db.session.scalars(select(Message).where(Message.template == "planned_release_failed")).one()
        text = compose(message).get_body(("plain",)).get_content()
        assert (message.recipient, why in text) == ("organiser@krakowice.example", True)


@pytest.mark.parametrize("is_solved", [False, True])
def test_a_planned_release_says_at_once_what_will_stop_it_and_tells_who_planned_it(app: Flask, organiser: FlaskClient, is_solved):
    with app.app_context():
        the_congress().severities = {"same_delegates": "blocks"}
        the_placement("P013").ends_at += timedelta(minutes=5)
        db.session.commit()
    warning = "As things stand, 1 conflict will stop it."
    assert warning in plan(organiser, takes_all="y")
    assert words(organiser.get(PATH)).count(warning) == 1
    with app.app_context():
        if is_solved:
            the_congress().severities = {}
        db.session.commit()
    assert (warning in words(organiser.get(PATH))) is not is_solved
    at_work(app, utc(2018, 5, 11, 6))
    [(state, why, _release)] = states(app)
    assert (state, "P020" in why) == (("released", False) if is_solved else ("failed", True))
    with app.app_context():
        messages = db.session.scalars(select(Message).where(Message.template == "planned_release_failed")).all()
        assert [(each.recipient, why in compose(each).get_body(("plain",)).get_content()) for each in messages] == (
            [] if is_solved else [("organiser@krakowice.example", True)]
        )


def test_a_planned_release_is_stopped_and_does_not_come_out(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    plan(organiser)
    page = organiser.get(PATH).text
    path = re.search(r'action="([^"]*/plans/\d+/stop)"', page)[1]

    said = [
        words(organiser.post(path, data={"csrf_token": csrf_token(organiser, PATH)}, follow_redirects=True)) for _each in "12"
    ]
    at_work(app, utc(2018, 5, 11, 6))

    assert "The planned release is stopped." in said[0]
    assert "This planned release has been carried out or stopped already." in said[1]
    assert titles(app, "P022") == ["Opening ceremony with welcome concert"]
    assert organiser.post(f"{PATH}plans/99/stop", data={"csrf_token": csrf_token(organiser, PATH)}).status_code == 404


@pytest.mark.parametrize(
    ("day", "time", "sentence"),
    [
        ("2018-05-09", "08:00", "This time has passed. Give a later one, or release at once."),
        ("2019-03-31", "02:30", "This time does not exist on that day: the clocks go forward."),
        ("2018-02-30", "08:00", "This day does not exist."),
        ("", "08:00", "Give both the day and the time."),
        ("2018-06-01", "", "Give both the day and the time."),
    ],
)
def test_a_time_that_cannot_be_planned_for_is_refused(app: Flask, organiser: FlaskClient, day: str, time: str, sentence: str):
    change(app, P022="Grand opening")
    answer = release(organiser, due_on=day, due_time=time)
    assert (answer.status_code, sentence in words(answer), states(app)) == (422, True, [])


# ---- Back ----


def test_going_back_is_a_new_release_and_the_draft_keeps_what_it_says(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    release(organiser)
    page = organiser.get(f"{PATH}1/return")
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page.text)[1]
    form = {"csrf_token": csrf_token(organiser, PATH), "seen": seen, "note_en": "Back."}
    answer, again = (organiser.post(f"{PATH}1/return", data=form, follow_redirects=True) for _each in "12")

    assert "Return to release 1" in words(page)
    assert "Release 3 is out. 1 entry changed." in words(answer)
    assert (again.status_code, "Another release came out meanwhile." in again.text) == (409, True)
    assert titles(app, "P022") == ["Opening ceremony with welcome concert"]
    with app.app_context():
        assert [each.after.titles["en"] for each in services.pending_changes(the_congress())] == ["Grand opening"]
    assert organiser.get(f"{PATH}99/return").status_code == 404


def test_the_page_asks_as_much_for_many_changes_as_for_one(app: Flask, organiser: FlaskClient):
    counts = []
    organiser.get(PATH)
    for codes in (["P022"], ["P022", "P024", "P026"]):
        change(app, **dict.fromkeys(codes, "Another title"))
        with app.app_context(), statements() as asked:
            organiser.get(PATH)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def place(app: Flask, code: str, hour: int, room: str = "room-211") -> None:
    """An hour of the 13th in a room, in the draft."""
    with app.app_context():
        found = db.session.scalars(select(Room).where(Room.slug == room)).one()
        services.place_session(the_placement(code), starts_at=utc(2018, 6, 13, hour), ends_at=utc(2018, 6, 13, hour + 1))
        services.move_to(the_placement(code), city=None, venue=None, room=found)
        db.session.commit()


def test_half_of_an_exchange_of_times_is_not_released_into_a_room_that_readers_see_taken(app: Flask, organiser: FlaskClient):
    place(app, "P022", 8)
    place(app, "P036", 14)
    release(organiser)
    place(app, "P022", 14)
    place(app, "P036", 8)
    page = organiser.get(PATH).text
    entry = entry_of(app, page, "P036")

    alone = release(organiser, entries=[entry])
    boxes = ticked(alone.text)
    link = re.search(r'href="([^"]*/releases/only/[^"]+)"', page)[1]
    only = words(organiser.get(link))
    both = release(organiser, entries=ticked(page))

    assert alone.status_code == 422
    assert "Not chosen here, so it stays as readers know it: P022." in words(alone)
    assert boxes == [entry]  # what was chosen stays chosen
    assert "This conflict stops it:" in only
    assert "Release 3 is out. 2 entries changed." in words(both)


def test_a_conflict_with_a_change_that_is_not_chosen_stops_nothing(app: Flask, organiser: FlaskClient):
    place(app, "P022", 8)
    release(organiser)
    place(app, "P022", 14)
    place(app, "P036", 14)
    page = organiser.get(PATH)
    entry = entry_of(app, page.text, "P022")

    answer = release(organiser, entries=[entry])

    assert (words(page).count("This conflict stops it:"), ticked(page.text)) == (2, [])
    assert "Release 3 is out. 1 entry changed." in words(answer)


def test_what_was_deleted_takes_its_room_until_that_is_released_too(app: Flask, organiser: FlaskClient):
    place(app, "P022", 8)
    release(organiser)
    with app.app_context():
        item = the_item("P022")
        items.delete(item, seen=item.version, since=0, by="olga@krakowice.example", now=NOW)
        db.session.commit()
    place(app, "P036", 8)
    page = organiser.get(PATH).text

    alone = release(organiser, entries=[entry_of(app, page, "P036")])
    both = release(organiser, entries=ticked(page))

    assert alone.status_code == 422
    assert "P022 “Opening ceremony with welcome concert”" in words(alone)
    assert "Not chosen here, so it stays as readers know it: P022." in words(alone)
    assert "Release 3 is out. 2 entries changed." in words(both)
