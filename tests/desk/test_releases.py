"""``/desk/<congress>/releases/``: who would get a mail, sending it, holding it back."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from congress.core.db import db
from congress.core.localised import Localised
from congress.outbox.models import Message
from congress.programme import queries as programme
from congress.programme.models import Release
from congress.registration import queries
from tests.conftest import DELEGATES, csrf_token
from tests.factories import NOW, make_registration, the_congress, the_item, the_placement, utc

PATH = "/desk/krakowice2018/releases/"


@pytest.fixture(autouse=True)
def before_the_congress() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def change(app: Flask, **titles: str) -> None:
    """New English titles in the draft, by code."""
    with app.app_context():
        for code, title in titles.items():
            the_item(code).titles = Localised({**the_item(code).titles, "en": title})
        db.session.commit()


def release(client: FlaskClient, **changes: str) -> TestResponse:
    """All that is ticked on the page is released."""
    page = client.get(PATH).text
    form = {"csrf_token": csrf_token(client, PATH), "entries": ticked(page), **changes}
    return client.post(PATH, data=form, follow_redirects=True)


def ticked(page: str) -> list[str]:
    boxes = re.findall(r'<input[^>]*name="entries"[^>]*>', page)
    return [re.search(r'value="([^"]+)"', box)[1] for box in boxes if " checked" in box or "hidden" in box]


def send(client: FlaskClient, number: int, what: str = "send") -> TestResponse:
    form = {"csrf_token": csrf_token(client, PATH), "number": str(number)}
    return client.post(f"{PATH}mails/{what}", data=form, follow_redirects=True)


def queued(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).where(Message.template == "programme_changed"))


def told(app: Flask) -> list[bool]:
    with app.app_context():
        return list(db.session.scalars(select(Release.are_people_told).order_by(Release.number)))


def words(answer: TestResponse) -> str:
    """The page as one line of plain words."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def is_ticked(answer: TestResponse) -> bool:
    (box,) = re.findall(r'<input[^>]*name="send_mails"[^>]*>', answer.text)
    return " checked" in box


def a_subgroup(app: Flask) -> tuple[str, int]:
    """The session of a subgroup to which some of the people belong and others do not, and how many."""
    with app.app_context():
        fields = Counter(each.field for each in queries.attendees(the_congress()).values())
        entries = programme.released(the_congress()).entries
        groups = [(each.code, fields[each.field]) for each in entries if each.kind == "subgroup" and each.is_confirmed_time]
        return next((code, some) for code, some in groups if 0 < some < fields.total())


def test_the_page_says_how_many_people_get_how_much(app: Flask, organiser: FlaskClient):
    with app.app_context():
        make_registration(city="kanazawa")
        make_registration(city="lodz")
        db.session.commit()
    people = DELEGATES + 2
    subgroup, some = a_subgroup(app)

    change(app, P022="Grand opening", **{subgroup: "New name"})
    said = words(organiser.get(PATH))

    assert f"{people} people get a mail" in said
    assert f"{people - some} {'person' if people - some == 1 else 'people'}: 1 change" in said
    assert f"{some} {'person' if some == 1 else 'people'}: 2 changes" in said
    assert "They are about 2 entries of the programme." in said


def test_the_page_shows_an_example_in_both_languages_to_nobody_who_exists(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    page = organiser.get(PATH).text
    english, polish = (
        html.unescape(re.search(rf'<pre lang="{code}"[^>]*>(.*?)</pre>', page, re.DOTALL)[1]) for code in ("en", "pl")
    )

    assert english.startswith("1 change in your programme: #Krakowice2018\n\nDear Maria Rossi,\n")
    assert "* Grand opening\n  New title\n  Old title: Opening ceremony with welcome concert\n" in english
    assert "Dzień dobry, Maria Rossi," in polish
    assert "/my/registration/…/" in english
    with app.app_context():
        names = {each.delegate.person.name for each in queries.registrations(the_congress())}
    assert [name for name in names if name in english + polish] == []


def test_mails_are_sent_unless_the_organiser_takes_the_tick_away(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    assert is_ticked(organiser.get(PATH))
    form = {"csrf_token": csrf_token(organiser, PATH), "seen": "0" * 32}
    assert not is_ticked(organiser.post(PATH, data=form))


def test_releasing_with_the_tick_tells_people(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    answer = release(organiser, send_mails="y")

    assert f"Release 2 is out. 1 entry changed. {DELEGATES} mails are on their way." in words(answer)
    assert (queued(app), told(app)) == (DELEGATES, [False, True])


def test_without_the_tick_the_mails_are_held_back_and_sent_later_once(app: Flask, organiser: FlaskClient):
    change(app, P022="Grand opening")
    answer = release(organiser)
    held = (queued(app), told(app), "Mails about what was released are held back." in words(answer))

    first, second = send(organiser, 2), send(organiser, 2)

    assert held == (0, [False, False], True)
    assert f"{DELEGATES} mails are on their way." in words(first)
    assert "There was nobody left to tell." in words(second)
    assert (queued(app), told(app), "No mails wait" in second.text) == (DELEGATES, [False, True], True)


def test_mails_of_a_release_that_was_replaced_are_not_sent(app: Flask, organiser: FlaskClient):
    for title in ("Grand opening", "Opening"):
        change(app, P022=title)
        release(organiser)

    answer = send(organiser, 2)

    assert "A newer release is out. Its own mails say what holds now." in words(answer)
    assert (queued(app), told(app)) == (0, [False, False, False])
    assert set(re.findall(r'name="number" value="(\d+)"', answer.text)) == {"3"}


def test_nobody_is_told_of_the_first_release(app: Flask, organiser: FlaskClient):
    page = words(organiser.get(PATH))
    assert ("Send them now" in page, "none" in page) == (False, True)
    assert "There was nobody left to tell." in words(send(organiser, 1))
    assert queued(app) == 0


def test_where_nobody_is_concerned_the_page_says_so(app: Flask, organiser: FlaskClient):
    with app.app_context():
        the_placement("P053").is_cancelled = True
        db.session.commit()
    page = words(organiser.get(PATH))
    assert "Nobody gets a mail: these entries are over, or nobody has them in their own programme." in page
    release(organiser, send_mails="y")
    assert (queued(app), told(app)) == (0, [False, True])


def test_after_the_congress_nobody_is_told_of_what_is_over(app: Flask, request: pytest.FixtureRequest):
    change(app, P022="Grand opening")
    with time_machine.travel(utc(2018, 6, 16, 12)):
        organiser = request.getfixturevalue("organiser")  # signed in then
        page = words(organiser.get(PATH))
        release(organiser, send_mails="y")
    assert "Nobody gets a mail: these entries are over, or nobody has them in their own programme." in page
    assert (queued(app), told(app)) == (0, [False, True])


def test_a_release_that_does_not_exist_is_not_found(organiser: FlaskClient):
    assert send(organiser, 99).status_code == 404


def test_nobody_sends_mails_without_a_sign_in(client: FlaskClient):
    token = csrf_token(client, "/desk/sign-in")
    assert client.post(f"{PATH}mails/send", data={"csrf_token": token}).status_code == 403
